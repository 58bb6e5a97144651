"""A text -> what is compared in a look-up: folded, without quotation marks and spaces.

The *shadow* of a text keeps every character that carries meaning; what only decorates it (quotation
marks, brackets, 、, spaces, the line ends of hard-wrapped text) is dropped, and what separates
(，。；：) becomes ``STOP``, so that no word reaches across a comma. Between two Latin words the space
does separate: there ``GAP`` stands, or "open source" would be one word. What the index holds are
the pairs of neighbours, and the Latin words and numbers whole (``runs``).
"""

import re
from bisect import bisect_left
from functools import cache

from digests.chinese import fold

STOP = "¶"
GAP = "_"
_DROPPED = (
    "“”‘’\"'「」『』《》〈〉〔〕【】（）()[]{}<>、·•‧・…*#_`|\\~\u200b\u200c\u200d\u2060\ufeff"
)
_SPACES = " \t\r\n\u3000\u00a0"
_STOPS = "，。；：！？,;:!?\u2028\u2029\v\f¶"
_DASHES = "—–－―‐‑‒−─"
_NO_RUN = re.compile(r"[^a-z0-9\uf8ff]+")
_COMMA_IN_NUMBER = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_GAP_BETWEEN = re.compile(r"[a-z]_+[a-z]")
_LOOSE_GAP = re.compile(r"(?<![a-z])_|_(?![a-z])")
_GAPS = re.compile(r"(?<=[a-z])(_)_*(?=[a-z])|_+")


class _Table(dict[int, str | None]):
    """Character -> what stands for it in the shadow, learnt as characters turn up."""

    def __missing__(self, code: int) -> str | None:
        if chr(code).isspace() and chr(code) not in _STOPS:
            self[code] = GAP
            return GAP
        folded = fold(chr(code)).text
        kept = "".join(self._put(c) for c in folded)
        self[code] = kept or None
        return kept or None

    def _put(self, character: str) -> str:
        if character in _STOPS:
            return STOP
        if character in _DROPPED or character.isspace():
            return ""
        return "-" if character in _DASHES else character


_SHADOWS = _Table(
    {
        **{ord(c): None for c in _DROPPED},
        **{ord(c): STOP for c in _STOPS},
        **{ord(c): GAP for c in _SPACES},
    }
)
_SHADOWS[ord("○")] = "〇"
MARK = "\uf8ff"  # separates texts that are turned into shadows together
_SHADOWS[ord(MARK)] = MARK


_GONE = "\uf8fe"


class _Aligned(dict[int, str]):
    """The same, with ``_GONE`` for what is dropped, so that places stay what they are."""

    def __missing__(self, code: int) -> str:
        kept = self[code] = (_SHADOWS[code] if code != ord(MARK) else None) or _GONE
        return kept


_ALIGNED = _Aligned()


def shadow(text: str) -> str:
    """The characters that count.

    >>> shadow("“外防输入、內防擴散”，ＧＤＰ 1,234亿"), shadow("an “Open Source” law")
    ('外防输入内防扩散¶gdp1234亿', 'an_open_source_law')
    """
    if "," in text:
        text = _COMMA_IN_NUMBER.sub("", text)
    return _closed(text.translate(_SHADOWS)).replace(MARK, "")


def _closed(shadowed: str) -> str:
    """Without the gaps that do not stand between two Latin words."""
    if GAP not in shadowed:
        return shadowed
    if not _GAP_BETWEEN.search(shadowed):
        return shadowed.replace(GAP, "")
    while GAP + GAP in shadowed:
        shadowed = shadowed.replace(GAP + GAP, GAP)
    return _LOOSE_GAP.sub("", shadowed)


def shadows(texts: list[str]) -> list[str]:
    """The shadows of many texts at once, which is quicker than one by one.

    >>> shadows(["防汛，", "", "ＡＢ"])
    ['防汛¶', '', 'ab']
    """
    joined = MARK.join(text.replace(MARK, "") for text in texts)
    if "," in joined:
        joined = _COMMA_IN_NUMBER.sub("", joined)
    return _closed(joined.translate(_SHADOWS)).split(MARK)


def runs(texts: list[str]) -> list[str]:
    """The Latin words and numbers of many shadows, with spaces between.

    >>> runs(["2025年gdp增长5%", "防汛"])
    ['2025 gdp 5 ', '']
    """
    return [found.lstrip() for found in _NO_RUN.sub(" ", MARK.join(texts)).split(MARK)]


def positions(text: str) -> tuple[str, list[int]]:
    """The shadow, and for each of its characters where it stands in the text; one more at the end.

    >>> positions("“甲 ”乙")
    ('甲乙', [1, 4, 5])
    """
    aligned = text.translate(_ALIGNED)
    if len(aligned) != len(text) or "," in text:
        shadowed, where = _one_by_one(text)
    else:
        where = [i for i, c in enumerate(aligned) if c != _GONE]
        shadowed = aligned.replace(_GONE, "")
    for gap in reversed(list(_GAPS.finditer(shadowed)) if GAP in shadowed else []):
        del where[gap.start() + len(gap[1] or "") : gap.end()]
    return _closed(shadowed), [*where, len(text)]


def _one_by_one(text: str) -> tuple[str, list[int]]:
    """The shadow with its gaps, where some characters have become several (㎡, ½) or commas go."""
    put = [_SHADOWS[ord(c)] if c != MARK else None for c in text]
    for comma in _COMMA_IN_NUMBER.finditer(text):
        put[comma.start()] = None
    where = [i for i, kept in enumerate(put) if kept for _ in kept]
    return "".join(filter(None, put)), where


# ---- sounds ----------------------------------------------------------------------------------


@cache
def _sounds() -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    """Syllable -> its characters, and character -> its syllables, the usual ones first."""
    from importlib.resources import files

    characters: dict[str, str] = {}
    usual: dict[str, list[str]] = {}
    also: dict[str, list[str]] = {}
    lines = files("digests").joinpath("syllables.txt").read_text("utf-8").splitlines()
    for line in lines[1:]:
        name, first, second = line.replace("-", "").split(" ")
        characters[name] = first + second
        for readings, some in ((usual, first), (also, second)):
            for character in some:
                readings.setdefault(character, []).append(name)
    return characters, {c: (*names, *also.get(c, ())) for c, names in usual.items()}


def characters_of(syllable: str) -> str:
    """The characters that can be read so, those usually read so first.

    >>> "汛" in characters_of("xun"), "重" in characters_of("chong")
    (True, True)
    """
    return _sounds()[0].get(syllable, "")


def readings_of(character: str) -> tuple[str, ...]:
    """The syllables a character can be read as, the usual one first.

    >>> readings_of("防")
    ('fang',)
    """
    return _sounds()[1].get(character, ())


@cache
def _longest_first() -> tuple[list[str], int]:
    names = sorted(_sounds()[0])
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
