"""Written numbers: what they stand for, and where they stand in a sentence."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from digests.chinese import to_number

SPACE = r"[ \t\u3000]?"
ARABIC = r"(?:\d{1,3}(?:,\d{3}){1,6}(?:\.\d{1,9})?|\d{1,18}(?:\.\d{1,9})?)"
HAN = "零〇一二两三四五六七八九"
MORE = "[多余几来]"
_VALUES = {"十": 10.0, "百": 1e2, "千": 1e3}
_WHOLE = (("兆", 1e12), ("亿", 1e8), ("万", 1e4))


@dataclass(frozen=True, slots=True)
class Amount:
    """A figure in a folded sentence: ``[start, end)`` is its value; what number of what."""

    start: int
    end: int
    number: float
    unit: str


Reader = Callable[[re.Match[str], str], Amount | None]


def scaled(written: str) -> float | None:
    """The number that digits with 万 and 亿, or a Chinese numeral, stand for.

    >>> [scaled(n) for n in ("3.6亿", "8300万", "1亿2000万", "三千二百万", "三点五", "42万7,662", "两千亿")]
    [360000000.0, 83000000.0, 120000000.0, 32000000.0, 3.5, 427662.0, 200000000000.0]
    """
    total, rest = 0.0, re.sub(rf"\s|{MORE}", "", written)
    for mark, value in _WHOLE:
        head, found, tail = rest.partition(mark) if mark == "万" else rest.rpartition(mark)
        if found:
            part = scaled(head) if head else 1.0
            if part is None:
                return None
            total, rest = total + part * value, tail
    plain = _plain(rest)
    return None if plain is None else total + plain


def _plain(word: str) -> float | None:
    """Below 万: 4600, 1.5千, 三点五, 三百二十."""
    if not word:
        return 0.0
    simple = re.fullmatch(rf"({ARABIC})([十百千]?)", word)
    if simple:
        return float(simple[1].replace(",", "")) * _VALUES.get(simple[2], 1.0)
    mixed = re.fullmatch(r"(\d+)千(\d+)百?", word)
    if mixed:
        return float(mixed[1]) * 1000 + float(mixed[2]) * (100 if word.endswith("百") else 1)
    whole, point, decimals = word.partition("点")
    base = to_number(whole)
    if not point or base is None:
        return None if base is None else float(base)
    digits = "".join(str(to_number(c)) for c in decimals)
    return float(f"{base}.{digits}") if digits.isdigit() else None
