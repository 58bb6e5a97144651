"""An address as it is said -> its labels, one after the other: 第二部分第五点 -> 2 部分, 5 点."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from digests.chinese import NUMERAL, to_number

_MEASURE = (
    "大部分|部分|大点|大项|大块|小点|小项|小块|小节|方面|重点|点|项|條|条|章|节|節|编|編|篇|款|段|块"
    "|件|是"
)
_ORDINAL = (
    rf"第\s?[（(]?(?P<ordinal>[{NUMERAL}]{{1,6}}|\d{{1,3}})[）)]?\s?个?(?P<measure>{_MEASURE})?"
    r"(?:工作|任务|举措|要求|内容|实事|大事|事)?(?:里面?|当?中|下面?|之下)?"
)
_FROM_END = (
    rf"(?:最后|最末|末尾)[一1]?\s?个?(?P<final>{_MEASURE})"
    rf"|倒数第?\s?(?P<back>[{NUMERAL}]{{1,3}}|\d{{1,2}})\s?(?P<behind>{_MEASURE})"
)
_PLAIN = (
    rf"[（(]\s?(?P<bracketed>[{NUMERAL}]{{1,4}}|\d{{1,3}})\s?[）)]"
    rf"|(?P<plain>[{NUMERAL}]{{1,4}}|\d{{1,3}}(?!\d))(?P<unit>是|条|條|章|节|節|点|项|部分)?"
)
_TOKEN = re.compile(rf"(?:{_ORDINAL}|{_FROM_END}|{_PLAIN})[\s、，,.．。·\-—－:：的之]*")
_DECIMAL = re.compile(r"^第?\s?(\d{1,2}(?:\.\d{1,2})+)\s?(?:节|小节|条|点|款|项|章|部分)?$")
_SMALL = "小"  # 第二小点 is a 点 below another
_SAME = {"大块": "大部分", "大项": "大点", "块": "点", "件": "点", "节点": "节"}

_NOUNS = {"chapter": "章", "part": "部分", "article": "条", "title": "部分"}
_NOUN = "chapter|part|article|section|sec|paragraph|para|item|point|title|one"
_NTH = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
    "eleventh", "twelfth",
)  # fmt: skip
_COUNT = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve",
)  # fmt: skip
_ENGLISH = re.compile(
    rf"(?:(?P<name>{_NOUN})s?\s*\.?\s*(?P<number>\d{{1,3}}|[ivxl]{{1,6}}|{'|'.join(_COUNT)})"
    rf"|(?:the\s+)?(?P<nth>{'|'.join(_NTH)}|last|\d{{1,2}}(?:st|nd|rd|th))\s+(?P<what>{_NOUN}))"
    r"(?![a-z\d])(?P<joint>\s*(?:,|\.(?=\d)|\b(?:of|in)\b(?:\s+the\b)?)?\s*)|(?P<bare>\d{1,3})$"
)
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50}


@dataclass(frozen=True, slots=True)
class Step:
    """One label of an address; ``measure`` is the word behind 第N, "" where the label is bare.

    A number below nought counts from the end: -1 is 最后一条.
    """

    number: int
    typed: str
    measure: str
    ordinal: bool
    bracketed: bool


def steps_of(asked: str) -> list[Step] | None:
    """The labels of an address, None where the words (folded) are no address.

    >>> [(s.number, s.measure) for s in steps_of("第二部分第五点") or ()]
    [(2, '部分'), (5, '点')]
    >>> [(s.number, s.measure) for s in steps_of("section 2 of part iii") or ()]
    [(3, '部分'), (2, '')]
    >>> [(s.number, s.measure) for s in steps_of("第三章倒数第二条") or ()]
    [(3, '章'), (-2, '条')]
    >>> steps_of("零零七"), steps_of("百日攻坚")
    (None, None)
    """
    if asked[:1].isascii() and asked[:1].isalpha():
        return _in_english(asked)
    decimal = _DECIMAL.match(asked)
    asked = decimal[1] if decimal else asked
    steps = []
    position = 0
    while position < len(asked):
        found = _TOKEN.match(asked, position)
        step = _step(found) if found else None
        if found is None or step is None:
            return None
        steps.append(step)
        position = found.end()
    return steps or None


def _step(found: re.Match[str]) -> Step | None:
    measure = next(
        (found[n] for n in ("measure", "unit", "final", "behind") if found[n] is not None), ""
    )
    measure = measure.removeprefix(_SMALL)
    measure = _SAME.get(measure, measure)
    if found["final"]:
        return Step(-1, "", measure, ordinal=True, bracketed=False)
    typed = found["ordinal"] or found["bracketed"] or found["plain"] or found["back"]
    number = to_number(typed)
    if not number or typed[0] in "0零〇○":  # no label begins with nought
        return None
    if found["back"]:
        return Step(-number, "", measure, ordinal=True, bracketed=False)
    ordinal = bool(found["ordinal"]) or measure not in {"", "是"}  # 十二条 is 第十二条
    return Step(number, typed, measure, ordinal, bool(found["bracketed"]))


def _in_english(asked: str) -> list[Step] | None:
    """As in part iii section 2, the second point of part i: from the outer to the inner."""
    found = list(_english_steps(asked))
    if not found or None in found:
        return None
    steps = [step for step in found if step is not None]
    inwards = re.search(r"\b(?:of|in)\b", asked) is None
    return steps if inwards else steps[::-1]


def _english_steps(asked: str) -> Iterator[Step | None]:
    position = 0
    while position < len(asked):
        found = _ENGLISH.match(asked, position)
        yield _english_step(found) if found else None
        if not found or not found[0]:
            return
        position = found.end()


def _english_step(found: re.Match[str]) -> Step:
    if found["nth"]:
        nth = found["nth"]
        number = -1 if nth == "last" else _NTH.index(nth) + 1 if nth in _NTH else int(nth[:-2])
        return Step(number, "", _NOUNS.get(found["what"], "点"), ordinal=True, bracketed=False)
    typed = found["number"] or found["bare"]
    measure = _NOUNS.get(found["name"] or "", "roman" if typed[0] in _ROMAN else "")
    return Step(_value(typed), typed, measure, ordinal=bool(measure), bracketed=False)


def _value(typed: str) -> int:
    if typed.isdecimal():
        return int(typed)
    if typed in _COUNT:
        return _COUNT.index(typed) + 1
    digits = [_ROMAN[c] for c in typed]
    pairs = zip(digits, [*digits[1:], 0], strict=True)
    return sum(-value if value < behind else value for value, behind in pairs)
