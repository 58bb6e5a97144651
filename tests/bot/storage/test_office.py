"""Reports, tasks, broadcasts: guarded moves, the same on both databases."""

import asyncio
import dataclasses
from datetime import UTC, date, datetime, timedelta
from itertools import product
from pathlib import Path

import pytest

import digests
from bot.domain.broadcast import BroadcastState, Every, Recurrence, lawful_sources
from bot.domain.office import Publicity, ReportState, TaskState
from bot.errors import RefusedError
from bot.storage import broadcasts, reports, reviews, tasks
from bot.storage.broadcasts import Plan, plan_of
from bot.storage.database import Database

NOW = datetime(2026, 7, 19, 23, 59, tzinfo=UTC)
SAMPLE = Path(digests.__file__).parent / "samples" / "yunlan.txt"


@pytest.fixture(scope="module")
def report() -> digests.Report:
    return digests.parse(SAMPLE.read_bytes(), SAMPLE.name)


@pytest.fixture(scope="module")
def found(report: digests.Report) -> tuple[digests.Task, ...]:
    return digests.extract_tasks(report)


# ---- reports ---------------------------------------------------------------------------------


async def test_a_report_comes_back_letter_for_letter(
    database: Database, report: digests.Report, found: tuple[digests.Task, ...]
) -> None:
    async with database.write() as connection:
        added = await reports.add(connection, report, found, now=NOW, accept=True)
        assert await reports.load(connection, added.key) == report
        rows = await tasks.of_report(connection, added.key)
    assert added.key == report.source.sha256[:8]
    assert {row["task"] for row in rows} == set(found)
    assert {row["state"] for row in rows} == {"accepted"}
    assert [row["key"] for row in rows] == [digests.task_key(row["task"]) for row in rows]


async def test_the_same_bytes_again_publish_and_accept_but_add_nothing(
    database: Database, report: digests.Report, found: tuple[digests.Task, ...]
) -> None:
    async with database.write() as connection:
        first = await reports.add(connection, report, found, now=NOW, state=ReportState.DRAFT)
        again = await reports.add(connection, report, found, now=NOW, accept=True)
        row = await reports.get(connection, first.key)
        listed = await reports.everything(connection)
    assert (again.new, again.id, again.tasks) == (False, first.id, 0)
    assert row is not None
    assert row["state"] == "published"
    assert listed[0]["tasks"] == {"accepted": len({digests.task_key(task) for task in found})}


async def test_a_withdrawn_report_is_gone_at_once_and_may_come_back(
    database: Database, report: digests.Report
) -> None:
    async with database.write() as connection:
        key = (await reports.add(connection, report, (), now=NOW)).key
        assert not await reports.is_withdrawn(connection, {Publicity.PUBLIC})
        assert await reports.move(connection, key, ReportState.WITHDRAWN, NOW)
        assert await reports.is_withdrawn(connection, {Publicity.PUBLIC})
        assert not await reports.is_withdrawn(connection, {Publicity.MEMBERS})
        assert not await reports.move(connection, key, ReportState.WITHDRAWN, NOW)
        assert await reports.move(connection, key, ReportState.PUBLISHED, NOW)
        with pytest.raises(RefusedError):
            await reports.move(connection, "00000000", ReportState.PUBLISHED, NOW)


async def test_a_corrected_edition_replaces(database: Database, report: digests.Report) -> None:
    source = dataclasses.replace(report.source, sha256="f" * 64)
    async with database.write() as connection:
        old = await reports.add(connection, report, (), now=NOW)
        newer = dataclasses.replace(report, source=source)
        new = await reports.add(connection, newer, (), now=NOW, state=ReportState.DRAFT)
        await reports.replace(connection, old.key, new.key, NOW)
        rows = {row["key"]: row for row in await reports.everything(connection)}
        with pytest.raises(RefusedError):
            await reports.replace(connection, new.key, new.key, NOW)
    assert rows[old.key]["state"] == "replaced"
    assert rows[old.key]["replaced_by"] == new.id
    assert rows[new.key]["state"] == "published"


