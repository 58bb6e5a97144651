"""One database, two kinds: SQLite in a file (WAL) by default, PostgreSQL for several replicas.

On SQLite every writing transaction begins with BEGIN IMMEDIATE (with the default, two processes
read, then both write), and the writers of this process take turns, so that a heartbeat waits for
one short transaction and neither for a crowd of writers nor for SQLite's unfair busy handler.
What the database refuses because it is gone, full or locked arrives as ``StorageError``; nothing
of that transaction was kept, so the caller may simply come again.
"""

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DatabaseError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.errors import SettingsError, StorageError
from bot.storage.turns import Turns

T = TypeVar("T")
Connection = AsyncConnection  # what storage's functions take, for those who speak no SQL

BUSY_SECONDS = 15.0  # another process (the command line) may be writing
# SQLite's locks, and WAL's shared memory, do not work across machines
NETWORK_FILE_SYSTEMS = frozenset(
    {"9p", "afs", "ceph", "cifs", "davfs", "glusterfs", "lustre", "ncpfs", "nfs", "nfs4"}
    | {"smb2", "smb3", "smbfs"}
    | {f"fuse.{name}" for name in ("davfs2", "glusterfs", "rclone", "s3fs", "sshfs")}
)
_SQLITE_FILE = b"SQLite format 3\0"  # what a file of its begins with, once there is something in it
_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+asyncpg",
    "postgresql": "postgresql+asyncpg",
}


class Database:
    """Hands out connections: ``read()`` for looking, ``write()`` for one committed change."""

    def __init__(self, url: str) -> None:
        parsed = _parse(url)
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        self.writes = 0  # transactions begun by this process, so that one can see that none was
        self._turns = Turns() if self.is_sqlite else None
        if self.is_sqlite:
            _check_place(parsed)
            self._reader = _sqlite(parsed, "BEGIN", pool_size=4)
            self._writer = _sqlite(parsed, "BEGIN IMMEDIATE", pool_size=1)
            self._direct = _sqlite_direct(parsed)
            self._hand = ThreadPoolExecutor(1, "database")
        else:
            self._reader = self._writer = _postgres(parsed)

    @contextlib.asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """One consistent view; nothing may be written in it."""
        with _translated():
            async with self._reader.connect() as connection:
                yield connection

    @contextlib.asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """One transaction: committed at the end, undone by any exception. Keep it below 100 ms."""
        with _translated():
            async with self._turn(first=False), self._writer.begin() as connection:
                self.writes += 1
                yield connection

    def _turn(self, *, first: bool) -> AbstractAsyncContextManager[None]:
        if self._turns is None:
            return contextlib.nullcontext()
        return self._turns.turn(first=first)

    async def transact(
        self, work: Callable[[AsyncConnection], Coroutine[Any, Any, T]], *, first: bool = False
    ) -> T:
        """A writing transaction given as a function: for what happens many times a second.

        ``first``: ahead of all other writers of this process, for what must not be late.

        On SQLite all of it runs in one go in a thread of its own. Statement by statement, each
        answer would wait for the busy event loop to let go of the interpreter. ``work`` may wait
        for nothing but the database.
        """
        if not self.is_sqlite:
            async with self.write() as connection:
                return await work(connection)
        with _translated():
            async with self._turn(first=first):
                self.writes += 1
                loop = asyncio.get_running_loop()
                return await loop.run_in_executor(self._hand, self._in_one_go, work)

    def _in_one_go(self, work: Callable[[AsyncConnection], Coroutine[Any, Any, T]]) -> T:
        with self._direct.begin() as connection:
            steps = work(cast("AsyncConnection", _AtOnce(connection)))
            try:
                steps.send(None)
            except StopIteration as end:
                return cast("T", end.value)
            finally:
                steps.close()
            raise RuntimeError("a transaction waited for something else than the database")

    async def migrate(self) -> None:
        """Bring the tables up to date; several processes may try at once."""
        async with self.write() as connection:
            if not self.is_sqlite:
                await connection.execute(sa.text("SELECT pg_advisory_xact_lock(7062018)"))
            await connection.run_sync(_upgrade)

    async def is_current(self) -> bool:
        """Whether the tables are there and up to date."""
        async with self.read() as connection:
            return bool(await connection.run_sync(_is_current))

    async def close(self) -> None:
        """Give all connections back."""
        await self._reader.dispose()
        if self.is_sqlite:
            await self._writer.dispose()
            self._hand.shutdown()
            self._direct.dispose()


def insert_once(connection: AsyncConnection, table: sa.Table) -> Any:
    """An INSERT that does nothing when the row is there: two may write the same at once."""
    if connection.dialect.name == "sqlite":
        from sqlalchemy.dialects.sqlite import insert as lite

        return lite(table).on_conflict_do_nothing()
    from sqlalchemy.dialects.postgresql import insert as postgres

    return postgres(table).on_conflict_do_nothing()


