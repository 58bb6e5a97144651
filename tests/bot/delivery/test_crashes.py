"""Nothing lost, nothing twice: real processes, real files, killed at random moments."""

import asyncio
import random
import signal
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from bot.domain.message import OnUnknown
from bot.storage import schema
from bot.storage.database import Database
from tests.databases import Postgres
from tests.office import Office, adds_up
from tests.processes import Sandbox, SenderProcess

QUICK = ["--ttl-s", "1.5"]


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    found = Sandbox()
    found.ask("limits", {"enforce": False})
    yield found
    found.close()


async def _planned(
    database: Database, sandbox: Sandbox, count: int, **plan: Any
) -> tuple[Office, int]:
    office = Office(database)
    office.now = datetime.now(UTC)  # noqa: TID251 -- a composition root
    await office.readers(*sandbox.crowd(count))
    sandbox.ask("tally", method="DELETE")
    return office, await office.broadcast("hello", **plan)


async def _states(database: Database) -> dict[int, str]:
    async with database.read() as connection:
        rows = await connection.execute(sa.select(schema.outbox.c.chat_id, schema.outbox.c.state))
        return dict(rows.all())


async def _done(office: Office, push: int, seconds: float = 600) -> None:
    async with asyncio.timeout(seconds):
        while await office.state(push) == "running":
            await asyncio.sleep(0.1)


async def _some_more(sandbox: Sandbox, office: Office, push: int) -> None:
    """Until something more was delivered, or all is over."""
    before = sandbox.total()
    async with asyncio.timeout(180):
        while sandbox.total() == before and await office.state(push) == "running":
            await asyncio.sleep(0.05)


async def _kill_often(office: Office, sandbox: Sandbox, push: int, url: str, kills: int) -> int:
    """Kill a sender so many times; how many messages were under way at those moments."""
    chance = random.Random(kills)
    under_way = 0
    for _ in range(kills):
        process = SenderProcess(url, sandbox.url, *QUICK, "--per-second", "400")
        try:
            await _some_more(sandbox, office, push)
            await asyncio.sleep(chance.uniform(0, 0.5))
        finally:
            process.kill()
        states = await _states(office.database)
        under_way += sum(1 for state in states.values() if state == "sending")
        assert adds_up(await office.sums(push))
        if await office.state(push) != "running":
            break
    process = SenderProcess(url, sandbox.url, *QUICK)
    try:
        await _done(office, push)
    finally:
        assert process.stop() == 0
    return under_way


async def _check(office: Office, sandbox: Sandbox, push: int, count: int) -> dict[str, Any]:
    """Every chat in exactly one state; what is known to be sent was delivered; the sums add up."""
    states, delivered = await _states(office.database), sandbox.delivered()
    assert len(states) == count
    for chat, state in states.items():
        assert state in {"sent", "unknown"}
        if state == "sent":
            assert delivered.get(chat, 0) >= 1
    sums = await office.sums(push)
    assert adds_up(sums)
    assert (sums["planned"], sums["waiting"]) == (count, 0)
    return sums


async def _survive_kills(
    url: str, database: Database, sandbox: Sandbox, size: tuple[int, int], rule: OnUnknown
) -> None:
    count, kills = size
    office, push = await _planned(database, sandbox, count, on_unknown=rule)
    under_way = await _kill_often(office, sandbox, push, url, kills)
    sums = await _check(office, sandbox, push, count)
    delivered = sandbox.delivered()
    twice = sum(times - 1 for times in delivered.values())
    if rule is OnUnknown.LEAVE:
        assert twice == 0
        assert sums["unknown"] <= under_way
        lost = count - len(delivered)
        assert lost <= sums["unknown"]  # each of them is in the books
    else:
        assert len(delivered) == count
        assert twice <= under_way


@pytest.mark.parametrize("rule", list(OnUnknown))
async def test_kill_9_loses_nothing_and_sends_nothing_twice(
    url: str, database: Database, sandbox: Sandbox, rule: OnUnknown
) -> None:
    await _survive_kills(url, database, sandbox, (2000, 3), rule)


@pytest.mark.soak
@pytest.mark.parametrize("rule", list(OnUnknown))
async def test_thirty_kills_over_20000_chats(
    url: str, database: Database, sandbox: Sandbox, rule: OnUnknown
) -> None:
    await _survive_kills(url, database, sandbox, (20_000, 30), rule)


STORM: list[dict[str, Any]] = [
    {"method": "sendMessage", "code": 429, "retry_after": 1, "share": 0.10},
    {"method": "sendMessage", "code": 500, "share": 0.05},
    {"method": "sendMessage", "drop": True, "after_delivery": True, "share": 0.05},
    {"method": "sendMessage", "drop": True, "share": 0.02},
    {"method": "sendMessage", "delay_ms": 80},
]


