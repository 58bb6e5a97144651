"""Updates already handled, and those a webhook has stored but nobody has handled yet."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.schema import updates

FORGET_AFTER = timedelta(days=2)  # Telegram itself forgets an update after 24 h


async def is_done(connection: AsyncConnection, update_id: int) -> bool:
    """Whether the update has been handled to its end."""
    query = sa.select(updates.c.done).where(updates.c.update_id == update_id)
    return bool(await connection.scalar(query))


async def store(connection: AsyncConnection, update: dict[str, Any], now: datetime) -> bool:
    """Keep an update until it is handled; False if it is there already."""
    known = await connection.scalar(
        sa.select(updates.c.update_id).where(updates.c.update_id == update["update_id"])
    )
    if known is not None:
        return False
    await connection.execute(
        updates.insert().values(update_id=update["update_id"], at=now, done=False, body=update)
    )
    return True


async def done(connection: AsyncConnection, update_id: int, now: datetime) -> None:
    """The update has been handled; its content is not kept."""
    changed = await connection.execute(
        updates.update().where(updates.c.update_id == update_id).values(done=True, body=None)
    )
    if changed.rowcount == 0:
        await connection.execute(
            updates.insert().values(update_id=update_id, at=now, done=True, body=None)
        )


async def stored(
    connection: AsyncConnection, before: datetime, limit: int = 100
) -> list[dict[str, Any]]:
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
