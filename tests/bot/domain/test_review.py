"""What is looked over before something goes out to thousands."""

import random
from datetime import UTC, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.content import MAX_PARTS, html_content, plain_content, visible
from bot.domain.quoting import compare
from bot.domain.review import Facts, Weight, review
from bot.domain.subscription import Quiet
from bot.errors import RefusedError

NOW = datetime(2026, 7, 20, 1, tzinfo=UTC)


def _codes(html: str = "请收到后回复", **facts: object) -> dict[str, Weight]:
    given_ = {"parts": 1, "readers": 10, "now": NOW, "send_at": None, "zone": "Asia/Shanghai"}
    found = review(Facts(html=html, **{**given_, **facts}))  # type: ignore[arg-type]
    return {finding.code: finding.weight for finding in found}


def test_a_plain_message_passes() -> None:
    assert _codes() == {}


@pytest.mark.parametrize(
    ("facts", "code", "weight"),
    [
        ({"readers": 0}, "nobody", Weight.BLOCKS),
        ({"send_at": datetime(2026, 7, 20, 0, tzinfo=UTC)}, "past", Weight.BLOCKS),
        ({"send_at": datetime(2026, 7, 21, tzinfo=UTC), "weekday": 4}, "weekday", Weight.BLOCKS),
        ({"quiet": Quiet(time(8), time(10))}, "quiet", Weight.INFORMS),
        ({"workday": False}, "holiday", Weight.INFORMS),
        ({"clashes": ("别的",)}, "clash", Weight.INFORMS),
        ({"parts": 3}, "parts", Weight.INFORMS),
        ({"html": "请于____前回复"}, "placeholder", Weight.REASON),
        ({"html": "{name}，您好"}, "placeholder", Weight.REASON),
        ({"html": "XX村"}, "placeholder", Weight.REASON),
        ({"html": "地点：【】"}, "placeholder", Weight.REASON),
        ({"html": "见 http://x"}, "link", Weight.BLOCKS),
        ({"html": '<a href="htp://example.org">x</a>'}, "link", Weight.BLOCKS),
        ({"html": "7月21日（星期三）开会"}, "written_weekday", Weight.REASON),
        ({"html": "2月30日（周一）开会"}, "no_such_day", Weight.REASON),
    ],
)
def test_it_finds(facts: dict[str, object], code: str, weight: Weight) -> None:
    assert _codes(**facts)[code] is weight


@pytest.mark.parametrize(
    "html",
    ["7月21日（星期二）开会", "见 https://example.org/a。", "2026年7月20日 周一", "（一）检查"],
)
def test_what_is_right_is_left_alone(html: str) -> None:
    assert _codes(html) == {}


def test_a_day_off_does_not_matter_to_what_recurs() -> None:
    assert _codes(workday=False, recurring=True) == {}


# ---- 引文核对 ---------------------------------------------------------------------------------

PRINTED = (
    "各村社要在月底之前把防汛物资清点一遍，缺什么补什么，不留空白点。"
    "渔船全部回港避风，人员全部上岸。"
)


def test_words_to_the_letter_are_counted() -> None:
    assert compare(PRINTED, [PRINTED]).slips == ()
    assert compare(PRINTED, [PRINTED]).exact >= 2


def test_one_wrong_letter_is_shown_with_the_right_one() -> None:
    typed = PRINTED.replace("清点一遍", "请点一遍")
    found = compare(f"通知：{typed}", [PRINTED])
    assert [(slip.written, slip.printed) for slip in found.slips] == [("资请", "资清")]


@pytest.mark.parametrize(
    "text", ["", "你好", "完全不同的一句话，与任何材料都没有关系，只是通知开会。"]
)
def test_own_words_are_not_quotations(text: str) -> None:
    found = compare(text, [PRINTED])
    assert (found.exact, found.slips) == (0, ())


@given(st.integers(0, len(PRINTED) - 1), st.integers(0, 2**32))
def test_any_single_slip_in_a_quotation_is_noticed(at: int, seed: int) -> None:
    """Wherever the letter stands, unless it breaks a run too short to count as one."""
    letter = random.Random(seed).choice("甲乙丙丁戊")
    typed = PRINTED[:at] + letter + PRINTED[at + 1 :]
    run = max((len(piece) for piece in typed.split("。")), default=0)
    found = compare(typed, [PRINTED])
    assert found.slips or run < 12 or at in _edges()


def _edges() -> set[int]:
    """A letter at the edge of a run may belong to the text around it."""
    edges = {at for at, letter in enumerate(PRINTED) if letter in "，。"}
    return edges | {at + step for at in edges for step in (-2, -1, 1, 2)} | {0, 1, len(PRINTED) - 2}


# ---- content ---------------------------------------------------------------------------------


def test_plain_words_are_never_markup() -> None:
    body = plain_content("1 < 2 & <b>")["parts"][0]["body"]
    assert body["text"] == "1 &lt; 2 &amp; &lt;b&gt;"
    assert visible(body["text"]) == "1 < 2 & <b>"


def test_a_long_text_becomes_several_messages_and_too_long_a_one_is_refused() -> None:
    assert len(plain_content("句子。" * 3000)["parts"]) > 1
    with pytest.raises(RefusedError):
        plain_content("句子。" * 4096 * MAX_PARTS)


def test_a_long_caption_follows_its_picture_as_a_text() -> None:
    media = {"kind": "photo", "file_id": "abc"}
    short, long = html_content("短", media), html_content("长。" * 600, media)
    assert [part["method"] for part in short["parts"]] == ["sendPhoto"]
    assert [part["method"] for part in long["parts"]] == ["sendPhoto", "sendMessage"]


def test_nothing_is_not_a_broadcast() -> None:
    with pytest.raises(RefusedError):
        html_content("  ")
