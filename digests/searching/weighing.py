"""Candidate passages -> scores and hits: what is checked and weighed character by character."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import log

from digests.chinese import sentences
from digests.patterns import Pattern
from digests.report import Span
from digests.searching.asking import Ask
from digests.searching.querying import Query
from digests.searching.shadowing import positions, shadow
from digests.searching.shelving import Group
from digests.searching.stocking import Kept

_AMISS = 0.85  # of an occurrence that reaches across two other words
_COMMON = 0.4  # of a word's own frequency: its neighbours are words themselves
MENTIONED = 0.8  # of an answer: a time is named, but none by which a thing is to be done
_ABOVE = 0.3  # of a word that stands only in a heading over the passage's own
SHORTEST = 60  # characters of a hit; shorter ones take a neighbour sentence along


@dataclass(frozen=True, slots=True)
class Weighed:
    """A passage with its score; ``share`` of what was asked that it holds, and whether it looks
    like an answer to the kind of question (``answers``, 0 to 1).
    """

    kept: Kept
    score: float
    share: float
    answers: float
    asked_when: bool


_CLOSED = Pattern(r"[。！？!?；;：:…][”’』」）)》】]*$")
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
_SIGNS = {
    Ask.WHEN: _WHEN,
    Ask.AMOUNT: _AMOUNT,
    Ask.HOW: _HOW,
    Ask.WHAT: _WHAT,
    Ask.WHO: _WHO,
    Ask.WHERE: _WHERE,
    Ask.WHY: _WHY,
}


_UNDER_HEADINGS = (Ask.WHEN, Ask.AMOUNT)  # their answers are told by their looks


def occurrences(word: str, text: str) -> Iterator[int]:
    """Where a word stands; a number never matches inside a longer one.

    >>> list(occurrences("5%", "5%和15%")), list(occurrences("防汛", "防汛防汛"))
    ([0], [0, 2])
    """
    at = text.find(word)
    while at >= 0:
        if _free(word, text, at):
            yield at
        at = text.find(word, at + len(word))


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


def weigh(
    kept: Kept, groups: Sequence[Group], query: Query, pairs: Mapping[str, int]
) -> Weighed | None:
    """The score of a passage, None where a required group is missing.

    ``pairs`` tells how common a pair of characters is, for words that reach across two others.
    """
    body, heads = kept.body, kept.heads
    values = [_best(group, body, heads, pairs) for group in groups]
    if any(value <= 0 and not g.optional for g, (value, _) in zip(groups, values, strict=True)):
        return None
    places = [where for _, where in values if where >= 0]
    answers = _answers(kept, kept.printed, groups, query) if query.looks_for else 0.0
    if not places and not kept.first and not (answers and query.ask in _UNDER_HEADINGS):
        return None  # a heading alone answers once, with its section's first passage
    sizes = [0 if g.soft else len(g.words[0]) for g in groups]
    held = sum(size for size, (value, _) in zip(sizes, values, strict=True) if value > 0)
    if not held:
        return None
    score = sum(value for value, _ in values)
    if len(places) > 1:
        score *= 1 + 0.25 * max(0.0, 1 - (max(places) - min(places)) / 120)
    score *= 1 + 0.8 * answers
    score *= _standing(kept, query.ask) * (1.0 if places else 0.7)
    score /= 0.85 + 0.15 * min(len(body), 300) / 200
    return Weighed(kept, score, held / sum(sizes), answers, query.ask is Ask.WHEN)


def _standing(kept: Kept, ask: Ask | None) -> float:
    """Openings and closings, and what looks back, stand a little behind; figures look back."""
    factor = 0.85 if kept.address is None else 1.0
    return factor * (0.9 if kept.review and ask is not Ask.AMOUNT else 1.0)


def _best(
    group: Group, body: str, heads: tuple[str, str], pairs: Mapping[str, int]
) -> tuple[float, int]:
    """The weight of a group in a passage and where in the body it stands first (-1: heading)."""
    best, first = 0.0, -1
    head, above = heads
    for index, word in enumerate(group.words):
        found = list(occurrences(word, body))
        titled = word in head
        if not found and not titled and word not in above:
            continue
        count = len(found) - _AMISS * sum(_is_across(word, body, at, pairs) for at in found)
        value = count / (count + 0.6)
        value += 0.5 * (len(word) + 2) / (len(head) + 2) + 0.35 if titled else 0.0
        value = value or _ABOVE
        value *= group.rarities[index]
        value *= 1.0 if index == 0 else max(0.9 - 0.05 * (index - 1), 0.6)
        if value > best:
            best, first = value, found[0] if found else -1
    return best, first


def _is_across(word: str, text: str, at: int, pairs: Mapping[str, int]) -> bool:
    """Do the two characters belong to two other words (人民|生活 for 民生)?"""
    if len(word) != 2 or not 0 < at < len(text) - 2:  # noqa: PLR2004 -- longer ones hardly ever
        return False
    common = pairs[word] * _COMMON
    return pairs[text[at - 1 : at + 1]] > common and pairs[text[at + 1 : at + 3]] > common


def sign_of(query: Query) -> Pattern:
    """What an answer to the question looks like."""
    if query.unit:
        return _counted(query.unit)
    return _SIGNS[query.looks_for or Ask.HOW]


@cache
def _counted(unit: str) -> Pattern:
    unit = {
        "天": "[天日]",
        "钱": "[万亿]?元",
        "人": "[人名]",
        "久": "(个?工作日|个?月|[日天年])",
    }.get(unit, re.escape(unit))
    return Pattern(rf"(\d|[一二三四五六七八九十百千]){{1,6}}[万亿多余]?{unit}")


def _answers(kept: Kept, body: str, groups: Sequence[Group], query: Query) -> float:
    """How much the passage looks like an answer: the sign near the words, or somewhere."""
    sign = sign_of(query)
    near = 0.4 if sign.search(body) else 0.0
    for word in (w for g in groups for w in g.words):
        for at in occurrences(word, body):
            around = (max(0, at - 30), at + len(word) + 40)
            if sign.search(body, *around):
                binding = query.ask is not Ask.WHEN or _BINDING.search(body, *around)
                near = max(near, 1.0 if binding else MENTIONED)
    if query.ask is Ask.HOW and kept.review:
        near *= 0.3
    return near


def rarity(frequency: int, count: int) -> float:
    """The weight of a word that stands in ``frequency`` of ``count`` passages."""
    return log(1 + (count - frequency + 0.5) / (frequency + 0.5))


# ---- from a passage to a hit -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cut:
    """The part of a passage that answers, and the words found in it; positions in the report."""

    start: int
    end: int
    found: tuple[Span, ...]


def cut(kept: Kept, groups: Sequence[Group], query: Query, least: int = SHORTEST) -> Cut:
    """The fewest whole sentences of a passage that hold what was asked, ``least`` characters."""
    spans = _sentences(kept.text)
    skip = kept.start - kept.lead
    body = [s for s in spans if s.start >= skip] or spans
    marks = [_marks(kept.text[s.start : s.end], groups, query) for s in body]
    if any(m for m in marks):
        first, last = _window(marks)
        first, last = _grown(body, first, last, least)
        start, end = body[first].start, body[last].end
    else:  # the heading answers: it is printed with what follows it
        first, last = _grown(body, 0, 0, least)
        start, end = 0, body[last].end
    words = kept.text[start:end]
    return Cut(kept.lead + start, kept.lead + end, tuple(_found(words, kept.lead + start, groups)))


def _sentences(text: str) -> list[Span]:
    """The sentences of a passage; a line end inside one is a hard wrap."""
    found: list[Span] = []
    for span in sentences(text):
        if found and not _CLOSED.search(text[found[-1].start : found[-1].end]):
            found[-1] = Span(found[-1].start, span.end)
        else:
            found.append(span)
    return found


def _marks(words: str, groups: Sequence[Group], query: Query) -> frozenset[int]:
    text = shadow(words)
    marks = {
        i
        for i, g in enumerate(groups)
        if any(next(occurrences(w, text), None) is not None for w in g.words)
    }
    if marks and query.ask is not None and sign_of(query).search(text):
        marks.add(-1)
    return frozenset(marks)


def _window(marks: Sequence[frozenset[int]]) -> tuple[int, int]:
    """The shortest run of sentences that holds the most groups."""
    everything = frozenset().union(*marks)
    best: tuple[int, int, int] = (len(marks) + 1, 0, len(marks) - 1)
    for first in range(len(marks)):
        held: frozenset[int] = frozenset()
        for last in range(first, len(marks)):
            held |= marks[last]
            if held == everything:
                best = min(best, (last - first, first, last))
                break
    return best[1], best[2]


def _grown(spans: Sequence[Span], first: int, last: int, least: int) -> tuple[int, int]:
    while spans[last].end - spans[first].start < least:
        if last + 1 < len(spans):
            last += 1
        elif first > 0:
            first -= 1
        else:
            break
    return first, last


def _found(words: str, start: int, groups: Iterable[Group]) -> Iterator[Span]:
    text, where = positions(words)
    spans = {
        (where[at], where[at + len(word) - 1] + 1)
        for group in groups
        for word in group.words
        for at in occurrences(word, text)
    }
    reached = -1
    for first, last in sorted(spans, key=lambda s: (s[0], -s[1])):
        if first >= reached:
            yield Span(start + first, start + last)
            reached = last
