"""PDF -> lines: paragraphs put together again from printed lines, page furniture taken out.

The walk: pages -> printed lines with their place and type size -> headers, footers and footnotes
out -> lines joined where a paragraph goes on -> radicals that stand for Han characters replaced.
"""

import re
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from digests.chinese import plain_radicals
from digests.errors import TooLargeError, UnreadableError, UnsupportedError
from digests.marking import mark_at
from digests.reading.manuscript import Line, Role

_MOST_PAGES = 3000
_MOST_CHARACTERS = 5_000_000
_SCANNED = 12  # characters a page, on average, below which there is no text
_NUMBER = re.compile(
    r"\s*(?:[-—–·•]{0,3}\s*\d{1,4}\s*[-—–·•]{0,3}|第\s*\d+\s*页.{0,12}|[ivxIVX]{1,6}|(?:Page\s+)?\d{1,4}(?:\s+of\s+\d{1,4})?)\s*"
)
_DIGITS = re.compile(r"\d+")
_ENDS = re.compile(r"[。！？：；!?:.;”’」』）)]\s*$")
_LEADER = re.compile(r"(?:\.\s?|…|·){4,}\s*\d*\s*$")
_DARK = ("bold", "black", "heavy", "simhei", "hei", "xiaobiaosong", "黑体", "小标宋")
_HEAVY = 600
_LONGEST_HEADING = 80
_RANKS = 4
_PAGE_POINTS = 800  # the height of a page, near enough
_SAMPLES = 7  # characters of a line that are measured
_MARK_OF_NOTE = re.compile(r"\s*(\d{1,3})\s+")
_LARGER = 1.2  # times the body's type: a heading's
_SOFT_HYPHENS = "\u00ad\x02\ufffe"


@dataclass(frozen=True, slots=True)
class _Printed:
    """A printed line: its words, left and right edge, height on the page (0 bottom, 1 top), type size."""

    words: str
    left: float
    right: float
    height: float
    size: float
    dark: bool
    page: int


def read_pdf(data: bytes) -> tuple[str, list[Line], list[str]]:
    """The text of a PDF, its lines, and what was left out or is doubtful."""
    printed, pictures, pages = _print(data)
    if sum(len(p.words.strip()) for p in printed) < _SCANNED * pages:
        raise UnsupportedError(
            "The PDF holds pictures of pages, not text; run text recognition (OCR) on it, or send the Word file."
        )
    warnings = []
    if pictures * 2 > pages:
        warnings.append("The text was recognised from scanned pages and may have errors.")
    body = _body_size(printed)
    edges = _edges(printed)
    kept = [p for p in printed if not _is_furniture(p, body, edges)]
    kept = _without_running_heads(kept, pages)
    if len(kept) < len(printed):
        warnings.append("Page numbers and running headers were left out.")
    noted = _without_footnotes(kept, body)
    if len(noted) < len(kept):
        warnings.append("Footnotes were left out.")
    text, lines = _join(noted, body)
    return text, lines, warnings


