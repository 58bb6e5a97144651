"""A text -> what is compared in a look-up: folded, without quotation marks and spaces, in bigrams.

The *shadow* of a text keeps every character that carries meaning; what only decorates it (quotation
marks, brackets, 、, spaces) is dropped, and what separates (，。；：, line ends) becomes ``STOP``,
so that no word reaches across a comma. Tokens are pairs of neighbours, so that a token's position
is its character's position and a phrase can be asked for exactly.
"""

import re
from bisect import bisect_left
from functools import cache
from operator import add

from digests.chinese import fold

STOP = "¶"
_DROPPED = (
    "“”‘’\"'「」『』《》〈〉〔〕【】（）()[]{}<>、·•‧・…*#_`|\\~"
    " \t\r\u3000\u00a0\u200b\u200c\u200d\u2060\ufeff"
)
_STOPS = "，。；：！？,;:!?\n\u2028\u2029\v\f¶"
_DASHES = "—–－―‐‑‒−─"
_KEPT: dict[int, str | None] = {
    **{ord(c): None for c in _DROPPED},
    **{ord(c): STOP for c in _STOPS},
    **{ord(c): "-" for c in _DASHES},
    ord("○"): "〇",
}
_COMMA_IN_NUMBER = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_OTHER_SPACE = re.compile(r"\s+")


def shadow(text: str) -> str:
    """The characters that count.

    >>> shadow("“外防输入、內防擴散”，ＧＤＰ 1,234亿")
    '外防输入内防扩散¶gdp1234亿'
    """
    return _bare(fold(text).text)


def _bare(folded: str) -> str:
    if "," in folded:
        folded = _COMMA_IN_NUMBER.sub("", folded)
    return _OTHER_SPACE.sub("", folded.translate(_KEPT))


def positions(text: str) -> tuple[str, list[int]]:
    """The shadow, and for each of its characters where it stands in the text; one more at the end.

    >>> positions("“甲 ”乙")
    ('甲乙', [1, 4, 5])
    """
    folded = fold(text)
    commas = {m.start() for m in _COMMA_IN_NUMBER.finditer(folded.text)}
    kept: list[str] = []
    where: list[int] = []
    for index, character in enumerate(folded.text):
        put = _KEPT.get(ord(character), character)
        if put is None or index in commas or put.isspace():
            continue
        kept.append(put)
        where.append(folded.to_original(index))
    where.append(len(text))
    return "".join(kept), where


def tokens(shadowed: str) -> str:
    """The pairs of neighbours, joined by spaces; the last character stands before STOP.

    >>> tokens("甲乙¶丙")
    '甲乙 乙¶ ¶丙 丙¶'
    """
    return " ".join(map(add, shadowed, shadowed[1:] + STOP))


# ---- sounds ----------------------------------------------------------------------------------

_SOUNDS = 0xE000  # private-use characters stand for syllables


@cache
def _table() -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    """Syllable -> its sign, and Han character -> its syllables, the usual one first."""
    from importlib.resources import files

    signs: dict[str, str] = {}
    usual: dict[str, list[str]] = {}
    also: dict[str, list[str]] = {}
    lines = files("digests").joinpath("syllables.txt").read_text("utf-8").splitlines()
    for line in lines[1:]:
        name, first, second = line.split(" ")
        signs[name] = chr(_SOUNDS + len(signs))
        for readings, characters in ((usual, first), (also, second)):
            for character in characters.replace("-", ""):
                readings.setdefault(character, []).append(name)
    return signs, {c: (*names, *also.get(c, ())) for c, names in usual.items()}


@cache
def _sound_table() -> dict[int, str]:
    signs, readings = _table()
    return {ord(c): signs[names[0]] for c, names in readings.items()}


def sounds(shadowed: str) -> str:
    """The shadow with every Han character replaced by its usual syllable's sign."""
    return shadowed.translate(_sound_table())


def sound_of(syllable: str) -> str | None:
    """The sign of a syllable written in letters, None where there is no such syllable."""
    return _table()[0].get(syllable)


def readings_of(character: str) -> tuple[str, ...]:
    """The syllables a character can be read as."""
    return _table()[1].get(character, ())


@cache
def other_signs(syllable: str) -> tuple[str, ...]:
    """Signs under which characters may be indexed that can also be read as this syllable."""
    signs, readings = _table()
    return tuple(sorted({signs[names[0]] for names in readings.values() if syllable in names}))


@cache
def _longest_first() -> tuple[list[str], int]:
    names = sorted(_table()[0])
    return names, max(map(len, names), default=0)


def spell(letters: str, most: int = 8) -> list[tuple[str, ...]]:
    """The ways to read letters as syllables, at most ``most``, fewest syllables first.

    >>> spell("fangxun")
    [('fang', 'xun')]
    """
    names, longest = _longest_first()
    found: list[tuple[str, ...]] = []

    def read(at: int, done: tuple[str, ...]) -> None:
        if len(found) >= most * 4:
            return
        if at == len(letters):
            found.append(done)
            return
        for length in range(min(longest, len(letters) - at), 0, -1):
            name = letters[at : at + length]
            index = bisect_left(names, name)
            if index < len(names) and names[index] == name and (length > 1 or name in "aeo"):
                read(at + length, (*done, name))

    read(0, ())
    return sorted(found, key=len)[:most]
