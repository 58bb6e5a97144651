"""Chats: who gets pushes, what they chose, when their next one is due.

Whatever changes a choice moves ``due_at`` in the same transaction, so a due time never lags behind.
``served_on`` is the last local day that is done with; it keeps a day from coming twice after the
hour was changed.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.message import MessageState
from bot.domain.subscription import (
    Audience,
    ChatKind,
    ChatState,
    OfficeHours,
    choices_of,
    next_due,
)
from bot.storage import receipts
from bot.storage.schema import chats, drafts, outbox, pauses, pushes

Chat = Mapping[str, Any]


async def get(connection: AsyncConnection, chat_id: int) -> Chat | None:
    """The chat's row, or None for one we do not know."""
    result = await connection.execute(sa.select(chats).where(chats.c.id == chat_id))
    row = result.mappings().one_or_none()
    return None if row is None else dict(row)


async def join(
    connection: AsyncConnection,
    chat_id: int,
    office: OfficeHours,
    now: datetime,
    **first: Any,
) -> bool:
    """Subscribe a chat; what it chose before is kept. ``first`` fills a new row. True if new."""
    row: dict[str, Any] = {
        "kind": ChatKind.PRIVATE,
        "hour": office.hour.isoformat("minutes"),
        **first,
        "id": chat_id,
        "state": ChatState.ACTIVE,
        "joined_at": now,
        "changed_at": now,
    }
    added = await connection.execute(_insert_once(connection).values(row))
    await choose(connection, chat_id, office, now, state=ChatState.ACTIVE, reason="")
    return added.rowcount == 1


def _insert_once(connection: AsyncConnection) -> Any:
    """Two updates of one new chat may meet: the second insert is nothing."""
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert as pg_insert

        return pg_insert(chats).on_conflict_do_nothing()
    from sqlalchemy.dialects.sqlite import insert as lite_insert

    return lite_insert(chats).on_conflict_do_nothing()


async def choose(
    connection: AsyncConnection,
    chat_id: int,
    office: OfficeHours,
    now: datetime,
    **changes: Any,
) -> Chat | None:
    """Change a chat's row and its next due time together; the new row, None if there is none."""
    query = sa.select(chats).where(chats.c.id == chat_id).with_for_update()
    found = (await connection.execute(query)).mappings().one_or_none()
    if found is None:
        return None
    row = {**found, **changes, "changed_at": now}
    due_at, due_on = None, None
    if row["state"] == ChatState.ACTIVE:
        due_at, due_on = next_due(choices_of(row, office), now, row["served_on"])
    row |= {"due_at": due_at, "due_on": due_on}
    await connection.execute(
        chats.update()
        .where(chats.c.id == chat_id)
        .values({name: row[name] for name in (*changes, "changed_at", "due_at", "due_on")})
    )
    return row


async def stop(connection: AsyncConnection, chat_id: int, now: datetime) -> bool:
    """The reader unsubscribes; choices stay. False if nothing was subscribed."""
    return await _rest(connection, chat_id, ChatState.STOPPED, "", now)


async def suspend(connection: AsyncConnection, chat_id: int, reason: str, now: datetime) -> bool:
    """Telegram does not let us in (blocked, kicked …); choices stay, a return revives."""
    return await _rest(connection, chat_id, ChatState.SUSPENDED, reason, now)


async def _rest(
    connection: AsyncConnection, chat_id: int, state: ChatState, reason: str, now: datetime
) -> bool:
    changed = await connection.execute(
        chats.update()
        .where(chats.c.id == chat_id, chats.c.state == ChatState.ACTIVE)
        .values(state=state, reason=reason, due_at=None, due_on=None, changed_at=now)
    )
    return bool(changed.rowcount)


async def revive(
    connection: AsyncConnection, chat_id: int, office: OfficeHours, now: datetime
) -> bool:
    """A suspended chat is back: it goes on as it was. A reader who said stop stays stopped."""
    row = await get(connection, chat_id)
    if row is None or row["state"] != ChatState.SUSPENDED:
        return False
    await choose(connection, chat_id, office, now, state=ChatState.ACTIVE, reason="")
    return True


async def leave_topic(connection: AsyncConnection, chat_id: int, now: datetime) -> None:
    """Its topic of a forum is gone: what comes goes into the general one."""
    await connection.execute(
        chats.update().where(chats.c.id == chat_id).values(thread_id=None, changed_at=now)
    )


