"""One look-up: readings of the query, strict ones first, until one of them finds something."""

from collections.abc import Iterator
from dataclasses import dataclass

from digests.querying import Ask, Query, understand
from digests.report import Hit
from digests.shelving import Shelf
from digests.stocking import Kept
from digests.weighing import Weighed, cut, weigh
from digests.widening import PARTS, WORDS, Reading, Words, readings

CANDIDATES = 60  # passages that are weighed per reading


@dataclass(frozen=True, slots=True)
class Answer:
    """What a look-up brings.

    ``strict``: the words stand there as asked. ``read_as`` is how a slip or pinyin was read.
    Without hits, ``suggestions`` are words that do stand in the reports and ``near`` the passages
    in which they stand, in the same order. ``searched`` counts the reports.
    """

    hits: tuple[Hit, ...] = ()
    suggestions: tuple[str, ...] = ()
    near: tuple[Hit, ...] = ()
    searched: int = 0
    strict: bool = True
    read_as: str = ""
    is_question: bool = False


class Inquiry:
    """A look-up on one shelf; only reports that are ``live`` may answer."""

    def __init__(self, shelf: Shelf, words: Words, live: frozenset[str]) -> None:
        self._shelf = shelf
        self._words = words
        self._live = live
        self._listed = shelf.listed  # one view, even while another thread refreshes the shelf

    def answer(self, typed: str, limit: int, addressed: tuple[Hit, ...] = ()) -> Answer:
        """The passages, after those that an address has named."""
        query = understand(typed)
        hits = {(h.report, h.start): h for h in addressed}
        tier = WORDS
        for reading in readings(query, self._shelf, self._words):
            if len(hits) >= limit or (hits and reading.tier >= PARTS):
                break
            tier = reading.tier
            for hit in self._read(reading, query):
                hits.setdefault((hit.report, hit.start), hit)
        return Answer(
            hits=tuple(hits.values())[:limit],
            searched=len(self._live),
            strict=tier < PARTS,
            is_question=query.ask is not None,
        )

    def _read(self, reading: Reading, query: Query) -> list[Hit]:
        found = [
            weighed
            for kept in self._candidates(reading, query.without)
            if (weighed := weigh(kept, reading.groups, query.ask)) is not None
            and weighed.share >= reading.least
        ]
        return [self._hit(w, reading, query.ask) for w in sorted(found, key=self._rank)]

    def _rank(self, weighed: Weighed) -> tuple[int, int, float, str, int]:
        """Coarse score first: among equals the newest report."""
        kept = weighed.kept
        issued_on = self._listed[kept.report].issued_on
        day = issued_on.toordinal() if issued_on else 0
        return (-round(weighed.score * 4), -day, -weighed.score, kept.report, kept.start)

    def _candidates(self, reading: Reading, without: tuple[str, ...]) -> Iterator[Kept]:
        for kept in self._shelf.find(reading.groups, without, CANDIDATES):
            if kept.report in self._live and kept.report in self._listed:
                yield kept

    def _hit(self, weighed: Weighed, reading: Reading, ask: Ask | None) -> Hit:
        kept = weighed.kept
        row = self._listed[kept.report]
        part = cut(kept, reading.groups, ask)
        return Hit(
            report=kept.report,
            address=kept.address,
            cite=kept.cite,
            heading=kept.heading,
            quote=kept.text[part.start - kept.lead : part.end - kept.lead],
            start=part.start,
            end=part.end,
            score=round(weighed.score, 4),
            found=part.found,
            title=row.title,
            issued_on=row.issued_on,
        )
