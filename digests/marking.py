"""A line -> the mark it opens with: the scheme of numbering, the number, the printed label.

A mark says only what the line looks like. Whether it is a heading, and how deep, is decided from
all marks of the document together (``sifting``, ``nesting``).
"""

import re
from functools import cache, lru_cache
from typing import NamedTuple

from digests.chinese import NUMERAL, to_number

_N = f"[{NUMERAL}]"
_D = r"[0-9０-９]"
_FORMAL = "壹贰叁肆伍陆柒捌玖拾貳參陸叄"
_NTH = "First|Second|Third|Fourth|Fifth|Sixth|Seventh|Eighth|Ninth|Tenth"
_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50}
# An English word with its number is a label where it stands alone or before a title, not in a sentence.
_OPENS = r"(?:\s*(?:[.:—–]|--)+|(?=\s*$|\s+-\s|\s+[\"“(A-Z]))"
_SPELT = (
    "ONE",
    "TWO",
    "THREE",
    "FOUR",
    "FIVE",
    "SIX",
    "SEVEN",
    "EIGHT",
    "NINE",
    "TEN",
    "ELEVEN",
    "TWELVE",
)
_COUNT = rf"\s+(?:[IVXL]+|\d{{1,3}}[A-Z]{{0,2}}|[A-Z]|(?i:{'|'.join(_SPELT)}))\b"

# What a number at a line's beginning counts or dates, so that it is no label.
_COUNTED = r"[年月日時时分秒天週周個个名位所座件次項项條条款萬万億亿千百元鄉乡鎮镇縣县區区處处場场戶户歲岁]|人(?![員员才])|家(?!庭)"

# In the order in which they are tried. The name of a scheme is its identity while nesting.
_PATTERNS: tuple[tuple[str, str], ...] = (
    ("part", rf"第\s?(?:{_N}{{1,4}}|{_D}{{1,3}})\s?(?:编|編|篇|部[分份](?=[\s：:、，,—]|$))"),
    ("chapter", rf"第\s?(?:{_N}{{1,4}}|{_D}{{1,3}})\s?章"),
    ("section", rf"第\s?(?:{_N}{{1,4}}|{_D}{{1,3}})\s?(?:节|節)"),
    (
        "article",
        rf"第\s?(?:{_N}{{1,6}}|{_D}{{1,4}}(?:-{_D}{{1,2}})?)\s?(?:条|條)(?:之{_N}{{1,2}})?",
    ),
    ("first", rf"第{_N}{{1,2}}(?=[，、,：:])[，、,：:]"),
    ("cap", rf"[{_FORMAL}]{{1,3}}\s?[、．.]"),
    ("han", rf"{_N}{{1,4}}\s?(?:、|[．.](?!\d))"),
    ("han_paren", rf"[（(]\s?{_N}{{1,4}}\s?[）)](?!项(?!目)|款(?!项))|[㈠-㈩]"),
    ("han_close", rf"{_N}{{1,3}}[）)]"),
    ("arab_paren", rf"[（(]\s?{_D}{{1,3}}\s?[）)](?!\([a-z])|[⑴-⒇]"),
    ("arab_close", rf"{_D}{{1,2}}[）)]"),
    ("dotted4", rf"{_D}{{1,2}}(?:[.．]{_D}{{1,2}}){{3}}(?![\d%％])"),
    ("dotted3", rf"{_D}{{1,2}}(?:[.．]{_D}{{1,2}}){{2}}(?![\d%％])"),
    ("dotted2", rf"{_D}{{1,2}}[.．]{_D}{{1,2}}(?![\d%％亿万倍個个元米公吨])(?:[.．](?!\d)|、)?"),
    (
        "arab",
        rf"{_D}{{1,3}}\s?(?:[．.](?![\d%])|[．.](?=\d{{4}}年|\d{{1,2}}[个個])|、)|\d{{1,3}}[A-Z]{{1,2}}\.(?=\s)|[⒈-⒛]",
    ),
    (
        "numeral",
        rf"{_D}{{1,2}}[ \t\u3000]{{1,4}}(?=[一-鿿])(?!{_COUNTED})|\d{{1,3}}[A-Z]{{0,2}}[ \t]{{1,4}}(?=[A-Z])",
    ),
    ("circled", r"[①-⑳㉑-㉟❶-❿]"),
    ("is", rf"{_N}{{1,3}}(?:是|要)(?!否)"),
    ("en_title", rf"(?:TITLE|Title){_COUNT}{_OPENS}"),
    ("en_part", rf"(?:PART|Part){_COUNT}{_OPENS}"),
    ("en_chapter", rf"(?:CHAPTER|Chapter){_COUNT}{_OPENS}"),
    ("en_division", rf"(?:DIVISION|Division|SUBTITLE|Subtitle|SUBPART|Subpart){_COUNT}{_OPENS}"),
    ("en_subdivision", rf"(?:SUBDIVISION|Subdivision|SUBCHAPTER|Subchapter){_COUNT}{_OPENS}"),
    ("en_section", rf"(?:SECTION|Section|SEC\.|Sec\.){_COUNT}{_OPENS}|§\s?\d{{1,4}}\.(?!\d)"),
    ("en_article", rf"(?:ARTICLE|Article){_COUNT}{_OPENS}"),
    ("roman", r"[IVX]{1,5}(?:\.(?=\s|$)|[．、])|[Ⅰ-Ⅻ]\s?[、.．]"),
    ("letter", r"[A-Z][.．、](?=\s|$)"),
    ("letter_low", r"[a-z][.)](?=\s|$)"),
    ("letter_paren", r"[（(][a-z][）)](?=\s|$)"),
    ("capital_paren", r"[（(][A-Z][）)](?=\s|$)"),
    ("en_first", rf"(?:{_NTH})(?:ly)?,(?=\s)"),
)
_FIRST = frozenset(
    NUMERAL
    + "第"
    + _FORMAL
    + "（(0123456789０１２３４５６７８９㈠㈡㈢㈣㈤㈥㈦㈧㈨㈩⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⒈⒉⒊⒋⒌⒍⒎⒏⒐"
    "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳❶❷❸❹❺❻❼❽❾ABCDEFGHIJKLMNOPQRSTUVWXYZ§abcdefghijklmnopqrstuvwxyzⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ"
)
_NUMBER = re.compile(rf"[{NUMERAL}{_FORMAL}]+|{_D}+")
_LETTERS = re.compile(r"\b[A-Z]+\b")
_SINGLE = (
    ("①", "⑳", 1),
    ("㉑", "㉟", 21),
    ("⑴", "⒇", 1),
    ("⒈", "⒛", 1),
    ("㈠", "㈩", 1),
    ("❶", "❿", 1),
)
_SINGLES = {
    chr(code): value + code - ord(first)
    for first, last, value in _SINGLE
    for code in range(ord(first), ord(last) + 1)
}
_CLOSING = " \t\n\u3000\u00a0、．.，,：:—–-"
_GAP = " \t\u3000\u00a0"
_DASHES = "-—–"
_REACH = 40  # characters in which a mark ends
_LATIN = "PCDASTcdast§"