async def migrate(connection: AsyncConnection, old: int, new: int, now: datetime) -> None:
    """A group became a supergroup: everything it had moves to the new id.

    What it chose before wins over what came with the new id. Where a push has rows for both, the
    group gets it once: the old row is closed if it still waits, else the new one. A message under
    way keeps the old id, so that its answer finds it; it comes here again by itself.
    """
    there = outbox.alias("there")
    both = sa.exists().where(there.c.push_id == outbox.c.push_id, there.c.part == outbox.c.part)
    skipped = {"state": MessageState.SKIPPED, "reason": "migrated", "changed_at": now}
    waiting = outbox.c.state == MessageState.QUEUED
    await connection.execute(
        outbox.update()
        .where(outbox.c.chat_id == old, waiting, both.where(there.c.chat_id == new))
        .values(skipped)
    )
    had = there.c.state.in_((MessageState.SENT, MessageState.UNKNOWN))
    await connection.execute(
        outbox.update()
        .where(outbox.c.chat_id == new, waiting, both.where(there.c.chat_id == old, had))
        .values(skipped)
    )
    await connection.execute(
        outbox.update()
        .where(
            outbox.c.chat_id == old,
            outbox.c.state != MessageState.SENDING,
            sa.not_(both.where(there.c.chat_id == new)),
        )
        .values(chat_id=new)
    )
    await connection.execute(drafts.delete().where(drafts.c.chat_id == old))
    await receipts.move(connection, old, new)
    if await get(connection, old) is None:
        return
    await connection.execute(chats.delete().where(chats.c.id == new))
    values = {"id": new, "kind": ChatKind.SUPERGROUP, "changed_at": now}
    await connection.execute(chats.update().where(chats.c.id == old).values(values))


async def forget(connection: AsyncConnection, chat_id: int, stranger: int, now: datetime) -> None:
    """Delete what is kept of a chat. Sums of past pushes stay right: its rows of the outbox go
    over to ``stranger``, an id that belongs to nobody; what still waits is skipped.
    """
    waiting = (outbox.c.chat_id == chat_id) & (outbox.c.state == MessageState.QUEUED)
    await connection.execute(
        outbox.update()
        .where(waiting)
        .values(state=MessageState.SKIPPED, reason="forgotten", changed_at=now)
    )
    ended = (outbox.c.chat_id == chat_id) & (outbox.c.state != MessageState.SENDING)
    await connection.execute(outbox.update().where(ended).values(chat_id=stranger, message_id=None))
    await receipts.move(connection, chat_id, stranger)
    await connection.execute(drafts.delete().where(drafts.c.chat_id == chat_id))
    await connection.execute(pauses.delete().where(pauses.c.scope == str(chat_id)))
    for mark in (pushes.c.pivot, pushes.c.cursor):  # places in the order of ids: the next will do
        await connection.execute(
            pushes.update().where(mark == chat_id).values({mark.name: chat_id + 1})
        )
    await connection.execute(chats.delete().where(chats.c.id == chat_id))


def in_audience(audience: Audience) -> sa.ColumnElement[bool]:
    """Active chats that an audience means: the SQL of :meth:`Audience.includes`."""
    terms: list[sa.ColumnElement[bool]] = [chats.c.state == ChatState.ACTIVE]
    if audience.topics:
        marked = sa.literal(",") + chats.c.topics + ","
        wanted = [marked.like(f"%,{topic},%") for topic in audience.topics]
        terms.append(sa.or_(chats.c.topics == "", *wanted))
    if audience.roles:
        terms.append(chats.c.role.in_(audience.roles))
    if audience.languages:
        terms.append(chats.c.language.in_(audience.languages))
    if audience.kinds:
        kinds = set(audience.kinds)
        terms.append(chats.c.kind.in_(kinds | ({"supergroup"} if "group" in kinds else set())))
    if audience.only:
        terms.append(chats.c.id.in_(audience.only))
    if audience.without:
        terms.append(chats.c.id.not_in(audience.without))
    return sa.and_(*terms)


async def count(connection: AsyncConnection, audience: Audience) -> dict[str, int]:
    """How many active chats of each kind an audience means now."""
    query = (
        sa.select(chats.c.kind, sa.func.count()).where(in_audience(audience)).group_by(chats.c.kind)
    )
    return {row[0]: row[1] for row in await connection.execute(query)}


