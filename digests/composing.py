"""What goes into a day's message, never how it looks.

The walk::

    readings of every edition -> plan (order of the day) -> first one not yet read -> its window
    tasks that remind on the day -> lines, those of one matter merged

Everything follows from the arguments alone, so that a preview equals what arrives.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from digests.dating.forms import season_on
from digests.dating.moments import anchor_of
from digests.dating.seasons import season
from digests.exchanging import task_key
from digests.planning import Reading, Window, figures_of, readings, stale_after, windows_for
from digests.report import Digest, Due, Excerpt, Figure, Report, Span, Task, TaskKind

BEFORE, AFTER = 14, 7  # days around a reminder on which its sentence is no excerpt
SOON = 30  # days before a deadline from which a task counts as 快到时限
_KIN = {"flood": frozenset({"flood", "safety"})}
"""What a topic brings along: on a flood day the sentence itself stands in the reminder, so the
excerpt is taken from what is said about safety."""
_FARTHEST = 3700  # days a preview looks back; ten years of daily messages


@dataclass(frozen=True, slots=True)
class Edition:
    """A published report with its accepted tasks; ``key`` is what buttons carry."""

    key: str
    report: Report
    tasks: tuple[Task, ...] = ()


@dataclass(frozen=True, slots=True)
class Agenda:
    """All open tasks on a day: 眼下要办, 快到时限, 以后, 无时限."""

    on: date
    now: tuple[Due, ...] = ()
    soon: tuple[Due, ...] = ()
    later: tuple[Due, ...] = ()
    undated: tuple[Due, ...] = ()


def report_key(report: Report) -> str:
    """The key under which buttons and the index know a report."""
    return report.source.sha256[:8]


@dataclass(frozen=True, slots=True)
class _Place:
    """A reading within the plan; ``key`` is "KEY:ADDRESS"."""

    key: str
    edition: Edition
    reading: Reading


def plan(
    editions: Sequence[Edition], on: date, topics: frozenset[str] | None = None
) -> tuple[str, ...]:
    """The order in which sections come, as "KEY:ADDRESS", if nothing has been read by that day."""
    return tuple(p.key for p in _ordered(editions, on, topics))


def compose(
    editions: Sequence[Edition],
    on: date,
    *,
    topics: frozenset[str] | None = None,
    read: frozenset[str] = frozenset(),
    muted: frozenset[str] = frozenset(),
    excerpt: bool = True,
) -> Digest:
    """The digest of a day: the first unread section of the plan, and the tasks that remind.

    ``topics`` None means all; ``read`` holds "KEY:ADDRESS"; ``muted`` "KEY:TASK" or bare task keys.
    When everything has been read the cycle begins anew.
    """
    lines = merge(_reminding(editions, on, topics, muted))
    ordered = _ordered(editions, on, topics) if excerpt else []
    place = next((p for p in ordered if p.key not in read), ordered[0] if ordered else None)
    report = place.edition.report if place else _report_of(lines, editions)
    chosen = _excerpt(place, on, topics, len(ordered)) if place else None
    name = season_on(report, on)
    return Digest(
        report=report,
        on=on,
        excerpt=chosen,
        tasks=tuple(t for line in lines for t in (line.task, *line.also)),
        figure=_figure(report, chosen) if chosen else None,
        season=name,
        season_days=_season_days(report, name, on) if name else None,
        lines=lines,
        reading=place.key if place else "",
    )


def read_after(read: frozenset[str], digest: Digest) -> frozenset[str]:
    """What counts as read once a digest has been sent; a repeated section begins a new cycle.

    >>> sorted(read_after(frozenset({"a:1"}), Digest(None, date(2020, 7, 20), None, reading="b:1")))
    ['a:1', 'b:1']
    """
    if not digest.reading:
        return read
    return frozenset({digest.reading}) if digest.reading in read else read | {digest.reading}


def preview(editions: Sequence[Edition], on: date, topics: frozenset[str] | None = None) -> Digest:
    """What a reader gets that day who joined at issue, daily, and had read nothing."""
    began = min((e.report.issued_on or e.report.met_on or on for e in editions), default=on)
    read: frozenset[str] = frozenset()
    day = max(began, on - timedelta(days=min(_FARTHEST, on.toordinal() - 1)))
    while day < on:
        read = read_after(read, _read_on(editions, day, topics, read))
        day += timedelta(days=1)
    return compose(editions, on, topics=topics, read=read)


def _read_on(
    editions: Sequence[Edition], day: date, topics: frozenset[str] | None, read: frozenset[str]
) -> Digest:
    keys = plan(editions, day, topics)
    key = next((k for k in keys if k not in read), keys[0] if keys else "")
    return Digest(editions[0].report, day, None, reading=key)


# ---- the plan --------------------------------------------------------------------------------


def _ordered(editions: Sequence[Edition], on: date, topics: frozenset[str] | None) -> list[_Place]:
    places = list(_places(editions, on, topics))
    timely = _timely(editions, on)
    order = {id(p): i for i, p in enumerate(places)}

    def rank(place: _Place) -> tuple[int, bool, int, int]:
        now = bool(place.reading.topics & timely)
        now = now and not place.reading.review and not _reminds(place, on)
        taken = _lately(place.edition, on)
        now = now and bool(windows_for(place.edition.report, place.reading, timely, taken))
        return (not now, place.reading.review, _days_ahead(place, on), order[id(place)])

    return sorted(places, key=rank)


def _places(
    editions: Sequence[Edition], on: date, topics: frozenset[str] | None
) -> Iterator[_Place]:
    newest = sorted(editions, key=lambda e: e.report.issued_on or date.min, reverse=True)
    found = [
        _Place(f"{e.key}:{r.section.address}", e, r)
        for e in newest
        for r in readings(e.report)
        if topics is None or r.topics & topics
    ]
    fresh = [p for p in found if not (p.reading.review and _stale(p.edition.report, on))]
    yield from fresh or found


def _stale(report: Report, on: date) -> bool:
    last = stale_after(report)
    return last is not None and on > last


def _timely(editions: Sequence[Edition], on: date) -> frozenset[str]:
    due = {t.topic for e in editions for t in e.tasks if on in t.reminders and t.topic}
    return frozenset().union(*(_KIN.get(topic, frozenset({topic})) for topic in due))


def _within(place: _Place) -> Iterator[Task]:
    section = place.reading.section
    return (t for t in place.edition.tasks if section.start <= t.start < section.end)


def _reminds(place: _Place, on: date) -> bool:
    return any(on in t.reminders for t in _within(place))


def _days_ahead(place: _Place, on: date) -> int:
    """Days until the next reminder that stands in the section; sections without one come after."""
    coming = [d for t in _within(place) for d in t.reminders if d >= on]
    return (min(coming) - on).days if coming else 10**6


# ---- the excerpt -----------------------------------------------------------------------------


def _excerpt(place: _Place, on: date, topics: frozenset[str] | None, cycle: int) -> Excerpt | None:
    report, reading = place.edition.report, place.reading
    section = reading.section
    timely = _timely((place.edition,), on) & reading.topics
    choices = _choices(place, on, timely, topics)
    if not choices:
        return None
    best = sorted(choices, key=lambda w: -w.weight)
    turn = (on.toordinal() - (report.issued_on or on).toordinal()) // max(cycle, 1)
    chosen = best[0 if timely else turn % len(best)]
    return Excerpt(
        address=section.address,
        cite=section.cite,
        quote=report.text[chosen.start : chosen.end],
        start=chosen.start,
        end=chosen.end,
        abridged=chosen.start > reading.sentences[0].start or chosen.end < section.end - 1,
        review=reading.review,
    )


def _choices(
    place: _Place, on: date, timely: frozenset[str], topics: frozenset[str] | None
) -> tuple[Window, ...]:
    """What is timely, else what fits the topics; what reminds around now only for want of more."""
    report, reading = place.edition.report, place.reading
    taken = _lately(place.edition, on)
    ways = [(topics, taken), (topics, []), (None, taken), (None, [])]
    if timely:
        ways.insert(0, (timely, taken))
    for wanted, off in ways:
        found = windows_for(report, reading, wanted, off)
        if found:
            return found
    return ()


def _lately(edition: Edition, on: date) -> list[Span]:
    """Sentences that remind about now: they need not come as an excerpt as well."""
    return [
        Span(t.start, t.end)
        for t in edition.tasks
        if any(-AFTER <= (on - day).days <= BEFORE for day in t.reminders)
    ]


def _figure(report: Report, chosen: Excerpt) -> Figure | None:
    """The first figure that stands in the excerpt, a percentage or an amount before a count."""
    inside = [f for f in figures_of(report) if chosen.start <= f.start and f.end <= chosen.end]
    telling = [f for f in inside if f.unit.endswith(("%", "元", "个百分点"))]
    return next(iter(telling or inside), None)


def _season_days(report: Report, name: str, on: date) -> tuple[date, date] | None:
    known = season(name, anchor_of(report).region)
    return known.window(on) if known else None


# ---- tasks -----------------------------------------------------------------------------------


def _reminding(
    editions: Sequence[Edition],
    on: date,
    topics: frozenset[str] | None,
    muted: frozenset[str],
) -> Iterator[tuple[Report, Task]]:
    for edition in editions:
        for task in edition.tasks:
            if on in task.reminders and _wanted(edition, task, topics, muted):
                yield edition.report, task


def _wanted(
    edition: Edition, task: Task, topics: frozenset[str] | None, muted: frozenset[str]
) -> bool:
    key = task_key(task)
    if key in muted or f"{edition.key}:{key}" in muted:
        return False
    return topics is None or task.topic is None or task.topic in topics


def merge(tasks: Iterable[tuple[Report, Task]]) -> tuple[Due, ...]:
    """One line for what is one matter: the same topic and window, or the same sentence."""
    lines: list[Due] = []
    for report, task in tasks:
        for index, line in enumerate(lines):
            if line.report is report and _one_matter(line.task, task):
                first, other = sorted((line.task, task), key=_weight)
                lines[index] = Due(report, first, (*line.also, other))
                break
        else:
            lines.append(Due(report, task))
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


def agenda(editions: Sequence[Edition], on: date, muted: frozenset[str] = frozenset()) -> Agenda:
    """The task list of a day; what is over is left out."""
    groups: dict[str, list[tuple[Report, Task]]] = {}
    for edition in editions:
        for task in edition.tasks:
            if _wanted(edition, task, None, muted):
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


def _report_of(lines: tuple[Due, ...], editions: Sequence[Edition]) -> Report:
    return lines[0].report if lines else editions[0].report
