"""Paragraphs -> entries: every place that opens a section, at a line's beginning or inside one."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from digests.marking import CONTAINERS, WORDED, Mark, mark_at
from digests.outlining.gathering import Paragraph, key_of
from digests.outlining.inlining import inline
from digests.outlining.marginal import titles_above
from digests.outlining.nesting import Entry
from digests.outlining.phrasing import SALUTATION, STOP, group, tidy
from digests.outlining.unearthing import split
from digests.outlining.unnumbered import Habits, annex_at, by_look, habits_of, whole
from digests.patterns import Pattern
from digests.reading import Role

_INSIDE_STOP = re.compile(STOP.pattern + r"|[\s*\u3000]+")
_LONGEST_TITLE = 80
_BLANKS = {"无", "無", "略", "-", "—", "/"}
_LONGEST_BEGINNING = 300
_SHORTEST_FIRST = 8  # of a title that had to be broken
_LONGEST_SECOND = 30
_TIMETABLE = Pattern(
    r"(?:\d{2,4}\s)?\d{1,2}、\s?(?:\d{1,2}\s?月(?:\s?[~～\-—至]\s?\d{1,2}\s?月)?\s?[：:]|[预預][计計]\s?\d{3}\s?年)"
)
_ROW_BELOW = Pattern(r"\d{1,2}、\s?(?:年底前|[预預][计計])")


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the whole file: lines broken at a width, printed pages, what its contents list."""

    wrapped: bool = False
    printed: bool = False
    listed: Mapping[str, Mark | None] = field(default_factory=dict)


def spot(text: str, paragraphs: Sequence[Paragraph], known: Known) -> list[Entry]:
    """All entries of a document in text order, inline ones included."""
    paragraphs = split(text, paragraphs)
    habits = habits_of(text, paragraphs, wrapped=known.wrapped, printed=known.printed)
    margins = titles_above(text, paragraphs)
    entries: list[Entry] = []
    answers: dict[str, int] = {}
    skip = -1
    for place, paragraph in enumerate(paragraphs):
        if paragraph.role is not Role.TEXT or place <= skip:
            continue
        above = margins.get(place)
        entry, taken = (
            (_titled_above(text, paragraphs, place, above), 2)
            if above
            else _entry(text, paragraphs, place, habits)
        )
        entry = entry or _listed(text, paragraph, known.listed)
        skip = place + taken - 1
        if entry and _is_answer(entry, answers, text, paragraphs[place - 1] if place else None):
            entry = None
        found = _items(text, paragraph, entry)
        if found and found[0].start == paragraph.start:
            entry = None
        if entry:
            if entry.number == 1 and place:
                before = paragraphs[place - 1]
                entry.group = group(text, before.start, before.end)
            entries.append(entry)
        else:
            _grow(text, entries, paragraph)
        entries += found
    return _without_mentions(entries)


def _without_mentions(entries: list[Entry]) -> list[Entry]:
    """An annex that comes again later was only named the first time."""
    last = {e.heading: e.start for e in entries if e.scheme == "annex"}
    return [e for e in entries if e.scheme != "annex" or last[e.heading] == e.start]


def _is_answer(entry: Entry, answers: dict[str, int], text: str, before: Paragraph | None) -> bool:
    """Whether an item is one of the answers to choose from after a question."""
    if entry.number == 1 and before and text[before.end - 1] in "？?":
        answers[entry.scheme] = 1
    if not entry.number or answers.get(entry.scheme) != entry.number:
        answers.pop(entry.scheme, None)
        return False
    answers[entry.scheme] += 1
    return True


def _items(text: str, paragraph: Paragraph, entry: Entry | None) -> list[Entry]:
    """The inline items of a paragraph; where the paragraph itself opens with 一是, that one too."""
    if entry and entry.scheme in {"is", "first"} and not paragraph.bold:
        run = inline(text, paragraph.start, paragraph.end)
        if run and run[0].start == paragraph.start:
            return run
    return inline(text, entry.heading_end if entry else paragraph.start, paragraph.end)


def _entry(
    text: str, paragraphs: Sequence[Paragraph], place: int, habits: Habits
) -> tuple[Entry | None, int]:
    """The entry that a paragraph opens, and how many paragraphs its heading takes."""
    paragraph = paragraphs[place]
    annex = annex_at(text, paragraphs, place)
    if annex:
        return annex
    mark = mark_at(text, paragraph.start, paragraph.end)
    if mark and not paragraph.rank and _is_row(text, paragraphs, place):
        return None, 1
    if mark and mark.scheme == "numeral" and not _is_short_title(text, paragraph, mark):
        mark = None
    if mark and (mark.body < paragraph.end or _stands_alone(text, paragraphs, place, mark)):
        entry = _numbered(text, paragraph, mark)
        return entry, _title_below(text, paragraphs, place, entry, mark)
    if SALUTATION.match(text, paragraph.start):
        return None, 1
    if paragraph.rank:
        return whole(text, paragraphs, place, "heading")
    return by_look(text, paragraphs, place, habits)


