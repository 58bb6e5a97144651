"""Recalls and reminders of a push: begun once, gone through batch by batch, every message counted.

Rows of the outbox say what is to be done; ``followed`` says what was, so a restart goes on where it
stopped and no message is counted twice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.followup import FollowUp, Outcome, Progress
from bot.domain.message import MessageState
from bot.storage.database import insert_once
from bot.storage.schema import chats, followed, followups, outbox, pushes, receipts, variants

Row = Mapping[str, Any]
TOGETHER = timedelta(days=1)  # pushes further apart never share a message


@dataclass(frozen=True, slots=True)
class Message:
    """One message that is to be taken back, or answered by a reminder."""

    chat_id: int
    part: int
    message_id: int | None
    sent_at: datetime
    method: str
    language: str | None


def _meant(push_id: int, kind: FollowUp) -> sa.ColumnElement[bool]:
    """What a follow-up is about: all that arrived, or those who have not tapped."""
    arrived = outbox.c.state.in_((MessageState.SENT, MessageState.UNKNOWN))
    here = sa.and_(outbox.c.push_id == push_id, arrived)
    if kind is FollowUp.RECALL:
        return here
    tapped = sa.exists().where(
        receipts.c.push_id == outbox.c.push_id, receipts.c.chat_id == outbox.c.chat_id
    )
    return sa.and_(here, outbox.c.part == 0, outbox.c.state == MessageState.SENT, sa.not_(tapped))


async def count(connection: AsyncConnection, push_id: int, kind: FollowUp) -> int:
    """How many messages it would be about now."""
    query = sa.select(sa.func.count()).select_from(outbox).where(_meant(push_id, kind))
    return int(await connection.scalar(query) or 0)


async def begin(
    connection: AsyncConnection, push_id: int, kind: FollowUp, by: int, now: datetime
) -> bool:
    """Begin it; False if somebody has already."""
    planned = await count(connection, push_id, kind)
    made = insert_once(connection, followups).values(
        push_id=push_id, kind=kind, planned=planned, begun_by=by, begun_at=now
    )
    return (await connection.execute(made)).rowcount == 1


async def unfinished(connection: AsyncConnection) -> list[tuple[int, FollowUp]]:
    """The follow-ups that are under way, oldest first."""
    rows = await connection.execute(
        sa.select(followups.c.push_id, followups.c.kind)
        .where(followups.c.ended_at.is_(None))
        .order_by(followups.c.begun_at)
    )
    return [(push_id, FollowUp(kind)) for push_id, kind in rows]


async def next_messages(
    connection: AsyncConnection, push_id: int, kind: FollowUp, limit: int
) -> list[Message]:
    """The next messages without an outcome: behind the last one, then those left on the way."""
    last = await connection.scalar(
        sa.select(sa.func.max(followed.c.chat_id)).where(
            followed.c.push_id == push_id, followed.c.kind == kind
        )
    )
    ahead = sa.true() if last is None else outbox.c.chat_id >= last
    found = await _without_outcome(connection, push_id, kind, limit, ahead)
    if not found and last is not None:
        found = await _without_outcome(connection, push_id, kind, limit, sa.true())
    return found


async def _without_outcome(
    connection: AsyncConnection,
    push_id: int,
    kind: FollowUp,
    limit: int,
    where: sa.ColumnElement[bool],
) -> list[Message]:
    done = sa.exists().where(
        followed.c.push_id == push_id,
        followed.c.kind == kind,
        followed.c.chat_id == outbox.c.chat_id,
        followed.c.part == outbox.c.part,
    )
    query = (
        sa.select(
            outbox.c.chat_id,
            outbox.c.part,
            outbox.c.message_id,
            outbox.c.changed_at,
            variants.c.parts,
            chats.c.language,
        )
        .join(variants, variants.c.id == outbox.c.variant_id)
        .join(chats, chats.c.id == outbox.c.chat_id, isouter=True)
        .where(_meant(push_id, kind), where, sa.not_(done))
        .order_by(outbox.c.chat_id, outbox.c.part)
        .limit(limit)
    )
    return [
        Message(row[0], row[1], row[2], row[3], _method(row[4], row[1]), row[5])
        for row in await connection.execute(query)
    ]


def _method(parts: Sequence[Mapping[str, Any]], part: int) -> str:
    return str(parts[part]["method"]) if part < len(parts) else "sendMessage"


async def shared(
    connection: AsyncConnection, push_id: int, messages: Sequence[Message]
) -> set[tuple[int, int]]:
    """Of some messages, those that carry something of another push too: (chat, message)."""
    at = await connection.scalar(sa.select(pushes.c.not_before).where(pushes.c.id == push_id))
    if at is None:
        return set()
    near = pushes.c.not_before.between(at - TOGETHER, at + TOGETHER)
    others = list(
        await connection.scalars(sa.select(pushes.c.id).where(pushes.c.id != push_id, near))
    )
    numbers = {(m.chat_id, m.message_id) for m in messages if m.message_id is not None}
    rows = await connection.execute(
        sa.select(outbox.c.chat_id, outbox.c.message_id).where(
            outbox.c.push_id.in_(others), outbox.c.chat_id.in_({chat for chat, _id in numbers})
        )
    )
    return {(chat, message) for chat, message in rows} & numbers


async def record(
    connection: AsyncConnection,
    push_id: int,
    kind: FollowUp,
    outcomes: Sequence[tuple[Message, Outcome]],
    now: datetime,
) -> None:
    """Write down what became of some messages; what is written stays."""
    for message, outcome in outcomes:
        await connection.execute(
            insert_once(connection, followed).values(
                push_id=push_id,
                kind=kind,
                chat_id=message.chat_id,
                part=message.part,
                outcome=outcome,
                at=now,
            )
        )


async def end(connection: AsyncConnection, push_id: int, kind: FollowUp, now: datetime) -> None:
    """Nothing is left to do."""
    one = (followups.c.push_id == push_id) & (followups.c.kind == kind)
    await connection.execute(followups.update().where(one).values(ended_at=now))


async def progress(connection: AsyncConnection, push_id: int) -> list[Progress]:
    """How far the follow-ups of a push are."""
    rows = await connection.execute(sa.select(followups).where(followups.c.push_id == push_id))
    counted = await connection.execute(
        sa.select(followed.c.kind, followed.c.outcome, sa.func.count())
        .where(followed.c.push_id == push_id)
        .group_by(followed.c.kind, followed.c.outcome)
    )
    sums: dict[str, dict[Outcome, int]] = {}
    for kind, outcome, number in counted:
        sums.setdefault(kind, {})[Outcome(outcome)] = number
    return [_progress(dict(row), sums.get(row["kind"], {})) for row in rows.mappings()]


def _progress(row: Row, outcomes: dict[Outcome, int]) -> Progress:
    """Who tapped before the reminder's turn came has an outcome, too."""
    ended = row["ended_at"] is not None
    left = row["planned"] - sum(outcomes.values())
    if ended and left > 0:
        outcomes = {**outcomes, Outcome.READ: left}
    return Progress(FollowUp(row["kind"]), row["planned"], outcomes, ended)
