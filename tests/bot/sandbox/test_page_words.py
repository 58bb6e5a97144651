"""The page's own words, looked at without a browser."""

import json
import re
from pathlib import Path

PAGE = Path(__file__).parents[3] / "bot/sandbox/page"


def test_its_words_are_whole_in_both_languages() -> None:
    words = (PAGE / "words.js").read_text()
    halves = words.split("const WORDS")[1].split("en: {")[:2]
    chinese, english = (set(re.findall(r"(\w+): \"", half)) for half in halves)
    assert chinese == english
    used = set(re.findall(r"\bw\(\"(\w+)\"", "".join(p.read_text() for p in PAGE.glob("*.js"))))
    assert used <= chinese, json.dumps(sorted(used - chinese))


def test_nothing_is_ever_parsed_as_html() -> None:
    for script in PAGE.glob("*.js"):
        text = script.read_text()
        for way in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
            assert way not in text, f"{script.name}: {way}"
