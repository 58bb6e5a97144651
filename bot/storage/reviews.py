"""Who submitted, approved or sent back a broadcast: one row per round and stage, never changed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.approval import Standing, Verdict
from bot.storage import broadcasts
from bot.storage.schema import reviews

Row = Mapping[str, Any]
Who = tuple[int | None, str]  # the operator has no number; the name half hidden


async def submit(
    connection: AsyncConnection,
    broadcast_id: int,
    plan: broadcasts.Plan,
    author: Who,
    now: datetime,
    reason: str = "",
) -> None:
    """A round of review begins with its author; ``reason``: why findings were kept."""
    round_ = await broadcasts.submit(connection, broadcast_id, now)
    submitted, sha256 = Verdict.SUBMITTED, plan.fingerprint()
    place = (round_, 0)
    await record(
        connection, broadcast_id, place, submitted, author, sha256=sha256, now=now, reason=reason
    )


async def record(  # noqa: PLR0913 -- one row, one call
    connection: AsyncConnection,
    broadcast_id: int,
    place: tuple[int, int],
    verdict: Verdict,
    who: Who,
    *,
    sha256: str,
    now: datetime,
    reason: str = "",
) -> None:
    """One act at (round, stage) by (user, masked name); the author's submission is stage 0."""
    await connection.execute(
        reviews.insert().values(
            broadcast_id=broadcast_id,
            round=place[0],
            stage=place[1],
            verdict=verdict,
            user_id=who[0],
            name=who[1],
            reason=reason,
            sha256=sha256,
            at=now,
        )
    )


async def of_broadcast(connection: AsyncConnection, broadcast_id: int) -> list[Row]:
    """All acts on a broadcast, round by round."""
    query = (
        sa.select(reviews)
        .where(reviews.c.broadcast_id == broadcast_id)
        .order_by(reviews.c.round, reviews.c.stage)
    )
    return [dict(row) for row in (await connection.execute(query)).mappings()]


async def standing(connection: AsyncConnection, row: Row, stages: int) -> Standing:
    """Where a broadcast stands in its review, as its buttons bind it."""
    acts = await connection.execute(
        sa.select(reviews.c.verdict, reviews.c.user_id).where(
            reviews.c.broadcast_id == row["id"], reviews.c.round == row["round"]
        )
    )
    known = [(verdict, user) for verdict, user in acts if user is not None]
    wrote = {user for verdict, user in known if verdict == Verdict.SUBMITTED}
    return Standing(
        bound=row["bound_sha256"],
        round=row["round"],
        stage=row["stage"],
        stages=max(1, stages),
        authors=frozenset(wrote | ({row["created_by"]} - {None})),
        passed_by=frozenset(user for verdict, user in known if verdict == Verdict.APPROVED),
    )
