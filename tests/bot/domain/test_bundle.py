"""Messages of one night as one: nothing is lost, nothing is too long, Telegram's parser agrees."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain import bundle
from bot.domain.content import visible
from digests import Page, utf16_length
from tests.telegram_parser import check_page

WORDS = st.text("一二。👍<&>\u202ea \n", min_size=1, max_size=60).map(str.strip).filter(bool)
BODIES = st.lists(
    st.builds(
        lambda words, marked, times: (
            {"text": f"<b>{escaped(words * times)}</b>", "parse_mode": "HTML"}
            if marked
            else {"text": words * times}
        ),
        WORDS,
        st.booleans(),
        st.sampled_from([1, 1, 5, 30]),
    ),
    min_size=1,
    max_size=6,
)


def escaped(words: str) -> str:
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def cut(bodies: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """The messages of one night, as the sender makes them: what fits, then what is left."""
    found = []
    while bodies:
        count = bundle.fitting(bodies)
        found.append(bodies[:count])
        bodies = bodies[count:]
    return found


@settings(max_examples=200, deadline=None)
@given(BODIES)
def test_nothing_is_lost_and_nothing_is_too_long(bodies: list[dict[str, Any]]) -> None:
    for part in cut(bodies):
        whole = bundle.join(part)["text"]
        parsed = check_page(Page(whole))
        said = [
            body["text"] if "parse_mode" not in body else visible(body["text"]) for body in part
        ]
        assert visible(whole) == bundle.BETWEEN.join(words.strip() for words in said)
        assert utf16_length(visible(whole)) <= bundle.LIMIT
        assert len(parsed["entities"]) <= bundle.MOST_ENTITIES


@pytest.mark.parametrize(
    "rest",
    [
        {"text": "一" * 5},
        {"text": "👍", "parse_mode": "HTML"},
        {"text": "".join(f"<b>{n}</b> " for n in range(99)), "parse_mode": "HTML"},
        {"text": "a", "reply_markup": {"inline_keyboard": [[{"text": "x"}] * 8] * 13}},
    ],
)
def test_what_does_not_fit_begins_the_next_message(rest: dict[str, Any]) -> None:
    full = {"text": "<i>" + "一" * 4090 + "</i>", "parse_mode": "HTML"}
    small = {"text": "<u>1</u> <u>2</u>", "parse_mode": "HTML"}
    assert bundle.fitting([full, rest]) == 1
    assert bundle.fitting([small, small]) == 2
    if "reply_markup" in rest or rest["text"].startswith("<b>"):
        assert bundle.fitting([small, rest]) == 1


@pytest.mark.parametrize(
    ("method", "body"),
    [
        ("sendPhoto", {"photo": "x", "caption": "c"}),
        ("sendMessage", {"text": "*a*", "parse_mode": "MarkdownV2"}),
        ("sendMessage", {"text": "a", "entities": []}),
        ("sendMessage", {"text": "a", "reply_markup": {"keyboard": []}}),
        ("sendMessage", {"text": "a", "disable_notification": True}),
    ],
)
def test_what_has_a_form_of_its_own_comes_by_itself(method: str, body: dict[str, Any]) -> None:
    assert not bundle.may_share(method, body)
