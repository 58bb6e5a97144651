"""The audit trail: who did what, when. Nothing here is ever changed, only forgotten by age."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.schema import audits


async def record(
    connection: AsyncConnection,
    now: datetime,
    user_id: int | None,
    act: str,
    subject: str = "",
    **detail: Any,
) -> None:
    """One act, in its own transaction. ``user_id`` None: the operator or the program."""
    await connection.execute(
        audits.insert().values(
            at=now, user_id=user_id, act=act, subject=subject[:128], detail=detail
        )
    )


async def latest(
    connection: AsyncConnection, limit: int = 20, subject: str | None = None
) -> list[Mapping[str, Any]]:
    """The newest acts, or those on one subject."""
    query = sa.select(audits).order_by(audits.c.id.desc()).limit(limit)
    if subject is not None:
        query = query.where(audits.c.subject == subject)
    return [dict(row) for row in (await connection.execute(query)).mappings()]


async def last(connection: AsyncConnection, act: str, subject: str) -> Mapping[str, Any] | None:
    """The newest of one kind of act on a subject, or None."""
    query = (
        sa.select(audits)
        .where(audits.c.subject == subject, audits.c.act == act)
        .order_by(audits.c.id.desc())
        .limit(1)
    )
    row = (await connection.execute(query)).mappings().one_or_none()
    return None if row is None else dict(row)


async def has(connection: AsyncConnection, act: str, subject: str) -> bool:
    """Whether an act on a subject has been recorded."""
    query = sa.select(audits.c.id).where(audits.c.subject == subject, audits.c.act == act).limit(1)
    return await connection.scalar(query) is not None


async def forget(connection: AsyncConnection, before: datetime) -> int:
    """Drop acts older than the operator keeps them."""
    result = await connection.execute(audits.delete().where(audits.c.at < before))
    return result.rowcount
