"""A whole durable sender over a database of its own, for the benchmarks."""

import asyncio
import tempfile
import time
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.delivery.gateway import Gateway
from bot.delivery.lease import Lease
from bot.delivery.limiter import Limiter, Rates
from bot.delivery.planner import schedule_broadcast
from bot.delivery.sender import Options, Sender
from bot.delivery.transport import Transport
from bot.domain.subscription import OfficeHours
from bot.storage import broadcasts, pushes, schema
from bot.storage.broadcasts import Plan
from bot.storage.database import Database
from tests.benchmarks.contenders import KEYBOARD, TEXT, TOKEN

FREE = Rates(per_second=100_000, per_chat_per_second=1000, per_chat_burst=1000)
AWAKE = OfficeHours(quiet=None)


def now() -> datetime:
    """The wall clock: a benchmark is its own composition root."""
    return datetime.now(UTC)  # noqa: TID251


async def add_chats(database: Database, count: int, **values: object) -> None:
    """So many readers."""
    moment = now()
    for start in range(1, count + 1, 10_000):
        rows: Iterable[dict[str, object]] = (
            {
                "id": chat_id,
                "kind": "private",
                "state": "active",
                "hour": "08:00",
                "joined_at": moment,
                "changed_at": moment,
                **values,
            }
            for chat_id in range(start, min(start + 10_000, count + 1))
        )
        async with database.write() as connection:
            await connection.execute(schema.chats.insert(), list(rows))


async def add_broadcast(database: Database, **plan: object) -> int:
    """A broadcast to everybody, due now; the id of its push."""
    body = {"text": TEXT, "parse_mode": "HTML", "reply_markup": KEYBOARD}
    content = {"text": TEXT, "parts": [{"method": "sendMessage", "body": body}]}
    values: dict[str, object] = {"not_after": timedelta(hours=4), **plan}
    async with database.write() as connection:
        number = await broadcasts.add(connection, Plan(content, now(), **values), now=now())  # type: ignore[arg-type]
    return (await schedule_broadcast(database, number, now())).id


async def durable(url: str, chats: int, _flight: int, rates: Rates = FREE) -> dict[str, object]:
    """This project: rows, lease, limiter, group commits, on SQLite with full sync."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'bench.db'}")
        await database.migrate()
        await add_chats(database, chats)
        push = await add_broadcast(database)
        return await run_sender(database, url, push, rates)


async def run_sender(database: Database, url: str, push: int, rates: Rates) -> dict[str, object]:
    """Until the push is done; its sums."""
    transport = Transport(url, TOKEN)
    lease = Lease(database, "sender:1")
    sender = Sender(database, Gateway(transport, Limiter(rates)), lease, now, Options(AWAKE))
    begun = time.process_time()
    task = asyncio.create_task(sender.run())
    try:
        while True:
            await asyncio.sleep(0.05)
            async with database.read() as connection:
                row = await pushes.get(connection, push)
            if row is None or row["state"] != "running":
                break
        spent = time.process_time() - begun
        async with database.read() as connection:
            return {**await pushes.sums(connection, push), "cpu_s": spent}
    finally:
        await sender.stop()
        with suppress(asyncio.CancelledError):
            await task
        await transport.close()
        await database.close()
