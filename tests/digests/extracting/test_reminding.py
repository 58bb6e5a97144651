"""Reminders come on the days the product promises, and only on those."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

import digests
from digests.dating.calendars import is_workday
from digests.extracting.reminding import Reminders, reminders
from digests.report import TaskKind

ISSUED = date(2020, 7, 17)


def days(
    kind: TaskKind, first: date | None, last: date | None, issued: date = ISSUED, **given: int
) -> list[str]:
    return [day.isoformat() for day in reminders(kind, first, last, issued, **given)]


def test_a_season_that_has_begun_starts_with_the_next_monday() -> None:
    found = days(TaskKind.SEASON, date(2020, 7, 16), date(2020, 10, 15))

    assert (found[0], found[-1], len(found)) == ("2020-07-20", "2020-10-12", 13)
    assert "2020-10-05" in found  # in the Golden Week too


def test_a_season_still_ahead_starts_on_its_first_day() -> None:
    found = days(TaskKind.SEASON, date(2020, 8, 5), date(2020, 8, 18))

    assert found == ["2020-08-05", "2020-08-10", "2020-08-17"]


def test_a_deadline_is_recalled_on_workdays_before_it() -> None:
    found = days(TaskKind.DATED, None, date(2020, 12, 31))

    assert found == ["2020-09-30", "2020-12-01", "2020-12-24", "2020-12-30"]


def test_what_would_have_come_before_the_issue_is_left_out() -> None:
    assert days(TaskKind.DATED, None, date(2020, 8, 10)) == ["2020-08-03", "2020-08-07"]


def test_a_monthly_task_comes_on_first_workdays_to_the_year_s_end() -> None:
    found = days(TaskKind.RECURRING, None, None)

    assert found == ["2020-08-03", "2020-09-01", "2020-10-09", "2020-11-02", "2020-12-01"]


def test_a_quarterly_task_comes_each_quarter_and_a_yearly_one_not_at_all() -> None:
    assert days(TaskKind.RECURRING, None, None, months=3) == ["2020-10-09"]
    assert days(TaskKind.RECURRING, None, None, months=0) == []


def test_a_period_is_recalled_each_quarter_inside_it() -> None:
    assert days(TaskKind.PERIOD, date(2020, 1, 1), date(2020, 12, 31)) == ["2020-10-09"]
    assert days(TaskKind.PERIOD, date(2021, 1, 1), date(2021, 12, 31))[0] == "2021-01-04"


def test_a_period_of_years_is_recalled_each_year() -> None:
    found = days(TaskKind.PERIOD, date(2021, 1, 1), date(2025, 12, 31))

    assert found == ["2021-01-04", "2022-01-04", "2023-01-03", "2024-01-02", "2025-01-02"]


@pytest.mark.parametrize("kind", [TaskKind.VAGUE, TaskKind.RELATIVE, TaskKind.NONE])
def test_what_has_no_day_is_never_recalled(kind: TaskKind) -> None:
    assert days(kind, None, None) == []


def test_an_office_may_choose_other_days_or_none() -> None:
    rules = Reminders(before=(3,), weekday=2, periods=False)

    assert [
        d.isoformat() for d in reminders(TaskKind.DATED, None, date(2020, 8, 10), ISSUED, rules)
    ] == ["2020-08-07"]
    assert reminders(TaskKind.PERIOD, date(2020, 1, 1), date(2020, 12, 31), ISSUED, rules) == ()
    wednesdays = reminders(TaskKind.SEASON, date(2020, 7, 16), date(2020, 7, 31), ISSUED, rules)
    assert [d.isoformat() for d in wednesdays] == ["2020-07-22", "2020-07-29"]


DAYS = st.dates(date(2010, 1, 1), date(2030, 12, 31))
KINDS = st.sampled_from([TaskKind.DATED, TaskKind.SEASON, TaskKind.PERIOD, TaskKind.RECURRING])


@given(KINDS, DAYS, st.integers(0, 800), DAYS)
def test_reminders_ascend_and_never_precede_the_issue(
    kind: TaskKind, first: date, length: int, issued: date
) -> None:
    last = first + timedelta(days=length)
    found = reminders(kind, first, last, issued)

    assert list(found) == sorted(set(found))
    assert all(day >= issued for day in found)
    if kind is not TaskKind.RECURRING:
        assert all(day <= last for day in found)
    if kind is not TaskKind.SEASON:
        assert all(is_workday(day) for day in found)


@pytest.mark.parametrize(
    ("title", "last"),
    [
        ("某市政府工作报告", "2025-12-01"),
        ("关于加强值班的通知", "2026-01-04"),
        ("某市消防规划（2025—2027年）", "2027-12-01"),
        ("某市“十五五”水利规划", "2030-12-02"),
    ],
)
def test_what_comes_again_is_recalled_as_long_as_the_document_rules(title: str, last: str) -> None:
    text = f"{title}\n一、任务\n要每月开展检查。\n某市办公室  2025年1月7日印发\n"

    [task] = digests.extract_tasks(digests.parse(text.encode(), "a.txt"))

    assert task.reminders[-1].isoformat() == last
