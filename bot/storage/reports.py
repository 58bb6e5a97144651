"""Reports: the text as it was read, who may see it, whether it is out.

``changed_at`` moves with every change that a reader could notice; replicas refresh by it.
"""

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

import digests
from bot.domain.office import Publicity, ReportState, TaskState, move_report
from bot.errors import RefusedError
from bot.storage import tasks as tasks_of
from bot.storage.schema import reports, tasks

Row = Mapping[str, Any]

KEY_LENGTH = 8


@dataclass(frozen=True, slots=True)
class Added:
    """What became of a report that was handed in; ``new`` is False when it was there already."""

    id: int
    key: str
    new: bool
    tasks: int


def pack_report(report: digests.Report) -> bytes:
    """A report as it is stored: compressed JSON."""
    return zlib.compress(digests.report_to_json(report).encode())


def unpack_report(parsed: bytes) -> digests.Report:
    """What :func:`pack_report` wrote."""
    return digests.report_from_json(zlib.decompress(parsed))


async def add(  # noqa: PLR0913 -- one row, one call
    connection: AsyncConnection,
    report: digests.Report,
    found: Iterable[digests.Task],
    *,
    now: datetime,
    added_by: int | None = None,
    state: ReportState = ReportState.PUBLISHED,
    publicity: Publicity = Publicity.PUBLIC,
    accept: bool = False,
) -> Added:
    """Keep a report and its tasks. By default it is out at once and public: the operator's own act.

    ``accept`` accepts the dates of the tasks found. The same bytes a second time add nothing, but
    publish what was a draft or withdrawn, and accept what was still proposed.
    """
    key = report.source.sha256[:KEY_LENGTH]
    found = tuple(found)
    decided = TaskState.ACCEPTED if accept else TaskState.PROPOSED
    known = await _row(connection, reports.c.sha256 == report.source.sha256)
    if known is not None:
        return await _again(connection, known, found, now=now, accept=accept, state=state)
    report_id = await connection.scalar(
        reports.insert()
        .returning(reports.c.id)
        .values(
            key=key,
            sha256=report.source.sha256,
            name=report.source.name,
            title=report.title,
            issued_on=report.issued_on,
            state=state,
            publicity=publicity,
            valid_until=validity(found),
            parsed=pack_report(report),
            added_by=added_by,
            added_at=now,
            changed_at=now,
        )
    )
    assert report_id is not None  # noqa: S101 -- RETURNING of a row just written
    count = await tasks_of.add(connection, report_id, found, decided, now)
    return Added(report_id, key, new=True, tasks=count)


async def _again(
    connection: AsyncConnection,
    known: Row,
    found: tuple[digests.Task, ...],
    *,
    now: datetime,
    accept: bool,
    state: ReportState,
) -> Added:
    count = await tasks_of.add(connection, known["id"], found, TaskState.PROPOSED, now)
    if accept:
        await tasks_of.decide(connection, known["key"], None, TaskState.ACCEPTED, None, now)
    if state is ReportState.PUBLISHED and known["state"] != ReportState.PUBLISHED:
        await move(connection, known["key"], ReportState.PUBLISHED, now)
    return Added(known["id"], known["key"], new=False, tasks=count)


def validity(found: Iterable[digests.Task]) -> date | None:
    """Until when a report is pushed: its last deadline or the end of its last season."""
    return max((task.last for task in found if task.last), default=None)


async def _row(connection: AsyncConnection, where: sa.ColumnElement[bool]) -> Row | None:
    columns = [column for column in reports.c if column is not reports.c.parsed]
    result = await connection.execute(sa.select(*columns).where(where))
    found = result.mappings().one_or_none()
    return None if found is None else dict(found)


async def get(connection: AsyncConnection, key: str) -> Row | None:
    """A report's row without its text, or None."""
    return await _row(connection, reports.c.key == key)


async def load(connection: AsyncConnection, key: str) -> digests.Report | None:
    """The report itself, in whatever state it is."""
    parsed = await connection.scalar(sa.select(reports.c.parsed).where(reports.c.key == key))
    return None if parsed is None else unpack_report(parsed)