CUSTOM = {name: place for place, (name, _) in enumerate(_PATTERNS)} | {
    # where the order of trying is not the order of custom
    "en_title": -7,
    "en_part": -6,
    "en_chapter": -5,
    "en_division": -4,
    "en_subdivision": -3,
    "en_section": -2,
    "en_article": -1,
    "roman": 5,
    "numeral": 7,
    "letter": 8,
    "letter_low": 13,
    "capital_paren": 18,
    "arab": 8,
    "arab_paren": 14,
    "arab_close": 15,
    "dotted2": 11,
    "dotted3": 12,
    "dotted4": 13,
    "letter_paren": 17,
    "first": 30,
    "en_first": 30,
    "is": 31,
}
"""The schemes from high to low, as custom has them: only a last resort where order says nothing."""

CONTAINERS = frozenset(
    [
        "part",
        "chapter",
        "section",
        "en_title",
        "en_part",
        "en_chapter",
        "en_division",
        "en_subdivision",
    ]
)
"""What is named by a word that means a part of a document: a list inside it stays inside it."""

WORDED = CONTAINERS | {"article", "en_section", "en_article"}
"""Labels with a word of their own: such a label is one even where it stands alone in its line."""


class Mark(NamedTuple):
    """How a line begins: ``[start, body)`` is the printed label with its closing punctuation."""

    scheme: str
    number: int
    label: str
    start: int
    body: int


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in _PATTERNS))


def mark_at(text: str, start: int, end: int) -> Mark | None:
    """The mark with which ``text[start:end]`` opens, if any.

    >>> mark_at("二、展望", 0, 4)
    Mark(scheme='han', number=2, label='二', start=0, body=2)
    """
    if start >= end or text[start] not in _FIRST:
        return None
    shape = _shape(text[start : min(end, start + _REACH)])
    if shape is None:
        return None
    scheme, number, label, length = shape
    body = start + length
    while body < end and (text[body] in _GAP or (text[body] in _DASHES and label[0] in _LATIN)):
        body += 1
    return Mark(scheme, number, label, start, body)


@lru_cache(maxsize=4096)
def _shape(beginning: str) -> tuple[str, int, str, int] | None:
    """Scheme, number, label and length of the mark; each line is asked for it several times."""
    found = _pattern().match(beginning)
    if found is None or found.lastgroup is None:
        return None
    number = _number(found.lastgroup, found.group())
    if number is None:
        return None
    return found.lastgroup, number, found.group().rstrip(_CLOSING), found.end()


def _number(scheme: str, printed: str) -> int | None:
    if printed[0] in _SINGLES:
        return _SINGLES[printed[0]]
    if scheme == "en_first":
        return _NTH.split("|").index(printed.rstrip(",").removesuffix("ly")) + 1
    if scheme.startswith(("letter", "capital")):
        return ord(printed.strip("（(")[0].upper()) - ord("A") + 1
    if scheme.startswith(("roman", "en_")) and not _NUMBER.search(printed):
        return _lettered(printed)
    digits = _NUMBER.findall(printed)
    return to_number(digits[-1] if scheme.startswith("dotted") else digits[0])


def _lettered(printed: str) -> int | None:
    """The number that letters stand for: a Roman numeral, else a place in the alphabet."""
    if "Ⅰ" <= printed[0] <= "Ⅻ":
        return ord(printed[0]) - ord("Ⅰ") + 1
    letters = _LETTERS.findall(printed.upper())[-1]
    if letters in _SPELT:
        return _SPELT.index(letters) + 1
    if not set(letters) <= _ROMAN.keys():
        return ord(letters[0]) - ord("A") + 1
    values = [_ROMAN[c] for c in letters]
    total = 0
    for value, following in zip(values, [*values[1:], 0], strict=True):
        total += -value if value < following else value
    return total or None
