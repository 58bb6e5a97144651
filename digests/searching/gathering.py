"""A query as a bag of words: what they weigh, whichever way a passage writes them.

The last rung of a look-up. It asks nothing of order and nearness, so it never leads where a reading
has found something: its passages fill up below. Where nothing else is found it leads only with what
holds more of the query than one half of a compound: that much of nonsense stands in any report.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from digests.searching.keeping import Kept
from digests.searching.querying import Query
from digests.searching.segmenting import Unit
from digests.searching.shelving import Group, Shelf
from digests.searching.weighing import stands_in
from digests.searching.widening import group

BELOW = 0.15  # of the weight, to stand below what a reading has found
ALONE = 0.6  # of the weight, where nothing else is found: more than one half of a compound
ALONE_ASKED = 0.51  # the same for a question, which holds more of the reader's own words
_VERB = 0.5  # of a word's weight: verbs that need not be there
_ONE, _EACH = 0.9, 0.5  # of the usual weight: an unknown word at least, and per character
_MOST = 24  # words of a query that are asked for


@dataclass(frozen=True, slots=True)
class Bag:
    """The words of a query, each with what it may be written as."""

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


def bag(query: Query, core: Iterable[Unit], soft: Iterable[Unit], shelf: Shelf) -> Bag | None:
    """What to gather of the words of a query; None where it wants them just so, or none is known."""
    if query.phrases or query.asks_what_is_counted:
        return None
    found: dict[str, tuple[Unit, float]] = {}
    for units, share in ((core, 1.0), (soft, _VERB)):
        for unit in units:
            found.setdefault(unit.said, (unit, share))
    kept = list(found.values())[:_MOST]
    known = [
        (replace(group(unit.ways, shelf), optional=True), share)
        for unit, share in kept
        if unit.ways
    ]
    if not known:
        return None
    weights = tuple(share * max(g.rarities) for g, share in known)
    usual = sum(weights) / len(weights)
    unknown = usual * sum(share * _size(unit.said) for unit, share in kept if not unit.ways)
    return Bag(tuple(g for g, _ in known), weights, sum(weights) + unknown)


def _size(unknown: str) -> float:
    """How many words an unknown one counts for: 魔法民宿 may be two."""
    return 1.0 if unknown.isascii() else max(_ONE, _EACH * len(unknown))