async def _weather_the_storm(
    url: str, database: Database, sandbox: Sandbox, count: int, per_second: int
) -> None:
    office, push = await _planned(database, sandbox, count)
    for fault in STORM:
        sandbox.ask("faults", fault)
    sandbox.ask("limits", {"enforce": True, "per_second": per_second})
    process = SenderProcess(url, sandbox.url, "--per-second", str(per_second), "--read-s", "2")
    try:
        await _done(office, push, 60 + count / per_second * 20)
    finally:
        assert process.stop() == 0
    sums = await _check(office, sandbox, push, count)
    delivered = sandbox.delivered()
    assert max(delivered.values()) == 1
    assert count - len(delivered) <= sums["unknown"]
    refused = sandbox.ask("tally")["refused"]
    assert set(refused) <= {"fault", "dropped"}, "we were never over a limit"


async def test_a_storm_leaves_every_chat_in_one_state_and_sends_nothing_twice(
    url: str, database: Database, sandbox: Sandbox
) -> None:
    await _weather_the_storm(url, database, sandbox, 400, 200)


@pytest.mark.soak
async def test_a_long_storm(url: str, database: Database, sandbox: Sandbox) -> None:
    await _weather_the_storm(url, database, sandbox, 20_000, 300)


async def _freeze_the_holder(
    url: str, database: Database, sandbox: Sandbox, count: int, frozen_s: float
) -> None:
    office, push = await _planned(database, sandbox, count)
    first = SenderProcess(url, sandbox.url, *QUICK, "--per-second", "100")
    try:
        await _some_more(sandbox, office, push)
        second = SenderProcess(url, sandbox.url, *QUICK, "--per-second", "100")
        first.signal(signal.SIGSTOP)
        await asyncio.sleep(frozen_s)
        first.signal(signal.SIGCONT)
        await _done(office, push)
        assert first.stop() == 0  # what it knows never left is back in the queue then
        await _done(office, push)
        assert second.stop() == 0
    finally:
        first.kill()
        second.kill()
    await _check(office, sandbox, push, count)
    assert max(sandbox.delivered().values()) == 1


async def test_a_holder_that_was_frozen_sends_nothing_when_it_wakes(
    url: str, database: Database, sandbox: Sandbox
) -> None:
    await _freeze_the_holder(url, database, sandbox, 600, 4)


@pytest.mark.soak
async def test_a_holder_that_was_frozen_for_a_minute(
    url: str, database: Database, sandbox: Sandbox
) -> None:
    await _freeze_the_holder(url, database, sandbox, 9000, 60)


async def _kill_replicas(
    url: str, database: Database, sandbox: Sandbox, count: int, kills: int
) -> None:
    office, push = await _planned(database, sandbox, count)
    chance = random.Random(3)

    def start() -> SenderProcess:
        return SenderProcess(url, sandbox.url, *QUICK, "--per-second", "200")

    three = [start() for _ in range(3)]
    try:
        for _ in range(kills):
            await asyncio.sleep(chance.uniform(1, 3))
            at = chance.randrange(3)
            three[at].kill()
            three[at] = start()
            if await office.state(push) != "running":
                break
        await _done(office, push)
    finally:
        for process in three:
            process.kill()
    await _check(office, sandbox, push, count)
    assert max(sandbox.delivered().values()) == 1


@pytest.mark.postgres
async def test_three_replicas_one_killed_now_and_then(postgres: Postgres, sandbox: Sandbox) -> None:
    url = postgres.new_database()
    database = Database(url)
    await database.migrate()
    await _kill_replicas(url, database, sandbox, 800, 3)
    await database.close()


@pytest.mark.soak
@pytest.mark.postgres
async def test_three_replicas_for_a_long_time(postgres: Postgres, sandbox: Sandbox) -> None:
    url = postgres.new_database()
    database = Database(url)
    await database.migrate()
    await _kill_replicas(url, database, sandbox, 20_000, 40)
    await database.close()


@pytest.mark.postgres
async def test_a_restart_of_postgresql_in_the_middle_loses_nothing(
    postgres: Postgres, sandbox: Sandbox
) -> None:
    url = postgres.new_database()
    database = Database(url)
    await database.migrate()
    office, push = await _planned(database, sandbox, 1000)
    process = SenderProcess(url, sandbox.url, *QUICK, "--per-second", "250")
    try:
        for _ in range(2):
            await _some_more(sandbox, office, push)
            await asyncio.to_thread(postgres.restart)
        await _done(office, push)
    finally:
        process.kill()
    await _check(office, sandbox, push, 1000)
    assert max(sandbox.delivered().values()) == 1
    await database.close()
