"""The outbox: one row per (push, chat, part), and how a row moves.

Every move names the states it may come from (``bot.domain.message.MOVES``), so two processes can
never move one row twice: the second finds nothing to change.
"""

import json
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.message import MOVES, MessageState, OnUnknown, PushState
from bot.storage.schema import milliseconds, outbox, pushes, variants

# reasons of rows in the queue
HELD = "held"  # it waited through a night and shares one message
APART = "apart"  # the message it shared was refused: it comes by itself
SEEN = 24  # letters by which a sentence is known again
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
    not_before_ms: int
    not_after_ms: int
    reason: str  # HELD, APART, or why it came back into the queue
    state: str | None
    topics: str | None
    muted: str | None
    paused_until: str | None
    zone: str | None
    due_at_ms: int | None  # of the chat's next digest
    thread_id: int | None

    @property
    def key(self) -> Key:
        """Which row."""
        return self.push_id, self.chat_id, self.part


def sources(to: MessageState) -> tuple[MessageState, ...]:
    """The states from which a row may lawfully come to this one."""
    return tuple(state for state, moves in MOVES.items() if to in moves)


# Rows go into a statement as one JSON text and come out of SQLite as one: row by row, the driver
# would give up and win back the interpreter for each, and a busy event loop keeps it long.
_LITE_GIVEN = "(SELECT {} FROM json_each(:rows))".format(  # noqa: S608 -- constants
    ", ".join(f"json_extract(value, '$[{at}]') AS {name}" for at, name in enumerate("pcnab"))
)
_POSTGRES_GIVEN = (
    "(SELECT CAST(value ->> 0 AS bigint) AS p, CAST(value ->> 1 AS bigint) AS c, "
    "CAST(value ->> 2 AS integer) AS n, value ->> 3 AS a, value ->> 4 AS b "
    "FROM jsonb_array_elements(CAST(:rows AS jsonb)) AS given(value))"
)
_SAME = "o.push_id = m.p AND o.chat_id = m.c"


def _for_rows(changes: str, where: str, number: str = "bigint") -> dict[str, sa.TextClause]:
    """One UPDATE for many rows, for both databases; {a} is the row's fourth value as a number."""
    return {
        dialect: sa.text(
            f"UPDATE outbox AS o SET {changes.format(a=value)} FROM {given} AS m WHERE {where}"  # noqa: S608
        )
        for dialect, given, value in (
            ("sqlite", _LITE_GIVEN, "m.a"),
            ("postgresql", _POSTGRES_GIVEN, f"CAST(m.a AS {number})"),
        )
    }


async def _run(
    connection: AsyncConnection,
    statement: dict[str, sa.TextClause],
    rows: Sequence[Sequence[Any]],
    **values: Any,
) -> None:
    if rows:
        given = json.dumps([[*row, None, None][:5] for row in rows])
        await connection.execute(statement[connection.dialect.name], {"rows": given, **values})


_COLUMNS = (
    "o.push_id, o.chat_id, o.part, o.variant_id, o.attempts, o.not_before, o.not_after, o.reason, "
    "c.state AS chat_state, c.topics, c.muted, c.paused_until, c.zone, c.due_at, c.thread_id"
)
_READY = (
    "o.state = 'queued' AND o.not_before <= :now "
    # parts go in order: the one before has left, as far as we know
    "AND (o.part = 0 OR EXISTS (SELECT 1 FROM outbox AS e WHERE e.push_id = o.push_id "
    "AND e.chat_id = o.chat_id AND e.part = o.part - 1 AND e.state IN ('sent', 'unknown'))) "
)
_FAIRLY = "ORDER BY o.turn, o.chat_id, o.part LIMIT :want"


def _select(clauses: str, *lists: str) -> dict[str, sa.TextClause]:
    """A query for rows, for both databases; ``lists`` are the values that are many."""
    query = f"SELECT {_COLUMNS} {clauses}"
    names = ", ".join(name.rpartition(" ")[2].rpartition(".")[2] for name in _COLUMNS.split(", "))
    many: list[sa.BindParameter[Any]] = [sa.bindparam(name, expanding=True) for name in lists]
    return {
        "sqlite": sa.text(
            f"SELECT json_group_array(json_array({names})) FROM ({query})"  # noqa: S608
        ).bindparams(*many),
        "postgresql": sa.text(query).bindparams(*many),
    }


