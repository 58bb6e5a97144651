"""The emergency stop: one row; while it is there nothing is planned and nothing is pushed."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.schema import halts

_ONE = 1


async def since(connection: AsyncConnection) -> datetime | None:
    """Since when everything is stopped; None: it is not."""
    found: datetime | None = await connection.scalar(sa.select(halts.c.at))
    return found


async def stop(connection: AsyncConnection, by: int | None, now: datetime) -> bool:
    """Stop everything; False if it is stopped already."""
    if await since(connection) is not None:
        return False
    await connection.execute(halts.insert().values(id=_ONE, by=by, at=now))
    return True


async def go_on(connection: AsyncConnection) -> bool:
    """Go on; False if nothing was stopped."""
    result = await connection.execute(halts.delete())
    return bool(result.rowcount)
