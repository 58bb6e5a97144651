"""The passages of some reports as they stand at one moment: what holds a word, and how often.

What the index brings holds the terms of a word, not always the word: it is checked letter by letter
before it counts, and where that leaves too few, more is fetched. Nothing here changes: a refresh
puts another shelf in this one's place (``storing``).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Sized
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import islice, pairwise
from typing import Any

from digests.report import Report
from digests.searching.engine import Engine, is_latin
from digests.searching.fetching import Holding, Plan, Ways, plans, spare_plans, texts_of
from digests.searching.keeping import Kept
from digests.searching.vocabulary import Vocabulary

_REMEMBERED = 100_000  # words that stand, or do not
_READERS = 32  # kinds of readers: the public, the office, single reports
_WAYS = 6  # to say one word
_FEW = 12  # passages; where no more are wanted, the newest are not asked for apart
_DEEPER = 4  # times as many passages are fetched where too few hold what is wanted
_GLANCED, _CHECKED = 4, 28  # passages looked at for a word that stands nowhere, perhaps
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

    def frequency(self, word: str) -> int:
        """In how many passages a word stands, at most; a Latin one is known as a whole."""
        return self._engine.frequency(word)

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
            known = self._remember(word, self.may_stand(word) and self._is_found(word))
        return known

    def may_stand_together(self, words: Sequence[str]) -> bool:
        """Does any passage hold all pairs of one of the words? One query for all of them."""
        return bool(words) and len(self._engine.page(self._somewhere(words), 1)) > 0

    def standing(self, words: Iterable[str]) -> list[str]:
        """Those of some words that stand, at a glance: most often none does, as one query tells."""
        likely = [word for word in words if self.may_stand(word)]
        asked = [word for word in likely if len(word) > 2 and word not in self._stands]  # noqa: PLR2004
        there = {word for word in likely if len(word) == 2 or self._stands.get(word)}  # noqa: PLR2004
        while asked:
            found = [texts_of(k) for k in self._engine.page(self._somewhere(asked), _GLANCED)]
            standing = {word for word in asked if _stands_in(word, found)}
            for word in standing if found else asked:
                self._remember(word, bool(found))
            there |= standing
            had_their_chance = standing or {asked[0]}  # of those whose pairs only are there
            had_their_chance |= {word for word in asked if _may_stand_in(word, found)}
            asked = [word for word in asked if found and word not in had_their_chance]
        return [word for word in likely if word in there]

    def _remember(self, word: str, stands: bool) -> bool:  # noqa: FBT001 -- what is remembered
        if len(self._stands) >= _REMEMBERED:
            self._stands.clear()
        self._stands[word] = stands
        return stands

    def _is_found(self, word: str) -> bool:
        query = self._somewhere([word])
        page = self._engine.page(query, _GLANCED)
        if _stands_in(word, map(texts_of, page)):
            return True
        if len(page) < _GLANCED:
            return False
        return _stands_in(word, map(texts_of, self._engine.page(query, _CHECKED, at=_GLANCED)))

    def _somewhere(self, words: Iterable[str]) -> Any:
        holding = self._engine.holding
        return self._engine.unweighed(self._engine.any_of(holding("body", w) for w in words))

    def with_word(self, word: str, most: int) -> list[Kept]:
        """Passages in whose own words a word stands."""
        found = self._engine.page(self._engine.holding("body", word), most)
        return [kept for kept in found if word in kept.body]

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
        holds = Holding(must, wanted.without, wanted.live)
        seen: set[tuple[str, int]] = set()
        exhausted = False
        for plan in self._plans(must, may, most, seen):
            if plan.again and (exhausted or most <= _FEW):
                continue
            query = engine.all_of([plan.query, *here], never)
            page = engine.page(query, plan.share)
            exhausted = len(page) < plan.share
            fresh = [k for k in page if (k.report, k.start) not in seen and k in holds]
            if not exhausted and 0 < len(fresh) <= plan.share // 2:
                page = engine.page(query, plan.share * _DEEPER, at=plan.share)
                more = (k for k in page if (k.report, k.start) not in seen and k in holds)
                fresh += islice(more, plan.share - len(fresh))
            for kept in fresh:
                seen.add((kept.report, kept.start))
                yield kept

    def _plans(self, must: list[Ways], may: list[Ways], most: int, seen: Sized) -> Iterator[Plan]:
        yield from plans(self._engine, must, may, most)
        if len(seen) < most // 2:
            yield from spare_plans(self._engine, must, may, most)

    def below(self, heading: Kept, most: int) -> Iterator[Kept]:
        """The passages of the sections below a heading."""
        inside = f"{heading.address}."
        for kept in self._engine.page(self._engine.under([heading]), most):
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


def _stands_in(word: str, passages: Iterable[tuple[str, ...]]) -> bool:
    return any(word in text for texts in passages for text in texts)


def _may_stand_in(word: str, passages: Iterable[tuple[str, ...]]) -> bool:
    """Does one of them hold all its pairs?"""
    pairs = [a + b for a, b in pairwise(word)]
    return any(all(any(p in text for text in texts) for p in pairs) for texts in passages)


def _is_surely_told(word: str) -> bool:
    """Does the index know where the word stands? Of two Latin words only that both stand there."""
    return not is_latin(word) or len(word) == 2  # noqa: PLR2004 -- one pair
