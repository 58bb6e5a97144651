"""A query as a bag: what its pairs of characters weigh, wherever a passage holds them.

The last rung of a look-up. It asks nothing of order and nearness, so it never leads where a reading
has found something: its passages fill up below. Where nothing else is found it leads only with what
holds more of the query than one half of a compound: that much of nonsense stands in any report.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from digests.searching.glossing import Glossary
from digests.searching.keeping import Kept
from digests.searching.numbering import spans
from digests.searching.querying import Query, parts
from digests.searching.shadowing import GAP, STOP
from digests.searching.shelving import Group, Shelf
from digests.searching.weighing import rarity, stands_in
from digests.searching.widening import group, ways

_SHORTEST = 4  # characters of a query that is worth taking apart
BELOW = 0.15  # of the weight, to stand below what a reading has found
ALONE = 0.4  # of the weight, where nothing else is found: more than one half of a compound
_VERB = 0.5  # of a word's weight: verbs that need not be there
_MOST = 40  # pairs of a query that are asked for


@dataclass(frozen=True, slots=True)
class Bag:
    """The pairs of a query, each with what it may be written as."""

    groups: tuple[Group, ...]
    weights: tuple[float, ...]
    whole: float

    def share(self, kept: Kept) -> float:
        """How much of the weight a passage or the headings above it hold."""
        texts = (kept.body, *kept.heads)
        held = (
            weight
            for g, weight in zip(self.groups, self.weights, strict=True)
            if any(stands_in(word, text) for word in g.words for text in texts)
        )
        return sum(held) / self.whole


def bag(query: Query, shelf: Shelf, glossary: Glossary) -> Bag | None:
    """What to gather; None where the query is too short, or wants its words just so."""
    if query.phrases or sum(map(len, query.terms)) < _SHORTEST:
        return None
    count = max(shelf.count, 1)
    weighed = {
        g.words[0]: (g, weight * rarity(min(shelf.frequency(g.words[0]), count), count))
        for terms, weight in ((query.core, 1.0), (query.soft, _VERB))
        for term in terms
        for g in _pairs(term, shelf, glossary)
    }
    kept = list(weighed.values())[:_MOST]
    if not any(shelf.may_stand(w) for g, _ in kept for w in g.words):
        return None
    weights = tuple(weight for _, weight in kept)
    apart = max(len(query.core) - 1, 0) * max(weights)  # two words side by side are a pair, too
    return Bag(tuple(g for g, _ in kept), weights, sum(weights) + apart)


def _pairs(term: str, shelf: Shelf, glossary: Glossary) -> Iterator[Group]:
    """The pairs of a term, its numbers and Latin words whole; with what is written for them."""
    said = [
        (start, end, other)
        for start, end in [(0, len(term)), *glossary.inside(term)]
        for other in glossary.exactly(term[start:end])
        if shelf.may_stand(other)
    ]
    at = 0
    for part in parts(term):
        at = term.find(part, at)
        for start, end in _units(part):
            others = [o for a, b, o in said if a <= at + start and at + end <= b]
            word = part[start:end]
            yield replace(group((*ways(word, shelf), *others), shelf), optional=True)
        at += len(part)


def _units(part: str) -> Iterator[tuple[int, int]]:
    if part.isascii() or next(spans(part), None) == (0, len(part)):
        start = 0
        for word in part.split(GAP):
            if word:
                yield start, start + len(word)
            start += len(word) + 1
        return
    for i, (one, other) in enumerate(pairwise(part)):
        if not {one, other} & {STOP, GAP}:
            yield i, i + 2