def _print(data: bytes) -> tuple[list[_Printed], int, int]:
    """All printed lines, how many pages are one picture, and how many pages there are."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "assword" in str(error):
            raise UnreadableError(
                "The PDF is protected by a password; save it without one and send it again."
            ) from None
        raise UnreadableError(
            "This is not a PDF, or a damaged one; save it anew and send it again."
        ) from None
    try:
        pages = len(document)
        if pages > _MOST_PAGES:
            raise TooLargeError("The PDF has too many pages; split it into several files.")
        return _pages(document, pages)
    except pypdfium2.PdfiumError:
        raise UnreadableError("The PDF is damaged; save it anew and send it again.") from None
    finally:
        document.close()


def _pages(document: Any, pages: int) -> tuple[list[_Printed], int, int]:
    printed: list[_Printed] = []
    pictures = characters = 0
    for number in range(pages):
        page = document[number]
        found = list(_page(page, number))
        pictures += _is_picture(page)
        page.close()
        printed += found
        characters += sum(len(p.words) for p in found)
        if characters > _MOST_CHARACTERS:
            raise TooLargeError("The text is too long; split it into several files.")
    return printed, pictures, pages


def _page(page: Any, number: int) -> Iterator[_Printed]:
    from pypdfium2 import raw

    text_page = page.get_textpage()
    height = page.get_height() or 1.0
    count = text_page.count_chars()
    text = text_page.get_text_range() if count > 0 else ""
    exact = len(text) == count
    start = 0
    for words in re.split(r"\r\n|\n|\r", text):
        if words.strip():
            place = _place(text_page, start, words) if exact else None
            left, right, middle, size = place or (0.0, 0.0, 0.5 * height, 0.0)
            if exact and (mark := _raised(text_page, start, words, size)):
                words_ = words[mark:]
            else:
                words_ = words
            dark = bool(place) and _is_dark(raw, text_page, start + len(words) // 2)
            yield _Printed(words_, left, right, middle / height, round(size * 2) / 2, dark, number)
        start += len(words)
        start += 2 if text[start : start + 2] == "\r\n" else 1
    text_page.close()


def _place(text_page: Any, start: int, words: str) -> tuple[float, float, float, float]:
    """A line's left and right edge, the middle of its height, and its type size.

    The size is the height of a character's box: what the file calls font size may be scaled. Digits
    and Latin letters between Han characters come from another font and are not asked.
    """
    first = start + len(words) - len(words.lstrip())
    last = start + len(words.rstrip()) - 1
    left, bottom, _, top = text_page.get_charbox(first, loose=True)
    right = text_page.get_charbox(last, loose=True)[2]
    wide = [i for i, c in enumerate(words) if c >= "\u2e80"]
    asked = wide or [i for i, c in enumerate(words) if not c.isspace()]
    step = max(1, len(asked) // _SAMPLES)
    boxes = [text_page.get_charbox(start + i, loose=True) for i in asked[::step]]
    size = statistics.median(box[3] - box[1] for box in boxes)
    return left, right, (bottom + top) / 2, size


def _raised(text_page: Any, start: int, words: str, size: float) -> int:
    """How many characters at a line's beginning are a raised footnote mark."""
    found = _MARK_OF_NOTE.match(words)
    if not found or not size:
        return 0
    _, low, _, high = text_page.get_charbox(start + found.start(1), loose=True)
    return found.end() if high - low < 0.75 * size and found.end() < len(words) else 0


def _is_dark(raw: Any, text_page: Any, index: int) -> bool:
    """Whether a character is set in bold or in one of the fonts used for headings."""
    import ctypes

    if raw.FPDFText_GetFontWeight(text_page, index) >= _HEAVY:
        return True
    buffer = ctypes.create_string_buffer(128)
    flags = ctypes.c_int()
    length = raw.FPDFText_GetFontInfo(text_page, index, buffer, 128, flags)
    name = buffer.raw[: max(0, min(length, 128) - 1)].decode("utf-8", "replace").lower()
    return any(mark in name for mark in _DARK)


def _is_picture(page: Any) -> bool:
    """Whether one image covers the page: a scan."""
    from pypdfium2 import raw

    width, height = page.get_size()
    for place, element in enumerate(page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=2)):
        left, bottom, right, top = element.get_bounds()
        if (right - left) * (top - bottom) > 0.7 * width * height:
            return True
        if place > 20:  # noqa: PLR2004 -- many small pictures are no scan
            break
    return False


def _body_size(printed: Sequence[_Printed]) -> float:
    """The type size of most characters."""
    sizes: Counter[float] = Counter()
    for p in printed:
        sizes[p.size] += len(p.words)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _edges(printed: Sequence[_Printed]) -> dict[int, tuple[float, float]]:
    """The height of the lowest and the highest line of each page."""
    heights: dict[int, list[float]] = {}
    for p in printed:
        heights.setdefault(p.page, []).append(p.height)
    return {page: (min(h), max(h)) for page, h in heights.items()}


