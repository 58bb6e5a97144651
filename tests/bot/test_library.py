import dataclasses
import resource
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

import digests
from bot.domain.office import Publicity, ReportState, TaskState
from bot.library import Library
from bot.storage import queries, reports, tasks
from bot.storage.database import Database
from tests.reports import SMALL, written

NOW = datetime(2026, 7, 20, tzinfo=UTC)
LATER = datetime(2026, 7, 20, 0, 1, tzinfo=UTC)
OTHER = SMALL.replace("云澜", "海平").replace("防汛", "抗旱")


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'test.db'}")
    await database.migrate()
    yield database
    await database.close()


async def add(database: Database, text: str = SMALL, name: str = "a.txt", **how: object) -> str:
    report = written(text, name)
    async with database.write() as connection:
        added = await reports.add(
            connection,
            report,
            digests.extract_tasks(report),
            now=NOW,
            accept=True,
            **how,  # type: ignore[arg-type]
        )
    return added.key


async def found(library: Library, query: str, within: list[str] | None = None) -> list[str]:
    return [hit.report for hit in (await library.search(query, within=within)).hits]


@pytest.fixture
def library(database: Database, tmp_path: Path) -> Library:
    return Library(database, tmp_path / "index")


async def test_before_the_first_refresh_it_is_empty_and_answers(library: Library) -> None:
    assert library.editions == ()
    assert (await library.search("防汛")).hits == ()


async def test_published_reports_come_with_their_accepted_tasks(
    database: Database, library: Library
) -> None:
    key = await add(database)
    assert await library.refresh()
    (edition,) = library.editions
    assert edition.key == key
    assert edition.report == written(SMALL, "a.txt")
    assert edition.tasks
    assert await found(library, "值班") == [key]
    assert not await library.refresh()


async def test_drafts_are_nowhere(database: Database, library: Library) -> None:
    await add(database, state=ReportState.DRAFT)
    await library.refresh()
    assert library.editions == ()
    assert await found(library, "值班") == []


async def test_what_is_withdrawn_vanishes_and_comes_back(
    database: Database, library: Library
) -> None:
    key = await add(database)
    await library.refresh()
    for to, there in ((ReportState.WITHDRAWN, False), (ReportState.PUBLISHED, True)):
        async with database.write() as connection:
            await reports.move(connection, key, to, LATER)
        assert await library.refresh()
        assert (library.report(key) is not None) == there
        assert await found(library, "值班") == [key] * there
        assert bool(library.resolve("二（一）").matches) == there


async def test_what_is_kept_to_the_office_does_not_leak(
    database: Database, library: Library
) -> None:
    public = await add(database)
    kept = await add(database, OTHER, "b.txt", publicity=Publicity.MEMBERS)
    await library.refresh()
    assert [e.key for e in library.editions] == [public]
    assert {e.key for e in library.editions_for(member=True)} == {public, kept}
    answer = await library.search("抗旱")
    assert (answer.hits, answer.near, answer.searched) == ((), (), 1)
    assert await found(library, "抗旱", [public, kept]) == [kept]
    assert (await library.search("幼儿园", within=[kept])).searched == 1


async def test_a_dropped_task_and_a_corrected_title_are_noticed(
    database: Database, library: Library
) -> None:
    key = await add(database)
    await library.refresh()
    (before,) = library.editions
    async with database.write() as connection:
        first = digests.task_key(before.tasks[0])
        await tasks.decide(connection, key, first, TaskState.DROPPED, None, LATER)
    assert await library.refresh()
    assert len(library.editions[0].tasks) == len(before.tasks) - 1
    report = written(SMALL, "a.txt")

    async with database.write() as connection:
        corrected = dataclasses.replace(report, title="更正")
        await reports.correct(connection, key, corrected, LATER)
    assert await library.refresh()
    assert (await library.search("值班")).hits[0].title == "更正"


async def test_past_its_validity_a_report_is_look_up_only(
    database: Database, library: Library
) -> None:
    key = await add(database)
    async with database.write() as connection:
        await reports.change(connection, key, LATER, valid_until=date(2026, 12, 31))
    await library.refresh()
    assert [e.key for e in library.pushed_on(date(2026, 12, 31))] == [key]
    assert library.pushed_on(date(2027, 1, 1)) == ()
    assert await found(library, "值班") == [key]


