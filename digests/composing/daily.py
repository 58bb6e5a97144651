"""What goes into a day's message, never how it looks.

The walk::

    readings of every edition -> plan (order of the day) -> first one not yet read -> its window
    tasks that remind on the day -> lines, those of one matter merged

Everything follows from the arguments alone, so that a preview equals what arrives.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from digests.composing.listing import is_wanted, merge
from digests.composing.ordering import Edition, Outlook, Place
from digests.composing.planning import Window, figures_of, windows_for
from digests.dating.forms import season_on
from digests.dating.moments import anchor_of
from digests.dating.seasons import season
from digests.report import Digest, Due, Excerpt, Figure, Report, Task

_FARTHEST = 3700  # days a preview walks; ten years of daily messages


def report_key(report: Report) -> str:
    """The key under which buttons and the index know a report."""
    return report.source.sha256[:8]


def plan(
    editions: Sequence[Edition], on: date, topics: frozenset[str] | None = None
) -> tuple[str, ...]:
    """The order in which sections come, as "KEY:ADDRESS", if nothing has been read by that day."""
    return tuple(p.key for p in Outlook(editions, topics).ordered(on))


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
    outlook = Outlook(editions, topics) if excerpt else None
    ordered = outlook.ordered(on) if outlook else []
    place = next((p for p in ordered if p.key not in read), ordered[0] if ordered else None)
    report = place.edition.report if place else _report_of(lines, editions)
    chosen = _excerpt(outlook, place, on, topics, len(ordered)) if outlook and place else None
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
    return _also_read(read, digest.reading)


def _also_read(read: frozenset[str], key: str) -> frozenset[str]:
    if not key:
        return read
    return frozenset({key}) if key in read else read | {key}


def preview(editions: Sequence[Edition], on: date, topics: frozenset[str] | None = None) -> Digest:
    """What a reader gets that day who joined at issue, daily, and had read nothing."""
    # an old report, and one without a date, is walked from a day that does not move with ``on``
    epoch = date.fromordinal(max(on.toordinal() // _FARTHEST * _FARTHEST, 1))
    began = min((e.report.issued_on or e.report.met_on or epoch for e in editions), default=on)
    read: frozenset[str] = frozenset()
    day = began if on - began <= timedelta(days=_FARTHEST) else max(began, epoch)
    outlook = Outlook(editions, topics)
    while day < on:
        keys = [p.key for p in outlook.ordered(day)]
        key = next((k for k in keys if k not in read), keys[0] if keys else "")
        read = _also_read(read, key)
        day += timedelta(days=1)
    return compose(editions, on, topics=topics, read=read)


# ---- the excerpt -----------------------------------------------------------------------------


def _excerpt(
    outlook: Outlook, place: Place, on: date, topics: frozenset[str] | None, cycle: int
) -> Excerpt | None:
    report, reading = place.edition.report, place.reading
    section = reading.section
    timely = outlook.timely(on, place.edition) & reading.topics
    choices = _choices(outlook, place, on, timely, topics)
    if not choices:
        return None
    best = sorted(choices, key=lambda w: -w.weight)
    since = report.issued_on or report.met_on or date.min
    turn = (on - since).days // max(cycle, 1)
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
    outlook: Outlook,
    place: Place,
    on: date,
    timely: frozenset[str],
    topics: frozenset[str] | None,
) -> tuple[Window, ...]:
    """What is timely, else what fits the topics; what reminds around now only for want of more."""
    report, reading = place.edition.report, place.reading
    taken = outlook.near(place.edition, on.toordinal())
    ways = [(topics, taken), (topics, []), (None, taken), (None, [])]
    if timely:
        ways.insert(0, (timely, taken))
    for wanted, off in ways:
        found = windows_for(report, reading, wanted, off)
        if found:
            return found
    return ()


def _figure(report: Report, chosen: Excerpt) -> Figure | None:
    """The first figure that stands in the excerpt, a percentage or an amount before a count."""
    inside = [f for f in figures_of(report) if chosen.start <= f.start and f.end <= chosen.end]
    telling = [f for f in inside if f.unit.endswith(("%", "元", "个百分点"))]
    return next(iter(telling or inside), None)


def _season_days(report: Report, name: str, on: date) -> tuple[date, date] | None:
    known = season(name, anchor_of(report).region)
    return known.window(on) if known else None


# ---- reminders -------------------------------------------------------------------------------


def _reminding(
    editions: Sequence[Edition],
    on: date,
    topics: frozenset[str] | None,
    muted: frozenset[str],
) -> Iterator[tuple[Report, Task]]:
    for edition in editions:
        for task in edition.tasks:
            if on in task.reminders and is_wanted(edition, task, topics, muted):
                yield edition.report, task


def _report_of(lines: tuple[Due, ...], editions: Sequence[Edition]) -> Report:
    return lines[0].report if lines else editions[0].report
