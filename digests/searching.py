"""Words -> ranked hits, over any number of reports.

The walk of a look-up::

    query -> understand -> readings of it, strict ones first
    each reading -> candidates (tantivy) -> weighed passages -> hits, cut to what was asked
    nothing at all -> what is near

The walk of the index: reports -> passages -> shadows -> pairs of characters in tantivy. It is
derived data: opened when unchanged, brought up to date when not, rebuilt when it cannot be read
(``shelving``).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from digests.addressing import resolve
from digests.composing import Edition, report_key
from digests.errors import QueryError
from digests.querying import Ask, Query, understand
from digests.report import Hit, Report, Section
from digests.shelving import Shelf
from digests.stocking import Kept
from digests.weighing import Weighed, cut, weigh
from digests.widening import PARTS, WORDS, Reading, Words, readings

CANDIDATES = 60  # passages that are weighed per reading
_NEWEST = 40  # reports in which an address is looked for; of more, the newest ones
_OPENING = 300  # characters of a section shown for its address


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


class Index:
    """A library of reports, ready to be asked."""

    def __init__(self, shelf: Shelf, reports: Mapping[str, Report], folder: Path | None) -> None:
        self._shelf = shelf
        self._reports = dict(reports)
        self._folder = folder
        self._words = Words()

    @classmethod
    def build(cls, folder: Path | None, items: Iterable[Report | Edition]) -> "Index":
        """A new index of these reports, in memory where ``folder`` is None.

        >>> len(Index.build(None, []).search("防汛").hits)
        0
        """
        reports = _by_key(items)
        shelf = Shelf.build(folder, reports) if folder else Shelf.in_memory(reports)
        return cls(shelf, reports, folder)

    @classmethod
    def open(cls, folder: Path, items: Iterable[Report | Edition]) -> "Index":
        """The index in a folder, brought up to date with these reports; built if there is none."""
        reports = _by_key(items)
        shelf = Shelf.on_disk(folder)
        if shelf is None:
            return cls(Shelf.build(folder, reports), reports, folder)
        index = cls(shelf, reports, folder)
        index.refresh(reports.values())
        return index

    def refresh(self, items: Iterable[Report | Edition]) -> bool:
        """Bring the index up to date; False where another process is writing: try again later.

        Reports that are no longer there vanish at once, whoever holds the lock.
        """
        self._reports = _by_key(items)
        try:
            return self._shelf.refresh(self._reports)
        except Exception:
            if self._folder is None:
                raise
            self._shelf = Shelf.build(self._folder, self._reports)
            return True

    def learn(self, synonyms: Iterable[tuple[str, str]]) -> None:
        """Take the operator's own synonyms: what people say, what the reports write."""
        self._words = Words(synonyms)

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return self._shelf.size

    def search(self, query: str, limit: int = 10) -> Answer:
        """The passages that answer a query, best first.

        Raises QueryError where there is nothing to look for.
        """
        if not query.strip():
            raise QueryError(
                "The query is empty: type a word, a question or a section such as 二、5."
            )
        meant = understand(query)
        addressed = list(self._addressed(query))
        hits = {(h.report, h.start): h for h in addressed}
        tier = WORDS
        for reading in self._readings(meant):
            if len(hits) >= limit or (hits and reading.tier >= PARTS):
                break
            tier = reading.tier
            for hit in self._read(reading, meant):
                hits.setdefault((hit.report, hit.start), hit)
        return Answer(
            hits=tuple(hits.values())[:limit],
            searched=len(self._reports),
            strict=tier < PARTS,
            is_question=meant.ask is not None,
        )

    # ---- addresses ---------------------------------------------------------------------------

    def _addressed(self, query: str) -> Iterator[Hit]:
        newest = sorted(self._reports.items(), key=lambda kv: _day(kv[1]), reverse=True)[:_NEWEST]
        keys = {id(r): k for k, r in newest}
        for report, section in resolve(query, [r for _, r in newest]).matches:
            yield _opening(keys[id(report)], report, section)

    # ---- readings ----------------------------------------------------------------------------

    def _readings(self, meant: Query) -> Iterator[Reading]:
        yield from readings(meant, self._shelf, self._words)

    def _read(self, reading: Reading, meant: Query) -> list[Hit]:
        weighed: list[tuple[Weighed, Kept]] = []
        for kept in self._candidates(reading, meant.without):
            found = weigh(kept, reading.groups, meant.ask)
            if found is not None and found.share >= reading.least:
                weighed.append((found, kept))
        weighed.sort(key=lambda pair: self._rank(pair[0]))
        return [self._hit(w, reading, meant.ask) for w, _ in weighed]

    def _rank(self, weighed: Weighed) -> tuple[float, int, float, str, int]:
        kept = weighed.kept
        report = self._reports[kept.report]
        coarse = -round(weighed.score * 4)
        return (coarse, -_day(report), -weighed.score, kept.report, kept.start)

    def _candidates(self, reading: Reading, without: tuple[str, ...]) -> Iterator[Kept]:
        for kept in self._shelf.find(reading.groups, without, CANDIDATES):
            if kept.report in self._reports:
                yield kept

    def _hit(self, weighed: Weighed, reading: Reading, ask: Ask | None) -> Hit:
        kept = weighed.kept
        report = self._reports[kept.report]
        part = cut(kept, reading.groups, ask)
        return Hit(
            report=kept.report,
            address=kept.address,
            cite=kept.cite,
            heading=kept.heading,
            quote=report.text[part.start : part.end],
            start=part.start,
            end=part.end,
            score=round(weighed.score, 4),
            found=part.found,
            title=report.title,
            issued_on=report.issued_on,
        )


def _by_key(items: Iterable[Report | Edition]) -> dict[str, Report]:
    found: dict[str, Report] = {}
    for item in items:
        if isinstance(item, Edition):
            found[item.key] = item.report
        else:
            found[report_key(item)] = item
    return found


def _day(report: Report) -> int:
    return report.issued_on.toordinal() if report.issued_on else 0


def _opening(key: str, report: Report, section: Section) -> Hit:
    """The section's beginning: its heading and whole sentences up to some 300 characters."""
    from digests.chinese import sentences

    end = section.heading_end
    for span in sentences(report.text, section.start, section.end):
        if span.end - section.start > _OPENING and end > section.heading_end:
            break
        end = max(end, span.end)
    return Hit(
        report=key,
        address=section.address,
        cite=section.cite,
        heading=section.heading,
        quote=report.text[section.start : end],
        start=section.start,
        end=end,
        score=1000.0,
        title=report.title,
        issued_on=report.issued_on,
    )
