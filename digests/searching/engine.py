"""What tantivy is asked, and what it brings.

The index knows which pairs of characters, Latin words and numbers a passage holds, but not where.
So a word is asked for by its rarest terms; whoever asks checks what comes letter by letter.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import pairwise
from typing import Any

from digests.searching.keeping import Kept, read_kept
from digests.searching.shadowing import GAP
from digests.searching.stocking import section_name
from digests.searching.vocabulary import Vocabulary

_REMEMBERED = 100_000  # frequencies of pairs
_HELD = 2_000  # passages kept at hand
_ASKED_FOR = 10_000  # words whose queries are kept at hand
_RAREST = 3  # terms by which a word is asked for
_COMMONEST = 12  # pairs that stand for the single character they begin with
_RUN = re.compile("[a-z]+|[0-9]+")
"""Latin words and numbers, as the index keeps them whole."""


class Frequencies(dict[str, int]):
    """In how many passages a pair of characters, a Latin word or a number stands; asked once."""

    def __init__(self, searcher: Any, field: str) -> None:
        super().__init__()
        self._ask = partial(searcher.doc_freq, field)

    def __missing__(self, term: str) -> int:
        if len(self) >= _REMEMBERED:
            self.clear()
        count = self[term] = int(self._ask(term))
        return count


def is_latin(word: str) -> bool:
    """Does the word hold Latin words or numbers, which the index keeps whole?"""
    return bool(_RUN.search(word))


class Page:
    """Some of what a query finds, best first; a passage is fetched when its turn comes."""

    def __init__(self, places: Sequence[Any], fetched: Callable[[Any], Kept]) -> None:
        self._places = places
        self._fetched = fetched

    def __len__(self) -> int:
        return len(self._places)

    def __iter__(self) -> Iterator[Kept]:
        return (self._fetched(place) for _, place in self._places)


class Engine:
    """One state of the index."""

    def __init__(self, index: Any) -> None:
        self._searcher = index.searcher()
        self._schema = index.schema
        self.count = int(self._searcher.num_docs)
        self.frequencies = Frequencies(self._searcher, "body")
        self._runs = Frequencies(self._searcher, "runs")
        self._kept: dict[tuple[int, int], Kept] = {}
        self._holding: dict[tuple[str, str], Any] = {}

    def vocabulary(self) -> Vocabulary:
        """The pairs, counted anew."""
        return Vocabulary.of(self._searcher)

    # ---- asking ------------------------------------------------------------------------------

    def page(self, query: Any, size: int, at: int = 0) -> Page:
        """Some of what a query finds, best first."""
        hits = self._searcher.search(query, size, count=False, offset=at).hits
        return Page(hits, self._fetched)

    def _fetched(self, address: Any) -> Kept:
        place = (address.segment_ord, address.doc)
        kept = self._kept.get(place)
        if kept is None:
            if len(self._kept) >= _HELD:
                self._kept.clear()
            kept = read_kept(self._searcher.doc(address).get_first("kept"))
            self._kept[place] = kept
        return kept

    # ---- queries -----------------------------------------------------------------------------

    def holding(self, field: str, word: str) -> Any:
        """What holds the rarest terms of a word; a single character is any pair it begins."""
        query = self._holding.get((field, word))
        if query is None:
            if len(self._holding) >= _ASKED_FOR:
                self._holding.clear()
            query = self._holding[field, word] = self._query_of(field, word)
        return query

    def _query_of(self, field: str, word: str) -> Any:
        terms = sorted(self._terms(field, word))[:_RAREST]
        if terms:
            return self.all_of([self._term(place, term) for _, place, term in terms])
        pairs = self._searcher.terms_with_prefix(field, word)
        commonest = sorted(pairs, key=lambda pair: -pair[1])[:_COMMONEST]
        return self.any_of(self._term(field, pair) for pair, _ in commonest)

    def runs(self, beginning: str) -> list[tuple[str, int]]:
        """The Latin words that begin so, each with its frequency."""
        return list(self._searcher.terms_with_prefix("runs", beginning))

    def frequency(self, word: str) -> int:
        """In how many passages a word stands, at most."""
        return min((count for count, _, _ in self._terms("body", word)), default=self.count)

    def rarest(self, word: str) -> Any:
        """One term for a word: unions of single terms are what the engine does quickest."""
        terms = self._terms("body", word)
        return self._term(*min(terms)[1:]) if terms else self.holding("body", word)

    def of_reports(self, keys: Iterable[str]) -> Any:
        """The passages of some reports, which weigh nothing."""
        import tantivy

        here = tantivy.Query.term_set_query(self._schema, "key", sorted(keys))
        return tantivy.Query.const_score_query(here, 0.0)

    def under(self, sections: Iterable[Kept]) -> Any:
        """The passages of some sections, given by their first ones, and of those inside them."""
        names = {section_name(k.report, k.address) for k in sections if k.address}
        return self.any_of(self._term("under", name) for name in sorted(names))

    def unweighed(self, query: Any) -> Any:
        """The same passages, all worth the same: in their order in the index, and twice as fast."""
        import tantivy

        return tantivy.Query.const_score_query(query, 1.0)

    def all_of(self, queries: Sequence[Any], without: Sequence[Any] = ()) -> Any:
        """What all queries find, and none of some others."""
        import tantivy

        if len(queries) == 1 and not without:
            return queries[0]
        must = [(tantivy.Occur.Must, query) for query in queries]
        never = [(tantivy.Occur.MustNot, query) for query in without]
        return tantivy.Query.boolean_query(must + never)

    def any_of(self, queries: Iterable[Any]) -> Any:
        """What one of the queries finds."""
        import tantivy

        every = list(queries)
        if not every:
            return tantivy.Query.empty_query()
        if len(every) == 1:
            return every[0]
        return tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in every])

    def _terms(self, field: str, word: str) -> list[tuple[int, str, str]]:
        """What the index knows a word by, each with its frequency: pairs, and whole Latin words."""
        pairs = dict.fromkeys(a + b for a, b in pairwise(word))
        if field != "body" or not is_latin(word):
            return [(self.frequencies[pair], field, pair) for pair in pairs]
        runs = [(self._runs[run], "runs", run) for run in set(_RUN.findall(word))]
        mixed = (pair for pair in pairs if GAP not in pair and not _RUN.fullmatch(pair))
        return runs + [(self.frequencies[pair], field, pair) for pair in mixed]

    def _term(self, field: str, term: str) -> Any:
        import tantivy

        option = "basic" if field == "under" else "freq"
        return tantivy.Query.term_query(self._schema, field, term, option)
