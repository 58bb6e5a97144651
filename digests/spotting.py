"""Paragraphs -> entries: every place that opens a section, at a line's beginning or inside one."""

import re
from collections import Counter
from collections.abc import Sequence

from digests.chinese import to_number
from digests.gathering import Paragraph
from digests.manuscript import Role
from digests.marking import Mark, mark_at
from digests.nesting import Entry

STOP = re.compile(r"[。；：;！？!?]|:(?!\d)")
_SPACE = re.compile(r"\s+")
_HAN_BREAK = re.compile(r"(?<=[^\x00-\x7f])\n\s*|\n\s*(?=[^\x00-\x7f])")
_CLOSING = " \t\u3000\u00a0。．.，,、；;：:！!"
_FULL_STOP = "。；;！!？?"
_SALUTATION = re.compile(
    r"\s*(?:各位(?:代表|委员|同志|领导|来宾|朋友)|同志们|朋友们|女士们)[^。]{0,12}[！!，,：:]"
)
_INLINE = re.compile(
    r"(?<=[：:。；;！？，、”）)\s])(?:([一二三四五六七八九十]{1,3})(?:是|要)(?!否)|第([一二三四五六七八九十]{1,3})[，、])"
)
_GROUP = re.compile(
    r"[“\"]?([一二三四五六七八九十两\d]+(?:大|项|个|点|条)[^“”\"，。：；]{0,8})[”\"]?[^“”\"，。；]{0,6}[：:]\s*$"
)
_LONGEST_HEADING = 80
_LONGEST_BOLD = 60


def tidy(printed: str) -> str:
    """A heading in one line, without closing punctuation.

    >>> tidy("加快 建设\\n新城。")
    '加快 建设新城'
    """
    return _SPACE.sub(" ", _HAN_BREAK.sub("", printed)).strip(_CLOSING)


def spot(text: str, paragraphs: Sequence[Paragraph]) -> list[Entry]:
    """All entries of a document in text order, inline ones included."""
    bolds = _bold_habit(text, paragraphs)
    entries: list[Entry] = []
    for place, paragraph in enumerate(paragraphs):
        if paragraph.role is not Role.TEXT:
            continue
        entry = _entry(text, paragraph, bolds=bolds)
        items = _inline(text, entry.heading_end if entry else paragraph.start, paragraph.end)
        if entry and entry.scheme in {"is", "first"} and not paragraph.bold:
            run = _inline(text, paragraph.start, paragraph.end)
            if run and run[0].start == entry.start:
                entry, items = None, run
        if entry:
            if entry.number == 1 and place:
                before = paragraphs[place - 1]
                entry.group = group(text, before.start, before.end)
            entries.append(entry)
        elif entries:
            _grow(text, entries, paragraph)
        entries += items
    return entries


def _entry(text: str, paragraph: Paragraph, *, bolds: bool) -> Entry | None:
    mark = mark_at(text, paragraph.start, paragraph.end)
    if mark is not None and mark.body < paragraph.end:
        return _numbered(text, paragraph, mark)
    if mark is not None and mark.scheme in {"chapter", "section", "part", "article"}:
        return _numbered(text, paragraph, mark)
    if paragraph.rank:
        return _plain(text, paragraph, "heading", paragraph.end)
    if bolds and paragraph.bold:
        return _bold(text, paragraph)
    return None


def _numbered(text: str, paragraph: Paragraph, mark: Mark) -> Entry:
    end = paragraph.end
    title_end = end
    if paragraph.bold > mark.body + 1 and paragraph.bold <= end:
        title_end = paragraph.bold
    if not paragraph.rank and title_end == end:
        stop = STOP.search(text, mark.body, end)
        title_end = stop.end() if stop else end
    heading = tidy(text[mark.body : title_end]) or mark.label
    return Entry(
        mark.scheme,
        mark.number,
        mark.label,
        heading,
        mark.start,
        title_end,
        end,
        rank=paragraph.rank,
        alone=title_end == end,
    )


def _plain(text: str, paragraph: Paragraph, scheme: str, end: int) -> Entry | None:
    heading = tidy(text[paragraph.start : end])
    if not heading:
        return None
    return Entry(
        scheme, 0, None, heading, paragraph.start, end, paragraph.end, paragraph.rank, end == paragraph.end
    )


def _bold(text: str, paragraph: Paragraph) -> Entry | None:
    """A bold line, or a bold beginning that closes like a title."""
    words = text[paragraph.start : paragraph.bold].rstrip()
    if len(words) > _LONGEST_BOLD or not words:
        return None
    if paragraph.bold >= paragraph.end:
        return _plain(text, paragraph, "bold", paragraph.end)
    if words[-1] in "。：:．." or text[paragraph.bold : paragraph.bold + 1] in "。：:\u3000":
        return _plain(text, paragraph, "lead", paragraph.bold)
    return None


def _bold_habit(text: str, paragraphs: Sequence[Paragraph]) -> bool:
    """Whether bold marks headings here: not where most paragraphs are bold throughout."""
    whole = sum(1 for p in paragraphs if p.bold >= p.end - 1 and p.end - p.start > _LONGEST_BOLD)
    return whole * 4 < len(paragraphs)


def _grow(text: str, entries: list[Entry], paragraph: Paragraph) -> None:
    """Count a paragraph for the open section; a salutation opens the closing words."""
    last = next((e for e in reversed(entries) if not e.inline), None)
    if last is None:
        return
    last.paragraphs += 1
    if last.paragraphs > 1 and not last.closing and _SALUTATION.match(text, paragraph.start):
        last.closing = paragraph.start


def group(text: str, start: int, end: int) -> str:
    """The name that a lead-in gives to the run after it: 五项工作."""
    found = _GROUP.search(text, max(start, end - 40), end)
    return found.group(1) if found else ""


def _inline(text: str, start: int, end: int) -> list[Entry]:
    """The items 一是 …, 二是 … inside one paragraph: runs that begin at one and have no gap."""
    open_: dict[str, list[Entry]] = {}
    runs: list[list[Entry]] = []
    for found in _INLINE.finditer(text, start, end):
        scheme = "is" if found.group(1) else "first"
        number = to_number(found.group(1) or found.group(2)) or 0
        if number == 1:
            open_[scheme] = []
            runs.append(open_[scheme])
        run = open_.get(scheme)
        if run is not None and len(run) + 1 == number:
            run.append(_item(text, found.span(), end, (scheme, number)))
    kept: list[list[Entry]] = []
    for run in runs:
        if len(run) > 1 and (not kept or kept[-1][-1].start < run[0].start):
            kept.append(run)
    for place, run in enumerate(kept):
        _bound(text, run, start, kept[place + 1][0].start if place + 1 < len(kept) else end)
    return [entry for run in kept for entry in run]


def _item(text: str, span: tuple[int, int], end: int, kind: tuple[str, int]) -> Entry:
    begin, body = span
    scheme, number = kind
    stop = STOP.search(text, body, end)
    heading_end = stop.end() if stop else end
    label = text[begin:body].rstrip("，、")
    heading = tidy(text[body:heading_end]) or label
    return Entry(scheme, number, label, heading, begin, heading_end, end, inline=True)


def _bound(text: str, run: list[Entry], start: int, stop: int) -> None:
    for one, following in zip(run, run[1:], strict=False):
        one.end = following.start
    run[-1].end = stop
    run[0].group = group(text, start, run[0].start)


def schemes(entries: Sequence[Entry]) -> Counter[str]:
    """How often each scheme occurs."""
    return Counter(e.scheme for e in entries)
