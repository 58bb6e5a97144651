"""The sentences of a report as its readers know them: whole, with their section, without titles.

A sentence begins after the previous 。！？, at the line's start or after a run-in title, and ends with its
own mark. Page furniture, titles and glossaries yield none.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from digests.chinese import Folded, fold, sentences, wrap_width
from digests.patterns import Pattern
from digests.report import Report, Section, Span

TITLE = 60
"""A heading that is printed longer than this is an item's own text."""
SHORT = 16
"""An unlabelled first sentence longer than this is text, not a run-in title."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence ``[start, end)`` of the report, its section, and its folded shadow."""

    start: int
    end: int
    section: Section | None
    folded: Folded

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of the shadow stands in the report's text."""
        first = self.start + self.folded.to_original(start)
        last = self.start + self.folded.to_original(end - 1) + 1
        return first, last


_TELLS = Pattern(
    r"(?<![主重必需纪摘])要(?![求素点件闻])|应当|應|不得|[日月年]内|年[底末]前?|月底|每[一两二三半]?[年月周季]"
)
"""A first sentence that tells somebody to do something, or by when, is no title."""


_TERM_LINE = Pattern(
    r"\W*(?:within|no later than|by) .{0,90}\b(?:days|months|years?|20\d\d)\b", re.IGNORECASE
)
"""A bold line that is no title but a term: Within 60 days of the issuance of this report:"""

_COUNTS = Pattern(r"[一-鿿“]\d+(?!\d|[年.．、])")


def is_title(report: Report, section: Section) -> bool:
    """Whether a section's printed heading is a title rather than the item's own text."""
    if section.heading_end - section.start > TITLE:
        return False
    if section.label and section.label.endswith("条"):
        printed = report.text[section.start : section.heading_end]
        return len(printed) < 2 * SHORT and not printed.rstrip().endswith(("。", "；"))
    rest = report.text[section.heading_end : section.end]
    printed = report.text[section.start : section.heading_end].rstrip()
    if section.label is None and printed.endswith(("。", "！", "？")):
        return bool(rest.strip()) and "，" not in printed and len(printed) <= SHORT
    tells = printed.endswith("。") and (_TELLS.search(printed) or _COUNTS.search(printed))
    tells = tells or _TERM_LINE.match(printed)
    if tells or _is_first_line(report.text, printed, rest):
        return False
    if not rest.strip():
        return not printed.endswith(("。", "；", ";", "."))
    return not printed.endswith(("；", ";", "，"))


def _is_first_line(text: str, printed: str, rest: str) -> bool:
    """Whether what was taken for a title is only the first line of a hard-wrapped sentence."""
    if len(printed) < 2 * SHORT or "，" not in printed or printed.endswith(("。", "；", "：")):
        return False
    return rest.startswith("\n") and not rest[:2].isspace() and wrap_width(text) > 0


def passages(report: Report) -> Iterator[Passage]:
    """Every sentence of a report, in order."""
    titles = {s.start: s.heading_end for s in report.sections if is_title(report, s)}
    starts = [s.start for s in report.sections]
    dropped = [span for span in report.furniture if span.end > span.start]
    drop_starts = [span.start for span in dropped]
    skip_to = 0
    for sentence in sentences(report.text):
        start = max(sentence.start, skip_to)
        start, skip_to = _after_title(start, titles, starts, skip_to)
        if start >= sentence.end or _within(start, dropped, drop_starts):
            continue
        while start < sentence.end and report.text[start].isspace():
            start += 1
        if start < sentence.end:
            words = report.text[start : sentence.end]
            folded = fold(words, joined=True)
            yield Passage(start, sentence.end, _section_at(report, starts, start), folded)


def _after_title(
    start: int, titles: dict[int, int], starts: list[int], skip_to: int
) -> tuple[int, int]:
    """Move behind a title that the sentence begins with; a title may be printed over several lines."""
    i = bisect_right(starts, start)
    for begin in starts[max(0, i - 1) : i + 1]:
        ends = titles.get(begin)
        if ends is not None and begin <= start + 1 and start < ends:
            return ends, max(skip_to, ends)
    return start, skip_to


def _within(position: int, spans: list[Span], starts: list[int]) -> bool:
    i = bisect_right(starts, position) - 1
    return i >= 0 and position < spans[i].end


def _section_at(report: Report, starts: list[int], position: int) -> Section | None:
    i = bisect_right(starts, position) - 1
    while i >= 0:
        section = report.sections[i]
        if position < section.end:
            return section
        parent = section.parent
        i -= 1
        while i >= 0 and report.sections[i].address != parent and parent is not None:
            i -= 1
        if parent is None:
            return None
    return None
