"""Lines -> paragraphs: hard-wrapped lines belong together, furniture between them does not count."""

import re
from collections.abc import Collection, Sequence
from typing import NamedTuple

from digests.chinese import width, wrap_width
from digests.marking import Mark, mark_at
from digests.reading import Line, Manuscript, Role

_ENDS = re.compile(r"[。！？：；!?:;」』”】]\s*$")
_LEADER = re.compile(r"(?:\.\s?|…|·|．){4,}\s*[\divxIVX]*\s*$")
_ESCAPED = re.compile(r"(?:<U\+[0-9A-F]{4}>\s*)+")  # spaces as R prints them
_BLANK = " \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0\u2028\u2029\u3000\u200b\u200c\u200d\u2060\ufeff"
_HASHES = re.compile(r"(#{1,6})\s+(?=\S)")

_NARROW = 0.7  # of the width at which lines are broken: a heading that short is no broken line


class Paragraph(NamedTuple):
    """A paragraph of the text; ``rank``, ``bold``, ``role`` and ``item`` are its first line's.

    ``inside``: it was cut out of a longer one, because a heading stands inside that.
    """

    start: int
    end: int
    rank: int = 0
    bold: int = 0
    role: Role = Role.TEXT
    item: bool = False
    lines: int = 1
    inside: bool = False


def is_wrapped(manuscript: Manuscript) -> bool:
    """Whether a document's lines are broken at a width instead of at paragraphs."""
    return manuscript.source.format == "txt" and wrap_width(manuscript.text) > 0


def gather(
    manuscript: Manuscript, dropped: dict[int, str], listed: Collection[str] = ()
) -> list[Paragraph]:
    """The paragraphs that have words, furniture left out; ``listed`` lines are whole headings."""
    if is_wrapped(manuscript):
        return _gather_wrapped(manuscript, dropped, listed)
    text = manuscript.text
    return [
        _first(text, line)
        for i, line in enumerate(manuscript.lines)
        if i not in dropped and text[line.start : line.end].strip(_BLANK)
    ]


def _gather_wrapped(
    manuscript: Manuscript, dropped: dict[int, str], listed: Collection[str]
) -> list[Paragraph]:
    text, lines = manuscript.text, manuscript.lines
    kept = [
        i
        for i, line in enumerate(lines)
        if i not in dropped and text[line.start : line.end].strip()
    ]
    words = [text[lines[i].start : lines[i].end].strip() for i in kept]
    widths = [width(w) for w in words]
    full = wrap_width(text)
    marks = [mark_at(w, 0, len(w)) for w in words]
    marked = [mark is not None for mark in marks]
    whole = _whole_headings(words, marks, listed) or {
        place: 1
        for place, (w, mark) in enumerate(zip(words, marks, strict=True))
        if mark and widths[place] < _NARROW * full and _is_title(w)
    }
    ended = {place + count - 1 for place, count in whole.items()}
    found: list[Paragraph] = []
    for place, i in enumerate(kept):
        opens = not place or marked[place] or place in whole or place - 1 in ended
        if opens or not _goes_on(words[place - 1], widths, marked, place - 1):
            found.append(_first(text, lines[i]))
        else:
            found[-1] = _longer(found[-1], lines[i])
    return found


def _whole_headings(
    words: Sequence[str], marks: Sequence[Mark | None], listed: Collection[str]
) -> dict[int, int]:
    """Where headings stand that the table of contents names, and how many lines each takes."""
    found: dict[int, int] = {}
    if not listed:
        return found
    for place, (w, mark) in enumerate(zip(words, marks, strict=True)):
        key = _key(w, mark)
        if key in listed:
            found[place] = 1
        elif place + 1 < len(words) and key + key_of(words[place + 1]) in listed:
            found[place] = 2
    return found


def _key(words: str, mark: Mark | None) -> str:
    return key_of(words[mark.body :] if mark else words)


def key_of(words: str) -> str:
    """A heading for comparing: without spaces and closing marks."""
    return "".join(words.split()).rstrip("。．.：:")


def _is_title(words: str) -> bool:
    """Whether a line far shorter than the others has no mark of a sentence in it."""
    return not any(c in words for c in "，。；：,;:")


def _goes_on(line: str, widths: list[int], marked: list[bool], place: int) -> bool:
    """Whether a line was broken off because it was full: as wide as the lines around it."""
    if _ENDS.search(line) or _LEADER.search(line):
        return False
    around = []
    for other in range(place + 1, min(place + 4, len(widths))):
        if marked[other]:
            break
        around.append(widths[other])
    if not marked[place]:
        around += widths[max(0, place - 2) : place]
    return widths[place] >= max(around, default=0) - 3


def _first(text: str, line: Line) -> Paragraph:
    start, end = line.start, line.end
    while text[start].isspace():
        start += 1
    while text[end - 1].isspace():
        end -= 1
    if text[start] == "<" and (escaped := _ESCAPED.match(text, start, end)):
        start = min(escaped.end(), end - 1)
    rank = line.rank
    if text[start] == "#" and (hashes := _HASHES.match(text, start, end)):
        start, rank = hashes.end(), len(hashes.group(1))  # Markdown kept in a txt or docx
    return Paragraph(start, end, rank, line.bold, line.role, line.item)


def _longer(paragraph: Paragraph, line: Line) -> Paragraph:
    return paragraph._replace(end=line.end, lines=paragraph.lines + 1)
