"""A report -> the passages that a look-up can bring: whole sentences, contiguous, quick to read.

A passage lies in one section and one paragraph. ``start`` is where its own words begin; the first
passage of a section also knows where the printed heading before it begins (``lead``).
"""

from bisect import bisect_left
from collections.abc import Iterator
from itertools import accumulate
from typing import NamedTuple

from digests.chinese import sentences
from digests.report import Report, Section, Span

MOST = 300  # characters, unless one sentence alone is longer
_CLOSING = "。！？；"
_TINY = 24  # a shorter rest joins the passage before it
HEADINGS = 3  # levels of headings under which a passage is found


class Passage(NamedTuple):
    """A contiguous run of whole sentences in one section (None outside all sections)."""

    start: int
    end: int
    lead: int
    section: Section | None
    headings: tuple[str, ...]


class Piece(NamedTuple):
    """A stretch of text in one deepest section, with the headings above it."""

    start: int
    end: int
    section: Section | None
    headings: tuple[str, ...]


class Furniture:
    """The spans no reader should see as content, quick to ask."""

    def __init__(self, report: Report) -> None:
        self._spans = sorted(report.furniture)
        self._starts = [s.start for s in self._spans]
        ends = accumulate((s.end for s in self._spans), max)
        self._reached = list(ends)

    def touches(self, start: int, end: int) -> bool:
        """Does any of them overlap ``[start, end)``?"""
        before = bisect_left(self._starts, end)
        return before > 0 and self._reached[before - 1] > start


def passages(report: Report) -> Iterator[Passage]:
    """All passages in text order; every character of content lies in exactly one."""
    above: list[Section] = []
    furniture = Furniture(report)
    for start, end, section in _stretches(report):
        while above and section is not None and above[-1].end <= section.start:
            above.pop()
        headings: tuple[str, ...] = ()
        if section is not None:
            if not above or above[-1] is not section:
                above = [s for s in above if s.start <= section.start < s.end and s is not section]
                above.append(section)
            headings = tuple(s.heading for s in reversed(above[-HEADINGS:]))
        yield from _cut(report, furniture, Piece(start, end, section, headings))


def _stretches(report: Report) -> Iterator[tuple[int, int, Section | None]]:
    """The text cut where the deepest section changes."""
    at = 0
    stack: list[Section] = []

    def flush(until: int) -> Iterator[tuple[int, int, Section | None]]:
        nonlocal at
        while stack and stack[-1].end <= until:
            if at < stack[-1].end:
                yield at, stack[-1].end, stack[-1]
                at = stack[-1].end
            stack.pop()
        if at < until:
            yield at, until, stack[-1] if stack else None
            at = until

    for section in report.sections:
        yield from flush(section.start)
        stack.append(section)
    yield from flush(len(report.text))


def _cut(report: Report, furniture: Furniture, piece: Piece) -> Iterator[Passage]:
    section, headings = piece.section, piece.headings
    start = lead = piece.start
    if section is not None and start == section.start and not _says_all(report.text, section):
        start = min(section.heading_end, piece.end)
    found = [
        s for s in sentences(report.text, start, piece.end) if not furniture.touches(s.start, s.end)
    ]
    if not found:
        if section is not None and lead == section.start and start > lead:
            yield Passage(start, start, lead, section, headings)
        return
    first = True
    for begin, stop in _pack(report.text, found):
        same_line = first and "\n" not in report.text[start:begin]
        yield Passage(begin, stop, lead if same_line else begin, section, headings)
        first = False


def _says_all(text: str, section: Section) -> bool:
    """Is what is printed as the heading a paragraph of its own, closed like a sentence?

    An article's first paragraph is as much of its words as the second.
    """
    after = text[section.heading_end : section.heading_end + 1]
    return after == "\n" and text[section.heading_end - 1] in _CLOSING


def _pack(text: str, spans: list[Span]) -> Iterator[tuple[int, int]]:
    """Neighbouring sentences of one paragraph, up to MOST characters, in runs of even length."""
    paragraph: list[Span] = []
    for span in spans:
        if paragraph and "\n" in text[paragraph[-1].end : span.start]:
            yield from _even(paragraph)
            paragraph = []
        paragraph.append(span)
    if paragraph:
        yield from _even(paragraph)


def _even(paragraph: list[Span]) -> Iterator[tuple[int, int]]:
    whole = paragraph[-1].end - paragraph[0].start
    share = whole / -(-whole // MOST)
    begin = paragraph[0].start
    end = paragraph[0].end
    for span in paragraph[1:]:
        length = span.end - begin
        tiny = span.end - span.start <= _TINY
        if length > MOST or (length > share * 1.15 and not tiny):
            yield begin, end
            begin = span.start
        end = span.end
    yield begin, end