_CANDIDATES = _select(
    "FROM outbox AS o LEFT JOIN chats AS c ON c.id = o.chat_id "
    f"WHERE o.push_id = :p AND {_READY} {_FAIRLY}"
)
_ABROAD = _select(  # from the few who live there, not from all who wait
    "FROM chats AS c CROSS JOIN outbox AS o WHERE c.zone <> '' AND c.zone IN :zones "
    f"AND o.chat_id = c.id AND o.push_id = :p AND {_READY} {_FAIRLY}",
    "zones",
)
_BESIDE = _select(
    "FROM outbox AS o LEFT JOIN chats AS c ON c.id = o.chat_id "
    f"WHERE o.push_id IN :pushes AND o.chat_id IN :chats AND {_READY}",
    "pushes",
    "chats",
)


async def _read(
    connection: AsyncConnection, query: dict[str, sa.TextClause], values: dict[str, Any]
) -> list[Candidate]:
    statement = query[connection.dialect.name]
    if connection.dialect.name == "sqlite":
        found = json.loads(await connection.scalar(statement, values) or "[]")
    else:
        found = list(await connection.execute(statement, values))
    return [Candidate(*row) for row in found]


async def candidates(
    connection: AsyncConnection,
    push_id: int,
    now: datetime,
    want: int,
    zones: Collection[str] | None = None,
) -> list[Candidate]:
    """Rows of a push whose time has come, in fair order; in some zones only, if they are given."""
    values = {"p": push_id, "now": milliseconds(now), "want": want}
    if zones is None:
        return await _read(connection, _CANDIDATES, values)
    return await _read(connection, _ABROAD, {**values, "zones": list(zones)}) if zones else []


async def beside(
    connection: AsyncConnection, push_ids: Sequence[int], chat_ids: Sequence[int], now: datetime
) -> list[Candidate]:
    """What else waits for some chats in some pushes, and could leave now."""
    if not push_ids or not chat_ids:
        return []
    values = {"pushes": list(push_ids), "chats": list(chat_ids), "now": milliseconds(now)}
    return await _read(connection, _BESIDE, values)


_CLAIM = _for_rows(
    "state = 'sending', epoch = :e, attempts = o.attempts + 1, changed_at = :now",
    f"{_SAME} AND o.part = m.n AND o.state = 'queued'",
)


async def claim(
    connection: AsyncConnection, rows: Sequence[Candidate], epoch: int, now: datetime
) -> None:
    """Mark rows as under way; the commit has to come before the first byte leaves."""
    await _run(connection, _CLAIM, [row.key for row in rows], e=epoch, now=milliseconds(now))


_SKIP = _for_rows(
    "state = 'skipped', reason = m.b, changed_at = :now",
    f"{_SAME} AND o.part >= m.n AND o.state = 'queued'",
)


async def skip(
    connection: AsyncConnection, rows: Sequence[tuple[Candidate, str]], now: datetime
) -> None:
    """Leave rows out, each with its reason, and the parts behind them."""
    await _run(
        connection, _SKIP, [(*row.key, None, why) for row, why in rows], now=milliseconds(now)
    )


_PUT_OFF = _for_rows("not_before = {a}, reason = m.b", f"{_SAME} AND o.state = 'queued'")


async def put_off(
    connection: AsyncConnection, rows: Sequence[tuple[Candidate, datetime, str]]
) -> None:
    """Let rows wait until a later moment; all waiting parts of a chat stay together."""
    await _run(
        connection, _PUT_OFF, [(*row.key, milliseconds(later), why) for row, later, why in rows]
    )


def _to(state: MessageState, more: str = "") -> dict[str, sa.TextClause]:
    # a result may come late, when another has already written the row off as unknown
    open_to = ", ".join(f"'{s.value}'" for s in sources(state) if s is not MessageState.QUEUED)
    return _for_rows(
        f"state = '{state.value}', reason = m.b, changed_at = :now{more}",
        f"{_SAME} AND o.part = m.n AND o.epoch = :e AND o.state IN ({open_to})",
    )


_SETTLE = {
    MessageState.SENT: _to(MessageState.SENT, ", message_id = {a}"),
    MessageState.FAILED: _to(MessageState.FAILED),
    MessageState.UNKNOWN: _to(MessageState.UNKNOWN),
    MessageState.SKIPPED: _to(MessageState.SKIPPED),
    MessageState.QUEUED: _to(
        MessageState.QUEUED,
        f", not_before = {{a}}, turn = CASE WHEN o.turn < {BACK} THEN o.turn + {BACK} "
        "ELSE o.turn END",
    ),
}
_END_AFTER = _for_rows(
    "state = 'skipped', reason = 'earlier_part', changed_at = :now",
    f"{_SAME} AND o.part > m.n AND o.state = 'queued'",
)
_CUT_OFF = (MessageState.FAILED, MessageState.SKIPPED)


