"""Absolute pauses after a 429, kept so that a restart does not run into the same wall."""

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.leases import moment
from bot.storage.schema import pauses

BOT = "bot"


async def save(connection: AsyncConnection, found: Iterable[tuple[int | None, float]]) -> None:
    """Keep pauses, given as (chat or None for the whole bot, seconds from now)."""
    now = await moment(connection)
    until = sa.type_coerce(pauses.c.until, sa.BigInteger)
    await connection.execute(pauses.delete().where(until <= now))
    for chat_id, seconds in found:
        scope = BOT if chat_id is None else str(chat_id)
        value = sa.literal(now + round(seconds * 1000), sa.BigInteger)
        changed = await connection.execute(
            pauses.update().where(pauses.c.scope == scope).values(until=value)
        )
        if not changed.rowcount:
            await connection.execute(pauses.insert().values(scope=scope, until=value))


async def load(connection: AsyncConnection) -> list[tuple[int | None, float]]:
    """The pauses that are not over, in the same form."""
    now = await moment(connection)
    until = sa.type_coerce(pauses.c.until, sa.BigInteger)
    rows = await connection.execute(sa.select(pauses.c.scope, until).where(until > now))
    return [(None if scope == BOT else int(scope), (end - now) / 1000) for scope, end in rows]
