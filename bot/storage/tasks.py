"""Tasks found in reports: proposed, then accepted or dropped; only accepted ones remind."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

import digests
from bot.domain.office import TaskState, move_task
from bot.storage.schema import reports, tasks

Row = Mapping[str, Any]


async def add(
    connection: AsyncConnection,
    report_id: int,
    found: Iterable[digests.Task],
    state: TaskState,
    now: datetime,
) -> int:
    """Keep the tasks found in a report; those already there stay as they are. How many are new."""
    query = sa.select(tasks.c.key).where(tasks.c.report_id == report_id)
    known = set((await connection.scalars(query)).all())
    rows = [
        {
            "report_id": report_id,
            "key": key,
            "state": state,
            "task": digests.task_to_json(task),
            "changed_at": now,
        }
        for key, task in {digests.task_key(task): task for task in found}.items()
        if key not in known
    ]
    if rows:
        await connection.execute(tasks.insert(), rows)
    return len(rows)


async def of_report(connection: AsyncConnection, report_key: str) -> list[Row]:
    """All tasks of a report in the order of its text, each row with its Task under ``task``."""
    query = (
        sa.select(tasks, reports.c.key.label("report_key"))
        .join(reports, reports.c.id == tasks.c.report_id)
        .where(reports.c.key == report_key)
    )
    found = [dict(row) for row in (await connection.execute(query)).mappings()]
    for row in found:
        row["task"] = digests.task_from_json(row["task"])
    return sorted(found, key=lambda row: (row["task"].start, row["task"].end, row["key"]))


async def decide(
    connection: AsyncConnection,
    report_key: str,
    key: str | None,
    to: TaskState,
    by: int | None,
    now: datetime,
) -> int:
    """Move one task, or every one still proposed (``key`` None); how many changed."""
    report_id = sa.select(reports.c.id).where(reports.c.key == report_key).scalar_subquery()
    mine = tasks.c.report_id == report_id
    change = {"state": to, "changed_by": by, "changed_at": now}
    if key is None:
        proposed = mine & (tasks.c.state == TaskState.PROPOSED)
        result = await connection.execute(tasks.update().where(proposed).values(change))
    else:
        one = mine & (tasks.c.key == key)
        state = await connection.scalar(sa.select(tasks.c.state).where(one).with_for_update())
        if state is None or TaskState(state) is to:
            return 0
        move_task(TaskState(state), to)
        result = await connection.execute(tasks.update().where(one).values(change))
    if result.rowcount:
        await connection.execute(
            reports.update().where(reports.c.key == report_key).values(changed_at=now)
        )
    return result.rowcount


async def reckon(
    connection: AsyncConnection, report_key: str, found: Iterable[digests.Task], now: datetime
) -> None:
    """The date of issue was corrected: new dates for the same sentences, decisions stay."""
    report_id = sa.select(reports.c.id).where(reports.c.key == report_key).scalar_subquery()
    for task in found:
        await connection.execute(
            tasks.update()
            .where(tasks.c.report_id == report_id, tasks.c.key == digests.task_key(task))
            .values(task=digests.task_to_json(task), changed_at=now)
        )


async def annotate(
    connection: AsyncConnection, report_key: str, key: str, note: str, by: int, now: datetime
) -> bool:
    """The office's own note beside a task (本单位补注); never part of the official words."""
    report_id = sa.select(reports.c.id).where(reports.c.key == report_key).scalar_subquery()
    result = await connection.execute(
        tasks.update()
        .where(tasks.c.report_id == report_id, tasks.c.key == key)
        .values(note=note, changed_by=by, changed_at=now)
    )
    if result.rowcount:
        await connection.execute(
            reports.update().where(reports.c.key == report_key).values(changed_at=now)
        )
    return bool(result.rowcount)
