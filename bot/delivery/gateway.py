"""The only place that sends a push: limiter, a last look whether it may leave, transport."""

import random
import time
from collections.abc import Callable
from typing import Any, Protocol

from bot.delivery.limiter import Limiter
from bot.domain.message import Lane
from bot.errors import LeaseLostError, RetryLater

SMOOTHING = 0.1
LONGEST_BACK_OFF_S = 10.0
PATIENCE_S = 2.0  # a row that would wait longer goes back, so that a pause is soon obeyed


class Calls(Protocol):
    """What the gateway needs of the transport."""

    async def call(
        self, method: str, body: dict[str, Any] | bytes, *, timeout_s: float | None = None
    ) -> Any:
        """One Bot API call; raises bot.errors.SendError."""


class Gateway:
    """Sends one message at its turn and tells the limiter what Telegram said."""

    def __init__(self, calls: Calls, limiter: Limiter) -> None:
        self._calls = calls
        self.limiter = limiter
        self.round_trip_s = 0.1
        self._failures = 0

    async def send(
        self, lane: Lane, chat_id: int, method: str, body: bytes, may_leave: Callable[[], bool]
    ) -> int | None:
        """The message id. LeaseLostError when it may not leave any more: it certainly did not."""
        await self.limiter.acquire(lane, chat_id, patience_s=PATIENCE_S)
        if not may_leave():
            raise LeaseLostError("it may not leave any more")
        started = time.monotonic()
        try:
            result = await self._calls.call(method, body)
        except RetryLater as error:
            self._hold_back(chat_id, error)
            raise
        self.round_trip_s += SMOOTHING * (time.monotonic() - started - self.round_trip_s)
        self._failures = 0
        self.limiter.passed()
        return message_id(result)

    def _hold_back(self, chat_id: int, error: RetryLater) -> None:
        if error.reason == "too_many_requests":
            self.limiter.refused(chat_id, error.after)
        elif self.limiter.paused_for() == 0:
            # the way to Telegram is broken: everybody waits, a little longer each time
            self._failures += 1
            longest = min(LONGEST_BACK_OFF_S, 0.25 * 2.0**self._failures)
            error.after = longest * random.uniform(0.5, 1.0)  # noqa: S311 -- jitter
            self.limiter.pause(None, error.after, keep=False)


def message_id(result: Any) -> int | None:
    """The id in an answer to a send method; of an album the first."""
    if isinstance(result, list):
        result = result[0] if result else None
    found = result.get("message_id") if isinstance(result, dict) else None
    return found if isinstance(found, int) else None
