"""Tasks -> lines: what is one matter becomes one line, sorted by when it is to be done."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from digests.composing.ordering import Edition
from digests.exchanging import task_key
from digests.report import Due, Report, Task, TaskKind

SOON = 30  # days before a deadline from which a task counts as 快到时限


@dataclass(frozen=True, slots=True)
class Agenda:
    """All open tasks on a day: 眼下要办, 快到时限, 以后, 无时限."""

    on: date
    now: tuple[Due, ...] = ()
    soon: tuple[Due, ...] = ()
    later: tuple[Due, ...] = ()
    undated: tuple[Due, ...] = ()


def is_wanted(
    edition: Edition, task: Task, topics: frozenset[str] | None, muted: frozenset[str]
) -> bool:
    """Neither muted nor of a topic that was not chosen."""
    if muted:
        key = task_key(task)
        if key in muted or f"{edition.key}:{key}" in muted:
            return False
    return topics is None or task.topic is None or task.topic in topics


def merge(tasks: Iterable[tuple[Report, Task]]) -> tuple[Due, ...]:
    """One line for what is one matter: the same topic and window, or the same sentence."""
    lines: list[Due] = []
    near: dict[tuple[object, ...], list[int]] = {}  # which lines can be on the same matter at all
    for report, task in tasks:
        kinds = ((id(report), task.topic), (id(report), task.start, task.end))
        alike = sorted({i for kind in kinds for i in near.get(kind, ())})
        index = next((i for i in alike if _one_matter(lines[i].task, task)), None)
        if index is None:
            index = len(lines)
            lines.append(Due(report, task))
        else:
            line = lines[index]
            first, other = sorted((line.task, task), key=_weight)
            lines[index] = Due(report, first, (*line.also, other))
        for kind in kinds:
            near.setdefault(kind, []).append(index)
    return tuple(lines)


def _weight(task: Task) -> tuple[bool, int]:
    """Within one matter the one that reminds goes first, then the later in the text (the ask)."""
    return (not task.reminders, -task.start)


def _one_matter(one: Task, other: Task) -> bool:
    if _swallowed(one, other) or _swallowed(other, one):
        return True
    if (one.start, one.end) == (other.start, other.end):
        return (one.first, one.last) == (other.first, other.last) or not _both_dated(one, other)
    window = (one.first, one.last)
    return (
        one.topic is not None
        and one.topic == other.topic
        and window != (None, None)
        and window == (other.first, other.last)
    )


def _swallowed(one: Task, other: Task) -> bool:
    """A period on a topic that has a deadline of its own reminds of nothing: the deadline wins."""
    return (
        one.topic == other.topic is not None
        and one.kind is TaskKind.PERIOD
        and not one.reminders
        and other.kind is TaskKind.DATED
        and bool(other.reminders)
    )


def _both_dated(one: Task, other: Task) -> bool:
    return one.last is not None and other.last is not None


_known: dict[tuple[object, ...], tuple[tuple[Edition, ...], Agenda]] = {}
_KNOWN = 64


def agenda(editions: Sequence[Edition], on: date, muted: frozenset[str] = frozenset()) -> Agenda:
    """The task list of a day; what is over is left out.

    The last few are remembered, since on one day it is the same for nearly everybody.
    """
    key = (on, muted, *map(id, editions))
    if key not in _known:
        if len(_known) >= _KNOWN:
            _known.clear()
        _known[key] = tuple(editions), _agenda(editions, on, muted)  # kept alive, so ids stay true
    return _known[key][1]


def _agenda(editions: Sequence[Edition], on: date, muted: frozenset[str]) -> Agenda:
    groups: dict[str, list[tuple[Report, Task]]] = {}
    for edition in editions:
        for task in edition.tasks:
            if is_wanted(edition, task, None, muted):
                groups.setdefault(_when(task, on), []).append((edition.report, task))

    def lines(group: str) -> tuple[Due, ...]:
        found = merge(groups.get(group, ()))
        return tuple(sorted(found, key=lambda d: (d.task.last or date.max, d.task.start)))

    return Agenda(on, lines("now"), lines("soon"), lines("later"), lines("undated"))


def _when(task: Task, on: date) -> str:
    if task.kind is TaskKind.RECURRING and task.reminders:
        return "now" if on <= task.reminders[-1] else "over"
    if task.last is None:
        return "undated"
    if task.last < on:
        return "over"
    if task.first is not None and task.first > on:
        return "later"
    near = task.last - on <= timedelta(days=SOON)
    return "soon" if near and task.kind in (TaskKind.DATED, TaskKind.RELATIVE) else "now"
