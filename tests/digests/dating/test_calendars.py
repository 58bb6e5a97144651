"""The office calendar: make-up days, feasts, and honesty about years not yet announced."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.dating import calendars


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2020, 10, 8), False),  # Golden Week
        (date(2020, 10, 9), True),
        (date(2020, 10, 10), True),  # a Saturday made up
        (date(2021, 2, 11), False),  # New Year's Eve
        (date(2021, 2, 10), True),
        (date(2020, 7, 18), False),  # a Saturday
    ],
)
def test_it_knows_days_off_and_days_made_up(day: date, *, works: bool) -> None:
    assert calendars.is_workday(day) is works


@pytest.mark.parametrize(
    ("name", "year", "day"),
    [
        ("春节", 2021, date(2021, 2, 12)),
        ("清明", 2020, date(2020, 4, 4)),
        ("端午", 2023, date(2023, 6, 22)),
        ("中秋", 2020, date(2020, 10, 1)),
        ("元宵", 2021, date(2021, 2, 26)),
        ("国庆", 2022, date(2022, 10, 1)),
        ("泼水节", 2022, None),
    ],
)
def test_it_knows_the_feasts(name: str, year: int, day: date | None) -> None:
    assert calendars.feast(name, year) == day


def test_the_next_feast_is_the_coming_one_not_the_past_one() -> None:
    assert calendars.next_feast("春节", date(2021, 3, 1)) == date(2022, 2, 1)


def test_years_beyond_the_announced_ones_are_marked_as_estimated() -> None:
    assert not calendars.is_estimated(date(2021, 5, 1))
    assert calendars.is_estimated(date(2090, 5, 1))


def test_a_term_of_workdays_skips_the_feast() -> None:
    assert calendars.add_workdays(date(2020, 9, 29), 5) == date(2020, 10, 13)


@given(st.dates(date(2009, 1, 1), date(2026, 6, 30)))
def test_the_neighbouring_workdays_are_workdays_and_nothing_works_between(day: date) -> None:
    before, after = calendars.workday_until(day), calendars.workday_from(day)

    assert calendars.is_workday(before)
    assert calendars.is_workday(after)
    assert before <= day <= after
    between = (before + timedelta(days=k) for k in range(1, (after - before).days))
    assert not any(calendars.is_workday(d) for d in between)
    assert calendars.next_workday(day) > day
