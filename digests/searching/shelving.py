"""The index on disk or in memory: passages in tantivy; opened, refreshed, rebuilt, never corrupt.

``<folder>/<VERSION>-<n>/`` holds tantivy's files; the highest n that opens is the current *shelf*.
It is built under another name and moved there when it is whole. What is indexed stands in the
index itself, in one document rewritten with every commit, so that contents and list cannot
disagree. Another process writing just now (LockBusy) means: go on with what there is and look
again later. Anything that cannot be opened or written means: build a new one and move over.
"""

import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

from digests.report import Report
from digests.searching.stocking import Kept, documents, read_kept, schema

VERSION = 4  # of what is written; another number is another folder
_HEAP, _HEAP_FOR_MANY = 30_000_000, 250_000_000
_MANY = 200  # reports
_TITLE = 1.5  # weight of a heading's words against the body's
_HEAD = 0.05  # of those above a passage: they only help others along
_REMEMBERED = 100_000  # frequencies of pairs
_WAYS = 6  # to say one word
_PAIRS = 4000  # pairs that begin with one character


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

    def __init__(self, index: Any, folder: Path | None) -> None:
        self._index = index
        self._folder = folder
        self.searcher = index.searcher()
        self.schema = index.schema
        self.listed = self._read_list()
        self._forget()

    # ---- making and opening ------------------------------------------------------------------

    @classmethod
    def in_memory(cls, reports: Mapping[str, Report]) -> "Shelf":
        """A shelf that lives as long as the program."""
        import tantivy

        shelf = cls(tantivy.Index(schema()), None)
        shelf.write(reports, ())
        return shelf

    @classmethod
    def on_disk(cls, folder: Path) -> "Shelf | None":
        """The current shelf in a folder, None where there is none that opens."""
        import tantivy

        for path in _generations(folder):
            with suppress(Exception):  # whatever cannot be read is rebuilt
                return cls(tantivy.Index.open(str(path)), path)
        return None

    @classmethod
    def build(cls, folder: Path, reports: Mapping[str, Report]) -> "Shelf":
        """A new shelf beside the others, which are removed when it stands."""
        import tantivy

        folder.mkdir(parents=True, exist_ok=True)
        site = folder / f"new-{os.getpid()}-{uuid4().hex[:8]}"
        site.mkdir()
        cls(tantivy.Index(schema(), path=str(site)), site).write(reports, ())
        path = _move(site, folder)
        for old in _outdated(folder, path):
            shutil.rmtree(old, ignore_errors=True)
        return cls(tantivy.Index.open(str(path)), path)

    # ---- reading -----------------------------------------------------------------------------

    def reload(self) -> None:
        """See what has been committed since, also by another process."""
        self._index.reload()
        self.searcher = self._index.searcher()
        self.listed = self._read_list()
        self._forget()

    def _forget(self) -> None:
        """What is remembered of this state of the index only."""
        self._keys = frozenset(self.listed)
        self.frequencies = Frequencies(self.searcher)
        self._pairs: dict[str, list[tuple[str, int]]] = {}
        self._has: dict[str, bool] = {}

    def _read_list(self) -> dict[str, Listed]:
        import tantivy

        query = tantivy.Query.term_query(self.schema, "key", "list")
        found = self.searcher.search(query, 1).hits
        if not found:
            return {}
        rows = json.loads(bytes(self.searcher.doc(found[0][1]).get_first("kept")))
        return {
            key: Listed(title, date.fromisoformat(day) if day else None, stamp)
            for key, title, day, stamp in rows
        }

    @property
    def count(self) -> int:
        """Passages on the shelf."""
        return int(self.searcher.num_docs)

    def stands(self, word: str) -> bool:
        """Does the word stand anywhere, in a passage or a heading?"""
        return any(
            self.searcher.search(self._phrase(field, word), 1, count=False).hits
            for field in ("body", "head")
        )

    def find(self, wanted: Wanted, most: int) -> Iterator[Kept]:
        """Passages with a word of every group, best first by the engine's own weight."""
        groups = wanted.groups
        everywhere = self._keys <= wanted.live
        if len(groups) == 1 and not groups[0].optional and not wanted.without and everywhere:
            yield from self._find_one(groups[0].words, most)
        else:
            yield from self._kept_by(self._query(wanted, everywhere=everywhere), most)

    def _find_one(self, words: Sequence[str], most: int) -> Iterator[Kept]:
        """For one word alone each field is asked by itself: the engine then skips what is weak."""
        seen: set[tuple[int, int]] = set()
        for word in words[:_WAYS]:
            for field, share in (("body", most), ("title", most // 3)):
                found = self.searcher.search(self._phrase(field, word), share, count=False)
                for _, address in found.hits:
                    place = (address.segment_ord, address.doc)
                    if place not in seen:
                        seen.add(place)
                        yield self._kept(address)

    def with_word(self, word: str, most: int) -> Iterator[Kept]:
        """Passages in whose own words a word stands."""
        yield from self._kept_by(self._phrase("body", word), most)

    def pairs_from(self, character: str) -> list[tuple[str, int]]:
        """The pairs that begin with a character, each with its frequency."""
        if character not in self._pairs:
            found = self.searcher.terms_with_prefix("body", character, limit=_PAIRS)
            self._pairs[character] = found
        return self._pairs[character]

    def has(self, character: str) -> bool:
        """Does the character stand anywhere?"""
        known = self._has.get(character)
        if known is None:
            known = self._has[character] = any(
                self.searcher.terms_with_prefix(field, character, limit=1)
                for field in ("body", "head")
            )
        return known

    def _kept_by(self, query: Any, most: int) -> Iterator[Kept]:
        for _, address in self.searcher.search(query, most, count=False).hits:
            yield self._kept(address)

    def _kept(self, address: Any) -> Kept:
        return read_kept(bytes(self.searcher.doc(address).get_first("kept")))

    def _query(self, wanted: Wanted, *, everywhere: bool) -> Any:
        import tantivy

        must, should, never = tantivy.Occur.Must, tantivy.Occur.Should, tantivy.Occur.MustNot
        clauses = [
            (should if group.optional else must, self._any_of(group.words))
            for group in wanted.groups
        ]
        clauses += [(never, self._phrase("body", word)) for word in wanted.without]
        if not everywhere:
            here = tantivy.Query.term_set_query(self.schema, "key", sorted(wanted.live))
            clauses.append((must, tantivy.Query.const_score_query(here, 0.0)))
        return tantivy.Query.boolean_query(clauses)

    def _any_of(self, words: Sequence[str]) -> Any:
        import tantivy

        ways = [self._phrase("body", w) for w in words]
        ways += [tantivy.Query.boost_query(self._phrase("title", w), _TITLE) for w in words]
        ways += [tantivy.Query.const_score_query(self._phrase("head", w), _HEAD) for w in words]
        return tantivy.Query.disjunction_max_query(ways, 0.3)

    def _phrase(self, field: str, word: str) -> Any:
        """The word at exact positions; in headings, which keep none, all its pairs.

        A single character is asked for by the pairs that begin with it.
        """
        import tantivy

        if len(word) == 1:
            found = self.searcher.terms_with_prefix(field, word, limit=_PAIRS)
            pairs = [t for t, _ in found]
            return tantivy.Query.const_score_query(
                tantivy.Query.term_set_query(self.schema, field, pairs), 1.0
            )
        if len(word) == 2:  # noqa: PLR2004 -- one pair
            return self._pair(field, word)
        if field != "body":
            pairs_of = (word[i : i + 2] for i in range(len(word) - 1))
            all_of = [(tantivy.Occur.Must, self._pair(field, pair)) for pair in pairs_of]
            return tantivy.Query.boolean_query(all_of)
        steps = dict.fromkeys((*range(0, len(word) - 2, 2), len(word) - 2))
        at: list[str | tuple[int, str]] = [(i, word[i : i + 2]) for i in steps]
        return tantivy.Query.phrase_query(self.schema, field, at)

    def _pair(self, field: str, pair: str) -> Any:
        import tantivy

        option = "basic" if field == "head" else "freq"
        return tantivy.Query.term_query(self.schema, field, pair, option)

    # ---- writing -----------------------------------------------------------------------------

    def refresh(self, now: Mapping[str, Listed], reports: Mapping[str, Report]) -> bool:
        """Bring the shelf up to date; False where another process is writing just now.

        ``reports`` is asked only for those whose entry in ``now`` differs from what is listed.
        """
        if now == self.listed:
            return True
        self.reload()  # another process may have done it already
        stale = [k for k, old in self.listed.items() if now.get(k) != old]
        fresh = {k: reports[k] for k, new in now.items() if self.listed.get(k) != new}
        if not stale and not fresh:
            return True
        try:
            self.write(fresh, stale)
        except ValueError as error:
            if "lock" not in str(error).lower():
                raise
            self.reload()
            return False
        return True

    def write(self, fresh: Mapping[str, Report], stale: Iterable[str]) -> None:
        """Take the stale ones out and put the fresh ones in, in one commit."""
        writer = self._index.writer(_HEAP if len(fresh) < _MANY else _HEAP_FOR_MANY, 1)
        self.reload()  # under the lock: what another process has written meanwhile counts
        rows = dict(self.listed)
        for key in {*stale, *fresh}:
            writer.delete_documents_by_term("key", key)
            rows.pop(key, None)
        for key, report in fresh.items():
            for document in documents(key, report):
                writer.add_document(document)
            rows[key] = listed(report)
        writer.delete_documents_by_term("key", "list")
        writer.add_document(_list_document(rows))
        writer.commit()
        writer.wait_merging_threads()
        self.reload()

    @property
    def size(self) -> int:
        """Bytes on disk."""
        if self._folder is None:
            return 0
        return sum(f.stat().st_size for f in self._folder.iterdir() if f.is_file())


def _list_document(rows: Mapping[str, Listed]) -> Any:
    import tantivy

    written = [
        [key, row.title, row.issued_on.isoformat() if row.issued_on else "", row.stamp]
        for key, row in rows.items()
    ]
    document = tantivy.Document()
    document.add_text("key", "list")
    document.add_bytes("kept", json.dumps(written).encode())
    return document


# ---- folders ---------------------------------------------------------------------------------


def _number(path: Path) -> int:
    version, _, number = path.name.partition("-")
    return int(number) if version == str(VERSION) and number.isdigit() else 0


def _generations(folder: Path) -> list[Path]:
    """The folders of this version, newest first."""
    if not folder.is_dir():
        return []
    return sorted((p for p in folder.iterdir() if _number(p)), key=_number, reverse=True)


def _move(site: Path, folder: Path) -> Path:
    """The finished shelf's place: the next free number."""
    number = 1 + max(map(_number, _generations(folder)), default=0)
    while True:
        path = folder / f"{VERSION}-{number}"
        try:
            site.rename(path)
        except OSError:  # another process was quicker
            if not path.exists():
                raise
            number += 1
        else:
            return path


def _outdated(folder: Path, current: Path) -> Iterator[Path]:
    """Older shelves of any version, and building sites whose builder is gone."""
    for other in folder.iterdir():
        kind, _, number = other.name.partition("-")
        if kind == "new":
            if not _alive(number.partition("-")[0]):
                yield other
        elif kind.isdigit() and number.isdigit():
            older = (int(kind), int(number)) < (VERSION, _number(current))
            if older and other.is_dir():
                yield other


def _alive(process: str) -> bool:
    try:
        os.kill(int(process), 0)
    except (OSError, ValueError):
        return False
    return True
