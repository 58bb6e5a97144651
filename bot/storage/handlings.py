"""摘发管理: what the office has decided on passages of a report; the newest decision holds."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import RefusedError
from bot.storage.reports import unpack_report
from bot.storage.schema import handlings, reports
from digests import Handled, Handling


async def decide(
    connection: AsyncConnection,
    report_key: str,
    passage: tuple[int, int],
    handling: Handling | None,
    by: int | None,
    now: datetime,
) -> None:
    """Keep a decision on ``[start, end)``; None takes it back. Readers' reports are made anew."""
    report_id = await connection.scalar(
        sa.select(reports.c.id).where(reports.c.key == report_key).with_for_update()
    )
    if report_id is None:
        raise RefusedError("That report is not here any more.")
    start, end = passage
    one = (
        (handlings.c.report_id == report_id)
        & (handlings.c.start == start)
        & (handlings.c.end == end)
    )
    await connection.execute(handlings.delete().where(one))
    if handling is not None:
        await connection.execute(
            handlings.insert().values(
                report_id=report_id,
                start=start,
                end=end,
                handling=handling,
                decided_by=by,
                decided_at=now,
            )
        )
    await connection.execute(
        reports.update().where(reports.c.key == report_key).values(changed_at=now)
    )


async def carry_over(
    connection: AsyncConnection, old: str, new: str, by: int | None, now: datetime
) -> tuple[int, int]:
    """A corrected edition keeps the decisions on words that stand in it: how many, how many not."""
    decided = (await of_reports(connection, [old])).get(old, ())
    if not decided:
        return 0, 0
    before, after = await _text(connection, old), await _text(connection, new)
    kept = 0
    for one in decided:
        words = before[one.start : one.end].strip()
        at = after.find(words) if words else -1
        kept += at >= 0
        while at >= 0:
            await decide(connection, new, (at, at + len(words)), one.handling, by, now)
            at = after.find(words, at + len(words))
    return kept, len(decided) - kept


async def _text(connection: AsyncConnection, key: str) -> str:
    parsed = await connection.scalar(sa.select(reports.c.parsed).where(reports.c.key == key))
    return "" if parsed is None else unpack_report(parsed).text


async def of_reports(
    connection: AsyncConnection, keys: Collection[str] | None = None
) -> dict[str, tuple[Handled, ...]]:
    """The decisions on some reports, or on all, in text order."""
    query = (
        sa.select(reports.c.key, handlings.c.start, handlings.c.end, handlings.c.handling)
        .join(reports, reports.c.id == handlings.c.report_id)
        .where(sa.true() if keys is None else reports.c.key.in_(keys))
        .order_by(handlings.c.start, handlings.c.end)
    )
    found: dict[str, list[Handled]] = {}
    for key, start, end, handling in await connection.execute(query):
        found.setdefault(key, []).append(Handled(start, end, Handling(handling)))
    return {key: tuple(decided) for key, decided in found.items()}