async def test_it_publishes_itself_when_its_time_has_come(
    database: Database, report: digests.Report
) -> None:
    async with database.write() as connection:
        key = (await reports.add(connection, report, (), now=NOW, state=ReportState.DRAFT)).key
        await reports.change(connection, key, NOW, publish_at=NOW + timedelta(hours=1))
        assert not await reports.is_publish_due(connection, NOW)
        assert await reports.publish_due(connection, NOW) == []
        assert await reports.is_publish_due(connection, NOW + timedelta(hours=1))
        assert await reports.publish_due(connection, NOW + timedelta(hours=1)) == [key]
        assert await reports.publish_due(connection, NOW + timedelta(hours=2)) == []


async def test_a_correction_changes_the_facts_never_the_text(
    database: Database, report: digests.Report
) -> None:
    async with database.write() as connection:
        key = (await reports.add(connection, report, (), now=NOW)).key
        corrected = dataclasses.replace(report, title="改好的标题", issued_on=date(2026, 7, 18))
        await reports.correct(connection, key, corrected, NOW)
        loaded = await reports.load(connection, key)
    assert loaded is not None
    assert (loaded.title, loaded.issued_on) == ("改好的标题", date(2026, 7, 18))
    assert loaded.text == report.text


async def test_validity_is_the_last_deadline(found: tuple[digests.Task, ...]) -> None:
    assert reports.validity(found) == max(task.last for task in found if task.last)
    assert reports.validity(()) is None


def test_publicity_has_three_states() -> None:
    assert [str(state) for state in Publicity] == ["public", "members", "undecided"]


# ---- tasks -----------------------------------------------------------------------------------


async def test_tasks_are_decided_one_by_one_or_all_at_once(
    database: Database, report: digests.Report, found: tuple[digests.Task, ...]
) -> None:
    async with database.write() as connection:
        key = (await reports.add(connection, report, found, now=NOW)).key
        one = (await tasks.of_report(connection, key))[0]["key"]
        assert await tasks.decide(connection, key, one, TaskState.DROPPED, 1, NOW) == 1
        assert await tasks.decide(connection, key, one, TaskState.DROPPED, 1, NOW) == 0
        rest = await tasks.decide(connection, key, None, TaskState.ACCEPTED, 1, NOW)
        assert rest == len({digests.task_key(task) for task in found}) - 1
        with pytest.raises(RefusedError):
            await tasks.decide(connection, key, one, TaskState.DONE, 1, NOW)
        assert await tasks.decide(connection, key, "00000000", TaskState.DONE, 1, NOW) == 0
        assert await tasks.annotate(connection, key, one, "补注", 1, NOW)
        row = next(row for row in await tasks.of_report(connection, key) if row["key"] == one)
    assert (row["state"], row["note"]) == ("dropped", "补注")


# ---- broadcasts ------------------------------------------------------------------------------

PLAN = Plan({"text": "x", "parts": []}, NOW + timedelta(hours=1))


async def test_the_database_knows_the_same_moves_as_the_table(database: Database) -> None:
    async with database.write() as connection:
        for state, to in product(BroadcastState, BroadcastState):
            broadcast = await broadcasts.add(connection, PLAN, now=NOW, state=state)
            lawful = state in lawful_sources(to)
            if lawful:
                await broadcasts.move(connection, broadcast, to, NOW)
            else:
                with pytest.raises(RefusedError):
                    await broadcasts.move(connection, broadcast, to, NOW)
            row = await broadcasts.get(connection, broadcast)
            assert row is not None
            assert row["state"] == (to if lawful else state), (state, to)


async def test_of_two_admins_at_once_one_wins(database: Database) -> None:
    async with database.write() as connection:
        broadcast = await broadcasts.add(connection, PLAN, now=NOW, state=BroadcastState.REVIEW)

    async def act(to: BroadcastState) -> None:
        async with database.write() as connection:
            await broadcasts.move(connection, broadcast, to, NOW)

    results = await asyncio.gather(
        act(BroadcastState.DRAFT), act(BroadcastState.DRAFT), return_exceptions=True
    )
    assert sum(isinstance(result, RefusedError) for result in results) == 1


