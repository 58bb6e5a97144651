"""What fills an answer up: passages that hold much of a query, though not as it was asked."""

from itertools import pairwise

import pytest

import digests
from digests import Index

TEXT = """石桥镇人民政府工作报告

一、水利和防汛
加快村里小水库的除险加固，汛期以前全部完成蓄水验收。
镇水利站负责水库大坝的日常巡查，发现渗漏立即上报。
二、文化和旅游
全年接待外地游客三十万人次，比上年增长一成。
今年力争接待游客四十万人次，新开三家民宿。
"""


@pytest.fixture(scope="module")
def town() -> Index:
    return Index.build(None, [digests.parse(TEXT.encode(), "report.txt")])


def test_what_holds_much_of_a_question_follows_what_holds_all_of_it(town: Index) -> None:
    quotes = [hit.quote for hit in town.search("水库大坝谁来巡查验收").hits]
    assert "水利站" in quotes[0]
    assert any("蓄水验收" in quote for quote in quotes)


def test_what_stands_there_as_typed_needs_nothing_below_it(town: Index) -> None:
    (hit,) = town.search("蓄水验收").hits
    assert "蓄水验收" in hit.quote


def test_no_passage_comes_twice(town: Index) -> None:
    hits = town.search("接待游客多少人次").hits
    spans = sorted((hit.start, hit.end) for hit in hits)
    assert len(hits) > 1
    assert all(end <= start for (_, end), (start, _) in pairwise(spans))


@pytest.mark.parametrize(
    "query", ["量子水库", "火星游客", "水库 奶茶配方", "魔法民宿招聘什么时候开始"]
)
def test_half_of_a_compound_is_no_answer(town: Index, query: str) -> None:
    assert town.search(query).hits == ()


def test_a_quoted_phrase_stands_as_it_is_or_not_at_all(town: Index) -> None:
    assert town.search("“水库大坝的除险加固”").hits == ()


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("去年接待了多少游客", "比上年增长"),
        ("今年要接待多少游客", "今年力争"),
        ("游客接待目标是多少", "今年力争"),
    ],
)
def test_a_question_of_last_year_is_answered_by_what_looks_back(query: str, words: str) -> None:
    text = (
        "石桥镇人民政府工作报告\n\n一、2024年工作回顾\n全年接待外地游客三十万人次，比上年增长一成。\n"
        "二、2025年工作安排\n今年力争接待外地游客四十万人次，新开三家民宿。\n"
    )
    index = Index.build(None, [digests.parse(text.encode(), "report.txt")])
    assert words in index.search(query).hits[0].quote


def test_what_is_said_twice_comes_last_the_second_time() -> None:
    text = "一、总则\n镇政府按月公开账目。\n二、公开\n镇政府按月公开账目。\n三、监督\n公开账目以后，镇政府听取意见。\n"
    index = Index.build(None, [digests.parse(text.encode(), "report.txt")])
    quotes = [hit.quote for hit in index.search("镇政府 公开账目").hits]
    assert "听取意见" in quotes[1]
    assert len(quotes) == 3


RULES = """石桥镇听证办法

第一条 本办法所称重大事项，包括规划和预算。重大事项由镇政府决定。

第二条 重大事项应当听取意见，可以召开听证会。

第三条 听证会应当按照下列程序举行：

（一）承办单位介绍草案；

（二）参加人陈述意见。

第四条 有下列情形之一的，镇政府可以组织事后评估：

（一）公民提出较多意见；

（二）镇政府认为有必要。

第五条 事后评估的结果应当公开，重大事项依法接受监督。
"""


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("哪些事项属于重大事项", "所称重大事项"),
        ("什么是重大事项", "所称重大事项"),
        ("听证会怎么举行", "按照下列程序"),
        ("什么情况下要做事后评估", "有下列情形之一"),
    ],
)
def test_a_question_is_answered_where_the_rule_opens_its_answer(query: str, words: str) -> None:
    index = Index.build(None, [digests.parse(RULES.encode(), "rules.txt")])
    assert words in index.search(query).hits[0].quote


def test_an_excluded_word_excludes_the_section_that_is_named(town: Index) -> None:
    assert all("旅游" not in hit.quote for hit in town.search("文化和 -旅游").hits)
