"""A report -> the parts a reader gets over time: which sections, and which spans of them.

A *reading* is one section of the plan: the deepest sections that say enough to stand alone,
without closings, lists and annexes. Each offers *windows*: runs of whole sentences of a length
that reads well on a phone, each with the topics it speaks of.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from digests.chinese import sentences
from digests.composing.reviewing import is_review
from digests.cutting import Furniture
from digests.extracting.figures import extract_figures
from digests.patterns import Pattern
from digests.remembering import Remembered
from digests.report import Figure, Report, Section, Span
from digests.tagging import tag
from digests.withholding import is_withheld

SHORT, GOOD, LONG = 70, 120, 300
"""A window has at least SHORT characters where its section has them, grows up to GOOD, and stays
under LONG unless one sentence alone is longer."""


_LIST = Pattern(
    r"名词解释|名词注释|名词说明|附件|附录|附表|附则|目录|指标|注释|^注$|名单|一览表|抄送|结束语|结语|主题词"
)
_TRANSMITS = Pattern(  # the letter that goes with a document, not the document
    r"[印转]?发给你们|请(认真|遵照|抓好|结合).{0,12}(执行|实施|落实)"
)
_LETTER = 600  # characters of such a letter, number, addressees and signature included
_IN_FORCE = Pattern(r"本.{1,8}自.{2,24}起(施行|实施|执行)|由.{2,20}负责解释")
_ITEM = Pattern(
    r"[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}[.．、](?!\d)|[①-⑳]|\(?[a-z][.)]\s"
)
_CLOSING = Pattern(
    r"(各位(代表|委员|同志)|同志们|委员们|代表们|朋友们|让我们|谢谢大家|现在，请)|最后，"
)
_WISHES = Pattern(
    r"要|必须|抓好|做好|推进|加强|确保|落实|加快|深化|完善|全力|推动|提高|坚决|持续|积极"
)
_PAST = Pattern(r"这些年|近年来|以来|过去|去年|上半年|目前|已经|了一|是.{2,20}的")


@dataclass(frozen=True, slots=True)
class Window:
    """A contiguous run of whole sentences, the topics it speaks of, and how much it asks for."""

    start: int
    end: int
    topics: frozenset[str]
    weight: float


@dataclass(frozen=True, slots=True)
class Reading:
    """One section of the plan. ``windows`` are in text order and do not overlap.

    ``withheld`` are sentences that a look-up finds and no push carries: what the office keeps back,
    when a rule comes into force, a lead-in without what it leads to.
    """

    section: Section
    review: bool
    topics: frozenset[str]
    sentences: tuple[Span, ...]
    tags: tuple[frozenset[str], ...]
    withheld: tuple[Span, ...]
    windows: tuple[Window, ...]


def stale_after(report: Report) -> date | None:
    """The last day on which review sections are still pushed: the end of the year of issue."""
    base = report.issued_on or report.met_on
    return date(base.year, 12, 31) if base else None


def _all_readings(report: Report) -> tuple[Reading, ...]:
    furniture = Furniture(report)
    whole = Section("", "", 1, None, report.title, False, 0, 0, len(report.text))
    ways = [(_units(report), True), (_leaves(report), True)]  # choosy; then what there is
    ways += [(sections, False) for sections in (_units(report), _leaves(report), [whole])]
    for sections, choosy in ways:
        studied = (_study(report, section, furniture, choosy=choosy) for section in sections)
        found = tuple(r for r in studied if len(r.withheld) < len(r.sentences))
        if found:
            return found
    return ()


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
        if _LIST.search(section.heading) or _is_letter(report, section):
            return
        below = [c for c in children.get(section.address, ()) if not _LIST.search(c.heading)]
        full = [c for c in below if c.end - c.heading_end >= SHORT]
        if full and len(full) * 2 >= len(below):
            for child in below:
                yield from units(child)
        elif section.end - section.heading_end >= SHORT // 2:
            yield section

    return [unit for top in children.get(None, ()) for unit in units(top)]


def _is_letter(report: Report, section: Section) -> bool:
    """Whether a section only sends the document that follows it."""
    if section.end - section.start > _LETTER or section.end >= len(report.text) - _LETTER:
        return False
    return bool(_TRANSMITS.search(report.text, section.start, section.end))


def _leaves(report: Report) -> list[Section]:
    """Sections with nothing below them, however short."""
    parents = {s.parent for s in report.sections}
    return [s for s in report.sections if s.address not in parents]


def _study(report: Report, section: Section, furniture: Furniture, *, choosy: bool) -> Reading:
    spans = tuple(_body(report, section, furniture))
    by_heading = frozenset(tag(section.heading))
    tags = tuple(frozenset(tag(report.text[s.start : s.end], section.heading)) for s in spans)
    return Reading(
        section=section,
        review=is_review(report, section),
        topics=by_heading.union(*tags),
        sentences=spans,
        tags=tags,
        withheld=tuple(
            s
            for s in spans
            if is_withheld(report, s.start, s.end)
            or (choosy and (_is_no_prose(report, s) or (s is spans[-1] and _leads_in(report, s))))
        ),
        windows=tuple(_windows(report, spans, tags)),
    )


def _is_no_prose(report: Report, span: Span) -> bool:
    """A row of a table, or the day on which a rule comes into force."""
    words = report.text[span.start : span.end]
    return "\t" in words or _IN_FORCE.search(words) is not None


def _leads_in(report: Report, span: Span) -> bool:
    """Whether a sentence only announces what follows: “…：” says nothing by itself."""
    return report.text[span.start : span.end].endswith(("：", ":"))


def _body(report: Report, section: Section, furniture: Furniture) -> Iterator[Span]:
    """The section's sentences, without its heading, furniture and a closing address to the hall."""
    # 第九条 应当遵守下列规定： is no title, but the beginning of what is said
    announces = report.text[section.heading_end - 1 : section.heading_end + 1].count("：")
    began = section.start if announces else section.heading_end
    for span in sentences(report.text, began, section.end):
        start = max(span.start, began)
        if start >= span.end or furniture.touches(start, span.end):
            continue
        line = report.text.rfind("\n", 0, start) + 1
        opens_line = not report.text[line:start].strip()
        if opens_line and start > began + SHORT and _CLOSING.match(report.text, start):
            return
        yield from _rows(report, Span(start, span.end))


