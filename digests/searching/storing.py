"""The index on disk or in memory: opened, refreshed, rebuilt, never corrupt.

``<folder>/<VERSION>-<n>/`` holds tantivy's files; the highest n that opens is the current one. It
is built under another name and moved there when it is whole. What is indexed stands in the index
itself, in one document rewritten with every commit, so that contents and list cannot disagree.
Another process writing just now (LockBusy) means: go on with what there is and look again later;
so does a disk that takes no more. Anything else that cannot be opened or written means: build a new
one and move over.
"""

import errno
import json
import os
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

from digests.report import Report
from digests.searching.engine import Engine
from digests.searching.shelving import Listed, Shelf, listed
from digests.searching.stocking import documents, prepared, schema
from digests.searching.vocabulary import Vocabulary

VERSION = 11  # of what is written; another number is another folder
_HEAP, _HEAP_FOR_MANY = 30_000_000, 250_000_000
_MANY = 200  # reports
_BLOCK = 4096  # bytes of stored passages that are unpacked together
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_NUMBER = re.compile(r"(?:os error|code:) (\d+)")


class Store:
    """An index and the shelf that shows its present state."""

    def __init__(self, index: Any, folder: Path | None) -> None:
        self._index = prepared(index)
        self._folder = folder
        self._state = ""
        self.shelf = Shelf(Engine(index), {})
        self.reload()

    # ---- making and opening ------------------------------------------------------------------

    @classmethod
    def in_memory(cls, reports: Mapping[str, Report]) -> "Store":
        """An index that lives as long as the program."""
        import tantivy

        store = cls(tantivy.Index(schema()), None)
        store.write(reports, ())
        return store

    @classmethod
    def on_disk(cls, folder: Path) -> "Store | None":
        """The current index in a folder, None where there is none that opens."""
        import tantivy

        for path in _generations(folder):
            with suppress(Exception):  # whatever cannot be read is rebuilt
                return cls(tantivy.Index.open(str(path)), path)
        return None

    @classmethod
    def build(cls, folder: Path, reports: Mapping[str, Report]) -> "Store":
        """A new index beside the others, which are removed when it stands."""
        import tantivy

        folder.mkdir(parents=True, exist_ok=True)
        site = folder / f"new-{os.getpid()}-{uuid4().hex[:8]}"
        site.mkdir()
        try:
            cls(_empty(site), site).write(reports, ())
            path = _move(site, folder)
        except BaseException:
            shutil.rmtree(site, ignore_errors=True)
            raise
        for old in _outdated(folder, path):
            shutil.rmtree(old, ignore_errors=True)
        return cls(tantivy.Index.open(str(path)), path)

    @property
    def size(self) -> int:
        """Bytes on disk."""
        if self._folder is None:
            return 0
        return sum(f.stat().st_size for f in self._folder.iterdir() if f.is_file())

    def reload(self) -> None:
        """See what has been committed since, also by another process."""
        self._index.reload()
        written = _read_list(self._index)
        state = _state(written)
        if state != self._state:
            words = partial(self._read_words, state)
            self.shelf = Shelf(Engine(self._index), _rows(written), words)
            self._state = state

    def _read_words(self, state: str, engine: Engine) -> Vocabulary:
        known = Vocabulary.load(self._folder, state) if self._folder else None
        return known or engine.vocabulary()

    # ---- writing -----------------------------------------------------------------------------

    def refresh(self, now: Mapping[str, Listed], reports: Mapping[str, Report]) -> bool:
        """Bring the index up to date; False where another process is writing just now.

        ``reports`` is asked only for those whose entry in ``now`` differs from what is listed.
        """
        if now == self.shelf.listed:
            return True
        self.reload()  # another process may have done it already
        known = self.shelf.listed
        stale = [k for k, old in known.items() if now.get(k) != old]
        fresh = {k: reports[k] for k, new in now.items() if known.get(k) != new}
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
        try:
            self.reload()  # under the lock: what another process has written meanwhile counts
            words = self._put(writer, fresh, stale)
            writer.commit()
        finally:  # a writer that is forgotten would keep its lock
            with suppress(ValueError):
                writer.wait_merging_threads()
        self.reload()
        if words:
            self.shelf.vocabulary = words
        else:
            self._save(self.shelf.vocabulary, self._state)

    def _put(
        self, writer: Any, fresh: Mapping[str, Report], stale: Iterable[str]
    ) -> Vocabulary | None:
        """What the commit will hold; the vocabulary then, None where it is to be counted anew."""
        rows = dict(self.shelf.listed)
        words = self.shelf.vocabulary if rows and len(fresh) < _MANY else None
        for key in {*stale, *fresh}:
            writer.delete_documents_by_term("key", key)
            rows.pop(key, None)
        for key, report in sorted(fresh.items(), key=_newest_first):
            texts = [_added(writer, *found) for found in documents(key, report)]
            if words:
                words.add(texts)
            rows[key] = listed(report)
        written = _written(rows)
        writer.delete_documents_by_term("key", "list")
        writer.add_document(_list_document(written))
        if words:  # before the commit: whoever sees that finds the words, too
            self._save(words, _state(written))
        return words

    def _save(self, words: Vocabulary, state: str) -> None:
        if self._folder:
            with suppress(OSError):  # they can be counted again
                words.save(self._folder, state)


def _added(writer: Any, document: Any, text: str) -> str:
    writer.add_document(document)
    return text


def is_no_room(error: Exception) -> bool:
    """Does the disk take no more? Tantivy tells in words only."""
    told = {int(number) for number in _NUMBER.findall(str(error))} | {getattr(error, "errno", None)}
    return not told.isdisjoint(_NO_ROOM)


def _newest_first(item: tuple[str, Report]) -> int:
    """Among equals the engine takes what was written first."""
    day = item[1].issued_on
    return -day.toordinal() if day else 0


# ---- the list of what is indexed -------------------------------------------------------------


def _read_list(index: Any) -> bytes:
    import tantivy

    searcher = index.searcher()
    found = searcher.search(tantivy.Query.term_query(index.schema, "key", "list"), 1).hits
    return bytes(searcher.doc(found[0][1]).get_first("kept")) if found else b"[]"


def _list_document(written: bytes) -> Any:
    import tantivy

    document = tantivy.Document()
    document.add_text("key", "list")
    document.add_bytes("kept", written)
    return document


def _written(rows: Mapping[str, Listed]) -> bytes:
    listing = [
        [key, row.title, row.issued_on.isoformat() if row.issued_on else "", row.stamp]
        for key, row in rows.items()
    ]
    return json.dumps(listing).encode()


def _rows(written: bytes) -> dict[str, Listed]:
    return {
        key: Listed(title, date.fromisoformat(day) if day else None, stamp)
        for key, title, day, stamp in json.loads(written)
    }


def _state(written: bytes) -> str:
    """The name of a state of the index: what is listed decides what it holds."""
    return sha256(written).hexdigest()


def _empty(folder: Path) -> Any:
    """An index whose stored passages lie in small blocks: a look-up wants one here and one there.

    Of the usual blocks forty passages are unpacked for each that is read, which took twice as long.
    """
    import tantivy

    tantivy.Index(schema(), path=str(folder))
    settings = folder / "meta.json"
    known = json.loads(settings.read_bytes())
    known["index_settings"]["docstore_blocksize"] = _BLOCK
    settings.write_text(json.dumps(known))
    return tantivy.Index.open(str(folder))


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
