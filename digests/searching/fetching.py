"""What is wanted -> the queries that are put to the index, one after the other.

Several plain queries are quicker than one that says everything: nowhere may a word stand in the
passage or above it in one and the same query, since the engine would then look at every passage
that has either.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from digests.searching.engine import Engine
from digests.searching.keeping import Kept

_JOINED = 5  # groups asked for in one query, the rarest
_ANY = 10  # groups of which any will do, the rarest
_HEADED = 3  # groups of which one may stand in the heading
_SECTIONS = 12  # under whose headings passages are looked for

Ways = list[str]
"""Words any of which will do."""


class Plan(NamedTuple):
    """A query and how many passages of it are wanted; ``again``: all of them are among those of the
    plan before, in another order.
    """

    query: Any
    share: int
    again: bool = False


def plans(engine: Engine, must: list[Ways], may: list[Ways], most: int) -> Iterator[Plan]:
    """The best by the engine's own weight, the newest, those under a heading that says it."""
    if not must:
        rarest = sorted(may, key=lambda words: engine.frequency(words[0]))[:_ANY]
        yield Plan(engine.any_of(engine.rarest(word) for words in rarest for word in words), most)
    elif len(must) == 1 and not may:
        yield from _plans_of_one(engine, must[0], most)
    else:
        yield from _plans_of_several(engine, _joined(engine, must), may, most)


def _plans_of_one(engine: Engine, words: Ways, most: int) -> Iterator[Plan]:
    own = engine.holding("body", words[0])
    yield Plan(own, most * 2 // 3)
    yield Plan(engine.unweighed(own), most // 3, again=True)
    yield Plan(engine.holding("title", words[0]), most // 3)
    others = words[1:]
    for other in others:
        yield Plan(engine.holding("body", other), most // 3)
    if others:
        titles = engine.any_of(engine.holding("title", other) for other in others)
        yield Plan(titles, most // 6 * len(others))


def _plans_of_several(
    engine: Engine, must: list[Ways], may: list[Ways], most: int
) -> Iterator[Plan]:
    own = _holding(engine, "body", must)
    every = engine.all_of(own)
    if may:
        words = [word for words in may[:_JOINED] for word in words]
        also = engine.any_of(engine.holding("body", word) for word in words)
        yield Plan(engine.all_of([every, also]), most // 2)
        yield Plan(engine.unweighed(every), most // 2)
    else:
        yield Plan(every, most * 2 // 3)
        yield Plan(engine.unweighed(every), most // 3, again=True)
    if len(must) <= _HEADED:
        for title, rest in zip(_holding(engine, "title", must), _without_one(own), strict=True):
            yield Plan(engine.all_of([title, *rest]), most // 3)


def spare_plans(engine: Engine, must: list[Ways], may: list[Ways], most: int) -> Iterator[Plan]:
    """For where too little is found: one of the words stands in a heading above the passage."""
    if len(must) > _HEADED or len(must) + len(may) < 2:  # noqa: PLR2004 -- one stands by itself
        return
    must = _joined(engine, must)
    rests = _without_one(_holding(engine, "body", must))
    for title, rest in zip(_holding(engine, "title", must), rests, strict=True):
        below = engine.under(engine.page(title, _SECTIONS))
        yield Plan(engine.all_of([below, *rest]), most)


def _joined(engine: Engine, must: list[Ways]) -> list[Ways]:
    """The rarest groups; a single character, which the engine hardly knows, only alone."""
    words = [words for words in must if len(words[0]) > 1] or must[:1]
    return sorted(words, key=lambda ways: engine.frequency(ways[0]))[:_JOINED]


def _holding(engine: Engine, field: str, groups: Sequence[Ways]) -> list[Any]:
    return [engine.any_of(engine.holding(field, word) for word in words) for words in groups]


def _without_one(queries: Sequence[Any]) -> Iterator[list[Any]]:
    """The queries, each time without one of them."""
    for at in range(len(queries)):
        yield [*queries[:at], *queries[at + 1 :]]


class Holding:
    """The passages that hold a word of every group, letter by letter, and may answer."""

    def __init__(
        self, must: Sequence[Sequence[str]], without: Sequence[str], live: frozenset[str]
    ) -> None:
        self._must, self._without, self._live = must, without, live

    def __contains__(self, kept: Kept) -> bool:
        if kept.report not in self._live:
            return False
        body, (head, above) = kept.body, kept.heads
        for word in self._without:
            if word in body:
                return False
        for words in self._must:
            for word in words:
                if word in body or word in head or word in above:
                    break
            else:
                return False
        return True


def texts_of(kept: Kept) -> tuple[str, str, str]:
    """Where the words of a passage may stand: in itself, its heading, the headings above."""
    return (kept.body, *kept.heads)
