"""Ticks come, never twice at once, and one that fails comes again."""

import asyncio
from datetime import UTC, datetime

import pytest

from bot.errors import StorageError
from bot.scheduler import Scheduler, Tick

NOW = datetime(2020, 7, 20, tzinfo=UTC)


async def test_every_tick_is_given_the_time() -> None:
    seen: list[datetime] = []

    async def note(now: datetime) -> None:
        seen.append(now)

    scheduler = Scheduler([Tick("note", 0.01, note)], lambda: NOW)
    scheduler.start()
    async with asyncio.timeout(5):
        while len(seen) < 3:
            await asyncio.sleep(0.01)
    await scheduler.stop()
    assert set(seen) == {NOW}


async def test_a_tick_that_fails_comes_again(caplog: pytest.LogCaptureFixture) -> None:
    calls: list[datetime] = []

    async def fail(now: datetime) -> None:
        calls.append(now)
        raise ValueError("once")

    scheduler = Scheduler([Tick("fail", 60, fail)], lambda: NOW)
    await scheduler.tick_all(NOW)
    await scheduler.tick_all(NOW)
    assert len(calls) == 2
    assert "tick fail failed" in caplog.text


async def test_a_tick_without_a_database_is_told_in_a_line(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def fails(now: datetime) -> None:
        raise StorageError("database or disk is full")

    await Scheduler([Tick("plan", 1.0, fails)], lambda: NOW).tick_all(NOW)
    assert [(one.levelname, one.getMessage()) for one in caplog.records] == [
        ("WARNING", "tick plan waits: database or disk is full")
    ]


async def test_a_slow_tick_never_runs_beside_itself() -> None:
    running = 0
    most = 0

    async def slow(now: datetime) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.05)
        running -= 1

    scheduler = Scheduler([Tick("slow", 0.01, slow)], lambda: NOW)
    scheduler.start()
    await asyncio.gather(*(scheduler.tick_all(NOW) for _ in range(3)))
    await scheduler.stop()
    assert most == 1