def _is_furniture(line: _Printed, body: float, edges: dict[int, tuple[float, float]]) -> bool:
    """A page number at the edge of a page, or a footnote's digit on a line of its own."""
    words = line.words.strip()
    if _NUMBER.fullmatch(words) and not 0.15 < line.height < 0.85:  # noqa: PLR2004 -- near the edge
        return line.height in edges[line.page] or not 0.1 < line.height < 0.9  # noqa: PLR2004
    return len(words) <= 3 and words.isdigit() and 0 < line.size < 0.8 * body  # noqa: PLR2004


def _without_running_heads(printed: list[_Printed], pages: int) -> list[_Printed]:
    """Lines at the edge that come again on page after page are no text."""
    seen: dict[str, set[int]] = {}
    for p in printed:
        if not 0.09 < p.height < 0.91:  # noqa: PLR2004 -- outside the type area
            seen.setdefault(_DIGITS.sub("0", p.words.strip()), set()).add(p.page)
    running = {words for words, on in seen.items() if len(on) >= max(3, pages // 3)}
    return [
        p
        for p in printed
        if 0.09 < p.height < 0.91 or _DIGITS.sub("0", p.words.strip()) not in running  # noqa: PLR2004
    ]


def _without_footnotes(printed: list[_Printed], body: float) -> list[_Printed]:
    """What is set smaller at the foot of a page, from a line on that begins with a number."""
    if not body:
        return printed
    dropped: set[int] = set()
    by_page: dict[int, list[int]] = {}
    for i, p in enumerate(printed):
        by_page.setdefault(p.page, []).append(i)
    for places in by_page.values():
        small: list[int] = []
        for i in sorted(places, key=lambda i: printed[i].height):
            if not 0 < printed[i].size < 0.88 * body or printed[i].height > 0.5:  # noqa: PLR2004
                break
            small.append(i)
        opens = [k for k, i in enumerate(small) if re.match(r"\s*[\d*†①-⑩]", printed[i].words)]
        if opens and len(small) < len(places):
            dropped |= set(small[: opens[-1] + 1])
    return [p for i, p in enumerate(printed) if i not in dropped]


def _join(printed: Sequence[_Printed], body: float) -> tuple[str, list[Line]]:
    """Printed lines as paragraphs."""
    ranks = _ranks(printed, body)
    area = _area(printed, body)
    pieces: list[list[str]] = []
    firsts: list[_Printed] = []
    previous: _Printed | None = None
    for p in printed:
        words = plain_radicals(p.words.strip().replace("\t", " "))
        if previous is not None and _goes_on(previous, p, area):
            _glue(pieces[-1], words)
        else:
            pieces.append([words])
            firsts.append(p)
        previous = p
    return _lines(["".join(piece) for piece in pieces], firsts, ranks, body)


def _lines(
    pieces: list[str], firsts: list[_Printed], ranks: dict[float, int], body: float
) -> tuple[str, list[Line]]:
    lines: list[Line] = []
    cleaned = []
    start = 0
    for piece, p in zip(pieces, firsts, strict=True):
        words = piece.translate({ord(c): None for c in _SOFT_HYPHENS}).strip()
        if not words:
            continue
        end = start + len(words)
        short = len(words) <= _LONGEST_HEADING and not words.endswith(("。", "，", "；", ","))
        rank = ranks.get(p.size, 0) if short else 0
        dark = p.dark or p.size > _LARGER * body
        role = Role.CONTENTS if _LEADER.search(words) else Role.TEXT
        lines.append(Line(start, end, rank, end if dark and short else 0, role))
        cleaned.append(words)
        start = end + 1
    return "\n".join(cleaned), lines


def _ranks(printed: Sequence[_Printed], body: float) -> dict[float, int]:
    """Type sizes above the body's as heading levels, the largest first."""
    larger = Counter(
        p.size
        for p in printed
        if body and p.size > _LARGER * body and len(p.words) <= _LONGEST_HEADING
    )
    return {size: place for place, size in enumerate(sorted(larger, reverse=True)[:_RANKS], 1)}


def _right_edges(printed: Sequence[_Printed]) -> dict[int, float]:
    """The right edge of the type area of each page."""
    rights: dict[int, list[float]] = {}
    for p in printed:
        rights.setdefault(p.page, []).append(p.right)
    return {page: sorted(edges)[int(len(edges) * 0.9)] for page, edges in rights.items()}


def _left_edges(printed: Sequence[_Printed]) -> dict[int, float]:
    lefts: dict[int, list[float]] = {}
    for p in printed:
        lefts.setdefault(p.page, []).append(p.left)
    return {page: statistics.median_low(edges) for page, edges in lefts.items()}


@dataclass(frozen=True, slots=True)
class _Area:
    """The type area: right and left edge by page, and the usual distance of lines."""

    right: dict[int, float]
    left: dict[int, float]
    leading: float
    body: float


def _area(printed: Sequence[_Printed], body: float) -> _Area:
    gaps = [
        round(one.height - other.height, 3)
        for one, other in pairwise(printed)
        if one.page == other.page and 0.005 < one.height - other.height < 0.06  # noqa: PLR2004 -- of the page's height
    ]
    usual = Counter(gaps).most_common(1)[0][0] if gaps else 0.02
    return _Area(_right_edges(printed), _left_edges(printed), usual, body)


def _goes_on(one: _Printed, other: _Printed, area: _Area) -> bool:
    """Whether a paragraph goes on in the next line."""
    size = one.size or 10.0
    gap = one.height - other.height
    if one.page == other.page and abs(gap) < 0.3 * area.leading and other.left >= one.left:
        return True  # the same printed line, broken by a raised mark
    if one.size > _LARGER * area.body > 0:
        return _is_same_title(one, other)
    if (
        _LEADER.search(one.words)
        or abs(one.size - other.size) > 0.2 * size
        or not _is_full(one, area, size)
    ):
        return False
    words = other.words.strip()
    indented = other.left > area.left[other.page] + 0.8 * size
    ended = bool(_ENDS.search(one.words))
    opens = indented and abs(other.left - one.left) >= 0.5 * size
    if opens or (ended and mark_at(words, 0, len(words)) is not None):
        return False
    if one.page == other.page and gap > 0:
        return gap < 1.35 * area.leading
    return not (ended and indented)


def _is_same_title(one: _Printed, other: _Printed) -> bool:
    """Whether two lines of large type are one title."""
    alike = abs(one.size - other.size) <= 0.05 * one.size
    near = (one.height - other.height) * _PAGE_POINTS < 1.7 * one.size
    words = other.words.strip()
    return alike and near and one.page == other.page and not mark_at(words, 0, len(words))


def _is_full(line: _Printed, area: _Area, size: float) -> bool:
    """Whether a line ends at the right edge: to the character in Han text, roughly in ragged Latin."""
    edge = area.right[line.page]
    if line.words.isascii() or sum(c.isascii() for c in line.words) * 10 > 9 * len(line.words):
        return line.right >= edge - 0.22 * (edge - area.left[line.page])
    return line.right >= edge - 1.8 * size


def _glue(pieces: list[str], words: str) -> None:
    """Add a line to a paragraph: no space between Han characters, a broken word made whole."""
    last = pieces[-1][-1:]
    broken = last == "-" and words[:1].islower()
    if last and (broken or last in _SOFT_HYPHENS):
        kept = "-" if words[:1].isupper() else ""  # Federal-Wide keeps its own
        pieces[-1] = pieces[-1][:-1] + kept
    elif last and words and last.isascii() and words[0].isascii():
        pieces.append(" ")
    pieces.append(words)
