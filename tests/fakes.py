"""Fakes with a memory, shared by the tests; each stands for one thing outside."""

from collections import deque
from datetime import UTC, datetime, timedelta
from typing import Any


class FakeClock:
    """Wall time that moves only when told."""

    def __init__(self, now: datetime = datetime(2020, 7, 20, 0, 0, tzinfo=UTC)) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def advance(self, **span: float) -> datetime:
        self._now += timedelta(**span)
        return self._now


class FakeCalls:
    """A Bot API that answers from queues and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self._answers: dict[str, deque[Any]] = {}

    def answer(self, method: str, *answers: Any) -> None:
        self._answers.setdefault(method, deque()).extend(answers)

    async def call(self, method: str, body: dict[str, Any], *, timeout_s: float = 0) -> Any:
        self.asked.append((method, body))
        queue = self._answers.get(method)
        answer = queue.popleft() if queue else None
        if isinstance(answer, BaseException):
            raise answer
        return answer
