"""Words -> ranked hits, over any number of reports.

The walk of a look-up::

    query -> understand -> readings of it, strict ones first
    each reading -> candidates (tantivy) -> weighed passages -> hits, cut to what was asked
    nothing at all -> what is near

The walk of the index: reports -> passages -> shadows -> pairs of characters in tantivy. It is
derived data: opened when unchanged, brought up to date when not, rebuilt when it cannot be read
(``storing``).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from itertools import islice
from pathlib import Path

from digests.addressing import resolve
from digests.chinese import sentences
from digests.composing import report_key
from digests.composing.ordering import Edition
from digests.errors import NoRoomError, QueryError
from digests.report import Hit, Report, Section
from digests.searching.answering import Answer, Inquiry
from digests.searching.glossing import Glossary
from digests.searching.shelving import Listed, listed
from digests.searching.storing import Store, is_no_room

__all__ = ["Answer", "Index"]

_ADDRESS = 60  # characters; no address or title is typed longer
_NEWEST = 40  # reports in which an address is looked for; of more, the newest ones
_OPENING = 300  # characters of a section shown for its address


class Index:
    """A library of reports, ready to be asked."""

    def __init__(self, store: Store, reports: Mapping[str, Report], folder: Path | None) -> None:
        self._store = store
        self._reports = reports
        self._newest = _newest_first(reports)
        self._live = frozenset(store.shelf.listed)
        self._folder = folder
        self._glossary = Glossary()

    @classmethod
    def build(cls, folder: Path | None, items: Iterable[Report | Edition]) -> "Index":
        """A new index of these reports, in memory where ``folder`` is None.

        >>> len(Index.build(None, []).search("防汛").hits)
        0
        """
        reports = _by_key(items)
        store = Store.build(folder, reports) if folder else Store.in_memory(reports)
        return cls(store, reports, folder)

    @classmethod
    def open(cls, folder: Path, items: Iterable[Report | Edition] | None = None) -> "Index":
        """The index in a folder, brought up to date with these reports; built if there is none.

        Without reports it is opened as it stands; look-ups work, addresses do not. Where none
        stands that this version can read, look-ups find nothing, and the folder stays as it is.
        """
        store = Store.on_disk(folder)
        reports = _by_key(items or ())
        if store is None and items is None:  # nothing to build from, and nothing to be removed
            return cls(Store.in_memory({}), {}, None)
        if store is None:
            return cls(Store.build(folder, reports), reports, folder)
        index = cls(store, reports, folder)
        if items is not None:
            index.refresh(items)
        return index

    def refresh(self, items: Iterable[Report | Edition]) -> bool:
        """Bring the index up to date; False where another process is writing: try again later.

        Reports that are no longer there vanish at once, whoever holds the lock. Raises
        NoRoomError where the disk takes no more; look-ups then go on with what is there.
        """
        self._reports = _by_key(items)
        self._newest = _newest_first(self._reports)
        self._live = frozenset(self._reports)
        now = {key: listed(report) for key, report in self._reports.items()}
        try:
            return self._refreshed(now)
        except Exception as error:
            if is_no_room(error):
                raise NoRoomError(str(error)) from error
            raise

    def _refreshed(self, now: Mapping[str, Listed]) -> bool:
        try:
            return self._store.refresh(now, self._reports)
        except Exception as error:
            if self._folder is None or is_no_room(error):
                raise
            return self._move_over(self._folder, now)

    def _move_over(self, folder: Path, now: Mapping[str, Listed]) -> bool:
        """To the index that another process has built meanwhile, else to a new one of our own."""
        newest = Store.on_disk(folder)
        with suppress(Exception):  # that one cannot be used either: build
            if newest is not None:
                done = newest.refresh(now, self._reports)
                self._store = newest
                return done
        self._store = Store.build(folder, self._reports)
        return True

    def learn(self, synonyms: Iterable[tuple[str, str]]) -> None:
        """Take the operator's own synonyms: what people say, what the reports write."""
        self._glossary = Glossary(synonyms)

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return self._store.size

    def search(self, query: str, limit: int = 10, within: Collection[str] | None = None) -> Answer:
        """The passages that answer a query, best first; ``within`` some reports only.

        Raises QueryError where there is nothing to look for.
        """
        query = query.encode("utf-8", "replace").decode()  # half a surrogate pair is no word
        if not query.strip():
            raise QueryError(
                "The query is empty: type a word, a question or a section such as 二、5."
            )
        live = self._live
        if within is not None and within != live:
            live = live.intersection(within)
        inquiry = Inquiry(self._store.shelf, self._glossary, live)
        if len(query) > _ADDRESS:
            return inquiry.answer(query, limit)
        addressed, is_address = self._addressed(query, live)
        hits = tuple(islice(addressed, limit))
        return inquiry.answer(query, limit, hits, is_address=is_address)

    def _addressed(self, query: str, live: frozenset[str]) -> tuple[Iterator[Hit], bool]:
        """The openings of the sections a query names, and whether it has the form of an address."""
        newest = list(islice(((k, r) for k, r in self._newest if k in live), _NEWEST))
        keys = {id(report): key for key, report in newest}
        meant = resolve(query, [report for _, report in newest])
        hits = (_opening(keys[id(report)], report, section) for report, section in meant.matches)
        return hits, meant.is_address


def _by_key(items: Iterable[Report | Edition]) -> dict[str, Report]:
    found: dict[str, Report] = {}
    for item in items:
        if isinstance(item, Edition):
            found[item.key] = item.report
        else:
            found[report_key(item)] = item
    return found


def _newest_first(reports: Mapping[str, Report]) -> list[tuple[str, Report]]:
    return sorted(reports.items(), key=lambda item: item[1].issued_on or date.min, reverse=True)


def _opening(key: str, report: Report, section: Section) -> Hit:
    """The section's beginning: its heading and whole sentences up to some 300 characters."""
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