async def everything(connection: AsyncConnection, limit: int = 200) -> list[Row]:
    """All reports without their texts, newest issue first, each with the counts of its tasks."""
    columns = [column for column in reports.c if column is not reports.c.parsed]
    query = (
        sa.select(*columns)
        .order_by(reports.c.issued_on.desc().nulls_last(), reports.c.id.desc())
        .limit(limit)
    )
    rows: list[Row] = [dict(row) for row in (await connection.execute(query)).mappings()]
    counting = sa.select(tasks.c.report_id, tasks.c.state, sa.func.count()).group_by(
        tasks.c.report_id, tasks.c.state
    )
    sums: dict[int, dict[str, int]] = {}
    for report_id, state, number in (await connection.execute(counting)).all():
        sums.setdefault(report_id, {})[state] = number
    return [{**row, "tasks": sums.get(row["id"], {})} for row in rows]


async def move(connection: AsyncConnection, key: str, to: ReportState, now: datetime) -> bool:
    """Publish or withdraw; False if it stands there already, a refusal if it may not."""
    query = sa.select(reports.c.state).where(reports.c.key == key).with_for_update()
    state = await connection.scalar(query)
    if state is None:
        raise RefusedError("That report is not here any more.")
    if state == to:
        return False
    move_report(ReportState(state), to)
    await change(connection, key, now, state=to, publish_at=None)
    return True


async def change(connection: AsyncConnection, key: str, now: datetime, **values: Any) -> bool:
    """Change columns of one report (title, issued_on, publicity, publish_at, valid_until …)."""
    result = await connection.execute(
        reports.update().where(reports.c.key == key).values(**values, changed_at=now)
    )
    return bool(result.rowcount)


async def correct(
    connection: AsyncConnection, key: str, report: digests.Report, now: datetime
) -> None:
    """Keep a report whose title or date an editor corrected; its text stays letter for letter."""
    await change(
        connection,
        key,
        now,
        title=report.title,
        issued_on=report.issued_on,
        parsed=pack_report(report),
    )


async def replace(connection: AsyncConnection, old: str, new: str, now: datetime) -> None:
    """A corrected edition takes the place of ``old``; the old one answers that it is replaced."""
    row = await get(connection, new)
    if row is None or old == new:
        raise RefusedError("That report is not here any more.")
    if row["publicity"] == Publicity.UNDECIDED:
        raise RefusedError("Please decide first who may see it: public, or this office only.")
    await move(connection, old, ReportState.REPLACED, now)
    await change(connection, old, now, replaced_by=row["id"])
    if row["state"] != ReportState.PUBLISHED:
        await move(connection, new, ReportState.PUBLISHED, now)


async def newest(
    connection: AsyncConnection, seen_by: Iterable[Publicity]
) -> tuple[str, date | None, int] | None:
    """Title and day of the newest report that is out for these, and how many are; or None."""
    query = (
        sa.select(reports.c.title, reports.c.issued_on, sa.func.count().over())
        .where(reports.c.state == ReportState.PUBLISHED, reports.c.publicity.in_(list(seen_by)))
        .order_by(reports.c.issued_on.desc().nulls_last(), reports.c.id.desc())
        .limit(1)
    )
    row = (await connection.execute(query)).one_or_none()
    return None if row is None else (row[0], row[1], row[2])


async def is_withdrawn(connection: AsyncConnection, seen_by: Iterable[Publicity]) -> bool:
    """Whether a report that these could see has been withdrawn."""
    gone = (reports.c.state == ReportState.WITHDRAWN) & reports.c.publicity.in_(list(seen_by))
    return await connection.scalar(sa.select(reports.c.id).where(gone).limit(1)) is not None


async def is_publish_due(connection: AsyncConnection, now: datetime) -> bool:
    """Whether a draft waits whose time has come."""
    return await connection.scalar(sa.select(reports.c.id).where(_due(now)).limit(1)) is not None


def _due(now: datetime) -> sa.ColumnElement[bool]:
    """Drafts whose time has come and of which somebody has said who may see them."""
    return sa.and_(
        reports.c.state == ReportState.DRAFT,
        reports.c.publish_at <= now,
        reports.c.publicity != Publicity.UNDECIDED,
    )


async def next_publication(connection: AsyncConnection) -> datetime | None:
    """When the next draft is to be published by itself."""
    found: datetime | None = await connection.scalar(
        sa.select(sa.func.min(reports.c.publish_at)).where(reports.c.state == ReportState.DRAFT)
    )
    return found


async def publish_due(connection: AsyncConnection, now: datetime) -> list[str]:
    """Publish drafts whose time has come; their keys."""
    query = sa.select(reports.c.key).where(_due(now))
    keys = list((await connection.scalars(query)).all())
    for key in keys:
        await move(connection, key, ReportState.PUBLISHED, now)
    return keys
