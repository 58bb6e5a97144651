"""Which days are working days, and when the feasts are: China's calendar behind one door.

The vendor (``holidays``) is imported when the first day is asked for, since it takes a tenth of a
second. It knows the make-up workdays of every announced year; beyond those only the statutory days
are known, and ``is_estimated`` says so.
"""

from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from typing import Any

DAY = timedelta(days=1)
SATURDAY = 5
ANNOUNCED_SINCE = 2008  # earlier years had few make-up days; the calendar is complete all the same

FIXED_FEASTS = {
    "元旦": (1, 1),
    "三八": (3, 8),
    "五一": (5, 1),
    "劳动节": (5, 1),
    "五四": (5, 4),
    "六一": (6, 1),
    "七一": (7, 1),
    "八一": (8, 1),
    "建军节": (8, 1),
    "教师节": (9, 10),
    "国庆": (10, 1),
    "十一": (10, 1),
}
"""Feasts of the solar calendar, by their short names."""

MOVABLE_FEASTS = {
    "春节": "Chinese New Year (Spring Festival)",
    "清明": "Tomb-Sweeping Day",
    "端午": "Dragon Boat Festival",
    "中秋": "Mid-Autumn Festival",
}
"""Feasts of the lunisolar calendar, by the vendor's English names."""


@cache
def _calendar() -> Any:
    from holidays.countries.china import China

    return China(language="en_US")  # type: ignore[no-untyped-call]


@cache
def is_workday(day: date) -> bool:
    """Whether offices work that day, make-up days and days off in lieu included.

    >>> is_workday(date(2020, 10, 10)), is_workday(date(2020, 10, 8)), is_workday(date(2020, 7, 18))
    (True, False, False)
    """
    calendar = _calendar()
    if day in calendar:
        return False
    return day.weekday() < SATURDAY or day in calendar.weekend_workdays


@cache
def is_estimated(day: date) -> bool:
    """Whether the year's days off were not yet announced when the calendar was made.

    >>> is_estimated(date(2020, 10, 1)), is_estimated(date(2099, 10, 1))
    (False, True)
    """
    calendar = _calendar()
    calendar.get(day)
    announced = any(made_up.year == day.year for made_up in calendar.weekend_workdays)
    return day.year >= ANNOUNCED_SINCE and not announced


def _walk(day: date, step: timedelta, wanted: Callable[[date], bool]) -> date:
    while not wanted(day):
        day += step
    return day


def workday_from(day: date) -> date:
    """The first workday on or after a day.

    >>> workday_from(date(2020, 10, 1))
    datetime.date(2020, 10, 9)
    """
    return _walk(day, DAY, is_workday)


def workday_until(day: date) -> date:
    """The last workday on or before a day.

    >>> workday_until(date(2020, 10, 2))
    datetime.date(2020, 9, 30)
    """
    return _walk(day, -DAY, is_workday)


def next_workday(day: date) -> date:
    """The first workday after a day.

    >>> next_workday(date(2020, 7, 17))
    datetime.date(2020, 7, 20)
    """
    return workday_from(day + DAY)


def add_workdays(day: date, count: int) -> date:
    """The last day of a term of so many workdays that begins the day after.

    >>> add_workdays(date(2020, 9, 29), 5)
    datetime.date(2020, 10, 13)
    """
    for _ in range(count):
        day = next_workday(day)
    return day


@cache
def feast(name: str, year: int) -> date | None:
    """The day of a feast in a year, by its short name; None for one this calendar does not know.

    >>> feast("春节", 2021), feast("国庆", 2020), feast("元宵", 2021)
    (datetime.date(2021, 2, 12), datetime.date(2020, 10, 1), datetime.date(2021, 2, 26))
    """
    if name in FIXED_FEASTS:
        return date(year, *FIXED_FEASTS[name])
    if name == "元宵":
        spring = feast("春节", year)
        return spring + 14 * DAY if spring else None
    return _movable(MOVABLE_FEASTS.get(name, ""), year)


def _movable(name: str, year: int) -> date | None:
    calendar = _calendar()
    calendar.get(date(year, 1, 1))
    days = [d for d, names in calendar.items() if d.year == year and name in names.split("; ")]
    return min(days, default=None)


def next_feast(name: str, base: date) -> date | None:
    """The first day of that feast after a day.

    >>> next_feast("春节", date(2020, 7, 17))
    datetime.date(2021, 2, 12)
    """
    days = (feast(name, year) for year in (base.year, base.year + 1))
    return next((d for d in days if d and d > base), None)