def _rows(report: Report, span: Span) -> Iterator[Span]:
    """The rows of a table one by one, a sentence as it is."""
    words = report.text[span.start : span.end]
    if "\t" not in words:
        yield span
        return
    at = span.start
    for line in words.split("\n"):
        if line.strip():
            yield Span(at, at + len(line.rstrip()))
        at += len(line) + 1


def _windows(
    report: Report, spans: tuple[Span, ...], tags: tuple[frozenset[str], ...]
) -> Iterator[Window]:
    listed = [*_listed(report, spans), False]
    first = 0
    while first < len(spans):
        last = _grow(report, spans, first)
        yield window(report, spans, tags, first, last)
        first = last + 1
        while listed[first]:
            first += 1


def _grow(report: Report, spans: tuple[Span, ...], first: int) -> int:
    last = first
    while last + 1 < len(spans):
        length = spans[last].end - spans[first].start
        longer = spans[last + 1].end - spans[first].start
        left = spans[-1].end - spans[last].end
        new_line = "\n" in report.text[spans[last].end : spans[last + 1].start]
        enough = length >= (SHORT if new_line else GOOD)
        whole = not _leads_in(report, spans[last])
        if whole and (longer > LONG or (enough and left >= GOOD)):
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
    scarce = max(0, SHORT - (end - start)) / SHORT
    return Window(
        start, end, frozenset().union(*tags[first : last + 1]), asks / (end - start) - scarce
    )


def windows_for(
    report: Report, reading: Reading, topics: frozenset[str] | None, taken: Sequence[Span]
) -> tuple[Window, ...]:
    """The windows that speak of some of these topics (None: any) and touch nothing taken.

    Where only some sentences qualify, runs of them, grown when short.
    """
    taken = (*taken, *reading.withheld)
    free = [not any(t.start < s.end and s.start < t.end for t in taken) for s in reading.sentences]
    if topics is None and all(free):
        return reading.windows
    wanted = [
        f and (topics is None or bool(t & topics)) for f, t in zip(free, reading.tags, strict=True)
    ]
    listed = _listed(report, reading.sentences)
    for skipped in (listed, [False] * len(listed)):
        found = tuple(_runs(report, reading, wanted, free, skipped))
        if found:
            return found
    return ()


def _runs(
    report: Report,
    reading: Reading,
    wanted: Sequence[bool],
    free: Sequence[bool],
    skipped: Sequence[bool],
) -> Iterator[Window]:
    """Windows that begin at a wanted sentence which is not skipped."""
    spans, index = reading.sentences, 0
    while index < len(wanted):
        if not wanted[index] or skipped[index]:
            index += 1
            continue
        first, last = _run(spans, wanted, free, index)
        while _leads_in(report, spans[last]) and [*free, False][last + 1]:
            last += 1
        if not _leads_in(report, spans[last]):
            yield window(report, spans, reading.tags, first, last)
        index = last + 1


def _listed(report: Report, spans: Sequence[Span]) -> list[bool]:
    """Which sentences stand in a list that was announced: they say little without its lead-in."""
    found: list[bool] = []
    announced = False
    for span in spans:
        line = report.text.rfind("\n", 0, span.start) + 1
        opens_line = not report.text[line : span.start].strip()
        if announced and opens_line and not _ITEM.match(report.text, span.start):
            announced = False
        found.append(announced)
        announced = announced or _leads_in(report, span)
    return found


def _run(
    spans: Sequence[Span], wanted: Sequence[bool], free: Sequence[bool], first: int
) -> tuple[int, int]:
    """Wanted sentences in a row until they are enough, then free neighbours while too short."""

    def fits(low: int, high: int) -> bool:
        return spans[high].end - spans[low].start <= LONG

    def short(low: int, high: int) -> bool:
        return spans[high].end - spans[low].start < SHORT

    last = first
    while (
        last + 1 < len(spans) and wanted[last + 1] and short(first, last) and fits(first, last + 1)
    ):
        last += 1
    while short(first, last):
        if last + 1 < len(spans) and free[last + 1] and fits(first, last + 1):
            last += 1
        elif first > 0 and free[first - 1] and fits(first - 1, last):
            first -= 1
        else:
            break
    return first, last
