"""The sandbox's clock: real time from any instant, and hands that can be moved.

While nobody moves it, it runs in real time from where it was set. ``advance`` goes to a later
instant in steps of at most a minute, each ending on a whole minute or on the target, and waits at
every step until all hooks have done their work: so a scheduler that follows misses nothing.
"""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

Tick = Callable[[datetime], Awaitable[object]]
NextDue = Callable[[], Awaitable[datetime | None]]

STEP_S = 60


class Clock:
    def __init__(self, start: datetime | None = None) -> None:
        self._origin = time.time() if start is None else start.timestamp()
        self._since = time.monotonic()
        self._held: float | None = None
        self._skipped = 0.0
        self._hooks: list[Tick] = []
        self._next: list[NextDue] = []
        self._moving = asyncio.Lock()
        self.target: datetime | None = None

    def timestamp(self) -> float:
        if self._held is not None:
            return self._held
        return self._origin + time.monotonic() - self._since

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.timestamp(), UTC)

    def monotonic(self) -> float:
        """Seconds that only grow, those included over which the hands were moved: by these the
        limits count, so that a day run through in a second is a day to them too.
        """
        return time.monotonic() + self._skipped

    def set(self, instant: datetime) -> None:
        """Put the hands there at once; nobody is told."""
        self._origin = instant.timestamp()
        self._since = time.monotonic()
        if self._held is not None:
            self._held = self._origin

    def on_tick(self, hook: Tick) -> None:
        """Have ``hook(now)`` awaited at every step of ``advance``."""
        self._hooks.append(hook)

    def on_next(self, hook: NextDue) -> None:
        """Let ``hook()`` say when something is due next, or None."""
        self._next.append(hook)

    async def next_due(self) -> datetime | None:
        known = [await hook() for hook in self._next]
        return min((due for due in known if due is not None), default=None)

    async def advance(
        self, target: datetime, moved: Callable[[datetime], None] | None = None
    ) -> int:
        """Run to ``target``, telling ``moved`` of each step; the number of steps."""
        async with self._moving:
            steps = 0
            self.target = target
            try:
                for instant in self._steps(target.timestamp()):
                    self._skipped += instant - self.timestamp()
                    self._held = instant
                    steps += 1
                    now = self.now()
                    for hook in self._hooks:
                        await hook(now)
                    if moved is not None:
                        moved(now)
                    await asyncio.sleep(0)
            finally:
                if self._held is not None:
                    self._origin, self._since = self._held, time.monotonic()
                self._held = self.target = None
            return steps

    def _steps(self, target: float) -> list[float]:
        now = self.timestamp()
        if target <= now:
            return []
        minute = (math.floor(now / STEP_S) + 1) * STEP_S
        steps = [float(at) for at in range(minute, math.ceil(target), STEP_S)]
        return [*(at for at in steps if at < target), target]
