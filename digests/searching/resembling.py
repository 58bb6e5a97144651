"""A sentence in the reader's own words -> the passages most like it, character by character.

Everyday speech and official prose often share the characters where they share no word: 随地大小便 and
随地便溺, 扔 and 抛. It is the last resort, and only for what is long enough to tell.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from digests.patterns import Pattern
from digests.searching.asking import Ask
from digests.searching.glossing import Glossary
from digests.searching.querying import Query
from digests.searching.shadowing import STOP, shadow
from digests.searching.shelving import Shelf
from digests.searching.weighing import rarity

_NAME = 2  # characters of most names of places
_ACTS = Pattern(  # what a clause begins with, where it is no name
    r"^(加快|推进|推动|促进|建设|建成|开展|实施|完善|优先|提升|支持|鼓励|发展|打造|构建|加强|深化|落实|确保|做好|抓好|强化"
    r"|全面|积极|继续|大力|扎实|切实|有序|稳步|提高|健全|建立|严格|启动|新增|完成|实现|扩大|增加|优化|保障|改善|发挥)"
    r"|[的了和与及或在对把将向从为以等其各每不要]"
)
_SHORTEST = 3  # characters that tell
_ALONE = 0.7  # of a character that stands there without its neighbour
_ENOUGH, _ENOUGH_ASKED = 0.68, 0.5
_EMPTY = frozenset(
    "的了在是有和与吗呢么我你他她它们这那哪什怎样几谁个要不没能可以会被把给对从到就都也还吧啊呀往里去来着过得很太子"
    "请问想知一为啥何应该让叫跟"
)


@dataclass(frozen=True, slots=True)
class Likeness:
    """The characters that tell, each with its weight, and the words that hold them wholly.

    ``words``: a pair of them that stands somewhere, or a word they say otherwise, and what it holds.
    """

    weights: dict[str, float]
    words: tuple[tuple[str, str], ...]
    enough: float

    def share(self, body: str) -> float:
        """How much of the weight a passage holds."""
        there = [(word, holds) for word, holds in self.words if word in body]
        whole = {c for _, holds in there for c in holds}
        for word, holds in there:
            if word != holds:  # what stands for other characters does not bring its own
                body = body.replace(word, STOP)
        held = sum(
            weight * (1.0 if c in whole else _ALONE)
            for c, weight in self.weights.items()
            if c in whole or c in body
        )
        return held / sum(self.weights.values())


def likeness(query: Query, shelf: Shelf, glossary: Glossary) -> Likeness | None:
    """What to compare; None where a query is too short to be like anything."""
    said = "".join(query.core)
    telling = [c for c in dict.fromkeys(said) if c not in _EMPTY and not c.isascii()]
    if len(telling) < _SHORTEST or query.phrases or query.counts:  # a word beside it tells nothing
        return None
    pairs = dict.fromkeys(said[i : i + 2] for i in range(len(said) - 1))
    standing = [(p, p) for p in pairs if set(p) <= set(telling) and shelf.frequencies[p]]
    standing += _otherwise(query, shelf, glossary)
    if not standing:
        return None
    known = {c: _weight(c, shelf) for c in telling if shelf.has(c)}
    usual = sum(known.values()) / len(known) if known else 1.0
    weights = {c: known.get(c, usual) for c in telling}
    asks = query.is_question and query.ask is not Ask.WHAT  # what is to be explained must be there
    return Likeness(weights, tuple(standing), _ENOUGH_ASKED if asks else _ENOUGH)


def in_full(word: str, quote: str) -> str:
    """A word with the name before it, where only that stands between it and the last stop.

    >>> in_full("城际线", "杭绍台高速通车，绍兴城际线接入杭州。"), in_full("城际线", "通车，加快城际线建设。")
    ('绍兴城际线', '城际线')
    """
    body = shadow(quote)
    at = body.find(word)
    begin = body.rfind(STOP, 0, max(at, 0)) + 1
    name = body[begin:at]
    if at > 0 and begin and len(name) == _NAME and not _ACTS.search(name):
        return name + word
    return word


def _otherwise(query: Query, shelf: Shelf, glossary: Glossary) -> Iterator[tuple[str, str]]:
    """What the words in a query are written as, with the characters that were said."""
    for term in query.core:
        each = [(i, i + 1) for i in range(len(term))]
        for start, end in [(0, len(term)), *glossary.inside(term), *each]:
            for other in glossary.exactly(term[start:end]):
                if shelf.may_stand(other):
                    yield other, term[start:end]


def _weight(character: str, shelf: Shelf) -> float:
    return rarity(min(shelf.vocabulary.total(character), shelf.count), max(shelf.count, 1))
