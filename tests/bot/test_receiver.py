"""An update is handled once, whoever stored it, and a dead replica's are not lost."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from bot.errors import SettingsError, StorageError
from bot.receiver import Receiver
from bot.storage import updates
from bot.storage.database import Database
from tests.fakes import FakeCalls, FakeClock

URL, SECRET = "https://bot.example.org/telegram/x", "s3cret"


def nobody(person: int) -> bool:
    return False


class Tenure:
    def __init__(self) -> None:
        self.ours = True

    def holds(self) -> bool:
        return self.ours


class Office:
    """A receiver with everything around it, and what it handed on."""

    def __init__(self, database: Database, clock: FakeClock) -> None:
        self.handled: list[int] = []
        self.calls = FakeCalls()
        self.tenure = Tenure()
        self.clock = clock
        self.database = database

        async def process(update: dict[str, Any]) -> None:
            self.handled.append(update["update_id"])

        self.receiver = Receiver(self.calls, database, self.tenure, clock.now, process, nobody)

    async def receives(self, number: int) -> None:
        webhook = self.receiver.webhook(URL, SECRET)
        assert webhook is not None
        await webhook.store({"update_id": number, "message": {"chat": {"id": 1}}})


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'bot.db'}")
    await database.migrate()
    yield database
    await database.close()


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database, FakeClock())


async def until(reached: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not reached():
            await asyncio.sleep(0.01)


async def test_an_update_that_comes_twice_is_handled_once(office: Office) -> None:
    await office.receives(5)
    await office.receives(5)
    await until(lambda: bool(office.handled))
    await office.receiver.stop()
    await office.receives(5)
    await office.receiver.stop()
    assert office.handled == [5]


async def test_what_was_answered_on_a_full_disk_is_marked_when_there_is_room_again(
    office: Office,
) -> None:
    write, office.database.transact = office.database.transact, full  # type: ignore[method-assign]
    with pytest.raises(StorageError):
        await office.receives(5)  # a webhook is told to come again
    office.receiver._lines.put({"update_id": 6, "message": {"chat": {"id": 1}}})
    await until(lambda: office.handled == [6])
    await office.receiver.stop()
    office.database.transact = write  # type: ignore[method-assign]
    office.receiver._lines.put({"update_id": 7, "message": {"chat": {"id": 1}}})
    await until(lambda: office.handled == [6, 7])
    await office.receiver.stop()
    async with office.database.read() as connection:
        assert await updates.is_done(connection, 6)
        assert await updates.is_done(connection, 7)


async def full(*_given: object, **_more: object) -> None:
    raise StorageError("database or disk is full")


async def test_what_a_dead_replica_had_stored_is_handled_by_the_holder_of_the_lease(
    office: Office, database: Database
) -> None:
    dead = Office(database, office.clock)

    async def die(update: dict[str, Any]) -> None:
        raise asyncio.CancelledError

    dead.receiver = Receiver(dead.calls, database, dead.tenure, office.clock.now, die, nobody)
    await dead.receives(7)
    office.receiver.webhook(URL, SECRET)
    await office.receiver.take_over(office.clock.now())
    assert office.handled == []  # its replica may still be at it
    office.tenure.ours = False
    later = office.clock.advance(minutes=3)
    await office.receiver.take_over(later)
    assert office.handled == []  # another one's business
    office.tenure.ours = True
    await office.receiver.take_over(later)
    await until(lambda: office.handled == [7])
    await office.receiver.stop()


async def test_a_stand_by_does_not_poll(office: Office) -> None:
    office.tenure.ours = False
    office.calls.answer("getUpdates", *[[]] * 1000)
    running = asyncio.create_task(office.receiver.run())
    await asyncio.sleep(0.6)
    assert [method for method, _ in office.calls.asked] == ["deleteWebhook"]
    office.tenure.ours = True
    await until(lambda: "getUpdates" in [method for method, _ in office.calls.asked])
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


def test_a_webhook_without_a_secret_is_refused(office: Office) -> None:
    with pytest.raises(SettingsError, match="webhook_secret"):
        office.receiver.webhook(URL, "")
