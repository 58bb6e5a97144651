"""A small office for the tests of delivery: chats, broadcasts, a post that remembers."""

import asyncio
import json
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.delivery.gateway import Gateway
from bot.delivery.lease import Lease
from bot.delivery.limiter import Limiter, Rates
from bot.delivery.planner import schedule_broadcast
from bot.delivery.sender import Options, Sender, Stopped
from bot.domain.message import OnUnknown
from bot.domain.subscription import Audience, OfficeHours
from bot.storage import broadcasts, outbox, pushes, schema
from bot.storage.broadcasts import Plan
from bot.storage.database import Database

MORNING = datetime(2020, 7, 20, 1, 0, tzinfo=UTC)  # 9:00 in the office
FAST = Rates(per_second=10_000, per_chat_per_second=1000, per_chat_burst=100)
NEVER_QUIET = OfficeHours(quiet=None)


class Post:
    """Telegram, as far as a sender sees it; what it is told to answer comes first."""

    def __init__(self) -> None:
        self.delivered: dict[int, list[str]] = defaultdict(list)
        self.order: list[int] = []
        self.bodies: list[dict[str, Any]] = []
        self.latency_s = 0.0
        self._answers: dict[int | None, deque[BaseException | None]] = defaultdict(deque)
        self.hold: asyncio.Event | None = None

    def answer(self, chat_id: int | None, *errors: BaseException | None) -> None:
        """Errors for the next calls to a chat (None: to any); None lets one through."""
        self._answers[chat_id].extend(errors)

    async def call(
        self, method: str, body: dict[str, Any] | bytes, *, timeout_s: float | None = None
    ) -> Any:
        message = json.loads(body) if isinstance(body, bytes) else body
        chat_id = message["chat_id"]
        self.order.append(chat_id)
        await asyncio.sleep(self.latency_s)
        if self.hold is not None:
            await self.hold.wait()
        for key in (chat_id, None):
            error = self._answers[key].popleft() if self._answers[key] else None
            if error is not None:
                raise error
        self.delivered[chat_id].append(message.get("text", ""))
        self.bodies.append({"method": method, **message})
        return {"message_id": len(self.bodies)}

    @property
    def chats(self) -> list[int]:
        return sorted(self.delivered)


class Office:
    """A database with readers in it, and senders over it."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.post = Post()
        self.now = MORNING
        self.stopped: list[Stopped] = []
        self.rates = FAST

    async def readers(self, *ids: int, **values: object) -> None:
        row = {"kind": "private", "state": "active", "hour": "08:00"}
        moments = {"joined_at": MORNING, "changed_at": MORNING}
        async with self.database.write() as connection:
            await connection.execute(
                schema.chats.insert(), [{"id": id_, **row, **moments, **values} for id_ in ids]
            )

    async def change(self, chat_id: int, **values: object) -> None:
        async with self.database.write() as connection:
            await connection.execute(
                schema.chats.update().where(schema.chats.c.id == chat_id).values(**values)
            )

    async def broadcast(
        self, *texts: str, parts: Sequence[dict[str, Any]] = (), **plan: Any
    ) -> int:
        """Planned at once; the id of its push."""
        parts = parts or [
            {"method": "sendMessage", "body": {"text": text}} for text in texts or ("hello",)
        ]
        values = {"send_at": self.now, "audience": Audience(), **plan}
        content = {"text": texts[0] if texts else "hello", "parts": parts}
        async with self.database.write() as connection:
            number = await broadcasts.add(connection, Plan(content, **values), now=self.now)
        return (await schedule_broadcast(self.database, number, self.now)).id

    def sender(
        self,
        limiter: Limiter | None = None,
        lease: Lease | None = None,
        options: Options | None = None,
    ) -> Sender:
        return Sender(
            self.database,
            Gateway(self.post, limiter or Limiter(self.rates)),
            lease or Lease(self.database, "sender:1"),
            lambda: self.now,
            options or Options(NEVER_QUIET),
            self._note,
        )

    async def _note(self, stopped: Stopped) -> None:
        self.stopped.append(stopped)

    async def deliver(self, **options: Any) -> None:
        """Run one sender until nothing more can go."""
        async with running(self.sender(**options)) as sender:
            await ready(lambda: sender.is_sending)
            assert await sender.drained()

    async def sums(self, push: int) -> dict[str, Any]:
        async with self.database.read() as connection:
            return await pushes.sums(connection, push)

    async def state(self, push: int) -> str:
        async with self.database.read() as connection:
            row = await pushes.get(connection, push)
        assert row is not None
        return str(row["state"])

    async def rows(self, chat_id: int) -> list[tuple[int, str, str]]:
        """(part, state, reason) of what a chat got or was to get."""
        async with self.database.read() as connection:
            found = await outbox.received(connection, chat_id)
        return [(row["part"], row["state"], row["reason"]) for row in found]


@asynccontextmanager
async def running(sender: Sender) -> AsyncIterator[Sender]:
    task = asyncio.create_task(sender.run())
    try:
        yield sender
    finally:
        await sender.stop()
        with suppress(asyncio.CancelledError):
            await task


async def ready(condition: Callable[[], object], seconds: float = 20.0) -> None:
    """Wait until something is so; a bug, not a slow machine, makes this fail."""
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.005)


def adds_up(sums: dict[str, Any]) -> bool:
    parts: Sequence[str] = ("sent", "failed", "unknown", "skipped", "waiting")
    return bool(sums["planned"] == sum(sums[name] for name in parts))


RESEND = {"on_unknown": OnUnknown.RESEND}
HOUR = timedelta(hours=1)