class _AtOnce:
    """Looks like an AsyncConnection; every answer is there already when it is awaited."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self.dialect = connection.dialect

    async def execute(self, *given: Any, **more: Any) -> Any:
        return self._connection.execute(*given, **more)

    async def scalar(self, *given: Any, **more: Any) -> Any:
        return self._connection.scalar(*given, **more)

    async def scalars(self, *given: Any, **more: Any) -> Any:
        return self._connection.scalars(*given, **more)


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
    except sa.exc.ArgumentError:
        raise SettingsError("database.url: not an address of a database") from None
    backend = parsed.get_backend_name()
    if backend not in _DRIVERS:
        raise SettingsError(f"database.url: {backend} is not supported; use sqlite or postgresql")
    return parsed.set(drivername=_DRIVERS[backend])


def _check_place(url: URL) -> None:
    if not url.database or url.database == ":memory:":
        raise SettingsError("database.url: SQLite needs a file, for example sqlite:///policybot.db")
    folder = Path(url.database).absolute().parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(f"database.url: {folder}: {error.strerror}") from None
    kind = file_system(folder)
    if kind in NETWORK_FILE_SYSTEMS:
        raise SettingsError(
            f"database.url: {folder} lies on a network file system ({kind}), where SQLite's locks "
            "do not hold; use a local disk, or PostgreSQL"
        )
    try:
        sqlite3.connect(url.database).close()
        with Path(url.database).open("rb") as file:
            head = file.read(len(_SQLITE_FILE))
    except (sqlite3.Error, OSError) as error:
        raise SettingsError(f"database.url: {url.database}: {error}") from None
    if head not in (b"", _SQLITE_FILE):
        raise SettingsError(
            f"database.url: {url.database} is not a database; it is left as it is, name another"
        )


def file_system(folder: Path, mounts: Path = Path("/proc/self/mounts")) -> str:
    """The kind of file system a folder lies on; "" where the system does not tell."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    here = folder.resolve()
    best, kind = -1, ""
    for line in lines:
        _device, point, type_, *_rest = line.split(" ")
        place = Path(point.replace("\\040", " "))
        if here.is_relative_to(place) and len(place.parts) >= best:
            best, kind = len(place.parts), type_
    return kind


def _postgres(url: URL) -> AsyncEngine:
    try:
        return create_async_engine(
            url,
            pool_size=8,
            max_overflow=8,
            pool_pre_ping=True,
            pool_timeout=BUSY_SECONDS,
            hide_parameters=True,  # what people chose and wrote does not belong into logs
        )
    except ImportError:
        raise SettingsError(
            "database.url: PostgreSQL needs one more package: pip install asyncpg"
        ) from None


def _sqlite(url: URL, begin: str, pool_size: int) -> AsyncEngine:
    engine = create_async_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        connect_args={"timeout": BUSY_SECONDS},
        hide_parameters=True,
    )
    _prepare(engine.sync_engine, begin)
    return engine


def _sqlite_direct(url: URL) -> sa.Engine:
    engine = sa.create_engine(
        url.set(drivername="sqlite+pysqlite"),
        poolclass=sa.pool.QueuePool,
        pool_size=1,
        max_overflow=0,
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
        hide_parameters=True,
    )
    _prepare(engine, "BEGIN IMMEDIATE")
    return engine


def _prepare(engine: sa.Engine, begin: str) -> None:
    @event.listens_for(engine, "connect")
    def connected(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",  # what we say was sent stays sent, also after a power cut
            "foreign_keys=ON",
            "temp_store=MEMORY",
            "journal_size_limit=67108864",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begun(connection: sa.Connection) -> None:
        connection.exec_driver_sql(begin)


def _upgrade(connection: sa.Connection) -> None:
    from alembic import command

    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _config() -> Any:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "bot.storage:migrations")
    config.set_main_option("path_separator", "os")
    return config


def _is_current(connection: sa.Connection) -> bool:
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    heads = ScriptDirectory.from_config(_config()).get_heads()
    return set(MigrationContext.configure(connection).get_current_heads()) == set(heads)


@contextlib.contextmanager
def _translated() -> Iterator[None]:
    """What the driver says when the database is gone, full or locked -> StorageError."""
    try:
        yield
    except DBAPIError as error:
        # a file that is no database comes as the bare DatabaseError
        gone = isinstance(error, OperationalError | InterfaceError) or type(error) is DatabaseError
        if gone or error.connection_invalidated:
            raise StorageError(f"the database cannot be used: {error.orig}") from error
        raise
    except (OSError, sa.exc.TimeoutError) as error:
        raise StorageError(f"the database cannot be reached: {error}") from error
