"""Broadcasts: what an admin wants sent, to whom and when. Each time it goes out is a push.

Every move is one guarded UPDATE: of two that act at once, one wins and the other is refused.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.approval import Standing
from bot.domain.broadcast import BroadcastState, Recurrence, fingerprint, lawful_sources
from bot.domain.message import Lane, OnUnknown
from bot.domain.subscription import Audience
from bot.errors import RefusedError
from bot.storage.schema import broadcasts

Row = Mapping[str, Any]

NOT_AFTER = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Plan:
    """What goes out, to whom, when: the part of a broadcast that an approval binds.

    ``content`` is ``{"text", "parts": [{"method", "body"}, …]}``, bodies without chat_id.
    """

    content: Mapping[str, Any]
    send_at: datetime | None
    audience: Audience = field(default_factory=Audience)
    not_after: timedelta = NOT_AFTER
    recurrence: Recurrence | None = None
    on_unknown: OnUnknown = OnUnknown.LEAVE
    lane: Lane = Lane.BULK

    def fingerprint(self) -> str:
        """Changes with any change of content, audience or time."""
        return fingerprint(
            self.content,
            self.audience,
            self.send_at,
            self.recurrence,
            self.not_after,
            self.lane,
        )


def plan_of(row: Row) -> Plan:
    """A row -> the plan in it."""
    return Plan(
        content=row["content"],
        send_at=row["send_at"],
        audience=Audience.from_json(row["audience"]),
        not_after=timedelta(seconds=row["not_after_s"]),
        recurrence=None if row["recurrence"] is None else Recurrence.from_json(row["recurrence"]),
        on_unknown=OnUnknown(row["on_unknown"]),
        lane=Lane(row["lane"]),
    )


async def add(
    connection: AsyncConnection,
    plan: Plan,
    *,
    now: datetime,
    created_by: int | None = None,
    state: BroadcastState = BroadcastState.SCHEDULED,
) -> int:
    """Keep a broadcast; its id."""
    broadcast_id = await connection.scalar(
        broadcasts.insert()
        .returning(broadcasts.c.id)
        .values(
            state=state,
            created_by=created_by,
            created_at=now,
            changed_at=now,
            **_columns(plan),
        )
    )
    return int(broadcast_id or 0)


def _columns(plan: Plan) -> dict[str, Any]:
    return {
        "content": dict(plan.content),
        "audience": plan.audience.to_json(),
        "recurrence": None if plan.recurrence is None else plan.recurrence.to_json(),
        "send_at": plan.send_at,
        "not_after_s": round(plan.not_after.total_seconds()),
        "on_unknown": plan.on_unknown,
        "lane": plan.lane,
        "bound_sha256": plan.fingerprint(),
    }


async def get(connection: AsyncConnection, broadcast_id: int) -> Row | None:
    """One broadcast's row, or None."""
    query = sa.select(broadcasts).where(broadcasts.c.id == broadcast_id)
    found = (await connection.execute(query)).mappings().one_or_none()
    return None if found is None else dict(found)


async def latest(connection: AsyncConnection, limit: int = 10) -> list[Row]:
    """The newest broadcasts."""
    query = sa.select(broadcasts).order_by(broadcasts.c.id.desc()).limit(limit)
    return [dict(row) for row in (await connection.execute(query)).mappings()]


async def in_states(connection: AsyncConnection, *states: BroadcastState) -> list[Row]:
    """The broadcasts that stand in one of some states, soonest first."""
    query = (
        sa.select(broadcasts)
        .where(broadcasts.c.state.in_(states))
        .order_by(broadcasts.c.send_at, broadcasts.c.id)
    )
    return [dict(row) for row in (await connection.execute(query)).mappings()]


