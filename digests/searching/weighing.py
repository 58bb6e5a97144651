"""Candidate passages -> scores and hits: what is checked and weighed character by character."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from math import log
from typing import NamedTuple, TypeAlias

from digests.patterns import Pattern
from digests.searching.asking import Ask
from digests.searching.keeping import Kept
from digests.searching.querying import Query
from digests.searching.shelving import Group

_AMISS = 0.6  # of an occurrence that reaches across two other words
_COMMON = 0.4  # of a word's own frequency: its neighbours are words themselves
MENTIONED = 0.8  # of an answer: a time is named, but none by which a thing is to be done
_BEFORE, _BEHIND = 30, 40  # characters around a word in which the sign of an answer is near
_DEFINES = 1.6  # times a passage that defines a term typed alone
_OTHER_TIME = 0.6  # of a passage that looks back where the question looks ahead, or ahead for back
_STEPS = 2.0  # of an answer to how: the steps are listed
_BESIDES = 0.3  # of the other ways to write a word that stand beside the best
_MOST_BESIDES = 0.6  # of the best, which they add at most
_NEAR = 60  # characters between words that stand near each other
_ANSWERS = 1.1  # more for what looks like the answer
_ABOVE = 0.3  # of a word that stands only in a heading over the passage's own


class Weighed(NamedTuple):
    """A passage with its score, and whether it looks like an answer to the kind of question
    (``answers``, 0 to 1).
    """

    kept: Kept
    score: float
    answers: float
    by_sign: bool


_EDGE = "0123456789abcdefghijklmnopqrstuvwxyz"
_MONTH = "(january|february|march|april|may|june|july|august|september|october|november|december)"
_WHEN = Pattern(  # a day or a deadline; a mere duration (任期5年) tells no time
    r"20\d\d年|\d{1,2}月|[〇零一二三四五六七八九十]{1,4}月|前(圆满|全面|全部)?完成|底前|年底|月底|期间|季度"
    r"|春节|(日|月|年)内|\d(个工作日|日|天)|工作日|之前|以前|汛期|今年|明年|半年|每年|当天|期限"
    rf"|\d+(day|week|month|year)s?|{_MONTH}\d|quarterly|annually|by_the_end"
)
_BINDING = Pattern(
    r"前(圆满|全面|全部)?完成|底前|节前|日前|汛期前|(日|月|年)内|工作日|之前|以前|起施行|within\d+(day|month|year)"
)
_AMOUNT = Pattern(
    r"\d[\d,.]*\s?(%|‰|万|亿|元|个|家|人|倍|位|公里|亩|吨|户|件|次|项|条|微克|平方|名|所|张|天|年)|[一二三四五六七八九十百千万]+[个家万亿倍成项条名所]"
    r"|\d(percent|million|billion|thousand|day|month|year)"
)
_HOW = Pattern(
    r"要|必须|抓好|做好|推进|加强|确保|落实|加快|深化|完善|全力|推动|提高|坚决|建立|健全|严格|开展|实施|(shall|must|should|will)_"
)
_WHAT = Pattern(
    r"是指|指的是|就是|即(?!将)|包括|意味着|，是|主要内容|围绕|分别|以下(统|简)?称|统称|简称|所称|也就是|_means?_|refers_to|defined_as"
)
_WHO = Pattern(
    r"部门|单位|党委|政府|委员会|办公室|局|牵头|负责|各级|责任|responsib|agency|office|secretary|director|shall"
)
_WHERE = Pattern(r"市|区|县|镇|街道|村|新区|园区|站|路|州|省")
_WHY = Pattern(r"因为|由于|为了|原因|意义|基础|关键|所以|因此|影响|是.{1,12}的")
_IF = Pattern(r"下列|之一|符合|具备|条件|资格|年满|周岁|的¶(可以|应当|不得)")
_SIGNS = {
    Ask.WHEN: _WHEN,
    Ask.AMOUNT: _AMOUNT,
    Ask.HOW: _HOW,
    Ask.WHAT: _WHAT,
    Ask.WHO: _WHO,
    Ask.WHERE: _WHERE,
    Ask.WHY: _WHY,
    Ask.IF: _IF,
}


_CALLED = Pattern(r"(所称|以下(统|简)?称|叫做|称为)[^¶]{0,2}$")
_DEFINED = Pattern(r"^[^¶]{0,8}¶?(是指|指的是|即指|refers_to|means?_)")
_MAY_DEFINE = Pattern("[称指]|叫做|mean|refers")  # what one of the two above holds
_PROCEDURE = Pattern(
    r"(下列|以下|如下)[^¶]{0,4}(程序|步骤|方式|流程|办法|途径)|(程序|步骤|流程)(为|如下|是)¶?"
)
_LEADS_IN = Pattern(r"(有|符合|具备|属于|存在|遇)(下列|以下)[^¶]{0,12}|(下列|以下)(情形|情况|条件)")
_DEADLINE_OR_TERM = (Ask.WHEN, Ask.WHAT, Ask.IF)  # their answers come first, whatever the score
UNDER_HEADINGS = (Ask.WHEN, Ask.AMOUNT)  # their answers are told by their looks


def occurrences(word: str, text: str) -> list[int]:
    """Where a word stands; a number never matches inside a longer one.

    >>> occurrences("5%", "5%和15%"), occurrences("防汛", "防汛防汛")
    ([0], [0, 2])
    """
    found: list[int] = []
    at = text.find(word)
    while at >= 0:
        found.append(at)
        at = text.find(word, at + len(word))
    if found and (word[0] in _EDGE or word[-1] in _EDGE):
        return [at for at in found if _free(word, text, at)]
    return found


def stands_in(word: str, text: str) -> bool:
    """Does a word stand in a text? As ``occurrences``, which of most words nobody needs to know.

    >>> stands_in("5%", "15%"), stands_in("防汛", "抓好防汛")
    (False, True)
    """
    if word not in text:
        return False
    return (word[0] not in _EDGE and word[-1] not in _EDGE) or bool(occurrences(word, text))


def _free(word: str, text: str, at: int) -> bool:
    before = text[at - 1] if at else ""
    after = text[at + len(word)] if at + len(word) < len(text) else ""
    if word[0] in _EDGE and before and _joined(before, word[0]):
        return False
    return not (word[-1] in _EDGE and after and _joined(after, word[-1]))


def _joined(neighbour: str, edge: str) -> bool:
    """Would the neighbour make the number or Latin word another one?"""
    if edge.isdigit():
        return neighbour.isdigit() or neighbour == "."
    return neighbour in _EDGE and not neighbour.isdigit()


class Scale:
    """What a reading weighs passages by; all that does not hang on the passage is worked out once.

    ``pairs`` tells how common a pair of characters is, for words that reach across two others.
    """

    def __init__(self, groups: Sequence[Group], query: Query, pairs: Mapping[str, int]) -> None:
        self._groups = groups
        self._query = query
        self._pairs = pairs
        self._ways = [(tuple(_ways(group, pairs)), group.optional, group.soft) for group in groups]
        alone = query.looks_for is None and len(groups) == 1
        self._defined = groups[0].words[0] if alone and len(groups[0].words[0]) > 2 else ""  # noqa: PLR2004 -- a term, not just any word

    def weigh(self, kept: Kept) -> Weighed | None:
        """The score of a passage, None where a required group is missing."""
        query = self._query
        score, places = self._sums(kept)
        if not score:
            return None
        answers = _answers(kept, kept.printed, self._groups, query) if query.looks_for else 0.0
        if not places and not kept.first and not (answers and query.ask in UNDER_HEADINGS):
            return None  # a heading alone answers once, with its section's first passage
        if len(places) > 1:
            score *= 1 + 0.25 * max(0.0, 1 - (max(places) - min(places)) / _NEAR)
        score *= 1 + _ANSWERS * answers
        if self._defined and _is_defined(self._defined, kept.printed):
            score *= _DEFINES
        score *= _standing(kept, query) * (1.0 if places else 0.7)
        score /= 0.85 + 0.15 * min(len(kept.body), 300) / 200
        by_sign = query.ask in _DEADLINE_OR_TERM or answers > 1
        return Weighed(kept, score, answers, by_sign)

    def _sums(self, kept: Kept) -> tuple[float, list[int]]:
        """The weight of all groups and where they stand first; 0 where only soft ones do, or a
        required one is missing.
        """
        score, held = 0.0, False
        places: list[int] = []
        for ways, optional, soft in self._ways:
            value, place = self._best(ways, kept)
            if value > 0:
                held = held or not soft
                score += value
            elif not optional:
                return 0.0, []
            if place >= 0:
                places.append(place)
        return (score if held else 0.0), places

    def _best(self, ways: Iterable["_Way"], kept: Kept) -> tuple[float, int]:
        """The weight of a group in a passage and where in the body it stands first (-1: heading)."""
        best, first = 0.0, -1
        values: list[tuple[float, str]] = []
        body, (head, above) = kept.body, kept.heads
        for word, factor, common in ways:
            found = occurrences(word, body) if word in body else _NOWHERE
            titled = word in head
            if found:
                count: float = len(found)
                if common is not None:
                    count -= _AMISS * self._across(found, body, common)
                value = count / (count + 0.6)
            elif titled or word in above:
                value = 0.0
            else:
                continue
            if titled:
                value += 0.5 * (len(word) + 2) / (len(head) + 2) + 0.35
            value = (value or _ABOVE) * factor
            values.append((value, word))
            if value > best:
                best, first = value, found[0] if found else -1
        return best + _besides(values), first

    def _across(self, found: Sequence[int], text: str, common: float) -> int:
        """How often do the two characters belong to two other words (人民|生活 for 民生)?"""
        pairs = self._pairs
        last = len(text) - 2
        return sum(
            0 < at < last
            and pairs[text[at - 1 : at + 1]] > common
            and pairs[text[at + 1 : at + 3]] > common
            for at in found
        )


_Way: TypeAlias = "tuple[str, float, float | None]"
"""A word of a group, its weight, and how common its neighbours are where it is two halves."""
_NOWHERE: list[int] = []


def _besides(values: Sequence[tuple[float, str]]) -> float:
    """What other ways to write a word add, where they stand beside the best: the matter is the same."""
    if len(values) < 2:  # noqa: PLR2004 -- the best alone
        return 0.0
    best, word = max(values)
    others = sorted((v for v, w in values if w not in word and word not in w), reverse=True)
    return min(_BESIDES * sum(others[:3]), _MOST_BESIDES * best)


def _ways(group: Group, pairs: Mapping[str, int]) -> Iterator[_Way]:
    """The words of a group; another way to write a word tells no more than the word itself."""
    for index, word in enumerate(group.words):
        tells = min(group.rarities[index], group.rarities[0])
        factor = tells * (1.0 if not index else max(0.9 - 0.05 * (index - 1), 0.6))
        common = pairs[word] * _COMMON if len(word) == 2 else None  # noqa: PLR2004 -- longer words hardly ever reach across two others
        yield word, factor, common


def _standing(kept: Kept, query: Query) -> float:
    """Openings and closings, and what looks back, stand a little behind; figures look back.

    A question that says which it wants gets it first.
    """
    factor = 0.85 if kept.address is None else 1.0
    if query.past is not None:
        return factor * (1.0 if kept.review is query.past else _OTHER_TIME)
    return factor * (0.9 if kept.review and query.ask is not Ask.AMOUNT else 1.0)


def sign_of(query: Query) -> Pattern:
    """What an answer to the question looks like."""
    if query.unit:
        return _counted(query.unit)
    return _SIGNS[query.looks_for or Ask.HOW]


@cache
def _counted(unit: str) -> Pattern:
    length = unit == "久"  # how long, how often
    unit = {
        "天": "(个?工作日|[天日])",
        "钱": "[万亿]?元",
        "人": "[人名]",
        "久": "(个?工作日|个?月|[日天年])",
    }.get(unit, re.escape(unit))
    often = "|每(天|日|周|月|季|半?年|两)|一次" if length else ""
    no_date = r"(?<!\d月)(?<!\d月\d)(?<!\d)(?!(19|20)\d\d年)"
    return Pattern(rf"{no_date}(\d|[一二三四五六七八九十百千]){{1,6}}[万亿多余]?{unit}{often}")


def _answers(kept: Kept, body: str, groups: Sequence[Group], query: Query) -> float:
    """How much the passage looks like an answer: the sign near the words, or somewhere."""
    signs = _places(sign_of(query), body)
    if query.ask is Ask.HOW and _tells_steps(groups, body):
        return _STEPS
    if not signs:
        return 0.0
    near = 0.4
    stands = False
    for word in (w for g in groups for w in g.words if w in body):
        for at in occurrences(word, body):
            stands = True
            if near < 1.0 and _is_near(signs, at - _BEFORE, at + len(word) + _BEHIND):
                binds = _binds(query, body, at, at + len(word))
                near = max(near, 1.0 if binds else MENTIONED)
    if not stands and query.ask in UNDER_HEADINGS:
        near = MENTIONED  # the heading names what the figure is of
    if query.ask is Ask.HOW:
        near *= 0.3 if kept.review else 1.0
    return near


def _is_near(signs: Sequence[tuple[int, int]], first: int, last: int) -> bool:
    """Does one of the signs stand wholly between two places?"""
    for start, end in signs:  # noqa: SIM110 -- asked for every word of every passage
        if first <= start and end <= last:
            return True
    return False


def _tells_steps(groups: Sequence[Group], body: str) -> bool:
    """Does the passage open a list of steps right behind the words asked for?"""
    words = [w for g in groups if not g.soft for w in g.words if len(w) > 1]
    found = _PROCEDURE.search(body)
    return found is not None and any(
        found.start() - _BEFORE <= at <= found.start() for w in words for at in occurrences(w, body)
    )


def _binds(query: Query, body: str, at: int, end: int) -> bool:
    """Is a day a deadline, a term being defined, a list of cases opened? Other answers bind by themselves."""
    if query.looks_for is Ask.WHEN and not query.unit:
        return _BINDING.search(body, max(0, at - _BEFORE), end + _BEHIND) is not None
    if query.looks_for is Ask.IF:
        return _LEADS_IN.search(body) is not None
    return query.looks_for is not Ask.WHAT or _defines(body, at, end)


def _is_defined(word: str, body: str) -> bool:
    return _MAY_DEFINE.search(body) is not None and any(
        _defines(body, at, at + len(word)) for at in occurrences(word, body)
    )


def _defines(body: str, at: int, end: int) -> bool:
    before, after = body[max(0, at - _BEFORE) : at], body[end : end + _BEHIND]
    return bool(_CALLED.search(before) or _DEFINED.search(after))


@lru_cache(maxsize=1024)
def _places(sign: Pattern, body: str) -> list[tuple[int, int]]:
    """Where a sign stands; several readings of a query look at the same passages."""
    return [found.span() for found in sign.finditer(body)]


def rarity(frequency: int, count: int) -> float:
    """The weight of a word that stands in ``frequency`` of ``count`` passages."""
    return log(1 + (count - frequency + 0.5) / (frequency + 0.5))
