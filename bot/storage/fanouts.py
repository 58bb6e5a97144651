"""From one push to many rows, in batches short enough for everybody else who writes.

Everything here is one statement per batch inside the database: a million chats never pass through
this process.
"""

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.broadcast import BroadcastState
from bot.domain.message import MessageState, PushState
from bot.storage.database import insert_once
from bot.storage.schema import (
    Instant,
    admins,
    broadcasts,
    chats,
    milliseconds,
    outbox,
    pushes,
)

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
    await connection.execute(insert_once(connection, outbox).from_select(_COLUMNS, rows))


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
) -> tuple[int, int] | None:
    """The last chat id of the next batch due at one moment, and its size; None: there is none."""
    beyond = sa.true() if after is None else chats.c.id > after
    batch = (
        sa.select(chats.c.id)
        .where(chats.c.due_at == due_at, beyond)
        .order_by(chats.c.id)
        .limit(BATCH)
        .subquery()
    )
    query = sa.select(sa.func.max(batch.c.id), sa.func.count())
    last, size = (await connection.execute(query)).one()
    return None if last is None else (int(last), int(size))


async def plan_batch(
    connection: AsyncConnection,
    orders: str,
    due_at: datetime,
    span: tuple[int | None, int],
    now: datetime,
) -> None:
    """Rows for the chats due at one moment with ids in (after, bound], and their next due times.

    ``orders`` is what :func:`pack` gave. A chat whose signature is not among them has changed its
    choices meanwhile: it stays due for the next pass.
    """
    after, bound = span
    values: dict[str, Any] = {
        "due": milliseconds(due_at),
        "after": -(2**62) if after is None else after,
        "bound": bound,
    }
    moment = {"now": milliseconds(now)}
    given = {"orders": orders}
    if connection.dialect.name == "sqlite":
        for statement in _LITE_PREPARE:
            await connection.execute(statement)
        await connection.execute(_LITE_FILL, given)
        given = {}
        rows, move = _LITE_ROWS, _LITE_MOVE
    else:
        rows, move = _POSTGRES_ROWS, _POSTGRES_MOVE
    most = max((order["parts"] for order in json.loads(orders)), default=0)
    for part in range(most):
        await connection.execute(rows, {**values, **moment, **given, "part": part})
    await connection.execute(move, {**values, **given})


def pack(orders: Iterable[Order]) -> str:
    """Orders of one due moment as the JSON that the statements join with."""
    return json.dumps([_packed(order) for order in orders], ensure_ascii=False)


def _packed(order: Order) -> dict[str, Any]:
    one = order.signature
    packed: dict[str, Any] = {
        name: getattr(order, name) for name in _TYPES if name not in {"sig", "due_on"}
    }
    for name, value in packed.items():
        if isinstance(value, datetime):
            packed[name] = milliseconds(value)
        elif isinstance(value, date):
            packed[name] = value.isoformat()
    words = [str(getattr(one, name)) for name in _SIGNED]
    paused = "" if one.paused_until is None else one.paused_until.isoformat()
    words += [one.due_on.isoformat(), paused, str(int(one.member))]
    return {**packed, "sig": "|".join(words), "due_on": one.due_on.isoformat()}


# name and type of what the statements read out of an order
_TYPES = {
    "sig": "text",
    "due_on": "text",
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
_SIGNED = ("language", "topics", "days", "weekday", "hour", "zone", "muted", "reading_id")
# one comparison per chat, and a key for the join
_SIG = " || '|' || ".join(
    [f"c.{name}" for name in (*_SIGNED, "due_on")]
    + ["coalesce(c.paused_until, '')"]
    + ["CASE WHEN c.id IN (SELECT user_id FROM admins) THEN '1' ELSE '0' END"]
)
_LITE_PREPARE = (
    sa.text(
        "CREATE TEMP TABLE IF NOT EXISTS orders "
        f"({', '.join(f'{name} {kind}' for name, kind in _TYPES.items())}, PRIMARY KEY (sig))"
    ),
    sa.text("DELETE FROM temp.orders"),
)
_LITE_FILL = sa.text(
    f"INSERT INTO temp.orders ({', '.join(_TYPES)}) SELECT "  # noqa: S608 -- constants
    + ", ".join(f"json_extract(value, '$.{name}')" for name in _TYPES)
    + " FROM json_each(:orders)"
)
_POSTGRES_ORDERS = (  # noqa: S608 -- constants
    "WITH m AS MATERIALIZED (SELECT * FROM jsonb_to_recordset(CAST(:orders AS jsonb)) AS r({})) "
).format(", ".join(f"{name} {kind}" for name, kind in _TYPES.items()))
_SPAN = "c.due_at = :due AND c.id > :after AND c.id <= :bound"


def _rows(orders: str, table: str) -> sa.TextClause:
    return sa.text(
        f"{orders}INSERT INTO outbox ({', '.join(_COLUMNS)}) "  # noqa: S608 -- constants
        "SELECT m.push_id, c.id, :part, m.variant_id, m.state, m.reason, "
        "CASE WHEN c.id >= m.pivot THEN 0 ELSE 1 END, m.not_before, m.not_after, 0, 0, :now "
        f"FROM chats c JOIN {table} m ON m.sig = {_SIG} "
        f"WHERE {_SPAN} AND m.parts > :part ON CONFLICT DO NOTHING"
    )


def _move(orders: str, table: str) -> sa.TextClause:
    return sa.text(
        f"{orders}UPDATE chats AS c SET due_at = m.next_at, due_on = m.next_on, "  # noqa: S608
        f"served_on = m.due_on, reading_id = m.next_reading FROM {table} m "
        f"WHERE {_SPAN} AND m.sig = {_SIG}"
    )


_LITE_ROWS, _LITE_MOVE = _rows("", "temp.orders"), _move("", "temp.orders")
_POSTGRES_ROWS, _POSTGRES_MOVE = _rows(_POSTGRES_ORDERS, "m"), _move(_POSTGRES_ORDERS, "m")
MOST_PARTS = 10


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
