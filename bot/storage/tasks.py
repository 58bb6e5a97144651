"""Tasks found in reports: proposed, then accepted or dropped; only accepted ones remind."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

import digests
from bot.domain.office import TaskState, move_task
from bot.storage.schema import reports, tasks

Row = Mapping[str, Any]


def task_key(task: digests.Task) -> str:
    """Stable within a report, for buttons: the sentence and the words that bind it in time."""
    return hashlib.sha256(f"{task.start}:{task.end}:{task.expression}".encode()).hexdigest()[:8]


def task_to_json(task: digests.Task) -> dict[str, Any]:
    """A task as its public JSON."""
    return {
        "address": task.address,
        "cite": task.cite,
        "topic": task.topic,
        "title": task.title,
        "quote": task.quote,
        "start": task.start,
        "end": task.end,
        "expression": task.expression,
        "kind": str(task.kind),
        "from": task.first and task.first.isoformat(),
        "to": task.last and task.last.isoformat(),
        "owners": list(task.owners),
        "reminders": [day.isoformat() for day in task.reminders],
        "rule": task.rule,
    }


def task_from_json(stored: Mapping[str, Any]) -> digests.Task:
    """What :func:`task_to_json` wrote."""
    return digests.Task(
        address=stored["address"],
        cite=stored["cite"],
        topic=stored["topic"],
        title=stored["title"],
        quote=stored["quote"],
        start=stored["start"],
        end=stored["end"],
        expression=stored["expression"],
        kind=digests.TaskKind(stored["kind"]),
        first=_day(stored["from"]),
        last=_day(stored["to"]),
        owners=tuple(stored["owners"]),
        reminders=tuple(date.fromisoformat(day) for day in stored["reminders"]),
        rule=stored.get("rule", ""),
    )


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


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
            "task": task_to_json(task),
            "changed_at": now,
        }
        for key, task in {task_key(task): task for task in found}.items()
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
        row["task"] = task_from_json(row["task"])
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
            .where(tasks.c.report_id == report_id, tasks.c.key == task_key(task))
            .values(task=task_to_json(task), changed_at=now)
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