def _titled_above(text: str, paragraphs: Sequence[Paragraph], place: int, mark: Mark) -> Entry:
    """The section whose title stands above its number."""
    title, below = paragraphs[place], paragraphs[place + 1]
    heading = tidy(text[title.start : title.end]) or mark.label
    rank = title.rank or below.rank
    return Entry(
        mark.scheme, mark.number, mark.label, heading, title.start, title.end, below.end, rank=rank
    )


def _listed(text: str, paragraph: Paragraph, listed: Mapping[str, Mark | None]) -> Entry | None:
    """A heading that the contents list, and whose number the text itself has lost."""
    words = text[paragraph.start : paragraph.end]
    key = key_of(words) if len(words) <= _LONGEST_TITLE else ""
    if key not in listed or SALUTATION.match(words):
        return None
    mark = listed[key]
    scheme, number = (mark.scheme, mark.number) if mark else ("plain", 0)
    end = paragraph.end
    return Entry(scheme, number, None, tidy(words), paragraph.start, end, end, alone=True)


def _is_short_title(text: str, paragraph: Paragraph, mark: Mark) -> bool:
    """Whether words after a bare number in Latin script read like a title: no sentence, no note."""
    words = text[mark.body : paragraph.end].rstrip()
    return not words[:1].isascii() or (len(words) <= _LONGEST_TITLE and words[-1:] not in ".;,:")


def _stands_alone(text: str, paragraphs: Sequence[Paragraph], place: int, mark: Mark) -> bool:
    """Whether a label without words is one: by its word, or because its words stand in the next line."""
    if paragraphs[place].rank or mark.scheme in WORDED:
        return True
    below = paragraphs[place + 1] if place + 1 < len(paragraphs) else None
    return (
        below is not None
        and below.role is Role.TEXT
        and mark_at(text, below.start, below.end) is None
        and text[below.start : below.end] not in _BLANKS
    )


def _is_row(text: str, paragraphs: Sequence[Paragraph], place: int) -> bool:
    """Whether “1、 6月：…” is a row of a timetable, or the row below one."""
    p = paragraphs[place]
    if _TIMETABLE.match(text, p.start, p.end):
        return True
    before = paragraphs[place - 1] if place else None
    return (
        before is not None
        and _TIMETABLE.match(text, before.start, before.end) is not None
        and _ROW_BELOW.match(text, p.start, p.end) is not None
    )


def _numbered(text: str, paragraph: Paragraph, mark: Mark) -> Entry:
    end = title_end = paragraph.end
    if mark.body + 1 < paragraph.bold < end:
        title_end = text.find("。", mark.body, paragraph.bold) + 1 or paragraph.bold
    elif not paragraph.rank:
        stop = (_INSIDE_STOP if paragraph.inside else STOP).search(text, mark.body, end)
        title_end = stop.end() if stop else end
    heading = tidy(text[mark.body : title_end]) or mark.label
    alone = title_end == end
    return Entry(
        mark.scheme,
        mark.number,
        mark.label,
        heading,
        mark.start,
        title_end,
        end,
        rank=paragraph.rank,
        alone=alone,
        inline=paragraph.inside,
    )


def _title_below(
    text: str, paragraphs: Sequence[Paragraph], place: int, entry: Entry, mark: Mark
) -> int:
    """Where a label stands alone, its title is the line below, or that line's beginning."""
    if place + 1 >= len(paragraphs):
        return 1
    if mark.body < paragraphs[place].end:
        return _second_line(text, paragraphs, place, entry, mark)
    below = paragraphs[place + 1]
    if below.role is not Role.TEXT or mark_at(text, below.start, below.end):
        return 1
    stop = STOP.search(text, below.start, min(below.end, below.start + _LONGEST_BEGINNING))
    if stop is None and below.end - below.start <= _LONGEST_TITLE and not below.rank:
        entry.heading = tidy(text[below.start : below.end]) or entry.heading
        entry.heading_end = entry.floor = below.end
        return 2
    entry.heading = tidy(text[below.start : stop.start() if stop else below.end]) or entry.heading
    return 1


def _second_line(
    text: str, paragraphs: Sequence[Paragraph], place: int, entry: Entry, mark: Mark
) -> int:
    """A chapter's title may run on in one more line, where its first article follows that."""
    below, after = paragraphs[place + 1], paragraphs[place + 2 : place + 3]
    opens = mark_at(text, after[0].start, after[0].end) if after else None
    if (
        mark.scheme not in CONTAINERS
        or not entry.alone
        or len(entry.heading) < _SHORTEST_FIRST
        or not opens
        or opens.scheme != "article"
        or below.end - below.start > _LONGEST_SECOND
        or text[below.end - 1] in "。；：，"
        or mark_at(text, below.start, below.end)
    ):
        return 1
    entry.heading = tidy(text[mark.body : below.end])
    entry.heading_end = entry.floor = below.end
    return 2


def _grow(text: str, entries: list[Entry], paragraph: Paragraph) -> None:
    """Count a paragraph for the open section; a salutation opens the closing words."""
    last = next((e for e in reversed(entries) if not e.leaf), None)
    if last is None:
        return
    last.paragraphs += 1
    if last.paragraphs > 1 and not last.closing and SALUTATION.match(text, paragraph.start):
        last.closing = paragraph.start
