"""Telegram's own parser (TDLib, offline), and the rules that are ours to keep."""

import json
from functools import cache
from typing import Any

from digests import Page

UNITS, ENTITIES, BUTTON_BYTES, COPY = 4096, 100, 64, 256


@cache
def _client() -> Any:
    import tdjson

    tdjson.td_execute(b'{"@type":"setLogVerbosityLevel","new_verbosity_level":0}')
    return tdjson


def parse_html(html: str) -> dict[str, Any]:
    """The text and entities, or the error, as Telegram gives them."""
    query = {
        "@type": "parseTextEntities",
        "text": html,
        "parse_mode": {"@type": "textParseModeHTML"},
    }
    answer = _client().td_execute(json.dumps(query).encode())
    found: dict[str, Any] = json.loads(answer)
    return found


def check_page(page: Page) -> dict[str, Any]:
    """Assert that a page is one message Telegram takes as it is; its text and entities."""
    parsed = parse_html(page.html)
    assert parsed["@type"] == "formattedText", (parsed.get("message"), page.html)
    text = parsed["text"]
    assert text == text.strip(), "Telegram would trim it"
    assert 0 < len(text.encode("utf-16-le")) // 2 <= UNITS
    assert len(parsed["entities"]) <= ENTITIES
    assert len(page.html.encode()) <= 32768
    assert sum(len(row) for row in page.buttons) <= 100
    for button in (b for row in page.buttons for b in row):
        assert button.text.strip()
        assert sum(x is not None for x in (button.data, button.url, button.copy)) == 1
        assert button.data is None or 0 < len(button.data.encode()) <= BUTTON_BYTES
        assert button.copy is None or 0 < len(button.copy.encode("utf-16-le")) // 2 <= COPY
        assert button.url is None or button.url.startswith("https://")
    return parsed


def quotes_of(page: Page) -> list[str]:
    """What stands in the page's blockquotes."""
    parsed = check_page(page)
    units = parsed["text"].encode("utf-16-le")
    return [
        units[2 * e["offset"] : 2 * (e["offset"] + e["length"])].decode("utf-16-le")
        for e in parsed["entities"]
        if e["type"]["@type"].startswith("textEntityTypeBlockQuote")
    ]
