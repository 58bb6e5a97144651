"""A sentence in the reader's own words -> the passages most like it, character by character.

Everyday speech and official prose often share the characters where they share no word: 随地大小便 and
随地便溺, 扔 and 抛. It is the last resort, and only for what is long enough to tell.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from digests.searching.querying import Query
from digests.searching.shelving import Shelf
from digests.searching.weighing import rarity
from digests.searching.widening import Words

_SHORTEST = 4  # characters that tell
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
        whole = {c for word, holds in self.words if word in body for c in holds}
        held = sum(
            weight * (1.0 if c in whole else _ALONE)
            for c, weight in self.weights.items()
            if c in whole or c in body
        )
        return held / sum(self.weights.values())


def likeness(query: Query, shelf: Shelf, words: Words) -> Likeness | None:
    """What to compare; None where a query is too short to be like anything."""
    said = "".join(query.core)
    telling = [c for c in dict.fromkeys(said) if c not in _EMPTY and not c.isascii()]
    if len(telling) < _SHORTEST or query.phrases:
        return None
    pairs = dict.fromkeys(said[i : i + 2] for i in range(len(said) - 1))
    standing = [(p, p) for p in pairs if set(p) <= set(telling) and shelf.frequencies[p]]
    standing += _otherwise(query, shelf, words)
    if not standing:
        return None
    known = {c: _weight(c, shelf) for c in telling if shelf.has(c)}
    usual = sum(known.values()) / len(known)
    weights = {c: known.get(c, usual) for c in telling}
    return Likeness(weights, tuple(standing), _ENOUGH if query.ask is None else _ENOUGH_ASKED)


def _otherwise(query: Query, shelf: Shelf, words: Words) -> Iterator[tuple[str, str]]:
    """What the words in a query are written as, with the characters that were said."""
    for term in query.core:
        each = [(i, i + 1) for i in range(len(term))]
        for start, end in [(0, len(term)), *words.inside(term), *each]:
            for other in words.exactly(term[start:end]):
                if shelf.may_stand(other):
                    yield other, term[start:end]


def _weight(character: str, shelf: Shelf) -> float:
    return rarity(min(shelf.vocabulary.total(character), shelf.count), max(shelf.count, 1))
