"""The Chinese language as far as it can be tabled: numerals, width, script, sentence ends.

Nothing here changes a report's text. ``fold`` makes a shadow copy for comparing and searching and
keeps the way back to the original positions.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from digests.patterns import Pattern
from digests.report import Span

DIGITS = {
    **dict(zip("〇零一二三四五六七八九", (0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9), strict=True)),
    **dict(zip("壹贰叁肆伍陆柒捌玖", range(1, 10), strict=True)),
    **dict(zip("壹貳參肆伍陸柒捌玖", range(1, 10), strict=True)),
    **dict(zip("０１２３４５６７８９", range(10), strict=True)),
    **dict(zip("0123456789", range(10), strict=True)),
    "○": 0,
    "两": 2,
    "兩": 2,
    "叄": 3,
    "叁": 3,
    "弍": 2,
}
UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
TENS = {"廿": 20, "卅": 30, "卌": 40}
NUMERAL = "〇零○一二三四五六七八九十百千两兩廿卅"
"""The characters of everyday numerals, for use inside a character class."""

HAN = r"〇㐀-䶿一-鿿豈-﫿\U00020000-\U0003ffff"
"""Han characters, for use inside a character class."""

# NFKC leaves most of U+2E80–2EFF alone; these are the ones that PDF fonts really produce.
_RADICALS = dict(
    zip(
        "⺁⺄⺅⺈⺉⺌⺍⺘⺙⺡⺢⺣⺥⺦⺨⺩⺪⺫⺬⺭⺮⺯⺰⺲⺳⺴⺵⺶⺷⺸⺹⺺⺻⺼⺽⺾⺿⻀⻁⻂⻃⻄⻅⻆⻇⻈⻉⻊⻋⻌⻍⻎⻏⻐⻑⻒⻓⻔⻕⻖⻗⻘⻙⻚⻛⻜⻝⻟⻠⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲⻳",
        "厂乙亻刀刂小小扌攵氵氺灬爪爿犭王疋目示礻竹糸纟罒罒罒网羊羊羊耂而聿月臼艹艹艹虎衤覀西见角角讠贝足车辶辶辶邑钅長镸长门阜阝雨青韦页风飞食飠饣马骨鬼鱼鸟卤麦黄黾齐齐齿歯竜龙龟龟龟",
        strict=True,
    )
)


def plain_radicals(text: str) -> str:
    """A text with the radicals that PDF fonts print for Han characters replaced, one for one.

    >>> plain_radicals("⼯作⻔")
    '工作门'
    """
    return text.translate(_radical_table()) if _RADICAL.search(text) else text


_RADICAL = re.compile("[\u2e80-\u2fdf]")


@cache
def _radical_table() -> dict[int, str]:
    table = {c: unicodedata.normalize("NFKC", chr(c)) for c in range(0x2F00, 0x2FD6)}
    return table | {ord(radical): plain for radical, plain in _RADICALS.items()}


def to_number(numeral: str) -> int | None:
    """The whole number a numeral stands for, or None.

    >>> [to_number(n) for n in ("十二", "二〇二五", "一百零三", "１２", "廿五", "贰拾")]
    [12, 2025, 103, 12, 25, 20]
    >>> to_number("十四五") is None
    True
    """
    if not numeral:
        return None
    if len(numeral) == 1 and numeral in DIGITS:
        return DIGITS[numeral]
    if all(c in DIGITS for c in numeral):
        return int("".join(str(DIGITS[c]) for c in numeral)) if len(numeral) <= 9 else None  # noqa: PLR2004 -- no year or ordinal is longer
    return _by_place(numeral)


def _by_place(numeral: str) -> int | None:
    total = pending = 0
    for c in numeral:
        if c in UNITS:
            total += (pending or 1) * UNITS[c]
            pending = 0
        elif c in TENS:
            total += TENS[c]
            pending = 0
        elif c in DIGITS and not pending:
            pending = DIGITS[c]
        else:
            return None
    return total + pending


def to_numeral(number: int) -> str:
    """The everyday Chinese numeral of 1 to 999.

    >>> [to_numeral(n) for n in (5, 10, 12, 20, 35, 103, 110)]
    ['五', '十', '十二', '二十', '三十五', '一百零三', '一百一十']
    """
    digits = "零一二三四五六七八九"
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    head = f"{digits[hundreds]}百" if hundreds else ""
    if tens:
        head += ("" if tens == 1 and not hundreds else digits[tens]) + "十"
    elif hundreds and ones:
        head += "零"
    return head + (digits[ones] if ones else "")


_SENTENCE = re.compile(
    r"[^。！？!?\n]*?(?:[。！？!?]+|(?<=[a-z0-9)\]])\.(?=[\"”’)\]]*(?:\s+[A-Z“\"(]|[ \t]*$)))[”’』」）)》】\"']*"
    r"|[^。！？!?\n]+",
    re.MULTILINE,
)
_WITHOUT_POINT = re.compile(r"[^。！？!?\n]*[。！？!?]+[”’』」）)》】\"']*|[^。！？!?\n]+")
"""The same where no “.” can end a sentence, in half the time."""


def sentences(text: str, start: int = 0, end: int | None = None) -> Iterator[Span]:
    """Whole sentences, each with its closing mark and closing quotes; a line's end ends one too.

    Not so where lines are broken at a width: there a sentence goes on in the next line.

    >>> text = "甲说：“好。”乙来了！丙"
    >>> [text[s.start:s.end] for s in sentences(text)]
    ['甲说：“好。”', '乙来了！', '丙']
    """
    stop = len(text) if end is None else end
    full = wrap_width(text)
    open_: Span | None = None
    pattern = _WITHOUT_POINT if text.find(".", start, stop) < 0 else _SENTENCE
    for found in pattern.finditer(text, start, stop):
        first, last = found.span()
        while first < last and text[first].isspace():
            first += 1
        while last > first and text[last - 1].isspace():
            last -= 1
        if first == last:
            continue
        if open_:
            first, open_ = open_.start, None
        if (text[last - 1] in _GOES_ON and _goes_on(text, first, last)) or (
            full and _is_broken(text, first, last, full)
        ):
            open_ = Span(first, last)
        else:
            yield Span(first, last)
    if open_:
        yield open_


_GOES_ON = frozenset("，、到至自从在于")
_MIDST = re.compile(r"(?:^|[，。；：、\s])(?:截?[至到]|自|从|在|于)$|[^\n]{20}[，、]$")
_NEXT_LINE = Pattern(
    r"[ \t\u3000]*\n[ \t\u3000]*(?=[\d“《一-鿿])(?![一二三四五六七八九十]+[、是]|\d+[.．、])"
)


def _goes_on(text: str, first: int, last: int) -> bool:
    """Whether a line stops where no sentence does: behind a comma, or behind 到 with the date to come."""
    if not _NEXT_LINE.match(text, last):
        return False
    return bool(_MIDST.search(text, max(first - 1, last - 24), last))


def _is_broken(text: str, first: int, last: int, full: int) -> bool:
    """Whether a line ends without a closing mark because it is full."""
    line = text.rfind("\n", 0, last) + 1
    newline = text.find("\n", last)
    if (
        _CLOSED.search(text, max(first, last - 4), last)
        or newline < 0
        or text[last:newline].strip()
    ):
        return False
    return width(text[line:last].strip()) >= full - 8 and not text[newline : newline + 2].isspace()


_CLOSED = re.compile(r"[。！？!?：:][”’』」）)》】\"']*$")
_LEADER = re.compile(r"(?:\.\s?|…|·|．){4,}\s*[\divxIVX]*\s*$")
_LONGEST_WRAP = 130
_FEWEST = 25
_LONG = 40


def width(words: str) -> int:
    """How wide a line is printed: a Han character counts two, as it does in GB 18030."""
    return len(words.encode("gb18030", "replace"))


@lru_cache(maxsize=256)
def wrap_width(text: str) -> int:
    """The width at which a text's lines are hard-wrapped, 0 where a line is a paragraph.

    Wrapped is a text of which half of the long lines break off without a closing mark.
    """
    lines = [line for line in text.split("\n") if len(line) * 2 >= _LONG]
    if any(len(line) > _LONGEST_WRAP and not _LEADER.search(line) for line in lines):
        return 0
    widths = []
    broken = 0
    for line in lines:
        if _LEADER.search(line):
            continue
        printed = width(line.strip())
        if printed >= _LONG:
            widths.append(printed)
            broken += not _LINE_ENDS.search(line)
    if len(widths) < _FEWEST or broken * 2 < len(widths):
        return 0
    widths.sort()
    return widths[len(widths) * 3 // 4]


_LINE_ENDS = re.compile(r"[。！？：；!?:;」』”】]\s*$")


@dataclass(frozen=True, slots=True)
class Folded:
    """A shadow copy for comparing: ``text`` and the way back to the original's positions.

    ``breaks`` are positions in ``text`` where the shift changes, ``shifts`` what to add from there.
    """

    text: str
    breaks: tuple[int, ...] = (0,)
    shifts: tuple[int, ...] = (0,)

    def to_original(self, position: int) -> int:
        """Where a position of the shadow stands in the original.

        >>> fold("目　录Ａ").to_original(1)
        2
        """
        return position + self.shifts[bisect_right(self.breaks, position) - 1]


_SPACES_BETWEEN_HAN = Pattern(rf"(?<=[{HAN}])[ \t\u3000\u00a0]+(?=[{HAN}])")
_table: dict[int, str] = {}


@cache
def _converter() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")


def _learn(characters: set[str]) -> None:
    """Add unseen characters to the folding table; one conversion for all of them."""
    fresh = sorted(c for c in characters if ord(c) not in _table)
    if not fresh:
        return
    plain = [_RADICALS.get(c) or unicodedata.normalize("NFKC", c).lower() or c for c in fresh]
    joined = "\n".join(p.replace("\n", " ") for p in plain)
    if not joined.isascii():
        joined = _converter().convert(joined)
    for original, folded in zip(fresh, joined.split("\n"), strict=True):
        _table[ord(original)] = original if original == "\n" else folded


_BROKEN_LINE = Pattern(rf"(?<=[{HAN}])\s*\n\s*|\s*\n\s*(?=[{HAN}])")
_BROKEN_WORDS = Pattern(r"[ \t]*\n\s*")


def fold(text: str, *, joined: bool = False) -> Folded:
    r"""A shadow of a text: width, case, script and radicals folded, spaces between Han dropped.

    ``joined``: what a line's end tore apart is put together again, for one sentence on several lines.

    >>> fold("防　汛ＡＢ臺⻔").text, fold("到\n2025年底前", joined=True).text
    ('防汛ab台门', '到2025年底前')
    """
    _learn(set(text))
    wide = {c for c in set(text) if len(_table[ord(c)]) != 1}
    edits = [(*gap.span(), "") for gap in _SPACES_BETWEEN_HAN.finditer(text)]
    if joined and "\n" in text:
        edits += [(*gap.span(), "") for gap in _BROKEN_LINE.finditer(text)]
        edits += [(*gap.span(), " ") for gap in _BROKEN_WORDS.finditer(text)]
        edits.sort(key=lambda edit: (edit[0], edit[2]))
    if not wide and not edits:
        return Folded(text.translate(_table))
    return _fold_with_shifts(text, wide, edits)


def _fold_with_shifts(text: str, wide: set[str], edits: list[tuple[int, int, str]]) -> Folded:
    if wide:
        pattern = re.compile("[" + "".join(map(re.escape, sorted(wide))) + "]")
        edits += [(m.start(), m.end(), _table[ord(m.group())]) for m in pattern.finditer(text)]
        edits.sort()
    pieces: list[str] = []
    breaks, shifts = [0], [0]
    done = length = 0
    for start, end, put in edits:
        if start < done:
            continue
        piece = text[done:start].translate(_table)
        length += len(piece)
        for k in range(1, len(put)):  # the tail of an expanded character points at that character
            breaks.append(length + k)
            shifts.append(start - length - k)
        pieces += (piece, put)
        length += len(put)
        done = end
        breaks.append(length)
        shifts.append(end - length)
    pieces.append(text[done:].translate(_table))
    return Folded("".join(pieces), tuple(breaks), tuple(shifts))
