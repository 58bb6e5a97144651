"""A report -> the parts a reader gets over time: which sections, and which spans of them.

A *reading* is one section of the plan: the deepest sections that say enough to stand alone,
without closings, lists and annexes. Each offers *windows*: runs of whole sentences of a length
that reads well on a phone, each with the topics it speaks of.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from digests.chinese import sentences
from digests.cutting import Furniture
from digests.measuring import extract_figures
from digests.remembering import Remembered
from digests.report import Figure, Report, Section, Span
from digests.reviewing import is_review
from digests.tagging import tag

SHORT, GOOD, LONG = 70, 120, 300
"""A window has at least SHORT characters where its section has them, grows up to GOOD, and stays
under LONG unless one sentence alone is longer."""

_STANDS_ALONE = 90  # characters of body; below, the parent is read as a whole

_LIST = re.compile(
    r"名词解释|名词注释|名词说明|附件|附录|附表|目录|指标|注释|^注$|名单|一览表|抄送|结束语|结语|主题词"
)
_CLOSING = re.compile(
    r"(各位(代表|委员|同志)|同志们|委员们|代表们|朋友们|让我们|谢谢大家|现在，请)|最后，"
)
_WISHES = re.compile(
    r"要|必须|抓好|做好|推进|加强|确保|落实|加快|深化|完善|全力|推动|提高|坚决|持续|积极"
)
_PAST = re.compile(r"这些年|近年来|以来|过去|去年|上半年|目前|已经|了一|是.{2,20}的")


@dataclass(frozen=True, slots=True)
class Window:
    """A contiguous run of whole sentences, the topics it speaks of, and how much it asks for."""

    start: int
    end: int
    topics: frozenset[str]
    weight: float


@dataclass(frozen=True, slots=True)
class Reading:
    """One section of the plan. ``windows`` are in text order and do not overlap."""

    section: Section
    review: bool
    topics: frozenset[str]
    sentences: tuple[Span, ...]
    tags: tuple[frozenset[str], ...]
    windows: tuple[Window, ...]


def stale_after(report: Report) -> date | None:
    """The last day on which review sections are still pushed: the end of the year of issue."""
    base = report.issued_on or report.met_on
    return date(base.year, 12, 31) if base else None


def _all_readings(report: Report) -> tuple[Reading, ...]:
    furniture = Furniture(report)
    studied = (_study(report, section, furniture) for section in _units(report))
    return tuple(reading for reading in studied if reading.windows)


_readings = Remembered(_all_readings)
_figures = Remembered(extract_figures)


def readings(report: Report) -> tuple[Reading, ...]:
    """The sections of a report that make up its reading plan, in text order."""
    return _readings(report)


def figures_of(report: Report) -> tuple[Figure, ...]:
    """All figures of a report, extracted once."""
    return _figures(report)


def _units(report: Report) -> list[Section]:
    children: dict[str | None, list[Section]] = {}
    for section in report.sections:
        children.setdefault(section.parent, []).append(section)

    def units(section: Section) -> Iterator[Section]:
        if _LIST.search(section.heading):
            return
        below = [c for c in children.get(section.address, ()) if not _LIST.search(c.heading)]
        full = [c for c in below if c.end - c.heading_end >= _STANDS_ALONE]
        if full and len(full) * 2 >= len(below):
            for child in below:
                yield from units(child)
        elif section.end - section.heading_end >= SHORT // 2:
            yield section

    found = [unit for top in children.get(None, ()) for unit in units(top)]
    found = found or [s for s in report.sections if not children.get(s.address)]
    return found or [Section("", "", 1, None, report.title, False, 0, 0, len(report.text))]


def _study(report: Report, section: Section, furniture: Furniture) -> Reading:
    spans = tuple(_body(report, section, furniture))
    by_heading = frozenset(tag(section.heading))
    tags = tuple(frozenset(tag(report.text[s.start : s.end], section.heading)) for s in spans)
    return Reading(
        section=section,
        review=is_review(report, section),
        topics=by_heading.union(*tags),
        sentences=spans,
        tags=tags,
        windows=tuple(_windows(report, spans, tags)),
    )


def _body(report: Report, section: Section, furniture: Furniture) -> Iterator[Span]:
    """The section's sentences, without its heading, furniture and a closing address to the hall."""
    began = section.heading_end
    for span in sentences(report.text, section.heading_end, section.end):
        start = max(span.start, section.heading_end)
        if start >= span.end or furniture.touches(start, span.end):
            continue
        line = report.text.rfind("\n", 0, start) + 1
        opens_line = not report.text[line:start].strip()
        if opens_line and start > began + SHORT and _CLOSING.match(report.text, start):
            return
        yield Span(start, span.end)


def _windows(
    report: Report, spans: tuple[Span, ...], tags: tuple[frozenset[str], ...]
) -> Iterator[Window]:
    first = 0
    while first < len(spans):
        last = _grow(report, spans, first)
        yield window(report, spans, tags, first, last)
        first = last + 1


def _grow(report: Report, spans: tuple[Span, ...], first: int) -> int:
    last = first
    while last + 1 < len(spans):
        length = spans[last].end - spans[first].start
        longer = spans[last + 1].end - spans[first].start
        left = spans[-1].end - spans[last].end
        new_line = "\n" in report.text[spans[last].end : spans[last + 1].start]
        enough = length >= (SHORT if new_line else GOOD)
        if longer > LONG or (enough and left >= GOOD):
            break
        last += 1
    return last


def window(
    report: Report,
    spans: tuple[Span, ...],
    tags: tuple[frozenset[str], ...],
    first: int,
    last: int,
) -> Window:
    """The window from one sentence to another."""
    start, end = spans[first].start, spans[last].end
    words = report.text[start:end]
    asks = len(_WISHES.findall(words)) - 3 * len(_PAST.findall(words))
    return Window(start, end, frozenset().union(*tags[first : last + 1]), asks / (end - start))


@lru_cache(maxsize=4096)
def _near_enough(length: int) -> bool:
    return SHORT <= length <= LONG


def fitting(report: Report, reading: Reading, topics: frozenset[str]) -> tuple[Window, ...]:
    """The windows that speak of some of these topics: runs of tagged sentences, grown when short.

    Sentences without a topic of their own count for the section's.
    """
    spans, tags = reading.sentences, reading.tags
    wanted = [bool(t & topics) for t in tags]
    found: list[Window] = []
    index = 0
    while index < len(spans):
        if not wanted[index]:
            index += 1
            continue
        last = index
        while (
            last + 1 < len(spans)
            and wanted[last + 1]
            and not _near_enough(spans[last].end - spans[index].start)
            and spans[last + 1].end - spans[index].start <= LONG
        ):
            last += 1
        first, last = _widen(spans, index, last)
        found.append(window(report, spans, tags, first, last))
        index = last + 1
    return tuple(found)


def _widen(spans: tuple[Span, ...], first: int, last: int) -> tuple[int, int]:
    while spans[last].end - spans[first].start < SHORT:
        if last + 1 < len(spans) and spans[last + 1].end - spans[first].start <= LONG:
            last += 1
        elif first > 0 and spans[last].end - spans[first - 1].start <= LONG:
            first -= 1
        else:
            break
    return first, last
