"""Ticks. APScheduler holds no facts: it only calls, and hands ``now`` down.

Due times are columns in the database; a missed tick costs nothing, since the next one finds what
is due. In the demo the sandbox's clock drives the same ticks through ``tick_all``.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.errors import StorageError

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Tick:
    """Something to be done every so many seconds, given the time."""

    name: str
    every_s: float
    run: Callable[[datetime], Awaitable[object]]


class Scheduler:
    """Runs ticks on time, each never twice at once; one that fails is logged and comes again."""

    def __init__(self, ticks: Sequence[Tick], now: Callable[[], datetime]) -> None:
        from apscheduler.schedulers.asyncio import AsyncIOScheduler

        self._ticks = tuple(ticks)
        self._now = now
        self._busy = {tick.name: asyncio.Lock() for tick in ticks}
        self._under_way: set[asyncio.Task[None]] = set()
        self._scheduler = AsyncIOScheduler(
            timezone="UTC",
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )

    def start(self) -> None:
        """Begin to tick."""
        for tick in self._ticks:
            self._scheduler.add_job(
                self._begin, "interval", args=[tick], seconds=tick.every_s, id=tick.name
            )
        self._scheduler.start()

    async def stop(self) -> None:
        """No further tick begins; those under way end."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        await asyncio.gather(*self._under_way)

    async def tick_all(self, now: datetime) -> None:
        """Every tick once, in order, at ``now``; returns when all have ended."""
        for tick in self._ticks:
            await self._at(tick, now)

    async def _begin(self, tick: Tick) -> None:
        if self._busy[tick.name].locked():
            return  # the one under way sees what is due by now
        # a task of our own: APScheduler would cancel it at the end
        task = asyncio.create_task(self._at(tick, self._now()), name=f"tick {tick.name}")
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _at(self, tick: Tick, now: datetime) -> None:
        async with self._busy[tick.name]:
            try:
                await tick.run(now)
            except StorageError as error:  # each second, until it is back: a line, no trace
                log.warning("tick %s waits: %s", tick.name, error)
            except Exception:
                log.exception("tick %s failed; it comes again", tick.name)