async def near(connection: AsyncConnection, start: datetime, end: datetime) -> list[Row]:
    """Broadcasts that go out in a span or run now: what another one may clash with."""
    waits = (broadcasts.c.state == BroadcastState.SCHEDULED) & broadcasts.c.send_at.between(
        start, end
    )
    runs = broadcasts.c.state == BroadcastState.RUNNING
    query = sa.select(broadcasts).where(sa.or_(waits, runs)).order_by(broadcasts.c.id).limit(3)
    return [dict(row) for row in (await connection.execute(query)).mappings()]


async def due(connection: AsyncConnection, now: datetime) -> list[Row]:
    """Scheduled broadcasts whose time has come."""
    query = (
        sa.select(broadcasts)
        .where(broadcasts.c.state == BroadcastState.SCHEDULED, broadcasts.c.send_at <= now)
        .order_by(broadcasts.c.send_at, broadcasts.c.id)
    )
    return [dict(row) for row in (await connection.execute(query)).mappings()]


async def move(
    connection: AsyncConnection,
    broadcast_id: int,
    to: BroadcastState,
    now: datetime,
    **values: Any,
) -> None:
    """Move a broadcast, whoever else tries at the same time; an unlawful move is refused."""
    result = await connection.execute(
        broadcasts.update()
        .where(broadcasts.c.id == broadcast_id, broadcasts.c.state.in_(lawful_sources(to)))
        .values(state=to, changed_at=now, **values)
    )
    if result.rowcount == 0:
        raise RefusedError("That is no longer possible: the broadcast has moved on meanwhile.")


async def submit(connection: AsyncConnection, broadcast_id: int, now: datetime) -> int:
    """A new round of review begins, no stage passed; its number."""
    values = {"round": broadcasts.c.round + 1, "stage": 0, "approved_by": None}
    await move(connection, broadcast_id, BroadcastState.REVIEW, now, **values)
    row = await get(connection, broadcast_id)
    return 0 if row is None else int(row["round"])


async def pass_stage(
    connection: AsyncConnection, seen: Standing, broadcast_id: int, by: int, now: datetime
) -> None:
    """The open stage is passed by somebody who saw exactly this; after the last one it is on.

    Hash, round and stage are checked in the UPDATE: of two who act at once the second is refused.
    """
    state = BroadcastState.SCHEDULED if seen.is_last else BroadcastState.REVIEW
    result = await connection.execute(
        broadcasts.update()
        .where(
            broadcasts.c.id == broadcast_id,
            broadcasts.c.state == BroadcastState.REVIEW,
            broadcasts.c.bound_sha256 == seen.bound,
            broadcasts.c.round == seen.round,
            broadcasts.c.stage == seen.stage,
        )
        .values(state=state, stage=seen.stage + 1, approved_by=by, changed_at=now)
    )
    if result.rowcount == 0:
        raise RefusedError("It was changed after this card was made. Please open it again.")


async def change(
    connection: AsyncConnection, broadcast_id: int, plan: Plan, seen: str, now: datetime
) -> None:
    """Change a draft that still is as its writer ``seen`` it; any approval is void."""
    result = await connection.execute(
        broadcasts.update()
        .where(
            broadcasts.c.id == broadcast_id,
            broadcasts.c.state == BroadcastState.DRAFT,
            broadcasts.c.bound_sha256 == seen,
        )
        .values(changed_at=now, approved_by=None, **_columns(plan))
    )
    if result.rowcount == 0:
        raise RefusedError("A colleague has changed it meanwhile. Please open it anew in /pushes.")


async def go_on(connection: AsyncConnection, broadcast_id: int, now: datetime) -> datetime | None:
    """After a push ended: a recurring broadcast waits for its next time, another is done."""
    row = await get(connection, broadcast_id)
    if row is None:
        return None
    plan = plan_of(row)
    if plan.recurrence is None:
        await move(connection, broadcast_id, BroadcastState.DONE, now)
        return None
    following = plan.recurrence.next_after(max(now, plan.send_at or now))
    await move(connection, broadcast_id, BroadcastState.SCHEDULED, now, send_at=following)
    return following
