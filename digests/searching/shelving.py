"""The passages of some reports as they stand at one moment: what holds a word, and how often.

The index knows which pairs of characters, Latin words and numbers a passage holds, but not where.
So a word is asked for by its rarest terms, and what comes is checked letter by letter before it
counts; where that leaves too few, more is fetched. Nothing here changes: a refresh puts another
shelf in this one's place (``storing``).
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import islice, pairwise
from typing import Any

from digests.report import Report
from digests.searching.shadowing import GAP, STOP
from digests.searching.stocking import Kept, read_kept
from digests.searching.vocabulary import Vocabulary

_REMEMBERED = 100_000  # frequencies of pairs
_HELD = 2_000  # passages kept at hand
_WAYS = 6  # to say one word
_READERS = 32  # kinds of readers: the public, the office, single reports
_RAREST = 3  # terms by which a word is asked for
_PAIRS = 12  # of those that begin with one character, the commonest
_DEEPER = 4  # times as many passages are fetched where too few hold what is wanted
_CHECKED = (4, 28, 96)  # passages looked at for a word that stands nowhere, perhaps
_WORDS_IN = ("body", "head")
_MOSTLY = 0.7  # of all reports: as many answer, and the others are left out of what was found
_RUN = re.compile("[a-z]+|[0-9]+")
"""Latin words and numbers, as the index keeps them whole."""


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


class Frequencies(dict[str, int]):
    """In how many passages a pair of characters stands, or in headings above them; asked once."""

    def __init__(self, searcher: Any) -> None:
        super().__init__()
        self._ask = searcher.doc_freq

    def __missing__(self, pair: str) -> int:
        if len(self) >= _REMEMBERED:
            self.clear()
        count = self[pair] = int(self._ask("body", pair) or self._ask("head", pair))
        return count


class Shelf:
    """The passages of some reports, ready to be searched."""

    def __init__(
        self,
        index: Any,
        rows: Mapping[str, Listed],
        words: Callable[[Any], Vocabulary] = Vocabulary.of,
    ) -> None:
        self._searcher = index.searcher()
        self._schema = index.schema
        self._read_words = words
        self.listed = rows
        self.frequencies = Frequencies(self._searcher)
        self._keys = frozenset(rows)
        self._shares: dict[frozenset[str], float] = {}
        self._runs: dict[str, int] = {}
        self._stands: dict[str, bool] = {}
        self._kept: dict[tuple[int, int], Kept] = {}

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The pairs that stand here, for those who guess."""
        return self._read_words(self._searcher)

    @property
    def count(self) -> int:
        """Passages on the shelf."""
        return int(self._searcher.num_docs)

    # ---- one word ----------------------------------------------------------------------------

    def has(self, character: str) -> bool:
        """Does the character stand anywhere?"""
        return character in self.vocabulary

    def may_stand(self, word: str) -> bool:
        """Do all its pairs stand somewhere? A quick no is all that is wanted."""
        return all(self.frequencies[a + b] for a, b in pairwise(word))

    def stands(self, word: str) -> bool:
        """Does the word stand anywhere, in a passage or a heading?"""
        if len(word) == 2:  # noqa: PLR2004 -- one pair
            return self.frequencies[word] > 0
        known = self._stands.get(word)
        if known is None:
            if len(self._stands) >= _REMEMBERED:
                self._stands.clear()
            known = self._stands[word] = self.may_stand(word) and self._is_found(word)
        return known

    def _is_found(self, word: str) -> bool:
        return any(
            word in kept.body or any(word in head for head in kept.heads)
            for field in ("body", "head")
            for kept in self._pages(self._holding(field, word, scored=False), _CHECKED)
        )

    def with_word(self, word: str, most: int) -> Iterator[Kept]:
        """Passages in whose own words a word stands."""
        found = self._pages(self._holding("body", word), (most, most * _DEEPER))
        yield from islice((kept for kept in found if word in kept.body), most)

    # ---- several words -----------------------------------------------------------------------

    def find(self, wanted: Wanted, most: int) -> Iterator[Kept]:
        """Passages with a word of every group, best first by the engine's own weight."""
        must = [self._likely(g) for g in wanted.groups if not g.optional]
        may = [words for g in wanted.groups if g.optional and (words := self._likely(g))]
        if not all(must) or not (must or may):
            return
        around = self._around(wanted)
        holds = _Holding(must, wanted.without, wanted.live)
        seen: set[tuple[str, int]] = set()
        for query, share, spare in self._plans(must, may, most):
            if spare and len(seen) >= most // 2:
                return
            found = self._pages(self._all_of([query], around), (share, share * _DEEPER))
            fresh = (k for k in found if (k.report, k.start) not in seen and k in holds)
            for kept in islice(fresh, share):
                seen.add((kept.report, kept.start))
                yield kept

    def _likely(self, group: Group) -> list[str]:
        """The words of a group all of whose pairs stand somewhere."""
        return [word for word in group.words if self.may_stand(word)][:_WAYS]

    def _plans(
        self, must: list[list[str]], may: list[list[str]], most: int
    ) -> Iterator[tuple[Any, int, bool]]:
        """What is asked for one after the other, how many of each, and whether only at need.

        Nowhere is the passage's own word and its heading's asked for in one go, which the engine
        would answer by looking at every passage that has either.
        """
        if not must:
            yield (
                self._any_of(self._rarest_of(word) for words in may for word in words),
                most,
                False,
            )
            return
        if len(must) == 1 and not may:
            for number, word in enumerate(must[0]):
                share = most if not number else most // 3
                yield self._holding("body", word), share, False
                yield self._holding("title", word), share // 3, False
            return
        must = [words for words in must if len(words[0]) > 1] or must[:1]
        own = [self._any_of(self._holding("body", word) for word in words) for words in must]
        if may:
            also = self._any_of(self._holding("body", w) for words in may for w in words)
            yield self._all_of([*own, also]), most // 2, False
        yield self._all_of(own), most, False
        for at, words in enumerate(must):
            titled = self._any_of(self._holding("title", word) for word in words)
            yield self._all_of([*own[:at], titled, *own[at + 1 :]]), most // 3, False
        either = [
            self._any_of(self._holding(f, w, scored=f == "body") for w in words for f in _WORDS_IN)
            for words in must
        ]
        yield self._all_of(either), most, True

    def _around(self, wanted: Wanted) -> list[tuple[Any, Any]]:
        """What a query says besides: the reports that may answer, the words that must not stand."""
        import tantivy

        clauses = [
            (tantivy.Occur.MustNot, self._holding("body", word))
            for word in wanted.without
            if not _RUN.search(word) or len(word) == 2  # noqa: PLR2004 -- Latin ones are checked
        ]
        if self._share(wanted.live) < _MOSTLY:
            here = tantivy.Query.term_set_query(self._schema, "key", sorted(wanted.live))
            clauses.append((tantivy.Occur.Must, tantivy.Query.const_score_query(here, 0.0)))
        return clauses

    def _share(self, live: frozenset[str]) -> float:
        """Of the reports here; the same readers ask again and again."""
        if live not in self._shares:
            if len(self._shares) >= _READERS:
                self._shares.clear()
            self._shares[live] = len(self._keys & live) / max(len(self._keys), 1)
        return self._shares[live]

    # ---- the engine's queries ----------------------------------------------------------------

    def _pages(self, query: Any, sizes: Iterable[int]) -> Iterator[Kept]:
        """What a query finds, fetched page by page while more is wanted."""
        at = 0
        for size in sizes:
            hits = self._searcher.search(query, size, count=False, offset=at).hits
            for _, address in hits:
                yield self._fetched(address)
            if len(hits) < size:
                return
            at += size

    def _fetched(self, address: Any) -> Kept:
        place = (address.segment_ord, address.doc)
        kept = self._kept.get(place)
        if kept is None:
            if len(self._kept) >= _HELD:
                self._kept.clear()
            kept = read_kept(bytes(self._searcher.doc(address).get_first("kept")))
            self._kept[place] = kept
        return kept

    def _all_of(self, queries: Sequence[Any], around: Sequence[tuple[Any, Any]] = ()) -> Any:
        import tantivy

        if len(queries) == 1 and not around:
            return queries[0]
        return tantivy.Query.boolean_query([*((tantivy.Occur.Must, q) for q in queries), *around])

    def _any_of(self, queries: Iterable[Any]) -> Any:
        import tantivy

        every = list(queries)
        if len(every) == 1:
            return every[0]
        return tantivy.Query.boolean_query([(tantivy.Occur.Should, q) for q in every])

    def _holding(self, field: str, word: str, *, scored: bool = True) -> Any:
        """What holds the rarest terms of a word; a single character is any pair it begins."""
        import tantivy

        terms = sorted(self._terms(field, word), key=lambda term: term[0])[:_RAREST]
        if not terms:
            pairs = [word + STOP, *(word + c for c in self.vocabulary.following(word)[:_PAIRS])]
            return self._any_of(self._term(field, pair) for pair in pairs)
        every = self._all_of([self._term(f, term) for _, f, term in terms])
        return every if scored else tantivy.Query.const_score_query(every, 1.0)

    def _rarest_of(self, word: str) -> Any:
        """One term for a word: unions of single terms are what the engine does quickest."""
        terms = self._terms("body", word)
        return self._term(*min(terms)[1:]) if terms else self._holding("body", word)

    def _terms(self, field: str, word: str) -> list[tuple[int, str, str]]:
        """What the index knows a word by, each with its frequency: pairs, and whole Latin words."""
        pairs = dict.fromkeys(a + b for a, b in pairwise(word))
        if field != "body" or not _RUN.search(word):
            return [(self.frequencies[pair], field, pair) for pair in pairs]
        found = [(self._runs_of(run), "runs", run) for run in set(_RUN.findall(word))]
        mixed = (p for p in pairs if GAP not in p and not _RUN.fullmatch(p))
        return found + [(self.frequencies[pair], field, pair) for pair in mixed]

    def _runs_of(self, run: str) -> int:
        if run not in self._runs:
            if len(self._runs) >= _REMEMBERED:
                self._runs.clear()
            self._runs[run] = int(self._searcher.doc_freq("runs", run))
        return self._runs[run]

    def _term(self, field: str, term: str) -> Any:
        import tantivy

        option = "basic" if field == "head" else "freq"
        return tantivy.Query.term_query(self._schema, field, term, option)


class _Holding:
    """The passages that hold a word of every group, letter by letter, and may answer."""

    def __init__(
        self, must: Sequence[Sequence[str]], without: Sequence[str], live: frozenset[str]
    ) -> None:
        self._must, self._without, self._live = must, without, live

    def __contains__(self, kept: Kept) -> bool:
        if kept.report not in self._live or any(word in kept.body for word in self._without):
            return False
        texts = (kept.body, *kept.heads)
        return all(any(word in text for word in words for text in texts) for words in self._must)
