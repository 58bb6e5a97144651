"""Steps of a clock that is moved by hand: all that is due is done before the clock goes on.

Only the sandbox's clock steps. A simulated year has half a million steps of a minute; nearly all
find nothing to do, so a step remembers until when that holds.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from bot import handlers
from bot.delivery.sender import Sender
from bot.domain.subscription import Choices, OfficeHours, after_quiet
from bot.scheduler import Scheduler
from bot.storage import outbox
from bot.storage.database import Database

LONGEST_IDLE = timedelta(days=1)
A_ZONE_WAKES = timedelta(minutes=15)  # the zones of the world differ by quarters of an hour


class Stepper:
    """Runs every tick at each step, but for steps at which nothing can have become due."""

    def __init__(
        self,
        database: Database,
        scheduler: Scheduler,
        sender: Sender,
        next_due: Callable[[], Awaitable[datetime | None]],
        hours: OfficeHours,
    ) -> None:
        self._database = database
        self._scheduler = scheduler
        self._sender = sender
        self._next_due = next_due
        self._hours = hours
        self._idle_until: datetime | None = None
        self._writes = 0  # the database's count when that was found

    async def step(self, now: datetime) -> None:
        """Everything due at ``now``, planned and sent."""
        nobody_wrote = self._writes == self._database.writes
        if nobody_wrote and self._idle_until is not None and now < self._idle_until:
            return
        await self._scheduler.tick_all(now)
        await self._sender.drained()
        self._idle_until = await self._nothing_before(now)
        self._writes = self._database.writes

    async def _nothing_before(self, now: datetime) -> datetime:
        known = [
            now + LONGEST_IDLE,
            handlers.next_round(self._hours, now),
            await self._next_due(),
            await self._next_row(now),
        ]
        return min(at for at in known if at is not None)

    async def _next_row(self, now: datetime) -> datetime | None:
        """When a row that was put off, for some seconds or for a night, may go."""
        async with self._database.read() as connection:
            at = await outbox.next_at(connection)
        night = after_quiet(now, Choices(self._hours.zone, quiet=self._hours.quiet)) > now
        if at is not None and at <= now and night:
            return now + A_ZONE_WAKES  # it rests by night; elsewhere a night ends at a quarter
        return at
