"""The order in which sections come on a day: timely first, what looks back last, each with its reason.

An ``Outlook`` is worked out once for some editions and topics and then asked day by day, since a
preview walks through all the days since the report was issued.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from digests.composing.planning import Reading, readings, stale_after, windows_for
from digests.report import Report, Span, Task

BEFORE, AFTER = 14, 7  # days around a reminder on which its sentence is no excerpt
_FAR = 10**6  # days; further than any reminder
_KIN = {"flood": frozenset({"flood", "safety"})}
"""What a topic brings along: on a flood day the sentence itself stands in the reminder, so the
excerpt is taken from what is said about safety."""


@dataclass(frozen=True, slots=True)
class Edition:
    """A published report with its accepted tasks; ``key`` is what buttons carry."""

    key: str
    report: Report
    tasks: tuple[Task, ...] = ()


@dataclass(frozen=True, slots=True)
class Dated:
    """A task that reminds, with its days as ordinals."""

    task: Task
    days: tuple[int, ...]

    def next_after(self, day: int) -> int:
        """Days until it reminds, that day included."""
        at = bisect_left(self.days, day)
        return self.days[at] - day if at < len(self.days) else _FAR

    def is_near(self, day: int) -> bool:
        """Does it remind within AFTER days, or did it within the last BEFORE?"""
        at = bisect_left(self.days, day - BEFORE)
        return at < len(self.days) and self.days[at] <= day + AFTER


@dataclass(frozen=True, slots=True)
class Place:
    """A reading within the plan; ``key`` is "KEY:ADDRESS", ``within`` the tasks that stand in it."""

    key: str
    edition: Edition
    reading: Reading
    within: tuple[Dated, ...]


class Outlook:
    """What some editions have to offer, whatever the day."""

    def __init__(self, editions: Sequence[Edition], topics: frozenset[str] | None) -> None:
        self._dated = {e.key: _dated(e) for e in editions}
        newest = sorted(editions, key=lambda e: e.report.issued_on or date.min, reverse=True)
        self._places = [p for e in newest for p in self._of(e, topics)]

    def _of(self, edition: Edition, topics: frozenset[str] | None) -> Iterator[Place]:
        for reading in readings(edition.report):
            if topics is not None and not reading.topics & topics:
                continue
            section = reading.section
            within = (
                d for d in self._dated[edition.key] if section.start <= d.task.start < section.end
            )
            key = f"{edition.key}:{section.address}"
            yield Place(key, edition, reading, tuple(within))

    def ordered(self, on: date) -> list[Place]:
        """The places in the order of a day."""
        day = on.toordinal()
        timely = self.timely(on)
        fresh = [p for p in self._places if not (p.reading.review and _stale(p, on))]

        def rank(item: tuple[int, Place]) -> tuple[bool, bool, int, int]:
            index, place = item
            now = bool(timely) and self._is_timely(place, timely, day)
            ahead = min((d.next_after(day) for d in place.within), default=_FAR)
            return (not now, place.reading.review, ahead, index)

        return [place for _, place in sorted(enumerate(fresh or self._places), key=rank)]

    def _is_timely(self, place: Place, timely: frozenset[str], day: int) -> bool:
        """Not what looks back, not what is in today's reminder anyway, not what has nothing left."""
        reading = place.reading
        if reading.review or not reading.topics & timely:
            return False
        if any(d.next_after(day) == 0 for d in place.within):
            return False
        taken = self.near(place.edition, day)
        return bool(windows_for(place.edition.report, reading, timely, taken))

    def timely(self, on: date, edition: Edition | None = None) -> frozenset[str]:
        """The topics of which today's reminders speak, and their kin."""
        day = on.toordinal()
        keys = self._dated if edition is None else [edition.key]
        due = {d.task.topic for key in keys for d in self._dated[key] if d.next_after(day) == 0}
        return frozenset().union(*(_KIN.get(t, frozenset({t})) for t in due if t))

    def near(self, edition: Edition, day: int) -> list[Span]:
        """Sentences that remind about now: they need not come as an excerpt as well."""
        dated = self._dated[edition.key]
        return [Span(d.task.start, d.task.end) for d in dated if d.is_near(day)]


def _dated(edition: Edition) -> tuple[Dated, ...]:
    return tuple(
        Dated(task, tuple(day.toordinal() for day in task.reminders))
        for task in edition.tasks
        if task.reminders
    )


def _stale(place: Place, on: date) -> bool:
    last = stale_after(place.edition.report)
    return last is not None and on > last
