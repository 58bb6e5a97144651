"""The database keeps its promises to those who write at the same time."""

import asyncio
import sqlite3
import sys
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import SettingsError, StorageError
from bot.storage import schema
from bot.storage.database import Database, file_system
from tests.databases import Postgres

_DAY = date(2020, 7, 20)


async def _count_up(database: Database) -> None:
    async with database.write() as connection:
        times = await connection.scalar(sa.select(schema.queries.c.times))
        await asyncio.sleep(0)
        await connection.execute(schema.queries.update().values(times=times + 1))


async def _start(database: Database) -> None:
    async with database.write() as connection:
        values = {"folded": "x", "times": 0, "last_on": _DAY}
        await connection.execute(schema.queries.insert().values(values))


async def test_migrating_what_is_migrated_changes_nothing(url: str) -> None:
    several = [Database(url) for _ in range(3)]
    await asyncio.gather(*(one.migrate() for one in several))
    assert all([await one.is_current() for one in several])
    for one in several:
        await one.close()


async def test_migrations_and_tables_say_the_same(database: Database) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    def differences(connection: sa.Connection) -> list[object]:
        return compare_metadata(MigrationContext.configure(connection), schema.metadata)

    async with database.read() as connection:
        assert await connection.run_sync(differences) == []


async def test_a_failed_transaction_leaves_nothing(database: Database) -> None:
    await _start(database)
    with pytest.raises(ZeroDivisionError):
        async with database.write() as connection:
            await connection.execute(schema.queries.update().values(times=9))
            raise ZeroDivisionError
    async with database.read() as connection:
        assert await connection.scalar(sa.select(schema.queries.c.times)) == 0


async def test_what_is_done_in_one_go_is_kept_or_undone_too(database: Database) -> None:
    await _start(database)

    async def work(connection: AsyncConnection) -> int:
        await connection.execute(schema.queries.update().values(times=7))
        return 42

    async def fail(connection: AsyncConnection) -> None:
        await connection.execute(schema.queries.update().values(times=8))
        raise ZeroDivisionError

    assert await database.transact(work) == 42
    with pytest.raises(ZeroDivisionError):
        await database.transact(fail)
    async with database.read() as connection:
        assert await connection.scalar(sa.select(schema.queries.c.times)) == 7


async def test_readers_go_on_while_somebody_writes(database: Database) -> None:
    await _start(database)
    async with database.write() as writing:
        await writing.execute(schema.queries.update().values(times=5))
        async with database.read() as reading:
            assert await reading.scalar(sa.select(schema.queries.c.times)) == 0


async def test_writers_of_one_process_come_in_the_order_in_which_they_asked(
    tmp_path: Path,
) -> None:
    database = Database(f"sqlite:///{tmp_path / 'a.db'}")
    await database.migrate()
    order: list[int] = []

    async def write(number: int) -> None:
        async with database.write():
            order.append(number)
            await asyncio.sleep(0.001)

    await asyncio.gather(*(write(number) for number in range(20)))
    assert order == list(range(20))
    await database.close()


async def test_two_processes_never_lose_each_others_writes(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    first, second = Database(f"sqlite:///{path}"), Database(f"sqlite:///{path}")
    await first.migrate()
    await _start(first)
    await asyncio.gather(*(_count_up(db) for _ in range(20) for db in (first, second)))
    async with first.read() as connection:
        assert await connection.scalar(sa.select(schema.queries.c.times)) == 40
    await first.close()
    await second.close()


async def test_a_file_that_is_no_database_is_said_so(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    path.write_text("this is a letter to the office and not a database at all" * 10)
    with pytest.raises(SettingsError, match=r"a\.db is not a database"):
        Database(f"sqlite:///{path}")
    assert path.read_text().startswith("this is a letter")


async def test_a_database_that_is_damaged_is_said_so(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    path.write_bytes(b"SQLite format 3\0" + b"but the rest of it is lost" * 50)
    database = Database(f"sqlite:///{path}")
    with pytest.raises(StorageError, match="cannot be used"):
        await database.migrate()
    await database.close()


async def test_a_full_disk_is_a_storage_error_and_nothing_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    database = Database(f"sqlite:///{path}")
    await database.migrate()
    pages = sqlite3.connect(path).execute("PRAGMA page_count").fetchone()[0]
    with pytest.raises(StorageError, match="full"):
        async with database.write() as connection:
            await connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 2}")
            for number in range(2000):
                await connection.execute(
                    schema.queries.insert().values(folded=f"{number:060}", times=0, last_on=_DAY)
                )
    async with database.read() as connection:
        count = sa.select(sa.func.count()).select_from(schema.queries)
        assert await connection.scalar(count) == 0
    await database.close()


@pytest.mark.parametrize("url", ["mysql://a/b", "nonsense", "sqlite://", "sqlite:///:memory:"])
def test_an_address_it_cannot_use_is_refused_in_one_sentence(url: str) -> None:
    with pytest.raises(SettingsError, match=r"database\.url"):
        Database(url)


def test_postgresql_without_its_driver_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "asyncpg", None)
    with pytest.raises(SettingsError, match="pip install asyncpg"):
        Database("postgresql://office@127.0.0.1/x")


def test_a_folder_in_place_of_a_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"database\.url"):
        Database(f"sqlite:///{tmp_path}")


def test_it_finds_the_file_system_a_folder_lies_on(tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(
        f"/dev/sda1 / ext4 rw 0 0\nnas:/export {tmp_path}/share nfs4 rw 0 0\n"
        f"nas:/b {tmp_path}/my\\040share cifs rw 0 0\n"
    )
    assert file_system(tmp_path, mounts) == "ext4"
    assert file_system(tmp_path / "share" / "deep", mounts) == "nfs4"
    assert file_system(tmp_path / "my share", mounts) == "cifs"
    assert file_system(tmp_path, tmp_path / "missing") == ""


async def test_a_network_file_system_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.storage.database.file_system", lambda _folder: "nfs4")
    with pytest.raises(SettingsError, match="network file system"):
        Database(f"sqlite:///{tmp_path / 'a.db'}")


@pytest.mark.postgres
async def test_it_comes_back_after_the_server_was_restarted(postgres: Postgres) -> None:
    database = Database(postgres.new_database())
    await database.migrate()
    await _start(database)
    postgres.restart()
    await _count_up(database)
    async with database.read() as connection:
        assert await connection.scalar(sa.select(schema.queries.c.times)) == 1
    await database.close()
