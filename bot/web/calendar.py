"""The days of the tasks as a calendar that phones and desks subscribe to (iCalendar, RFC 5545).

An event is a day that the text binds: a deadline, the span of a season, each day of a recurring
duty. A period is no day to keep and a vague word names none, so neither becomes an event.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

import digests
from bot.texts import Translate
from digests import TaskKind

if TYPE_CHECKING:
    from icalendar import Event

TYPE = "text/calendar"
_SPANS = frozenset({TaskKind.DATED, TaskKind.SEASON, TaskKind.RELATIVE})
_A_DAY = timedelta(days=1)


def as_icalendar(
    editions: Iterable[digests.Edition], topics: Sequence[str], name: str, translate: Translate
) -> bytes:
    """One calendar of the accepted tasks; only of some topics, unless none is named.

    The same editions give the same bytes, so a phone that asks again can be told nothing is new.
    """
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//policybot//tasks//ZH")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    for edition in editions:
        tasks = [task for task in edition.tasks if not topics or task.topic in topics]
        for due in digests.merge((edition.report, task) for task in tasks):
            for first, last in _days(due.task):
                calendar.add_component(_event(edition, due.task, first, last, translate))
    written: bytes = calendar.to_ical()
    return written


def _days(task: digests.Task) -> Iterator[tuple[date, date]]:
    if task.kind is TaskKind.RECURRING:
        yield from ((day, day) for day in task.reminders)
    elif task.kind in _SPANS and task.last is not None:
        begins = task.first if task.kind is TaskKind.SEASON else None
        yield begins or task.last, task.last


def _event(
    edition: digests.Edition, task: digests.Task, first: date, last: date, translate: Translate
) -> "Event":
    from icalendar import Event

    event = Event()
    event.add("uid", f"{edition.key}-{digests.task_key(task)}-{first:%Y%m%d}@policybot")
    event.add("dtstamp", datetime.combine(edition.report.issued_on or first, time(), UTC))
    event.add("dtstart", first)
    event.add("dtend", last + _A_DAY)  # the end of whole days is the day after
    event.add("summary", task.title)
    source = digests.citation(edition.report, task.cite, translate)
    event.add("description", f"{task.quote}\n\n{source}")
    event.add("transp", "TRANSPARENT")  # whoever has a deadline is free for meetings all the same
    return event
