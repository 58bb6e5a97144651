"""Numerals, sentences and the shadow copy."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.chinese import fold, plain_radicals, sentences, to_number, to_numeral


@pytest.mark.parametrize(
    ("printed", "number"),
    [("五", 5), ("十", 10), ("十二", 12), ("二十", 20), ("三十七", 37), ("一百零三", 103), ("一百一十", 110),
     ("二〇二五", 2025), ("二○二五", 2025), ("１２", 12), ("廿五", 25), ("贰拾", 20), ("參", 3), ("两", 2)],
)  # fmt: skip
def test_it_reads_numerals(printed: str, number: int) -> None:
    assert to_number(printed) == number


@pytest.mark.parametrize("printed", ["", "甲", "十四五", "3.6", "一二三四五六七八九十一"])
def test_it_knows_what_is_no_numeral(printed: str) -> None:
    assert to_number(printed) is None


@given(st.integers(1, 999))
def test_it_writes_what_it_reads(number: int) -> None:
    assert to_number(to_numeral(number)) == number


def test_it_keeps_closing_quotes_with_their_sentence() -> None:
    text = "甲说：“好。”乙来了！（丙没来。）丁"
    assert [text[s.start : s.end] for s in sentences(text)] == [
        "甲说：“好。”",
        "乙来了！",
        "（丙没来。）",
        "丁",
    ]


def test_it_ends_sentences_with_their_line_and_in_english_with_a_full_stop() -> None:
    text = "一、标题\n　　正文一。\nWe met on 5.5 terms. They left."
    assert [text[s.start : s.end] for s in sentences(text)] == [
        "一、标题", "正文一。", "We met on 5.5 terms.", "They left.",
    ]  # fmt: skip


def test_it_goes_on_over_the_breaks_of_hard_wrapped_lines() -> None:
    line = "縣府團隊在各鄉鎮持續完備基礎設施面對極端氣候的挑戰為保障人民"
    text = "\n".join([line, line, line[:10] + "。"] * 20)
    found = [text[s.start : s.end] for s in sentences(text)]
    assert len(found) == 20
    assert found[0] == f"{line}\n{line}\n{line[:10]}。"


@given(st.text())
def test_sentences_lie_in_order_and_miss_no_word(text: str) -> None:
    spans = list(sentences(text))
    assert all(a.end <= b.start for a, b in pairwise(spans))
    left = "".join(c for i, c in enumerate(text) if not any(s.start <= i < s.end for s in spans))
    assert not left.strip()


@given(st.text(alphabet="防 　汛ＡＢab①㎡台臺灣⼯⻔Ⅱ％％\n,，123１２３", max_size=60))
def test_every_folded_character_points_at_one_it_came_from(text: str) -> None:
    folded = fold(text)
    for i, c in enumerate(folded.text):
        original = text[folded.to_original(i)]
        assert c in fold(original).text or c == original


def test_it_folds_width_case_script_radicals_and_spaces_between_han() -> None:
    assert fold("防　汛 防颱ＡＢ％⼯作⻔ a b").text == "防汛防台ab%工作门 a b"


def test_radicals_are_replaced_one_for_one() -> None:
    text = "政府⼯作报告⻋⻛"
    assert plain_radicals(text) == "政府工作报告车风"
    assert len(plain_radicals(text)) == len(text)
