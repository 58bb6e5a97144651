"""Counts of look-ups that found nothing, folded, never with a person; and the office's synonyms."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.database import insert_once
from bot.storage.schema import queries, synonyms

MAX_LENGTH = 64


async def count_missing(connection: AsyncConnection, folded: str, day: date) -> None:
    """One more look-up found nothing. What is long enough to be personal text is not kept."""
    folded = folded.strip()
    if not folded or len(folded) > MAX_LENGTH:
        return
    new = insert_once(connection, queries).values(folded=folded, times=0, last_on=day)
    await connection.execute(new)
    one = queries.c.folded == folded
    await connection.execute(
        queries.update().where(one).values(times=queries.c.times + 1, last_on=day)
    )


async def gaps(connection: AsyncConnection, limit: int = 20) -> list[Mapping[str, Any]]:
    """What was looked for most and not found."""
    query = sa.select(queries).order_by(queries.c.times.desc(), queries.c.folded).limit(limit)
    return [dict(row) for row in (await connection.execute(query)).mappings()]


async def drop(connection: AsyncConnection, folded: str) -> None:
    """Take one off the list: it is answered now, or never will be."""
    await connection.execute(queries.delete().where(queries.c.folded == folded))


async def forget(connection: AsyncConnection, before: date) -> int:
    """Drop what nobody has looked for since."""
    result = await connection.execute(queries.delete().where(queries.c.last_on < before))
    return result.rowcount


async def add_synonym(
    connection: AsyncConnection, said: str, written: str, by: int | None, now: datetime
) -> bool:
    """People say ``said`` for what reports write as ``written``. False if it was known."""
    pair = {"said": said, "written": written, "added_by": by, "added_at": now}
    added = await connection.execute(insert_once(connection, synonyms).values(pair))
    await drop(connection, said)
    return bool(added.rowcount)


async def drop_synonym(connection: AsyncConnection, said: str, written: str) -> bool:
    """Take a pair back. False if it was not there any more."""
    pair = (synonyms.c.said == said) & (synonyms.c.written == written)
    return bool((await connection.execute(synonyms.delete().where(pair))).rowcount)


async def synonyms_of_office(connection: AsyncConnection) -> list[tuple[str, str]]:
    """The office's own pairs (said, written)."""
    query = sa.select(synonyms.c.said, synonyms.c.written).order_by(synonyms.c.added_at)
    return [(said, written) for said, written in (await connection.execute(query)).all()]
