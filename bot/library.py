"""The published reports in memory, and the index over them: one view, refreshed from the database.

The walk of ``refresh``: what is out and when it changed -> load only what is new -> forget what was
withdrawn, at once -> bring the index up to date in a thread, or look again later where another
process is writing it or the disk is full; where its folder cannot be used it lives in memory. Each
replica does so for itself.
"""

import asyncio
import gc
import logging
from collections.abc import Collection, Iterable
from datetime import date
from pathlib import Path

import digests
from bot.domain.office import Publicity
from bot.storage import editions as published
from bot.storage import queries
from bot.storage.database import Database

log = logging.getLogger(__name__)

_PUSHED = frozenset({Publicity.PUBLIC})
_FOR_MEMBERS = frozenset(Publicity)
_LOADED_AT_ONCE = 100
_UNWRITABLE = (OSError, ValueError, digests.NoRoomError)  # tantivy says ValueError


class Library:
    """What readers can be given: editions by key, look-ups, sections."""

    def __init__(self, database: Database, folder: Path | None) -> None:
        self._database = database
        self._folder = folder
        self._turn = asyncio.Lock()
        self._outlines: dict[str, published.Outline] = {}
        self._editions: dict[str, digests.Edition] = {}
        self._index: digests.Index | None = None
        self._indexed = False
        self._trouble = ""
        self._public: frozenset[str] = frozenset()
        self._synonyms: tuple[tuple[str, str], ...] = ()

    # ---- refreshing --------------------------------------------------------------------------

    async def refresh(self) -> bool:
        """See what has changed in the database; True where something a reader can notice has."""
        async with self._turn:
            async with self._database.read() as connection:
                outlines = {o.key: o for o in await published.published(connection)}
                synonyms = tuple(await queries.synonyms_of_office(connection))
            changed = outlines != self._outlines
            if changed or self._index is None or not self._indexed:
                await self._take(outlines)
            if synonyms != self._synonyms and self._index is not None:
                self._index.learn(synonyms)
                self._synonyms = synonyms
            return changed

    async def _take(self, outlines: dict[str, published.Outline]) -> None:
        gone = self._editions.keys() - outlines.keys()
        for key in gone:  # first of all: what is withdrawn answers no more
            del self._editions[key]
        fresh = [k for k, o in outlines.items() if self._outlines.get(k) != o]
        loaded = await self._load(fresh)
        everything = self._editions | loaded
        self._editions = {k: everything[k] for k in outlines if k in everything}
        self._outlines = outlines
        self._public = frozenset(e.key for e in self.editions)
        if len(loaded) >= _LOADED_AT_ONCE:
            gc.freeze()  # they stay: looking through all of them would stop every answer at times
        await self._reindex()

    async def _load(self, keys: list[str]) -> dict[str, digests.Edition]:
        found: dict[str, digests.Edition] = {}
        for at in range(0, len(keys), _LOADED_AT_ONCE):
            async with self._database.read() as connection:
                some = await published.load(connection, keys[at : at + _LOADED_AT_ONCE])
            found |= {edition.key: edition for edition in some}
        return found

    async def _reindex(self) -> None:
        items = tuple(self._editions.values())
        # the names of all sections are worked out here, not while a reader waits
        await asyncio.to_thread(digests.resolve, "0", tuple(e.report for e in self.editions))
        try:
            if self._index is None:
                self._index = await asyncio.to_thread(self._opened, items)
                self._index.learn(self._synonyms)
                self._indexed = True
            else:
                self._indexed = await asyncio.to_thread(self._index.refresh, items)
                self._trouble = ""
        except _UNWRITABLE as error:
            self._indexed = False  # the next refresh tries again
            if self._index is not None and isinstance(error, digests.NoRoomError):
                self._tell(f"the index in {self._folder} cannot grow, free some room: {error}")
                return
            self._tell(f"the index is kept in memory: {self._folder} cannot be used: {error}")
            self._index = await asyncio.to_thread(digests.Index.build, None, items)
            self._index.learn(self._synonyms)
            self._indexed = True

    def _opened(self, items: tuple[digests.Edition, ...]) -> digests.Index:
        return (
            digests.Index.open(self._folder, items)
            if self._folder
            else digests.Index.build(None, items)
        )

    def _tell(self, trouble: str) -> None:
        """Once, however often it is met."""
        if trouble != self._trouble:
            log.warning("%s", trouble)
            self._trouble = trouble

    # ---- asking ------------------------------------------------------------------------------

    @property
    def editions(self) -> tuple[digests.Edition, ...]:
        """What is out and public, newest issue first."""
        return self._of(_PUSHED)

    def editions_for(self, *, member: bool) -> tuple[digests.Edition, ...]:
        """What a reader may see: the office's own people see what is kept to the office, too."""
        return self._of(_FOR_MEMBERS if member else _PUSHED)

    def pushed_on(self, day: date, *, member: bool = False) -> tuple[digests.Edition, ...]:
        """What is pushed on a day: still valid then, and meant for the reader."""
        return tuple(
            e
            for e in self.editions_for(member=member)
            if (last := self._outlines[e.key].valid_until) is None or last >= day
        )

    def is_past(self, key: str, day: date) -> bool:
        """Whether a report is not pushed any more on a day, only looked up."""
        outline = self._outlines.get(key)
        return bool(outline and outline.valid_until and outline.valid_until < day)

    def _of(self, publicity: Collection[Publicity]) -> tuple[digests.Edition, ...]:
        return tuple(
            e for e in self._editions.values() if self._outlines[e.key].publicity in publicity
        )

    def report(self, key: str) -> digests.Report | None:
        """A published report, None where it is withdrawn, replaced or unknown."""
        edition = self._editions.get(key)
        return edition.report if edition else None

    async def search(
        self, query: str, limit: int = 10, within: Iterable[str] | None = None
    ) -> digests.Answer:
        """The passages that answer a query; only from these reports, public ones by default."""
        if self._index is None or not query.strip():
            return digests.Answer(searched=0)
        keys = self._public if within is None else frozenset(within)
        if not keys <= self._editions.keys():
            keys &= self._editions.keys()
        return self._index.search(query, limit, keys)

    def resolve(self, query: str, within: Iterable[str] | None = None) -> digests.Resolution:
        """The sections that a query names."""
        keys = None if within is None else frozenset(within)
        reports = [e.report for e in self._editions.values() if keys is None or e.key in keys]
        return digests.resolve(query, reports)
