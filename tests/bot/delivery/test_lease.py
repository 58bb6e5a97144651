"""One holder at a time, and it knows when its time is over."""

import asyncio

import pytest

from bot.delivery.lease import Lease
from bot.errors import LeaseLostError, StorageError
from bot.storage import leases
from bot.storage.database import Database


async def test_only_one_holds_it_and_renewing_keeps_the_term(database: Database) -> None:
    first, second = Lease(database, "sender:1"), Lease(database, "sender:1")
    assert await first.take()
    assert not await second.take()
    assert (first.holds(), second.holds()) == (True, False)
    epoch = first.epoch
    assert await first.take()
    assert first.epoch == epoch


async def test_of_many_at_once_one_gets_it(database: Database) -> None:
    several = [Lease(database, "sender:1") for _ in range(5)]
    took = await asyncio.gather(*(lease.take() for lease in several))
    assert sum(took) == 1


async def test_when_it_has_run_out_another_takes_it_with_a_new_term(database: Database) -> None:
    first, second = Lease(database, "sender:1", ttl_s=0.6), Lease(database, "sender:1")
    assert await first.take()
    async with asyncio.timeout(10):
        while not await second.take():
            await asyncio.sleep(0.05)
    assert not first.holds()
    assert second.epoch == first.epoch + 1
    assert not await first.take()


async def test_a_dead_holder_from_before_the_clock_went_back_is_not_waited_for(
    database: Database,
) -> None:
    async with database.write() as connection:
        assert await leases.take(connection, "sender:1", "dead", ttl_s=8 * 3600)
    second = Lease(database, "sender:1", ttl_s=0.6)
    assert not await second.take(), "it may be alive: then it renews within its term"
    async with asyncio.timeout(10):
        while not await second.take():
            await asyncio.sleep(0.05)


async def test_what_is_given_back_can_be_taken_at_once(database: Database) -> None:
    first, second = Lease(database, "sender:1"), Lease(database, "sender:1")
    assert await first.take()
    await first.give_back()
    assert not first.holds()
    assert await second.take()
    assert second.epoch == first.epoch + 1


async def test_a_transaction_of_the_former_holder_is_refused(database: Database) -> None:
    first = Lease(database, "sender:1")
    assert await first.take()
    async with database.write() as connection:
        await leases.give_back(connection, "sender:1", first._holder)
        assert await leases.take(connection, "sender:1", "other", 60) == first.epoch + 1
    with pytest.raises(LeaseLostError):
        async with database.write() as connection:
            await first.confirm(connection)
    assert not first.holds()


async def test_tokens_do_not_stand_in_each_others_way(database: Database) -> None:
    one, other = Lease(database, "sender:1"), Lease(database, "sender:2")
    assert await one.take()
    assert await other.take()


async def test_who_holds_it_can_be_asked(database: Database) -> None:
    lease = Lease(database, "sender:1")
    async with database.read() as connection:
        assert await leases.holder_of(connection, "sender:1") is None
    assert await lease.take()
    async with database.read() as connection:
        assert await leases.holder_of(connection, "sender:1") == lease._holder


async def test_without_the_database_it_runs_out_by_itself(database: Database) -> None:
    lease = Lease(database, "sender:1", ttl_s=0.8)
    assert await lease.take()

    async def gone(_work: object, *, first: bool = False) -> object:
        raise StorageError("gone")

    database.transact = gone  # type: ignore[method-assign, assignment]
    assert not await lease.take()
    assert lease.holds()
    await asyncio.sleep(0.9)
    assert not lease.holds()