async def test_a_plan_survives_its_row(database: Database) -> None:
    recurrence = Recurrence(Every.WEEK, datetime(2026, 1, 1, 8).time(), "Asia/Shanghai", (0, 2))  # noqa: DTZ001
    plan = dataclasses.replace(PLAN, recurrence=recurrence, not_after=timedelta(minutes=90))
    async with database.write() as connection:
        broadcast = await broadcasts.add(connection, plan, now=NOW)
        row = await broadcasts.get(connection, broadcast)
    assert row is not None
    assert plan_of(row) == plan
    assert row["bound_sha256"] == plan.fingerprint()


async def test_a_stage_is_passed_once_by_who_saw_exactly_that(database: Database) -> None:
    async with database.write() as connection:
        draft = BroadcastState.DRAFT
        broadcast = await broadcasts.add(connection, PLAN, now=NOW, created_by=1, state=draft)
        assert await broadcasts.submit(connection, broadcast, NOW) == 1
        row = await broadcasts.get(connection, broadcast)
        assert row is not None
        seen = await reviews.standing(connection, row, 2)
        for wrong in ({"bound": "x"}, {"round": 2}, {"stage": 1}):
            with pytest.raises(RefusedError):
                other = dataclasses.replace(seen, **wrong)
                await broadcasts.pass_stage(connection, other, broadcast, 2, NOW)
        await broadcasts.pass_stage(connection, seen, broadcast, 2, NOW)
        with pytest.raises(RefusedError):
            await broadcasts.pass_stage(connection, seen, broadcast, 3, NOW)
        final = dataclasses.replace(seen, stage=1)
        await broadcasts.pass_stage(connection, final, broadcast, 3, NOW)
        row = await broadcasts.get(connection, broadcast)
    assert row is not None
    assert (row["state"], row["stage"]) == (BroadcastState.SCHEDULED, 2)


async def test_only_a_draft_can_be_changed(database: Database) -> None:
    other = dataclasses.replace(PLAN, content={"text": "y", "parts": []})
    async with database.write() as connection:
        broadcast = await broadcasts.add(connection, PLAN, now=NOW)
        with pytest.raises(RefusedError):
            await broadcasts.change(connection, broadcast, other, PLAN.fingerprint(), NOW)
        await broadcasts.move(connection, broadcast, BroadcastState.DRAFT, NOW)
        with pytest.raises(RefusedError):  # a colleague was quicker
            await broadcasts.change(connection, broadcast, other, "what it was before", NOW)
        await broadcasts.change(connection, broadcast, other, PLAN.fingerprint(), NOW)
        row = await broadcasts.get(connection, broadcast)
    assert row is not None
    assert row["bound_sha256"] == other.fingerprint()


async def test_a_recurring_one_waits_for_its_next_time_another_is_done(database: Database) -> None:
    daily = Recurrence(Every.DAY, datetime(2026, 1, 1, 8).time(), "Asia/Shanghai")  # noqa: DTZ001
    async with database.write() as connection:
        once = await broadcasts.add(connection, PLAN, now=NOW, state=BroadcastState.RUNNING)
        again = await broadcasts.add(
            connection,
            dataclasses.replace(PLAN, recurrence=daily),
            now=NOW,
            state=BroadcastState.RUNNING,
        )
        assert await broadcasts.go_on(connection, once, NOW) is None
        following = await broadcasts.go_on(connection, again, NOW)
        rows = [row["state"] for row in await broadcasts.latest(connection)]
        assert await broadcasts.due(connection, NOW + timedelta(days=3)) != []
    assert following == datetime(2026, 7, 21, 0, tzinfo=UTC)
    assert sorted(rows) == ["done", "scheduled"]
