"""The outbox: one row per (push, chat, part), and how a row moves.

Every move names the states it may come from (``bot.domain.message.MOVES``), so two processes can
never move one row twice: the second finds nothing to change.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.message import MOVES, MessageState, OnUnknown, PushState
from bot.storage.schema import chats, outbox, pushes

BACK = 2  # a retry goes behind all first tries; turns of first tries are 0 and 1


Key = tuple[int, int, int]  # push, chat, part


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one row that was claimed."""

    push_id: int
    chat_id: int
    part: int
    state: MessageState
    reason: str = ""
    message_id: int | None = None
    not_before: datetime | None = None  # of a row that goes back into the queue

    @property
    def key(self) -> Key:
        """Which row."""
        return self.push_id, self.chat_id, self.part


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row whose time has come, and what its chat wishes now (None: the chat is gone)."""

    push_id: int
    chat_id: int
    part: int
    variant_id: int
    attempts: int
    not_after: datetime
    state: str | None
    topics: str | None
    muted: str | None
    paused_until: date | None
    zone: str | None

    @property
    def key(self) -> Key:
        """Which row."""
        return self.push_id, self.chat_id, self.part


def sources(to: MessageState) -> tuple[MessageState, ...]:
    """The states from which a row may lawfully come to this one."""
    return tuple(state for state, moves in MOVES.items() if to in moves)


_mine = (
    (outbox.c.push_id == sa.bindparam("p"))
    & (outbox.c.chat_id == sa.bindparam("c"))
    & (outbox.c.part == sa.bindparam("n"))
)

_earlier = outbox.alias("earlier")
_its_turn = sa.or_(  # parts go in order: the one before has left, as far as we know
    outbox.c.part == 0,
    sa.exists().where(
        _earlier.c.push_id == outbox.c.push_id,
        _earlier.c.chat_id == outbox.c.chat_id,
        _earlier.c.part == outbox.c.part - 1,
        _earlier.c.state.in_((MessageState.SENT, MessageState.UNKNOWN)),
    ),
)

_candidates = (
    sa.select(
        outbox.c.push_id,
        outbox.c.chat_id,
        outbox.c.part,
        outbox.c.variant_id,
        outbox.c.attempts,
        outbox.c.not_after,
        chats.c.state,
        chats.c.topics,
        chats.c.muted,
        chats.c.paused_until,
        chats.c.zone,
    )
    .select_from(outbox.outerjoin(chats, chats.c.id == outbox.c.chat_id))
    .where(
        outbox.c.push_id == sa.bindparam("p"),
        # the partial index is used only for a constant the planner can see
        outbox.c.state == sa.literal_column("'queued'"),
        outbox.c.not_before <= sa.bindparam("now", type_=outbox.c.not_before.type),
        _its_turn,
    )
    .order_by(outbox.c.turn, outbox.c.chat_id, outbox.c.part)
    .limit(sa.bindparam("want"))
)


async def candidates(
    connection: AsyncConnection, push_id: int, now: datetime, want: int
) -> list[Candidate]:
    """Rows of a push whose time has come, in fair order."""
    found = await connection.execute(_candidates, {"p": push_id, "now": now, "want": want})
    return [Candidate(*tuple(row)) for row in found]


_claim = (
    outbox.update()
    .where(_mine, outbox.c.state == sa.literal_column("'queued'"))
    .values(
        state=MessageState.SENDING,
        epoch=sa.bindparam("e"),
        attempts=outbox.c.attempts + 1,
        changed_at=sa.bindparam("now", type_=outbox.c.changed_at.type),
    )
)


async def claim(
    connection: AsyncConnection, rows: Sequence[Candidate], epoch: int, now: datetime
) -> None:
    """Mark rows as under way; the commit has to come before the first byte leaves."""
    if rows:
        await connection.execute(
            _claim,
            [
                {"p": row.push_id, "c": row.chat_id, "n": row.part, "e": epoch, "now": now}
                for row in rows
            ],
        )


async def skip(
    connection: AsyncConnection, rows: Sequence[tuple[Candidate, str]], now: datetime
) -> None:
    """Leave rows out, each with its reason, and the parts behind them."""
    if rows:
        await connection.execute(
            outbox.update()
            .where(
                outbox.c.push_id == sa.bindparam("p"),
                outbox.c.chat_id == sa.bindparam("c"),
                outbox.c.part >= sa.bindparam("n"),
                outbox.c.state == MessageState.QUEUED,
            )
            .values(
                state=MessageState.SKIPPED, reason=sa.bindparam("why"), changed_at=_now_parameter
            ),
            [
                {"p": row.push_id, "c": row.chat_id, "n": row.part, "why": why, "now": now}
                for row, why in rows
            ],
        )


async def put_off(connection: AsyncConnection, rows: Sequence[tuple[Candidate, datetime]]) -> None:
    """Let rows wait until a later moment; all waiting parts of a chat stay together."""
    if rows:
        await connection.execute(
            outbox.update()
            .where(
                outbox.c.push_id == sa.bindparam("p"),
                outbox.c.chat_id == sa.bindparam("c"),
                outbox.c.state == MessageState.QUEUED,
            )
            .values(not_before=sa.bindparam("later", type_=outbox.c.not_before.type)),
            [{"p": row.push_id, "c": row.chat_id, "later": later} for row, later in rows],
        )


_now_parameter = sa.bindparam("now", type_=outbox.c.changed_at.type)


def _to(state: MessageState, **values: Any) -> sa.Update:
    return (
        outbox.update()
        .where(_mine, outbox.c.epoch == sa.bindparam("e"), outbox.c.state.in_(_open_to(state)))
        .values(state=state, reason=sa.bindparam("why"), changed_at=_now_parameter, **values)
    )


def _open_to(state: MessageState) -> list[sa.ColumnElement[str]]:
    """A result may come late, when another has already written the row off as unknown."""
    open_states = [s for s in sources(state) if s is not MessageState.QUEUED]
    # constants: a list of parameters cannot be part of a statement that runs for many rows
    return [sa.literal_column(f"'{s.value}'", sa.String) for s in open_states]


_settle = {
    MessageState.SENT: _to(MessageState.SENT, message_id=sa.bindparam("m")),
    MessageState.FAILED: _to(MessageState.FAILED),
    MessageState.UNKNOWN: _to(MessageState.UNKNOWN),
    MessageState.SKIPPED: _to(MessageState.SKIPPED),
    MessageState.QUEUED: _to(
        MessageState.QUEUED,
        turn=sa.case((outbox.c.turn < BACK, outbox.c.turn + BACK), else_=outbox.c.turn),
        not_before=sa.bindparam("later", type_=outbox.c.not_before.type),
    ),
}


async def settle(
    connection: AsyncConnection, results: Sequence[Result], epoch: int, now: datetime
) -> None:
    """Write down what became of claimed rows: only those of this epoch still open to it."""
    by_state: dict[MessageState, list[dict[str, Any]]] = {}
    for result in results:
        values: dict[str, Any] = {
            "p": result.push_id,
            "c": result.chat_id,
            "n": result.part,
            "e": epoch,
            "why": result.reason,
            "now": now,
        }
        if result.state is MessageState.SENT:
            values["m"] = result.message_id
        elif result.state is MessageState.QUEUED:
            values["later"] = result.not_before or now
        by_state.setdefault(result.state, []).append(values)
    for state, rows in by_state.items():
        await connection.execute(_settle[state], rows)
    await _end_after(connection, [r for r in results if r.state in _CUT_OFF], now)


_CUT_OFF = (MessageState.FAILED, MessageState.SKIPPED)


async def _end_after(connection: AsyncConnection, results: Sequence[Result], now: datetime) -> None:
    """When a part will never arrive, the parts behind it do not go out alone."""
    if results:
        await connection.execute(
            outbox.update()
            .where(
                outbox.c.push_id == sa.bindparam("p"),
                outbox.c.chat_id == sa.bindparam("c"),
                outbox.c.part > sa.bindparam("n"),
                outbox.c.state == MessageState.QUEUED,
            )
            .values(state=MessageState.SKIPPED, reason="earlier_part", changed_at=_now_parameter),
            [{"p": r.push_id, "c": r.chat_id, "n": r.part, "now": now} for r in results],
        )


async def under_way(connection: AsyncConnection, epoch: int) -> list[Key]:
    """The rows claimed in a term and not settled."""
    rows = await connection.execute(
        sa.select(outbox.c.push_id, outbox.c.chat_id, outbox.c.part).where(
            outbox.c.state == sa.literal_column("'sending'"), outbox.c.epoch == epoch
        )
    )
    return list(rows)


async def recover(connection: AsyncConnection, epoch: int, now: datetime) -> dict[str, int]:
    """Rows that an earlier holder left under way: nobody knows what became of them.

    They are ``unknown``, or go back into the queue where their push says ``resend``. Returns how
    many of each.
    """
    abandoned = (outbox.c.state == sa.literal_column("'sending'")) & (outbox.c.epoch < epoch)
    again = sa.select(pushes.c.id).where(pushes.c.on_unknown == OnUnknown.RESEND)
    resent = await connection.execute(
        outbox.update()
        .where(abandoned, outbox.c.push_id.in_(again))
        .values(state=MessageState.QUEUED, reason="holder_died", changed_at=now)
    )
    left = await connection.execute(
        outbox.update()
        .where(abandoned)
        .values(state=MessageState.UNKNOWN, reason="holder_died", changed_at=now)
    )
    return {"resend": resent.rowcount, "unknown": left.rowcount}


async def is_waiting(connection: AsyncConnection, push_id: int) -> bool:
    """Whether any row of a push is still queued or under way."""
    for state in ("queued", "sending"):
        found = await connection.scalar(
            sa.select(sa.literal(1))
            .where(outbox.c.push_id == push_id, outbox.c.state == sa.literal_column(f"'{state}'"))
            .limit(1)
        )
        if found:
            return True
    return False


async def next_at(connection: AsyncConnection) -> datetime | None:
    """When the next row of a running push may go; None when nothing waits."""
    found: datetime | None = await connection.scalar(
        sa.select(sa.func.min(outbox.c.not_before))
        .join(pushes, pushes.c.id == outbox.c.push_id)
        .where(
            outbox.c.state == sa.literal_column("'queued'"),
            pushes.c.state == PushState.RUNNING,
        )
    )
    return found


async def received(
    connection: AsyncConnection, chat_id: int, limit: int = 50
) -> list[dict[str, Any]]:
    """What this chat got, and when; newest push first."""
    rows = await connection.execute(
        sa.select(
            outbox.c.push_id,
            pushes.c.kind,
            pushes.c.title,
            outbox.c.part,
            outbox.c.state,
            outbox.c.reason,
            outbox.c.message_id,
            outbox.c.changed_at,
        )
        .select_from(pushes.join(outbox, outbox.c.push_id == pushes.c.id))
        .where(outbox.c.chat_id == chat_id)
        .order_by(pushes.c.id.desc(), outbox.c.part)
        .limit(limit)
    )
    return [dict(row) for row in rows.mappings()]


async def of_push(connection: AsyncConnection, push_id: int, limit: int) -> list[dict[str, Any]]:
    """Who got what in a push: one row per message, for the table an admin takes away."""
    rows = await connection.execute(
        sa.select(
            outbox.c.chat_id,
            outbox.c.part,
            outbox.c.state,
            outbox.c.reason,
            outbox.c.message_id,
            outbox.c.changed_at,
        )
        .where(outbox.c.push_id == push_id)
        .order_by(outbox.c.chat_id, outbox.c.part)
        .limit(limit)
    )
    return [dict(row) for row in rows.mappings()]
