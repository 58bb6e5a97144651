"""Tasks and figures <-> their public JSON form, the one that the command line prints."""

from datetime import date
from hashlib import sha256
from typing import Any

from digests.report import Figure, Task, TaskKind


def task_key(task: Task) -> str:
    """A task's short name within its report: stable while the text and the expression are."""
    return sha256(f"{task.start}:{task.end}:{task.expression}".encode()).hexdigest()[:8]


def task_to_json(task: Task) -> dict[str, Any]:
    """A task as the public JSON object: from/to and reminders as ISO days.

    >>> task = Task("1", "一", None, "甲", "要做甲。", 0, 4, None, TaskKind.NONE, None, None)
    >>> task_from_json(task_to_json(task)) == task
    True
    """
    return {
        "address": task.address,
        "cite": task.cite,
        "topic": task.topic,
        "title": task.title,
        "quote": task.quote,
        "start": task.start,
        "end": task.end,
        "expression": task.expression,
        "kind": task.kind.value,
        "from": task.first.isoformat() if task.first else None,
        "to": task.last.isoformat() if task.last else None,
        "owners": list(task.owners),
        "reminders": [day.isoformat() for day in task.reminders],
        "rule": task.rule,
    }


def task_from_json(fields: dict[str, Any]) -> Task:
    """The task that ``task_to_json`` wrote."""
    return Task(
        address=fields["address"],
        cite=fields["cite"],
        topic=fields["topic"],
        title=fields["title"],
        quote=fields["quote"],
        start=fields["start"],
        end=fields["end"],
        expression=fields["expression"],
        kind=TaskKind(fields["kind"]),
        first=_day(fields["from"]),
        last=_day(fields["to"]),
        owners=tuple(fields["owners"]),
        reminders=tuple(date.fromisoformat(day) for day in fields["reminders"]),
        rule=fields.get("rule", ""),
    )


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None


def figure_to_json(figure: Figure) -> dict[str, Any]:
    """A figure as the public JSON object."""
    return {
        "address": figure.address,
        "quote": figure.quote,
        "start": figure.start,
        "end": figure.end,
        "value": figure.value,
        "number": int(figure.number) if figure.number == int(figure.number) else figure.number,
        "unit": figure.unit,
        "measures": figure.measures,
        "approximate": figure.approximate,
        "target": figure.target,
    }


def figure_from_json(fields: dict[str, Any]) -> Figure:
    """The figure that ``figure_to_json`` wrote."""
    return Figure(**{**fields, "number": float(fields["number"])})
