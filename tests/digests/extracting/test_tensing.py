"""Looking back or ahead: headings first, then the report's own cues, then the sentence."""

from datetime import date

import pytest

import digests
from digests.dating.moments import Anchor, anchor_of
from digests.extracting.directing import is_directive, is_past
from digests.extracting.tensing import Tense, tense_of_heading, tenses

HERE = Anchor(date(2024, 1, 9))


@pytest.mark.parametrize(
    ("heading", "tense"),
    [
        ("2023年工作回顾", Tense.BACK),
        ("过去五年的主要工作", Tense.BACK),
        ("今年以来市委常委会所做的主要工作", Tense.BACK),
        ("“十三五”发展成就及2020年主要工作", Tense.BACK),
        ("上半年的主要工作", Tense.BACK),
        ("存在的问题和不足", Tense.BACK),
        ("2024年工作安排", Tense.AHEAD),
        ("2024年主要工作", Tense.AHEAD),
        ("今后五年的指导思想和主要奋斗目标", Tense.AHEAD),
        ("“十四五”时期主要目标任务", Tense.AHEAD),
        ("着力解决党性不纯的问题", Tense.AHEAD),
        ("过去五年回顾和今后五年目标", Tense.MIXED),
        ("总则", Tense.OPEN),
        ("名词解释", Tense.ASIDE),
    ],
)
def test_a_heading_says_where_it_looks(heading: str, tense: Tense) -> None:
    assert tense_of_heading(heading, HERE) is tense


@pytest.mark.parametrize(
    "text",
    [
        "要全力做好防汛工作",
        "扎实办好各项民生事业",
        "各级党委要亲自抓",
        "单位应当报告",
        "agencies shall report",
    ],
)
def test_it_knows_a_directive(text: str) -> None:
    assert is_directive(text)


@pytest.mark.parametrize(
    "text",
    [
        "昨天,市里召开了会议",
        "这是一件大事",
        "如果增长5%,就能迈上台阶",
        "让我们携手前进",
        "这次全会的任务是:部署工作",
    ],
)
def test_it_knows_what_is_none(text: str) -> None:
    assert not is_directive(text)


@pytest.mark.parametrize(
    ("text", "past"),
    [
        ("建成了一批设施", True),
        ("已全部开工", True),
        ("为了人民", False),
        ("要抓好落实", False),
        ("除了项目", False),
    ],
)
def test_it_knows_what_has_happened(text: str, *, past: bool) -> None:
    assert is_past(text) is past


def parse(text: str, name: str = "云澜市政府工作报告.txt") -> digests.Report:
    return digests.parse(text.encode(), name)


def test_subsections_of_a_review_stay_review() -> None:
    report = parse(
        "云澜市政府工作报告\n\n一、2023年工作回顾\n（一）着力改善民生。建成学校12所。\n二、2024年工作安排\n（一）着力改善民生。新建学校3所。\n"
    )
    looks = tenses(report)

    assert [looks.at(report.text.index(words)) for words in ("建成学校", "新建学校")] == [
        Tense.BACK,
        Tense.AHEAD,
    ]


def test_a_report_without_headings_is_followed_by_its_cues() -> None:
    report = parse(
        "云澜市政府工作报告\n\n过去一年，我们建成学校12所。今年经济社会发展的主要预期目标是：增长6%。新建医院2所。\n"
        + "继续努力。" * 100
    )
    looks = tenses(report)

    assert [looks.at(report.text.index(words)) for words in ("建成学校", "新建医院")] == [
        Tense.BACK,
        Tense.AHEAD,
    ]


def test_a_statistical_communique_only_looks_back() -> None:
    report = parse(
        "云澜市2023年国民经济和社会发展统计公报\n\n年末全市常住人口120万人。\n", "统计公报.txt"
    )

    assert digests.extract_tasks(report) == ()


@pytest.mark.parametrize(
    ("text", "name", "day"),
    [
        (
            "云澜市政府工作报告\n——2024年1月9日在云澜市人民代表大会上\n\n各位代表：\n",
            "a.txt",
            date(2024, 1, 9),
        ),
        ("政府工作报告\n\n一、2023年工作回顾\n去年很好。\n", "政府工作报告.txt", date(2024, 1, 15)),
        (
            "云澜市国民经济和社会发展第十四个五年规划和2035年远景目标纲要\n\n正文。\n",
            "纲要.txt",
            date(2021, 1, 15),
        ),
        (
            "关于某事的通知\n\n正文。\n\n云澜市人民政府办公室\n2022年5月6日\n",
            "通知.txt",
            date(2022, 5, 6),
        ),
    ],
)
def test_the_base_day_is_found_where_the_document_says_it(text: str, name: str, day: date) -> None:
    assert anchor_of(parse(text, name)).day == day
