"""Pushes: one row per occasion on which something goes out to many, its variants and its sums."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.message import PUSH_MOVES, Lane, MessageState, OnUnknown, PushKind, PushState
from bot.errors import RefusedError
from bot.storage import receipts
from bot.storage.database import insert_once
from bot.storage.schema import outbox, pushes, variants

Row = Mapping[str, Any]
BATCH = 5000
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class NewPush:
    """An occasion; (kind, key) is unique, so no occasion is planned twice."""

    kind: PushKind
    key: str
    lane: Lane
    not_before: datetime
    not_after: datetime
    on_unknown: OnUnknown = OnUnknown.LEAVE
    title: str = ""
    broadcast_id: int | None = None
    state: PushState = PushState.PLANNING


@dataclass(frozen=True, slots=True)
class Variant:
    """What is sent to all who get the same: parts as {"method", "body"} without chat_id."""

    key: str
    parts: Sequence[Mapping[str, Any]]
    why: Mapping[str, Any] = field(default_factory=dict)


async def create(connection: AsyncConnection, new: NewPush, now: datetime) -> int:
    """The push's id; the one that is there already for this occasion if there is one."""
    known = await find(connection, new.kind, new.key)
    if known is not None:
        return known
    await connection.execute(
        insert_once(connection, pushes).values(
            kind=new.kind,
            key=new.key,
            title=new.title,
            broadcast_id=new.broadcast_id,
            lane=new.lane,
            state=new.state,
            not_before=new.not_before,
            not_after=new.not_after,
            on_unknown=new.on_unknown,
            created_at=now,
        )
    )
    return await find(connection, new.kind, new.key) or 0


async def find(connection: AsyncConnection, kind: PushKind, key: str) -> int | None:
    """The push of an occasion, if it exists."""
    found: int | None = await connection.scalar(
        sa.select(pushes.c.id).where(pushes.c.kind == kind, pushes.c.key == key)
    )
    return found


async def add_variant(connection: AsyncConnection, push_id: int, variant: Variant) -> int:
    """The variant's id; an equal key is the same variant."""
    query = sa.select(variants.c.id).where(
        variants.c.push_id == push_id, variants.c.key == variant.key
    )
    known = await connection.scalar(query)
    if known is None:
        await connection.execute(
            insert_once(connection, variants).values(
                push_id=push_id,
                key=variant.key,
                parts=[dict(part) for part in variant.parts],
                why=dict(variant.why),
            )
        )
        known = await connection.scalar(query)
    return int(known or 0)


async def variants_of(connection: AsyncConnection, ids: Sequence[int]) -> list[Row]:
    """Variants by id."""
    rows = await connection.execute(sa.select(variants).where(variants.c.id.in_(ids)))
    return [dict(row) for row in rows.mappings()]


async def get(connection: AsyncConnection, push_id: int) -> Row | None:
    """One push's row, or None."""
    found = (
        (await connection.execute(sa.select(pushes).where(pushes.c.id == push_id)))
        .mappings()
        .one_or_none()
    )
    return None if found is None else dict(found)


async def latest(connection: AsyncConnection, limit: int = 20, offset: int = 0) -> list[Row]:
    """The newest pushes, or those behind the newest."""
    query = sa.select(pushes).order_by(pushes.c.id.desc()).limit(limit).offset(offset)
    rows = await connection.execute(query)
    return [dict(row) for row in rows.mappings()]


async def of_broadcast(connection: AsyncConnection, broadcast_id: int) -> list[int]:
    """The pushes in which a broadcast went out, newest first."""
    found = await connection.scalars(
        sa.select(pushes.c.id)
        .where(pushes.c.broadcast_id == broadcast_id)
        .order_by(pushes.c.id.desc())
    )
    return list(found)


async def in_states(connection: AsyncConnection, *states: PushState) -> list[Row]:
    """Pushes that stand in one of some states: the most urgent lane first, then the oldest."""
    rows = await connection.execute(
        sa.select(pushes)
        .where(pushes.c.state.in_(states))
        .order_by(pushes.c.lane, pushes.c.not_before, pushes.c.id)
    )
    return [dict(row) for row in rows.mappings()]


