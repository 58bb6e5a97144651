"""An address as it is said -> its labels, one after the other: 第二部分第五点 -> 2 部分, 5 点."""

import re
from dataclasses import dataclass

from digests.chinese import NUMERAL, to_number

_ORDINAL = (
    rf"第\s?[（(]?(?P<ordinal>[{NUMERAL}]{{1,6}}|\d{{1,3}})[）)]?\s?"
    r"(?P<measure>大部分|部分|大点|大项|小点|小项|方面|重点|点|项|條|条|章|节|節|编|編|篇|款|段|个|是)?"
    r"(?:工作|任务|举措|要求|内容)?"
)
_PLAIN = (
    rf"[（(]\s?(?P<bracketed>[{NUMERAL}]{{1,4}}|\d{{1,3}})\s?[）)]"
    rf"|(?P<plain>[{NUMERAL}]{{1,4}}|\d{{1,3}}(?!\d))(?P<unit>是|条|條|章|节|節|点|项|部分)?"
)
_TOKEN = re.compile(rf"(?:{_ORDINAL}|{_PLAIN})[\s、，,.．。·\-—－:：的之]*")
_ENGLISH = re.compile(
    r"^(?P<name>section|sec|paragraph|para|item|point|chapter|part|article|title)s?\s*\.?\s*(?=\d|[ivxl]{1,6}(?![a-z]))"
)
_ENGLISH_MEASURES = {"chapter": "章", "part": "部分", "article": "条"}


@dataclass(frozen=True, slots=True)
class Step:
    """One label of an address; ``measure`` is the word behind 第N, "" where the label is bare."""

    number: int
    typed: str
    measure: str
    ordinal: bool
    bracketed: bool


def steps_of(asked: str) -> list[Step] | None:
    """The labels of an address, None where the words (folded) are no address.

    >>> [(s.number, s.measure) for s in steps_of("第二部分第五点") or ()]
    [(2, '部分'), (5, '点')]
    >>> steps_of("零零七"), steps_of("百日攻坚")
    (None, None)
    """
    steps = []
    position = 0
    while position < len(asked):
        found = _TOKEN.match(asked, position)
        if not found:
            return None
        typed = found["ordinal"] or found["bracketed"] or found["plain"]
        number = to_number(typed)
        if not number or typed[0] in "0零〇○":  # no label begins with nought
            return None
        measure = (found["measure"] or found["unit"] or "").removeprefix("小")
        ordinal = bool(found["ordinal"]) or measure not in {"", "是"}  # 十二条 is 第十二条
        steps.append(Step(number, typed, measure, ordinal, bool(found["bracketed"])))
        position = found.end()
    return steps or None


def in_chinese(asked: str) -> str:
    """An English address as a Chinese one, another as it is.

    >>> in_chinese("article 12"), in_chinese("section 7.5")
    ('第12条', '7.5')
    """
    found = _ENGLISH.match(asked)
    if not found:
        return asked
    measure = _ENGLISH_MEASURES.get(found["name"], "")
    rest = asked[found.end() :]
    return re.sub(r"^\d+", lambda m: f"第{m[0]}{measure}", rest) if measure else rest
