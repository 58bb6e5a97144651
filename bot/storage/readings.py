"""Sets of sections that were read, each stored once: a chat holds only a number (0 = nothing)."""

import hashlib
import json
from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.database import insert_once
from bot.storage.schema import chats, readings

NOTHING = 0


async def sets(connection: AsyncConnection, ids: Collection[int]) -> dict[int, frozenset[str]]:
    """The sets with these numbers; "KEY:ADDRESS" names a section."""
    found: dict[int, frozenset[str]] = {NOTHING: frozenset()}
    wanted = sorted(set(ids) - {NOTHING})
    for start in range(0, len(wanted), 500):
        rows = await connection.execute(
            sa.select(readings.c.id, readings.c.read).where(
                readings.c.id.in_(wanted[start : start + 500])
            )
        )
        found |= {number: frozenset(read) for number, read in rows}
    return found


async def number(connection: AsyncConnection, read: frozenset[str]) -> int:
    """The number of a set; a new one is stored."""
    if not read:
        return NOTHING
    ordered = sorted(read)
    digest = hashlib.sha256(json.dumps(ordered).encode()).hexdigest()
    query = sa.select(readings.c.id).where(readings.c.sha256 == digest)
    known = await connection.scalar(query)
    if known is None:
        await connection.execute(
            insert_once(connection, readings).values(sha256=digest, read=ordered)
        )
        known = await connection.scalar(query)
    return int(known or 0)


async def unused(connection: AsyncConnection) -> list[int]:
    """The sets at which no chat stands: readers have gone on since."""
    stand = sa.select(chats.c.reading_id).distinct()
    query = sa.select(readings.c.id).where(readings.c.id.not_in(stand)).order_by(readings.c.id)
    return list(await connection.scalars(query))


async def drop(connection: AsyncConnection, numbers: Collection[int]) -> None:
    """Forget some sets."""
    await connection.execute(readings.delete().where(readings.c.id.in_(numbers)))
