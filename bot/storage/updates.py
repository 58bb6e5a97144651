"""Updates already handled, and those a webhook has stored but nobody has handled yet."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.schema import updates

Update = dict[str, Any]

FORGET_AFTER = timedelta(days=2)  # Telegram itself forgets an update after 24 h


async def is_done(connection: AsyncConnection, update_id: int) -> bool:
    """Whether the update has been handled to its end."""
    query = sa.select(updates.c.done).where(updates.c.update_id == update_id)
    return bool(await connection.scalar(query))


async def newest_done(connection: AsyncConnection) -> int:
    """The highest number among the updates handled; -1 when there is none."""
    query = sa.select(sa.func.max(updates.c.update_id)).where(updates.c.done)
    found = await connection.scalar(query)
    return -1 if found is None else int(found)


async def store(
    connection: AsyncConnection, arrived: Sequence[Update], now: datetime
) -> list[Update]:
    """Keep updates until they are handled; those that were not there yet."""
    known = set(await connection.scalars(_among(update["update_id"] for update in arrived)))
    fresh = [update for update in arrived if update["update_id"] not in known]
    if fresh:
        rows = [_row(update["update_id"], now, done=False, body=update) for update in fresh]
        await connection.execute(updates.insert(), rows)
    return fresh


async def done(connection: AsyncConnection, numbers: Sequence[int], now: datetime) -> None:
    """These have been handled; their content is not kept."""
    known = set(await connection.scalars(_among(numbers)))
    if known:
        await connection.execute(
            updates.update().where(updates.c.update_id.in_(known)).values(done=True, body=None)
        )
    fresh = [_row(number, now, done=True) for number in numbers if number not in known]
    if fresh:
        await connection.execute(updates.insert(), fresh)


async def stored(connection: AsyncConnection, before: datetime, limit: int = 100) -> list[Update]:
    """Updates stored before an instant and not handled since, oldest first: their holder died."""
    query = (
        sa.select(updates.c.body)
        .where(updates.c.done.is_(False), updates.c.at < before)
        .order_by(updates.c.update_id)
        .limit(limit)
    )
    return [body for body in (await connection.scalars(query)) if body is not None]


async def forget(connection: AsyncConnection, now: datetime) -> int:
    """Drop what Telegram would not send again; returns how many."""
    result = await connection.execute(updates.delete().where(updates.c.at < now - FORGET_AFTER))
    return result.rowcount


def _among(numbers: Iterable[int]) -> sa.Select[int]:
    return sa.select(updates.c.update_id).where(updates.c.update_id.in_(list(numbers)))


def _row(number: int, now: datetime, *, done: bool, body: Update | None = None) -> dict[str, Any]:
    return {"update_id": number, "at": now, "done": done, "body": body}