async def pausing(
    connection: AsyncConnection, audience: Audience
) -> list[tuple[str, str, date, int]]:
    """Of an audience, those with a pause: kind, zone, until when, how many."""
    columns = (chats.c.kind, chats.c.zone, chats.c.paused_until)
    query = (
        sa.select(*columns, sa.func.count())
        .where(in_audience(audience), chats.c.paused_until.is_not(None))
        .group_by(*columns)
    )
    return [(row[0], row[1], row[2], row[3]) for row in await connection.execute(query)]


async def sample(
    connection: AsyncConnection, audience: Audience, limit: int, on: date | None = None
) -> list[int]:
    """Some of an audience, spread over the ids; ``on``: nobody who has paused until after it."""
    awake = (
        sa.true() if on is None else chats.c.paused_until.is_(None) | (chats.c.paused_until <= on)
    )
    query = (
        sa.select(chats.c.id)
        .where(in_audience(audience), awake)
        .order_by((chats.c.id * 7919) % 10_007, chats.c.id)
        .limit(limit)
    )
    return list(await connection.scalars(query))


async def sums(connection: AsyncConnection) -> dict[str, int]:
    """How many chats stand in each state."""
    query = sa.select(chats.c.state, sa.func.count()).group_by(chats.c.state)
    return {row[0]: row[1] for row in await connection.execute(query)}


async def due_between(
    connection: AsyncConnection, audience: Audience, start: datetime, end: datetime
) -> int:
    """How many of an audience have a digest of their own due in a span: a clash."""
    query = (
        sa.select(sa.func.count())
        .select_from(chats)
        .where(in_audience(audience), chats.c.due_at >= start, chats.c.due_at < end)
    )
    return int(await connection.scalar(query) or 0)


async def zones(connection: AsyncConnection, audience: Audience) -> dict[str, int]:
    """How many chats of an audience live in each zone ("" = the office's)."""
    query = (
        sa.select(chats.c.zone, sa.func.count()).where(in_audience(audience)).group_by(chats.c.zone)
    )
    return {row[0]: row[1] for row in await connection.execute(query)}


async def zones_abroad(connection: AsyncConnection) -> list[str]:
    """The zones that somebody has chosen instead of the office's."""
    return list(
        await connection.scalars(sa.select(chats.c.zone).where(chats.c.zone != "").distinct())
    )


async def received(
    connection: AsyncConnection, chat_id: int, since: datetime, limit: int = 20
) -> list[Chat]:
    """What this chat was sent, newest first: for /mydata and /why."""
    from bot.storage.schema import variants

    query = (
        sa.select(
            outbox.c.push_id,
            outbox.c.message_id,
            outbox.c.state,
            outbox.c.changed_at,
            pushes.c.kind,
            pushes.c.title,
            variants.c.why,
        )
        .join(pushes, pushes.c.id == outbox.c.push_id)
        .join(variants, variants.c.id == outbox.c.variant_id)
        .where(outbox.c.chat_id == chat_id, outbox.c.changed_at >= since)
        .order_by(outbox.c.changed_at.desc(), outbox.c.part)
        .limit(limit)
    )
    return [dict(row) for row in (await connection.execute(query)).mappings()]


async def digest_of(connection: AsyncConnection, chat_id: int, day: date) -> list[Chat]:
    """The digest this chat was sent on a local day, as it was sent: parts, why, state."""
    from bot.domain.message import PushKind
    from bot.storage.schema import variants

    query = (
        sa.select(variants.c.parts, variants.c.why, outbox.c.state)
        .select_from(outbox)
        .join(pushes, pushes.c.id == outbox.c.push_id)
        .join(variants, variants.c.id == outbox.c.variant_id)
        .where(
            outbox.c.chat_id == chat_id,
            pushes.c.kind == PushKind.DIGEST,
            pushes.c.key == day.isoformat(),
            outbox.c.part == 0,
        )
    )
    return [dict(row) for row in (await connection.execute(query)).mappings()]


async def pause(
    connection: AsyncConnection,
    chat_id: int,
    until: date | None,
    office: OfficeHours,
    now: datetime,
) -> Chat | None:
    """Nothing before ``until``; None ends a pause."""
    return await choose(connection, chat_id, office, now, paused_until=until)
