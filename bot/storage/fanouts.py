"""From one push to many rows, in batches short enough for everybody else who writes.

Everything here is one statement per batch inside the database: a million chats never pass through
this process.
"""

import json
import math
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.broadcast import BroadcastState
from bot.domain.message import MessageState, PushState
from bot.storage.schema import Instant, admins, broadcasts, chats, outbox, pushes

BATCH = 5000
# a low-discrepancy walk: wherever the last push began, the next begins far from it
_GOLDEN = 0.6180339887498949


@dataclass(frozen=True, slots=True)
class Target:
    """Where the rows of a batch go."""

    push_id: int
    pivot: int
    not_after: datetime
    now: datetime


@dataclass(frozen=True, slots=True)
class Signature:
    """All that decides what a due chat gets today and when it is due next."""

    language: str
    topics: str
    days: str
    weekday: int
    hour: str
    zone: str
    muted: str
    reading_id: int
    paused_until: date | None
    due_at: datetime
    due_on: date
    member: bool  # of the office: reads what is not for the public


@dataclass(frozen=True, slots=True)
class Order:
    """What becomes of the chats with one signature; no variant: nothing to say today."""

    signature: Signature
    variant_id: int | None
    parts: int
    state: MessageState
    reason: str
    not_before: datetime
    next_at: datetime
    next_on: date
    next_reading: int
    push_id: int
    pivot: int
    not_after: datetime


async def pivot(connection: AsyncConnection, push_id: int) -> int:
    """The chat whose turn comes first: nobody is always the last."""
    total = int(await connection.scalar(sa.select(sa.func.count()).select_from(chats)) or 0)
    start = math.floor((push_id * _GOLDEN) % 1.0 * total)
    query = sa.select(chats.c.id).order_by(chats.c.id).offset(start).limit(1)
    found = await connection.scalar(query)
    return int(found or 0)


async def add_audience(
    connection: AsyncConnection,
    target: Target,
    who: sa.ColumnElement[bool],
    after: int | None,
    variant: tuple[int, int, datetime],
) -> int | None:
    """Rows for the next batch of an audience after a chat id; the last id, None at the end.

    ``variant``: its id, its number of parts, the moment from which it may go.
    """
    variant_id, parts, not_before = variant
    beyond = sa.true() if after is None else chats.c.id > after
    batch = sa.select(chats.c.id).where(who, beyond).order_by(chats.c.id).limit(BATCH).subquery()
    bound = await connection.scalar(sa.select(sa.func.max(batch.c.id)))
    if bound is None:
        return None
    for part in range(parts):
        await _insert(
            connection,
            sa.select(
                sa.literal(target.push_id),
                chats.c.id,
                sa.literal(part),
                sa.literal(variant_id),
                sa.literal(MessageState.QUEUED.value),
                sa.literal(""),
                _turn(target.pivot),
                sa.literal(not_before, Instant),
                sa.literal(target.not_after, Instant),
                sa.literal(0),
                sa.literal(0),
                sa.literal(target.now, Instant),
            ).where(who, beyond, chats.c.id <= bound),
        )
    return int(bound)


def _turn(pivot_id: int) -> sa.ColumnElement[int]:
    return sa.case((chats.c.id >= pivot_id, 0), else_=1)


_COLUMNS = [
    "push_id",
    "chat_id",
    "part",
    "variant_id",
    "state",
    "reason",
    "turn",
    "not_before",
    "not_after",
    "attempts",
    "epoch",
    "changed_at",
]


async def _insert(connection: AsyncConnection, rows: sa.Select[Any]) -> None:
    """A row that is there stays as it is."""
    if connection.dialect.name == "sqlite":
        from sqlalchemy.dialects.sqlite import insert as lite

        await connection.execute(lite(outbox).from_select(_COLUMNS, rows).on_conflict_do_nothing())
        return
    from sqlalchemy.dialects.postgresql import insert as postgres

    await connection.execute(postgres(outbox).from_select(_COLUMNS, rows).on_conflict_do_nothing())


# ---- digests -------------------------------------------------------------------------------

_SIGNATURE = tuple(field.name for field in fields(Signature) if field.name != "member")


async def signatures(connection: AsyncConnection, now: datetime) -> list[Signature]:
    """The distinct signatures of all chats that are due."""
    columns = [chats.c[name] for name in _SIGNATURE]
    member = chats.c.id.in_(sa.select(admins.c.user_id)).label("member")
    query = sa.select(*columns, member).where(chats.c.due_at <= now).distinct()
    rows = await connection.execute(query)
    return [Signature(*tuple(row)) for row in rows]


async def next_bound(
    connection: AsyncConnection, due_at: datetime, after: int | None
) -> int | None:
    """The last chat id of the next batch due at one moment; None when there is none."""
    beyond = sa.true() if after is None else chats.c.id > after
    batch = (
        sa.select(chats.c.id)
        .where(chats.c.due_at == due_at, beyond)
        .order_by(chats.c.id)
        .limit(BATCH)
        .subquery()
    )
    found = await connection.scalar(sa.select(sa.func.max(batch.c.id)))
    return None if found is None else int(found)


