"""Which year a passage speaks of by itself: what its part, or the plan it belongs to, says."""

from datetime import date

import pytest

import digests

DECEMBER = """政府工作报告

（2023年12月28日在某市第五届人民代表大会第三次会议上）

各位代表：

一、{review}

过去一年，我们完成投资三百亿元，全年新增就业两万人。一季度建成两条道路。

二、{plan}

{words}
"""


def days(review: str, plan: str, words: str) -> list[tuple[str | None, str, str]]:
    text = DECEMBER.format(review=review, plan=plan, words=words)
    return [
        (t.expression, f"{t.first or ''}", f"{t.last or ''}")
        for t in digests.extract_tasks(digests.parse(text.encode(), "报告.txt"))
        if t.expression
    ]


@pytest.mark.parametrize(
    ("review", "plan"),
    [
        ("2023年工作回顾", "2024年重点工作"),
        ("今年工作回顾", "明年工作安排"),
    ],
)
@pytest.mark.parametrize(
    ("words", "window"),
    [
        ("要确保全年新增就业两万人。", ("全年", "2024-01-01", "2024-12-31")),
        ("力争年内建成两座水厂。", ("年内", "", "2024-12-31")),
        ("要在一季度开工两条道路。", ("一季度", "2024-01-01", "2024-03-31")),
        ("6月底前完成堤防加固。", ("6月底前", "", "2024-06-30")),
        ("要完成今年剩下的拆迁。", ("今年", "2023-01-01", "2023-12-31")),
    ],
)
def test_a_part_is_of_the_year_that_its_heading_names(
    review: str, plan: str, words: str, window: tuple[str, str, str]
) -> None:
    assert days(review, plan, words) == [window]


def test_a_winter_report_plans_the_year_that_it_names_most() -> None:
    """The heading is a slogan; the words under it say of which year they speak."""
    words = "做好明年工作，要稳中求进。\n要确保全年新增就业两万人。"
    assert ("全年", "2024-01-01", "2024-12-31") in days("工作回顾", "奋力谱写发展新篇章", words)


def test_a_winter_report_may_still_press_for_this_year() -> None:
    words = "今年只剩三天。\n要确保完成全年任务。"
    assert ("全年", "2023-01-01", "2023-12-31") in days("工作回顾", "奋力冲刺", words)


def test_a_notice_for_next_year_counts_its_days_in_that_year() -> None:
    text = (
        "某市2024年水利工作要点\n\n（2023年11月20日）\n\n一、抓工程\n\n要在年底前完成堤防加固。\n"
    )
    task = digests.extract_tasks(digests.parse(text.encode(), "要点.txt"))[-1]
    assert task.last == date(2024, 12, 31)


def test_what_comes_again_is_recalled_in_the_year_that_is_planned() -> None:
    text = DECEMBER.format(
        review="2023年工作回顾", plan="2024年重点工作", words="要每月通报工程进度。"
    )
    [task] = [
        t
        for t in digests.extract_tasks(digests.parse(text.encode(), "报告.txt"))
        if t.expression == "每月"
    ]
    assert task.reminders[-1] == date(2024, 12, 2)
