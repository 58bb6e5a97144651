"""The messages under which admins watch a broadcast: where they are, and what they show."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.schema import cards


async def put(
    connection: AsyncConnection, broadcast_id: int, chat_id: int, message_id: int, shown: str = ""
) -> None:
    """From now on this message of the chat shows the broadcast."""
    one = (cards.c.broadcast_id == broadcast_id) & (cards.c.chat_id == chat_id)
    values = {"message_id": message_id, "shown": shown}
    changed = await connection.execute(cards.update().where(one).values(values))
    if changed.rowcount == 0:
        await connection.execute(
            cards.insert().values(broadcast_id=broadcast_id, chat_id=chat_id, **values)
        )


async def everything(connection: AsyncConnection) -> list[Mapping[str, Any]]:
    """All messages that still watch something."""
    rows = await connection.execute(sa.select(cards).order_by(cards.c.broadcast_id))
    return [dict(row) for row in rows.mappings()]


async def drop(connection: AsyncConnection, broadcast_id: int, chat_id: int) -> None:
    """The message has shown the end, or is gone."""
    await connection.execute(
        cards.delete().where(cards.c.broadcast_id == broadcast_id, cards.c.chat_id == chat_id)
    )