async def test_the_offices_synonyms_are_learnt(database: Database, library: Library) -> None:
    key = await add(database)
    await library.refresh()
    assert await found(library, "娃娃屋") == []
    async with database.write() as connection:
        await queries.add_synonym(connection, "娃娃屋", "幼儿园", None, NOW)
    await library.refresh()
    assert await found(library, "娃娃屋") == [key]


async def test_after_a_restart_the_index_is_opened_as_it_was(
    database: Database, library: Library, tmp_path: Path
) -> None:
    key = await add(database)
    await library.refresh()
    (shelf,) = (tmp_path / "index").iterdir()
    before = {p.name: p.stat().st_mtime_ns for p in shelf.iterdir()}
    again = Library(database, tmp_path / "index")
    await again.refresh()
    assert {p.name: p.stat().st_mtime_ns for p in shelf.iterdir()} == before
    assert await found(again, "值班") == [key]


async def test_two_replicas_on_one_folder_follow_each_other(
    database: Database, library: Library, tmp_path: Path
) -> None:
    other = Library(database, tmp_path / "index")
    await add(database)
    await library.refresh()
    await other.refresh()
    key = await add(database, OTHER, "b.txt")
    await other.refresh()
    await library.refresh()
    assert await found(library, "抗旱") == [key]
    assert await found(other, "抗旱") == [key]


async def test_a_broken_index_is_built_anew(
    database: Database, library: Library, tmp_path: Path
) -> None:
    key = await add(database)
    await library.refresh()
    for path in next((tmp_path / "index").iterdir()).iterdir():
        path.unlink()  # a new file: what another reader has mapped must not shrink under it
        path.write_bytes(b"?")
    again = Library(database, tmp_path / "index")
    await again.refresh()
    assert await found(again, "值班") == [key]


async def test_an_index_locked_elsewhere_is_looked_at_again(
    database: Database, library: Library, tmp_path: Path
) -> None:
    await add(database)
    await library.refresh()
    other = Library(database, tmp_path / "index")
    await other.refresh()
    assert other._index
    writer = other._index._store._index.writer(15_000_000, 1)
    key = await add(database, OTHER, "b.txt")
    await library.refresh()
    assert await found(library, "抗旱") == []
    writer.rollback()
    del writer
    await library.refresh()
    assert await found(library, "抗旱") == [key]


@contextmanager
def full_disk() -> Iterator[None]:
    """No file may grow beyond a kilobyte, as if the disk were full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1024, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


async def test_on_a_full_disk_look_ups_go_on_and_catch_up_later(
    database: Database, library: Library, caplog: pytest.LogCaptureFixture
) -> None:
    first = await add(database)
    await library.refresh()
    second = await add(database, OTHER, "b.txt")
    for _ in range(2):
        with full_disk():
            await library.refresh()
        assert await found(library, "值班") == [first]
    assert ["cannot grow" in r.getMessage() for r in caplog.records] == [True]
    await library.refresh()
    assert await found(library, "抗旱") == [second]


async def test_on_a_full_disk_what_is_withdrawn_is_gone_all_the_same(
    database: Database, library: Library
) -> None:
    key = await add(database)
    await library.refresh()
    async with database.write() as connection:
        await reports.move(connection, key, ReportState.WITHDRAWN, LATER)
    with full_disk():
        await library.refresh()
    assert await found(library, "值班") == []


async def test_without_a_folder_the_index_is_in_memory(database: Database) -> None:
    key = await add(database)
    library = Library(database, None)
    await library.refresh()
    assert await found(library, "值班") == [key]


async def test_where_the_folder_cannot_be_written_the_index_is_in_memory(
    database: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "index").write_text("a file stands in the way")
    library = Library(database, tmp_path / "index")
    key = await add(database)
    assert await library.refresh()
    assert key in await found(library, "防汛")
    assert "kept in memory" in caplog.text
    other = await add(database, OTHER, "b.txt")
    assert await library.refresh()
    assert other in await found(library, "抗旱")


async def test_an_index_that_can_no_longer_be_written_goes_on_in_memory(
    database: Database, tmp_path: Path
) -> None:
    library = Library(database, tmp_path / "index")
    await add(database)
    await library.refresh()
    shutil.rmtree(tmp_path / "index")
    (tmp_path / "index").write_text("a file stands in the way")
    other = await add(database, OTHER, "b.txt")
    assert await library.refresh()
    assert other in await found(library, "抗旱")