async def move(
    connection: AsyncConnection, push_id: int, to: PushState, now: datetime, reason: str = ""
) -> None:
    """Move a push, whoever else tries at the same time; an unlawful move is refused.

    Going on after a pause plans a broadcast again first: rows that are there stay as they are, and
    what the pause kept from being planned is added.
    """
    values: dict[str, Any] = {"state": to, "reason": reason}
    lawful = [state for state, moves in PUSH_MOVES.items() if to in moves]
    if to in {PushState.DONE, PushState.CANCELLED}:
        values["ended_at"] = now
    if to is PushState.RUNNING:
        row = await get(connection, push_id)
        values["ended_at"] = None
        paused = row is not None and row["state"] == PushState.PAUSED
        if row is not None and paused and row["kind"] != PushKind.DIGEST:
            values |= {"state": PushState.PLANNING, "cursor": None}
            lawful = [PushState.PAUSED]
    result = await connection.execute(
        pushes.update().where(pushes.c.id == push_id, pushes.c.state.in_(lawful)).values(values)
    )
    if result.rowcount == 0:
        raise RefusedError("That is no longer possible: the push has moved on meanwhile.")


async def sums(connection: AsyncConnection, push_id: int) -> dict[str, Any]:
    """How many messages of a push stand where; planned is the sum of the other five.

    What a cancelled push still has in its queue counts as skipped already.
    """
    row = await get(connection, push_id)
    if row is None:
        raise RefusedError("There is no such push.")
    if row["sums"] is not None:
        return dict(row["sums"])
    counted = await connection.execute(
        sa.select(outbox.c.state, outbox.c.reason, sa.func.count())
        .where(outbox.c.push_id == push_id)
        .group_by(outbox.c.state, outbox.c.reason)
    )
    return add_up(counted.all(), cancelled=row["state"] == PushState.CANCELLED)


async def time_left(
    connection: AsyncConnection, push_id: int, now: datetime, per_second: float
) -> timedelta | None:
    """How long a push will still take at the rate of its last minute; None: nothing waits.

    Where nothing was sent in that minute, at the rate that is allowed.
    """
    waiting = (await sums(connection, push_id))["waiting"]
    if not waiting:
        return None
    recently = outbox.c.changed_at > now - MINUTE
    sent = await connection.scalar(
        sa.select(sa.func.count())
        .select_from(outbox)
        .where(outbox.c.push_id == push_id, outbox.c.state == MessageState.SENT, recently)
    )
    first = await connection.scalar(
        sa.select(sa.func.min(outbox.c.changed_at)).where(
            outbox.c.push_id == push_id, outbox.c.state == MessageState.SENT, recently
        )
    )
    if not sent or first is None or first >= now:
        return timedelta(seconds=waiting / per_second)
    return timedelta(seconds=waiting * (now - first).total_seconds() / sent)


def add_up(counted: Sequence[tuple[str, str, int]], *, cancelled: bool = False) -> dict[str, Any]:
    """(state, reason, number) -> the sums of a push.

    >>> add_up([("sent", "", 2), ("failed", "blocked", 1), ("queued", "", 4)])["waiting"]
    4
    """
    total = dict.fromkeys(("planned", "sent", "failed", "unknown", "skipped", "waiting"), 0)
    reasons: dict[str, int] = {}
    for state, reason, number in counted:
        name, why = state, reason
        if state == MessageState.QUEUED and cancelled:
            name, why = MessageState.SKIPPED, "cancelled"
        elif state in {MessageState.QUEUED, MessageState.SENDING}:
            name, why = "waiting", ""
        total["planned"] += number
        total[str(name)] += number
        if why and name != MessageState.SENT:
            reasons[why] = reasons.get(why, 0) + number
    return {**total, "reasons": dict(sorted(reasons.items()))}