async def settle(
    connection: AsyncConnection, results: Sequence[Result], epoch: int, now: datetime
) -> None:
    """Write down what became of claimed rows: only those of this epoch still open to it.

    When a part will never arrive, the parts behind it do not go out alone.
    """
    by_state: dict[MessageState, list[tuple[Any, ...]]] = {}
    for result in results:
        number: int | None = result.message_id
        if result.state is MessageState.QUEUED:
            number = milliseconds(result.not_before or now)
        by_state.setdefault(result.state, []).append((*result.key, number, result.reason))
    for state, rows in by_state.items():
        await _run(connection, _SETTLE[state], rows, e=epoch, now=milliseconds(now))
    cut = [result.key for result in results if result.state in _CUT_OFF]
    await _run(connection, _END_AFTER, cut, now=milliseconds(now))


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


WITHDRAWN_AT_ONCE = 5000
_MARKUP = re.compile(r"<[^>]*>|\s+")


def _carries(parts: Sequence[Any], words: str) -> bool:
    """Whether a message holds a sentence of a passage, known by its first letters."""
    said = _MARKUP.sub("", "".join(str(part["body"].get("text", "")) for part in parts))
    heads = [_MARKUP.sub("", sentence)[:SEEN] for sentence in re.split(r"[。！？\n]", words)]
    return not words or any(len(head) >= SEEN // 3 and head in said for head in heads)


_LINE = (
    outbox.c.chat_id,
    outbox.c.part,
    outbox.c.state,
    outbox.c.reason,
    outbox.c.message_id,
    outbox.c.changed_at,
)


async def of_push(
    connection: AsyncConnection, push_id: int, limit: int, after: tuple[int, int] | None = None
) -> list[dict[str, Any]]:
    """Who got what in a push: the next lines after (chat, part), one per message."""
    beyond = sa.true() if after is None else sa.tuple_(outbox.c.chat_id, outbox.c.part) > after
    rows = await connection.execute(
        sa.select(*_LINE)
        .where(outbox.c.push_id == push_id, beyond)
        .order_by(outbox.c.chat_id, outbox.c.part)
        .limit(limit)
    )
    return [dict(row) for row in rows.mappings()]


async def carried(
    connection: AsyncConnection, report_key: str, since: datetime, limit: int
) -> list[dict[str, Any]]:
    """The messages since a moment that carried something of a report, newest first."""
    named = sa.cast(variants.c.why, sa.Text).like(f"%{report_key}:%")
    rows = await connection.execute(
        sa.select(*_LINE)
        .join(variants, variants.c.id == outbox.c.variant_id)
        .where(named, outbox.c.state == MessageState.SENT, outbox.c.changed_at >= since)
        .order_by(outbox.c.changed_at.desc(), outbox.c.chat_id, outbox.c.part)
        .limit(limit)
    )
    return [dict(row) for row in rows.mappings()]


async def withdraw(
    connection: AsyncConnection, report_key: str, now: datetime, words: str = ""
) -> int:
    """Skip a batch of what waits with something of a withdrawn report in it; how many.

    ``words``: only what carries these, as far as a message can hold them.
    """
    named = sa.cast(variants.c.why, sa.Text).like(f"%{report_key}:%")
    ids = [
        variant_id
        for variant_id, parts in await connection.execute(
            sa.select(variants.c.id, variants.c.parts).where(named)
        )
        if _carries(parts, words)
    ]
    if not ids:
        return 0
    waiting = sa.and_(
        outbox.c.state == sa.literal_column("'queued'"),
        outbox.c.push_id.in_(sa.select(variants.c.push_id).where(variants.c.id.in_(ids))),
        outbox.c.variant_id.in_(ids),
    )
    batch = sa.select(outbox.c.chat_id).where(waiting).limit(WITHDRAWN_AT_ONCE)
    result = await connection.execute(
        outbox.update()
        .where(waiting, outbox.c.chat_id.in_(batch))
        .values(state=MessageState.SKIPPED, reason="withdrawn", changed_at=now)
    )
    return result.rowcount
