"""Sets of sections that were read, each stored once: a chat holds only a number (0 = nothing)."""

import hashlib
import json
from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.schema import readings

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
    known = await connection.scalar(sa.select(readings.c.id).where(readings.c.sha256 == digest))
    if known is not None:
        return int(known)
    result = await connection.execute(
        readings.insert().values(sha256=digest, read=ordered).returning(readings.c.id)
    )
    return int(result.scalar_one())
