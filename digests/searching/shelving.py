"""The passages of some reports as they stand at one moment: what holds a word, and how often.

What the index brings holds the terms of a word, not always the word: it is checked letter by letter
before it counts, and where that leaves too few, more is fetched. Nothing here changes: a refresh
puts another shelf in this one's place (``storing``).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import islice, pairwise
from typing import Any, NamedTuple

from digests.report import Report
from digests.searching.engine import Engine, is_latin
from digests.searching.stocking import Kept
from digests.searching.vocabulary import Vocabulary

_REMEMBERED = 100_000  # words that stand, or do not
_READERS = 32  # kinds of readers: the public, the office, single reports
_SECTIONS = 24  # under whose headings passages are looked for
_JOINED = 5  # groups asked for in one query, the rarest
_WAYS = 6  # to say one word
_DEEPER = 4  # times as many passages are fetched where too few hold what is wanted
_CHECKED = (4, 28)  # passages looked at for a word that stands nowhere, perhaps
_GLANCED = (4, 8)  # the same for one of many guesses
_MOSTLY = 0.7  # of all reports: as many answer, and the others are left out of what was found


@dataclass(frozen=True, slots=True)
class Group:
    """Words any of which will do, the wished one first, each with the weight of its rarity.

    ``optional`` ones only add weight; ``soft`` ones do not even count among what was asked.
    """

    words: tuple[str, ...]
    rarities: tuple[float, ...]
    optional: bool = False
    soft: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """What passages must hold, what they must not hold, and the reports that may answer."""

    groups: tuple[Group, ...]
    without: tuple[str, ...]
    live: frozenset[str]


@dataclass(frozen=True, slots=True)
class Listed:
    """What the index knows of a report; ``stamp`` changes when its bytes change."""

    title: str
    issued_on: date | None
    stamp: str


def listed(report: Report) -> Listed:
    """What the index writes down about a report."""
    return Listed(report.title, report.issued_on, report.source.sha256[:16])


class Shelf:
    """The passages of some reports, ready to be searched."""

    def __init__(
        self,
        engine: Engine,
        rows: Mapping[str, Listed],
        words: Callable[[Engine], Vocabulary] = Engine.vocabulary,
    ) -> None:
        self._engine = engine
        self._read_words = words
        self.listed = rows
        self.count = engine.count
        self.frequencies = engine.frequencies
        self._keys = frozenset(rows)
        self._shares: dict[frozenset[str], float] = {}
        self._stands: dict[str, bool] = {}

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The pairs that stand here, for those who guess."""
        return self._read_words(self._engine)

    # ---- one word ----------------------------------------------------------------------------

    def has(self, character: str) -> bool:
        """Does the character stand anywhere?"""
        return character in self.vocabulary

    def latin_words(self, beginning: str) -> list[tuple[str, int]]:
        """The Latin words that begin so, each with its frequency."""
        return self._engine.runs(beginning)

    def may_stand(self, word: str) -> bool:
        """Do all its pairs stand somewhere? A quick no is all that is wanted."""
        return all(self.frequencies[a + b] for a, b in pairwise(word))

    def stands(self, word: str) -> bool:
        """Does the word stand anywhere, in a passage or a heading?"""
        if len(word) == 2:  # noqa: PLR2004 -- one pair
            return self.frequencies[word] > 0
        known = self._stands.get(word)
        if known is None:
            known = self._remember(word, self.may_stand(word) and self._is_found(word, _CHECKED))
        return known

    def standing(self, words: Iterable[str]) -> list[str]:
        """Those of some words that stand, after a glance: most often none does, as one query tells."""
        likely = [word for word in words if self.may_stand(word)]
        asked = [word for word in likely if len(word) > 2 and word not in self._stands]  # noqa: PLR2004
        while len(asked) > 1:
            texts = [_texts(k) for k in self._engine.pages(self._somewhere(asked), _GLANCED[:1])]
            for word in asked:
                if not texts or _stands_in(word, texts):
                    self._remember(word, bool(texts))
            before, asked = asked, [word for word in asked if word not in self._stands]
            if len(asked) == len(before):  # these passages only hold their pairs
                break
        left = {word for word in asked if self._is_found(word, _GLANCED)}
        return [w for w in likely if len(w) == 2 or w in left or self._stands.get(w)]  # noqa: PLR2004

    def _remember(self, word: str, stands: bool) -> bool:  # noqa: FBT001 -- what is remembered
        if len(self._stands) >= _REMEMBERED:
            self._stands.clear()
        self._stands[word] = stands
        return stands

    def _is_found(self, word: str, looked_at: Sequence[int]) -> bool:
        return any(
            _stands_in(word, [_texts(kept)])
            for kept in self._engine.pages(self._somewhere([word]), looked_at)
        )

    def _somewhere(self, words: Iterable[str]) -> Any:
        holding = self._engine.holding
        return self._engine.unweighed(self._engine.any_of(holding("body", w) for w in words))

    def with_word(self, word: str, most: int) -> Iterator[Kept]:
        """Passages in whose own words a word stands."""
        found = self._engine.pages(self._engine.holding("body", word), (most, most * _DEEPER))
        yield from islice((kept for kept in found if word in kept.body), most)

    # ---- several words -----------------------------------------------------------------------

    def find(self, wanted: Wanted, most: int) -> Iterator[Kept]:
        """Passages with a word of every group: the best by the engine's own weight, those under a
        heading that says it, and the newest.
        """
        must = [self._likely(g) for g in wanted.groups if not g.optional]
        may = [words for g in wanted.groups if g.optional and (words := self._likely(g))]
        if must:  # a single character adds nothing that would be worth its time
            may = [long for words in may if (long := [w for w in words if len(w) > 1])]
        if not all(must) or not (must or may):
            return
        engine = self._engine
        here = [engine.of_reports(wanted.live)] if self._share(wanted.live) < _MOSTLY else []
        never = [engine.holding("body", w) for w in wanted.without if _is_surely_told(w)]
        holds = _Holding(must, wanted.without, wanted.live)
        seen: set[tuple[str, int]] = set()
        for plan in self._plans(must, may, most):
            if plan.spare and len(seen) >= most // 2:
                return
            query = engine.all_of([plan.query, *here], never)
            found = engine.pages(query, (plan.share, plan.share * _DEEPER))
            fresh = (k for k in found if (k.report, k.start) not in seen and k in holds)
            for kept in islice(fresh, plan.share):
                seen.add((kept.report, kept.start))
                yield kept

    def below(self, heading: Kept, most: int) -> Iterator[Kept]:
        """The passages of the sections below a heading."""
        inside = f"{heading.address}."
        for kept in self._engine.pages(self._engine.under([heading]), (most,)):
            if kept.address and kept.address.startswith(inside):
                yield kept

    def _likely(self, group: Group) -> list[str]:
        """The words of a group all of whose pairs stand somewhere."""
        return [word for word in group.words if self.may_stand(word)][:_WAYS]

    def _share(self, live: frozenset[str]) -> float:
        """Of the reports here; the same readers ask again and again."""
        if live not in self._shares:
            if len(self._shares) >= _READERS:
                self._shares.clear()
            self._shares[live] = len(self._keys & live) / max(len(self._keys), 1)
        return self._shares[live]

    def _plans(self, must: list[list[str]], may: list[list[str]], most: int) -> Iterator["_Plan"]:
        """What is asked for one after the other.

        Nowhere may a word stand in the passage or above it in one and the same query: the engine
        would look at every passage that has either.
        """
        engine = self._engine
        if not must:
            ways = (engine.rarest(word) for words in may for word in words)
            yield _Plan(engine.any_of(ways), most)
        elif len(must) == 1 and not may:
            yield from self._plans_of_one(must[0], most)
        else:
            must = [words for words in must if len(words[0]) > 1] or must[:1]
            must = sorted(must, key=lambda words: engine.frequency(words[0]))[:_JOINED]
            yield from self._plans_of_several(must, may, most)

    def _plans_of_one(self, words: list[str], most: int) -> Iterator["_Plan"]:
        holding = self._engine.holding
        own = holding("body", words[0])
        yield _Plan(own, most * 2 // 3)
        yield _Plan(holding("title", words[0]), most // 3)
        yield _Plan(self._engine.unweighed(own), most // 3)
        for other in words[1:]:
            yield _Plan(holding("body", other), most // 3)
            yield _Plan(holding("title", other), most // 6)

    def _plans_of_several(
        self, must: list[list[str]], may: list[list[str]], most: int
    ) -> Iterator["_Plan"]:
        engine = self._engine
        own, titled = (
            [engine.any_of(engine.holding(field, w) for w in words) for words in must]
            for field in ("body", "title")
        )
        every = engine.all_of(own)
        if may:
            also = engine.any_of(
                engine.holding("body", w) for words in may[:_JOINED] for w in words
            )
            yield _Plan(engine.all_of([every, also]), most // 2)
        yield _Plan(every, most * 2 // 3)
        yield _Plan(engine.unweighed(every), most // 3)
        for one in _with_one(own, titled):
            yield _Plan(engine.all_of(one), most // 3)
        for query, rest in zip(titled, _without_one(own), strict=True):
            yield _Plan(engine.all_of([*rest, self._below(query)]), most, spare=True)

    def _below(self, headings: Any) -> Any:
        """What stands under some headings."""
        return self._engine.under(self._engine.pages(headings, (_SECTIONS,)))


class _Plan(NamedTuple):
    """A query, how many passages of it are wanted, and whether only where there are few so far."""

    query: Any
    share: int
    spare: bool = False


def _with_one(queries: Sequence[Any], others: Sequence[Any]) -> Iterator[list[Any]]:
    """The queries, each time with another one of them replaced."""
    for at, other in enumerate(others):
        yield [*queries[:at], other, *queries[at + 1 :]]


def _without_one(queries: Sequence[Any]) -> Iterator[list[Any]]:
    """The queries, each time without one of them."""
    for at in range(len(queries)):
        yield [*queries[:at], *queries[at + 1 :]]


def _texts(kept: Kept) -> tuple[str, str, str]:
    return (kept.body, *kept.heads)


def _stands_in(word: str, passages: Iterable[tuple[str, ...]]) -> bool:
    return any(word in text for texts in passages for text in texts)


def _is_surely_told(word: str) -> bool:
    """Does the index know where the word stands? Of two Latin words only that both stand there."""
    return not is_latin(word) or len(word) == 2  # noqa: PLR2004 -- one pair


class _Holding:
    """The passages that hold a word of every group, letter by letter, and may answer."""

    def __init__(
        self, must: Sequence[Sequence[str]], without: Sequence[str], live: frozenset[str]
    ) -> None:
        self._must, self._without, self._live = must, without, live

    def __contains__(self, kept: Kept) -> bool:
        if kept.report not in self._live or any(word in kept.body for word in self._without):
            return False
        texts = _texts(kept)
        return all(any(word in text for word in words for text in texts) for words in self._must)
