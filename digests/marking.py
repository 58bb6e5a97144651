"""A line -> the mark it opens with: the scheme of numbering, the number, the printed label.

A mark says only what the line looks like. Whether it is a heading, and how deep, is decided in
``outlining`` from all marks of the document together.
"""

import re
from dataclasses import dataclass

from digests.chinese import NUMERAL, to_number

_N = f"[{NUMERAL}]"
_D = r"[0-9０-９]"

# In the order in which they are tried; each names its number group by itself.
_PATTERNS: tuple[tuple[str, str], ...] = (
    ("part", rf"第(?:{_N}{{1,4}}|{_D}{{1,3}})(?:编|編|篇|部分)"),
    ("chapter", rf"第\s?(?:{_N}{{1,4}}|{_D}{{1,3}})\s?章"),
    ("section", rf"第(?:{_N}{{1,4}}|{_D}{{1,3}})(?:节|節)"),
    ("article", rf"第(?:{_N}{{1,6}}|{_D}{{1,4}})(?:条|條)(?:之{_N}{{1,2}})?"),
    ("first", rf"第{_N}{{1,2}}(?=[，、,：:])[，、,：:]"),
    ("cap", r"[壹贰叁肆伍陆柒捌玖拾貳參陸]{1,3}[、．.]"),
    ("han", rf"{_N}{{1,4}}(?:、|[．.](?!\d))"),
    ("han_paren", rf"[（(]\s?{_N}{{1,4}}\s?[）)]"),
    ("arab_paren", rf"[（(]\s?{_D}{{1,3}}\s?[）)]|{_D}{{1,2}}[）)]"),
    ("dotted", rf"{_D}{{1,2}}(?:[.．]{_D}{{1,2}}){{1,3}}(?![\d%％亿万])(?:[.．](?!\d)|、)?"),
    ("arab", rf"{_D}{{1,3}}(?:[．.](?!\d)|、)"),
    ("circled", r"[①-⑳㉑-㉟]"),
    ("is", rf"{_N}{{1,3}}(?:是|要)(?!否)"),
)
_MARK = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in _PATTERNS))
_FIRST = frozenset(
    NUMERAL + "第壹贰叁肆伍陆柒捌玖拾貳參陸（(0123456789０１２３４５６７８９①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
)
_NUMBER = re.compile(rf"[{NUMERAL}壹贰叁肆伍陆柒捌玖拾貳參陸]+|{_D}+")
_CLOSING = " \t\u3000\u00a0、．.，,：:"

ORDER = (
    "part",
    "chapter",
    "section",
    "cap",
    "article",
    "han",
    "han_paren",
    "dotted",
    "arab",
    "arab_paren",
    "circled",
    "first",
    "is",
)
"""The schemes from high to low, as custom has them: only a last resort where order says nothing."""
CUSTOM = {scheme: place for place, scheme in enumerate(ORDER)}


@dataclass(frozen=True, slots=True)
class Mark:
    """How a line begins: ``[start, body)`` is the printed label with its closing punctuation."""

    scheme: str
    number: int
    label: str
    start: int
    body: int


def mark_at(text: str, start: int, end: int) -> Mark | None:
    """The mark with which ``text[start:end]`` opens, if any.

    >>> mark_at("二、展望", 0, 4)
    Mark(scheme='han', number=2, label='二', start=0, body=2)
    """
    if start >= end or text[start] not in _FIRST:
        return None
    found = _MARK.match(text, start, end)
    if found is None or found.lastgroup is None:
        return None
    number = _number(found.lastgroup, found.group())
    if number is None:
        return None
    label = found.group().rstrip(_CLOSING)
    body = found.end()
    while body < end and text[body] in _CLOSING[:4]:
        body += 1
    return Mark(found.lastgroup, number, label, start, body)


def _number(scheme: str, printed: str) -> int | None:
    if scheme == "circled":
        code = ord(printed)
        return code - 0x245F if code < 0x2474 else code - 0x3250 + 20  # noqa: PLR2004 -- ① … ⑳, then ㉑ …
    digits = _NUMBER.findall(printed)
    return to_number(digits[-1] if scheme == "dotted" else digits[0])
