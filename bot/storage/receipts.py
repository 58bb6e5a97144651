"""已阅: who tapped the button under a push; one row per push and chat, the first tap counts."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.message import MessageState, PushKind
from bot.storage.database import insert_once
from bot.storage.schema import broadcasts, chats, followed, outbox, pushes, receipts

Row = Mapping[str, Any]
LOOKED_AT = 100  # broadcasts of one chat, the newest first, among which a button's push is sought
_ARRIVED = (MessageState.SENT, MessageState.UNKNOWN)


async def find(connection: AsyncConnection, chat_id: int, token: str) -> Row | None:
    """The push whose button this chat tapped, with its broadcast's content; None: it got none."""
    query = (
        sa.select(pushes.c.id, broadcasts.c.content)
        .select_from(pushes)
        .join(broadcasts, broadcasts.c.id == pushes.c.broadcast_id)
        .join(outbox, outbox.c.push_id == pushes.c.id)
        .where(
            pushes.c.kind == PushKind.BROADCAST,
            outbox.c.chat_id == chat_id,
            outbox.c.part == 0,
            outbox.c.state.in_(_ARRIVED),
        )
        .order_by(pushes.c.id.desc())
        .limit(LOOKED_AT)
    )
    rows = (await connection.execute(query)).mappings()
    asked = (row for row in rows if (row["content"].get("receipt") or {}).get("token") == token)
    found = next(asked, None)
    return None if found is None else dict(found)


async def put(
    connection: AsyncConnection, push_id: int, chat_id: int, now: datetime
) -> tuple[datetime, bool]:
    """When this chat first tapped, and whether that is now."""
    made = insert_once(connection, receipts).values(push_id=push_id, chat_id=chat_id, at=now)
    first = (await connection.execute(made)).rowcount == 1
    mine = (receipts.c.push_id == push_id) & (receipts.c.chat_id == chat_id)
    at = await connection.scalar(sa.select(receipts.c.at).where(mine))
    return at or now, first


async def of_chat(
    connection: AsyncConnection, chat_id: int, push_ids: Collection[int]
) -> dict[int, datetime]:
    """Which of some pushes this chat tapped, and when."""
    mine = (receipts.c.chat_id == chat_id) & receipts.c.push_id.in_(push_ids)
    rows = await connection.execute(sa.select(receipts.c.push_id, receipts.c.at).where(mine))
    return {row[0]: row[1] for row in rows}


async def tallies(connection: AsyncConnection, push_id: int) -> list[tuple[str, str, int, int]]:
    """Kind of chat, role, how many got the push (a tap proves it), how many of these tapped."""
    mine = (receipts.c.push_id == outbox.c.push_id) & (receipts.c.chat_id == outbox.c.chat_id)
    columns = (chats.c.kind, chats.c.role)
    query = (
        sa.select(*columns, sa.func.count(), sa.func.count(receipts.c.at))
        .select_from(outbox)
        .join(chats, chats.c.id == outbox.c.chat_id, isouter=True)
        .join(receipts, mine, isouter=True)
        .where(
            outbox.c.push_id == push_id,
            outbox.c.part == 0,
            (outbox.c.state == MessageState.SENT) | receipts.c.at.is_not(None),
        )
        .group_by(*columns)
        .order_by(*columns)
    )
    return [(row[0] or "", row[1] or "", *row[2:4]) for row in await connection.execute(query)]


async def lines(
    connection: AsyncConnection, push_id: int, limit: int, after: int | None = None
) -> list[Row]:
    """Who got it and when they tapped, by chat; for the table."""
    mine = (receipts.c.push_id == outbox.c.push_id) & (receipts.c.chat_id == outbox.c.chat_id)
    beyond = sa.true() if after is None else outbox.c.chat_id > after
    query = (
        sa.select(outbox.c.chat_id, chats.c.kind, chats.c.role, outbox.c.state, receipts.c.at)
        .select_from(outbox)
        .join(chats, chats.c.id == outbox.c.chat_id, isouter=True)
        .join(receipts, mine, isouter=True)
        .where(outbox.c.push_id == push_id, outbox.c.part == 0, beyond)
        .order_by(outbox.c.chat_id)
        .limit(limit)
    )
    return [dict(row) for row in (await connection.execute(query)).mappings()]


async def move(connection: AsyncConnection, old: int, new: int) -> None:
    """What was counted for a chat is counted for another id from now on."""
    for table in (receipts, followed):
        there = table.alias("there")
        both = sa.exists().where(there.c.push_id == table.c.push_id, there.c.chat_id == new)
        await connection.execute(table.delete().where(table.c.chat_id == old, both))
        await connection.execute(table.update().where(table.c.chat_id == old).values(chat_id=new))


async def forget(connection: AsyncConnection, push_id: int) -> None:
    """The rows of an old push go, and with them who tapped."""
    for table in (receipts, followed):
        await connection.execute(table.delete().where(table.c.push_id == push_id))
