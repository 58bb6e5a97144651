"""On which days a task is recalled: by its kind, with the days an office may change.

- **S** season: its first day if that is still ahead, then one weekday (Mondays) until it ends, holidays
  included: a flood does not keep office hours.
- **D** deadline: so many days before (90, 30, 7, 1); on a rest day, the workday before.
- **M** recurring: the first workday of each month (or quarter) after the issue, as long as the document
  rules: a yearly report to the end of its year, a plan to its last, a notice for a year (``horizon``).
- **Q** period: the first workday of each following quarter inside it; of each year when it is longer than
  one. A period is never counted down.

Vague, relative and undated tasks are not recalled by a date.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from digests.dating.calendars import workday_from, workday_until
from digests.dating.moments import DAY, add_months
from digests.report import TaskKind

LONGER_THAN_A_YEAR = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Reminders:
    """What an office may change: days before a deadline, and the weekday of a season (0 Monday)."""

    before: tuple[int, ...] = (90, 30, 7, 1)
    weekday: int = 0
    seasons: bool = True
    periods: bool = True
    recurring: bool = True


DEFAULT = Reminders()


def reminders(
    kind: TaskKind,
    first: date | None,
    last: date | None,
    issued: date,
    rules: Reminders = DEFAULT,
    *,
    months: int = 1,
) -> tuple[date, ...]:
    """The days on which a task is recalled, ascending; none before the issue.

    Of a recurring task ``last`` is the day until which it is recalled, by default the year's end.

    >>> days = reminders(TaskKind.DATED, None, date(2021, 2, 11), date(2020, 7, 17))
    >>> [d.isoformat() for d in days]
    ['2020-11-13', '2021-01-12', '2021-02-04', '2021-02-10']
    """
    days: Iterator[date] = iter(())
    if kind is TaskKind.SEASON and first and last and rules.seasons:
        days = _in_season(first, last, issued, rules.weekday)
    elif kind is TaskKind.DATED and (last or first):
        days = _before(last or first or issued, rules.before)
    elif kind is TaskKind.RECURRING and rules.recurring and months:
        days = _steps(issued, last or date(issued.year, 12, 31), months)
    elif kind is TaskKind.PERIOD and last and rules.periods:
        first = first or issued
        step = 12 if last - first > LONGER_THAN_A_YEAR else 3
        days = (d for d in _steps(max(first - DAY, issued), last, step) if d >= first)
    return tuple(sorted({d for d in days if d >= issued}))


def _in_season(first: date, last: date, issued: date, weekday: int) -> Iterator[date]:
    begin = max(first, issued)
    if first >= issued:
        yield first
    day = begin + ((weekday - begin.weekday()) % 7) * DAY
    while day <= last:
        yield day
        day += 7 * DAY


def _before(last: date, before: tuple[int, ...]) -> Iterator[date]:
    for count in before:
        yield workday_until(last - count * DAY)


def _steps(after: date, until: date, months: int) -> Iterator[date]:
    """First workdays of the calendar's months, quarters or years that begin after a day."""
    begin = date(after.year, 1, 1)
    while begin <= until:
        if begin > after:
            day = workday_from(begin)
            if day <= until:
                yield day
        begin = add_months(begin, months)
