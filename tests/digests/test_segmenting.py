"""Phrases of several everyday words: each word may be written otherwise in the report."""

import pytest

import digests
from digests import Index
from digests.searching.glossing import Glossary
from digests.searching.segmenting import units

TEXT = """石桥镇人民政府工作报告

一、平安和城建
派出所破获入室盗窃案件十二起，追回电动自行车三十辆。
规范出租汽车经营，组织驾驶员培训六次，查处拒载二十起。
整治黑臭水体五处，铺设污水管网八公里。
二、民生
农民人均可支配收入二万八千元，千方百计拓宽农民增收渠道。
推进“南拓北连、沿河筑镇”建设，新区道路年内通车。
2025年新增城镇就业目标为三百人，去年新增城镇就业二百八十人。
"""
ENGLISH = """Report on Public Works

1. Transport
The high-speed rail line to the coast opened in May.
2. Housing
Two hundred units of affordable housing were completed.
"""


@pytest.fixture(scope="module")
def town() -> Index:
    return Index.build(None, [digests.parse(TEXT.encode(), "report.txt")])


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("抓小偷", "入室盗窃"),
        ("出租车司机", "出租汽车"),
        ("臭水沟", "黑臭水体"),
        ("农民赚点钱", "增收"),
    ],
)
def test_every_word_of_a_phrase_may_be_written_otherwise(
    town: Index, query: str, words: str
) -> None:
    assert words in town.search(query).hits[0].quote


@pytest.mark.parametrize("query", ["火星出租车", "小偷基因编辑", "魔法司机学院", "抓外星人"])
def test_a_phrase_of_which_half_is_unknown_finds_nothing(town: Index, query: str) -> None:
    assert town.search(query).hits == ()


def test_a_quoted_slogan_may_be_asked_about(town: Index) -> None:
    (hit,) = town.search("“南拓北连、沿河筑镇”是什么").hits
    assert "南拓北连" in hit.quote


def test_the_year_and_the_sort_of_number_need_not_stand_beside_what_is_counted(town: Index) -> None:
    assert "三百人" in town.search("2025年新增就业目标是多少").hits[0].quote


def test_what_an_operator_adds_is_known_inside_phrases_too(town: Index) -> None:
    index = Index.build(None, [digests.parse(TEXT.encode(), "report.txt")])
    index.learn([("梁上君子", "盗窃")])
    assert "入室盗窃" in index.search("抓梁上君子").hits[0].quote


@pytest.mark.parametrize(
    ("query", "words"), [("bullet train", "high-speed rail"), ("cheap homes", "affordable housing")]
)
def test_english_phrases_are_known_as_a_whole(query: str, words: str) -> None:
    index = Index.build(None, [digests.parse(ENGLISH.encode(), "report.txt")])
    assert words in index.search(query).hits[0].quote


def test_the_longest_known_words_win_and_light_characters_are_left_out(town: Index) -> None:
    shelf = town._store.shelf
    found = units("抓蓝鹊的白鹭", shelf, Glossary([("蓝鹊", "盗窃"), ("白鹭", "驾驶员")]))
    assert [unit.said for unit in found] == ["蓝鹊", "白鹭"]
    assert [unit.ways for unit in found] == [("盗窃",), ("驾驶员",)]
