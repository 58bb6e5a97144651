"""What is out: published reports with their accepted tasks, and a mark of when each changed."""

import dataclasses
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

import digests
from bot.domain.office import Publicity, ReportState, TaskState
from bot.storage import handlings
from bot.storage.reports import unpack_report
from bot.storage.schema import reports, tasks


@dataclass(frozen=True, slots=True)
class Outline:
    """A published report without its text; ``mark`` changes with anything a reader may notice."""

    key: str
    publicity: Publicity
    valid_until: date | None
    mark: str


async def published(connection: AsyncConnection) -> list[Outline]:
    """Every report that is out, newest issue first."""
    changed = (
        sa.select(
            tasks.c.report_id,
            sa.func.max(tasks.c.changed_at).label("at"),
            sa.func.sum(sa.case((tasks.c.state == TaskState.ACCEPTED, 1), else_=0)).label("open"),
        )
        .group_by(tasks.c.report_id)
        .subquery()
    )
    query = (
        sa.select(
            reports.c.key,
            reports.c.publicity,
            reports.c.valid_until,
            # the instant alone would miss two changes in one
            reports.c.title,
            reports.c.issued_on,
            reports.c.changed_at,
            changed.c.at,
            changed.c.open,
        )
        .join(changed, changed.c.report_id == reports.c.id, isouter=True)
        .where(reports.c.state == ReportState.PUBLISHED)
        .order_by(reports.c.issued_on.desc().nulls_last(), reports.c.id.desc())
    )
    found = (await connection.execute(query)).all()
    decided = await handlings.of_reports(connection)
    return [
        Outline(
            key,
            Publicity(publicity),
            valid_until,
            "/".join(map(str, (*marks, *decided.get(key, ())))),
        )
        for key, publicity, valid_until, *marks in found
    ]


async def load(connection: AsyncConnection, keys: Collection[str]) -> list[digests.Edition]:
    """These reports as editions, in no particular order."""
    columns = (reports.c.key, reports.c.parsed, reports.c.title, reports.c.issued_on)
    found = (await connection.execute(sa.select(*columns).where(reports.c.key.in_(keys)))).all()
    query = (
        sa.select(reports.c.key, tasks.c.task)
        .join(reports, reports.c.id == tasks.c.report_id)
        .where(reports.c.key.in_(keys), tasks.c.state == TaskState.ACCEPTED)
    )
    accepted: dict[str, list[digests.Task]] = {}
    for key, task in (await connection.execute(query)).all():
        accepted.setdefault(key, []).append(digests.task_from_json(task))
    decided = await handlings.of_reports(connection, keys)
    return [
        _edition(row.key, unpack_report(row.parsed), decided.get(row.key, ()), accepted)
        for row in found
    ]


def _edition(
    key: str,
    report: digests.Report,
    decided: tuple[digests.Handled, ...],
    accepted: Mapping[str, list[digests.Task]],
) -> digests.Edition:
    """The report as readers get it; what is only looked up reminds nobody."""
    shown = digests.handle(report, decided)
    tasks_ = (t for t in accepted.get(key, ()) if shown.text[t.start : t.end] == t.quote)
    kept = (
        dataclasses.replace(t, reminders=()) if digests.is_withheld(shown, t.start, t.end) else t
        for t in tasks_
    )
    return digests.Edition(key, shown, tuple(sorted(kept, key=lambda t: (t.start, t.end))))