async def clear_cancelled(connection: AsyncConnection, push_id: int, now: datetime) -> int:
    """Skip a batch of what a cancelled push has in its queue; how many."""
    batch = (
        sa.select(outbox.c.chat_id)
        .where(outbox.c.push_id == push_id, outbox.c.state == sa.literal_column("'queued'"))
        .order_by(outbox.c.turn, outbox.c.chat_id)
        .limit(BATCH)
    )
    result = await connection.execute(
        outbox.update()
        .where(
            outbox.c.push_id == push_id,
            outbox.c.state == sa.literal_column("'queued'"),
            outbox.c.chat_id.in_(batch),
        )
        .values(state=MessageState.SKIPPED, reason="cancelled", changed_at=now)
    )
    return result.rowcount


async def to_fold(connection: AsyncConnection, before: datetime) -> list[int]:
    """Pushes that ended before a moment and still keep their rows."""
    found = await connection.scalars(
        sa.select(pushes.c.id)
        .where(
            pushes.c.state.in_((PushState.DONE, PushState.CANCELLED)),
            pushes.c.ended_at < before,
            pushes.c.sums.is_(None),
        )
        .order_by(pushes.c.id)
        .limit(10)
    )
    return list(found)


async def keep_sums(connection: AsyncConnection, push_id: int) -> None:
    """Write the sums into the push; its rows may go then."""
    found = await sums(connection, push_id)
    await connection.execute(pushes.update().where(pushes.c.id == push_id).values(sums=found))


async def drop_rows(connection: AsyncConnection, push_id: int) -> int:
    """Delete a batch of the rows of a push whose sums are kept; how many."""
    batch = (
        sa.select(outbox.c.chat_id)
        .where(outbox.c.push_id == push_id)
        .order_by(outbox.c.chat_id)
        .limit(BATCH)
    )
    result = await connection.execute(
        outbox.delete().where(outbox.c.push_id == push_id, outbox.c.chat_id.in_(batch))
    )
    if result.rowcount == 0:
        await connection.execute(variants.delete().where(variants.c.push_id == push_id))
        await receipts.forget(connection, push_id)
    return result.rowcount


async def folding(connection: AsyncConnection) -> list[int]:
    """Pushes whose sums are kept while some of their variants are still there."""
    found = await connection.scalars(
        sa.select(pushes.c.id)
        .where(pushes.c.sums.is_not(None), sa.exists().where(variants.c.push_id == pushes.c.id))
        .limit(10)
    )
    return list(found)


async def with_rows(connection: AsyncConnection, state: PushState) -> list[int]:
    """Pushes in a state that should have nothing in the queue, and yet have."""
    found = await connection.scalars(
        sa.select(pushes.c.id).where(
            pushes.c.state == state,
            pushes.c.sums.is_(None),
            sa.exists().where(
                outbox.c.push_id == pushes.c.id,
                outbox.c.state == sa.literal_column("'queued'"),
            ),
        )
    )
    return list(found)


async def extend(
    connection: AsyncConnection, push_id: int, not_before: datetime, not_after: datetime
) -> None:
    """A day's digest gets more rows: it spans their times, and is not done yet."""
    row = await get(connection, push_id)
    if row is None:
        return
    state = PushState.RUNNING if row["state"] == PushState.DONE else row["state"]
    await connection.execute(
        pushes.update()
        .where(pushes.c.id == push_id)
        .values(
            not_before=min(row["not_before"], not_before),
            not_after=max(row["not_after"], not_after),
            state=state,
            ended_at=None if state == PushState.RUNNING else row["ended_at"],
        )
    )


async def reopen(connection: AsyncConnection, ids: Collection[int]) -> None:
    """Messages came back into the queue of pushes that seemed to be done."""
    await connection.execute(
        pushes.update()
        .where(pushes.c.id.in_(ids), pushes.c.state == PushState.DONE, pushes.c.sums.is_(None))
        .values(state=PushState.RUNNING, ended_at=None)
    )


async def set_cursor(connection: AsyncConnection, push_id: int, chat_id: int | None) -> None:
    """The last chat planned."""
    await connection.execute(pushes.update().where(pushes.c.id == push_id).values(cursor=chat_id))


async def set_pivot(connection: AsyncConnection, push_id: int, chat_id: int) -> None:
    """The chat whose turn comes first."""
    await connection.execute(pushes.update().where(pushes.c.id == push_id).values(pivot=chat_id))