async def plan_batch(
    connection: AsyncConnection,
    orders: str,
    due_at: datetime,
    span: tuple[int | None, int],
    now: datetime,
) -> int:
    """Rows for the chats due at one moment with ids in (after, bound], and their next due times.

    ``orders`` is what :func:`pack` gave. A chat whose signature is not among them has changed its
    choices meanwhile: it stays due for the next pass. Returns how many chats moved on.
    """
    after, bound = span
    values = {
        "orders": orders,
        "due": round(due_at.timestamp() * 1000),
        "after": -(2**62) if after is None else after,
        "bound": bound,
        "now": round(now.timestamp() * 1000),
    }
    sqlite = connection.dialect.name == "sqlite"
    await connection.execute(_LITE_ROWS if sqlite else _POSTGRES_ROWS, values)
    moved = await connection.execute(_LITE_MOVE if sqlite else _POSTGRES_MOVE, values)
    return moved.rowcount


def pack(orders: Iterable[Order]) -> str:
    """Orders of one due moment as the JSON that the statements join with."""
    return json.dumps([_packed(order) for order in orders], ensure_ascii=False)


def _packed(order: Order) -> dict[str, Any]:
    packed: dict[str, Any] = {}
    for name, value in (asdict(order) | asdict(order.signature)).items():
        match value:
            case datetime():
                packed[name] = round(value.timestamp() * 1000)
            case date():
                packed[name] = value.isoformat()
            case bool():
                packed[name] = int(value)
            case dict():
                continue
            case _:
                packed[name] = value
    packed["paused_until"] = packed["paused_until"] or ""
    return packed


# name and type of what the statements read out of an order
_TYPES = {
    "language": "text",
    "topics": "text",
    "days": "text",
    "weekday": "integer",
    "hour": "text",
    "zone": "text",
    "muted": "text",
    "reading_id": "integer",
    "paused_until": "text",
    "due_on": "text",
    "member": "integer",
    "variant_id": "bigint",
    "push_id": "bigint",
    "pivot": "bigint",
    "parts": "integer",
    "state": "text",
    "reason": "text",
    "not_before": "bigint",
    "not_after": "bigint",
    "next_at": "bigint",
    "next_on": "text",
    "next_reading": "integer",
}
_SAME = " AND ".join(
    [
        f"m.{name} = c.{name}"
        for name in ("language", "topics", "days", "weekday", "hour", "zone", "muted")
    ]
    + ["m.reading_id = c.reading_id", "m.due_on = c.due_on"]
    + ["m.paused_until = coalesce(c.paused_until, '')"]
    + ["m.member = CASE WHEN c.id IN (SELECT user_id FROM admins) THEN 1 ELSE 0 END"]
)
_LITE_ORDERS = "WITH m AS MATERIALIZED (SELECT {} FROM json_each(:orders))".format(  # noqa: S608
    ", ".join(f"json_extract(value, '$.{name}') AS {name}" for name in _TYPES)
)
_POSTGRES_ORDERS = (  # noqa: S608
    "WITH m AS MATERIALIZED (SELECT * FROM jsonb_to_recordset(CAST(:orders AS jsonb)) AS r({}))"
).format(", ".join(f"{name} {kind}" for name, kind in _TYPES.items()))
_SPAN = "c.due_at = :due AND c.id > :after AND c.id <= :bound"
_LITE_PARTS = "JOIN json_each('[0,1,2,3,4,5,6,7,8,9]') p ON p.value < m.parts"
_POSTGRES_PARTS = "JOIN generate_series(0, 9) AS p(value) ON p.value < m.parts"
MOST_PARTS = 10


def _rows(orders: str, parts: str) -> sa.TextClause:
    return sa.text(
        f"{orders} INSERT INTO outbox ({', '.join(_COLUMNS)}) "  # noqa: S608
        "SELECT m.push_id, c.id, p.value, m.variant_id, m.state, m.reason, "
        "CASE WHEN c.id >= m.pivot THEN 0 ELSE 1 END, m.not_before, m.not_after, 0, 0, :now "
        f"FROM chats c JOIN m ON {_SAME} {parts} "
        f"WHERE {_SPAN} AND m.variant_id IS NOT NULL ON CONFLICT DO NOTHING"
    )


def _move(orders: str) -> sa.TextClause:
    return sa.text(
        f"{orders} UPDATE chats AS c SET due_at = m.next_at, due_on = m.next_on, "  # noqa: S608
        f"served_on = m.due_on, reading_id = m.next_reading FROM m WHERE {_SPAN} AND {_SAME}"
    )


_LITE_ROWS, _POSTGRES_ROWS = (
    _rows(_LITE_ORDERS, _LITE_PARTS),
    _rows(_POSTGRES_ORDERS, _POSTGRES_PARTS),
)
_LITE_MOVE, _POSTGRES_MOVE = _move(_LITE_ORDERS), _move(_POSTGRES_ORDERS)


async def next_due(connection: AsyncConnection) -> datetime | None:
    """The next moment at which a digest, a broadcast or a planned push is due."""
    found = [
        await connection.scalar(sa.select(sa.func.min(chats.c.due_at))),
        await connection.scalar(
            sa.select(sa.func.min(broadcasts.c.send_at)).where(
                broadcasts.c.state == BroadcastState.SCHEDULED
            )
        ),
        await connection.scalar(
            sa.select(sa.func.min(pushes.c.not_before)).where(pushes.c.state == PushState.SCHEDULED)
        ),
    ]
    return min((moment for moment in found if moment is not None), default=None)


async def tell_the_database(connection: AsyncConnection) -> None:
    """PostgreSQL believes the outbox is empty until it is told; claims would scan all of it."""
    if connection.dialect.name != "sqlite":
        await connection.execute(sa.text("ANALYZE outbox"))
