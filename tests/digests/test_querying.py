import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import digests
from digests.searching.asking import Ask
from digests.searching.glossing import lines
from digests.searching.numbering import forms
from digests.searching.querying import parts, understand
from digests.searching.shadowing import positions, shadow, spell

SYNONYMS = Path(digests.__file__).parent / "synonyms.toml"


def test_quotes_and_minus_are_told_apart_from_words() -> None:
    query = understand("“一件事” 改革 -外贸 －投资")
    assert (query.phrases, query.terms, query.without) == (("一件事",), ("改革",), ("外贸", "投资"))


@pytest.mark.parametrize("marks", ["“%s”", '"%s"', "「%s」", "『%s』", "＂%s＂"])
def test_any_quotation_marks_will_do(marks: str) -> None:
    assert understand(marks % "一肩挑").phrases == ("一肩挑",)


def test_a_minus_before_a_figure_or_inside_a_word_excludes_nothing() -> None:
    assert understand("-5%").without == ()
    assert understand("7-9月").without == ()


@pytest.mark.parametrize(
    ("typed", "core", "ask"),
    [
        ("村社换届什么时候完成？", ("村社换届",), Ask.WHEN),
        ("外贸 多少", ("外贸",), Ask.AMOUNT),
        ("怎么防汛", ("防汛",), Ask.HOW),
        ("防汛怎么做好", ("防汛",), Ask.HOW),
        ("什么是“两业经”", (), Ask.WHAT),
        ("一肩挑是什么意思", ("一肩挑",), Ask.WHAT),
        ("谁负责换届", ("换届",), Ask.WHO),
        ("为什么要换届", ("换届",), Ask.WHY),
        ("请问养老金涨多少呢", ("养老金",), Ask.AMOUNT),
        ("疫情会不会反弹", ("疫情", "反弹"), None),
        ("未来产业", ("未来产业",), None),
        ("内涝怎么办", ("内涝",), Ask.HOW),
        ("全会", ("全会",), None),
    ],
)
def test_a_question_leaves_what_it_is_about(typed: str, core: tuple[str, ...], ask: Ask) -> None:
    query = understand(typed)
    assert (query.core, query.ask) == (core, ask)


@pytest.mark.parametrize(
    ("typed", "other"),
    [
        ("二〇二五年", "2025年"),
        ("2025年", "二〇二五年"),
        ("二零二五", "2025"),
        ("５%", "百分之五"),
        ("百分之三点五", "3.5%"),
        ("3000万", "三千万"),
        ("三千万", "3000万"),
        ("1.2万", "12000"),
        ("12000人", "1.2万人"),
        ("六十日", "60日"),
        ("一千零五十元", "1050元"),
        ("四点四万亿", "4.4万亿"),
        ("1.2万亿", "一点二万亿"),
        ("四千六百名", "4600名"),
        ("两小时", "2小时"),
    ],
)
def test_a_number_is_known_in_any_form(typed: str, other: str) -> None:
    assert shadow(other) in forms(shadow(typed))


def test_words_that_hold_numerals_stay_as_they_are() -> None:
    assert forms("十四五") == ("十四五",)
    assert forms("一肩挑") == ("一肩挑",)


def test_glue_is_dropped_between_words() -> None:
    assert parts("防汛和防台的要求") == ("防汛", "防台", "要求")


@pytest.mark.parametrize("typed", ["fang xun", "fáng xùn", "FANGXUN", "fang2 xun4", "fang'xun"])
def test_pinyin_is_recognised_with_spaces_and_tones(typed: str) -> None:
    assert understand(typed).letters.replace(" ", "") == "fangxun"


def test_pinyin_is_spelled_both_ways() -> None:
    assert {("xian",), ("xi", "an")} <= set(spell("xian"))


@settings(deadline=None)
@given(st.text(max_size=300))
def test_the_shadow_knows_its_way_back(text: str) -> None:
    shadowed, where = positions(text)
    assert shadowed == shadow(text) or "\n" in text or len(where) == len(shadowed) + 1
    assert len(where) == len(shadowed) + 1
    assert where == sorted(where)
    assert all(0 <= at <= len(text) for at in where)


@settings(deadline=None)
@given(st.text(max_size=4200))
def test_understanding_never_raises(typed: str) -> None:
    query = understand(typed)
    assert len(query.terms) <= 12
    for term in query.terms:
        assert term == shadow(term)


def test_every_synonym_is_folded_and_says_something_else() -> None:
    table = tomllib.loads(SYNONYMS.read_text("utf-8"))
    for said, written in (*lines(table["said"]), *lines(table["near"])):
        assert said, written
        assert written, said
        assert len(written) == len(set(written)), said
        assert not set(said) & set(written), said
        assert all(len(w) > 1 or len(said[0]) == 1 for w in written), said
        assert [shadow(w.replace("_", " ")) for w in (*said, *written)] == [*said, *written]
    for words, _ in lines(table["same"]):
        assert len(words) == len(set(words)) > 1, words
