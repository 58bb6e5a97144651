"""A report's tasks one by one: the sentence beside each, accepted, dropped, settled, noted."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import digests
from bot.domain.office import Right, TaskState
from bot.errors import RefusedError
from bot.handlers import dialogues
from bot.handlers.paging import turns
from bot.handlers.visit import Visit, escape, number
from bot.storage import audits, tasks
from bot.texts import Translate
from digests import Button, day_in_year

TASKS_ON_A_PAGE = 4
DATED = "d"  # before a page's number: the view of those that remind
Rows = list[list[Button]]


async def show(visit: Visit, key: str, more: str) -> None:
    """r:KEY:t:PAGE: every task, those that remind first; r:KEY:t:dPAGE: only those."""
    _ = visit._
    async with visit.desk.database.read() as connection:
        found = in_order(await tasks.of_report(connection, key), visit.today)
    if not found:
        raise RefusedError("No tasks were found in this report.")
    view, count = DATED if more.startswith(DATED) else "", len(found)
    head = _("Tasks {first} to {last} of {count}")
    if view:
        found = [row for row in found if reminds(row, visit.today)] or found
        head = _("Tasks with days to come, {first} to {last} of {count}")
    last = (len(found) - 1) // TASKS_ON_A_PAGE
    page = min(number(more.removeprefix(DATED) or "0", 0, 10_000), last)
    shown = found[page * TASKS_ON_A_PAGE :][:TASKS_ON_A_PAGE]
    lines = [
        head.format(
            first=page * TASKS_ON_A_PAGE + 1,
            last=page * TASKS_ON_A_PAGE + len(shown),
            count=len(found),
        )
    ]
    rows: Rows = []
    for place, row in enumerate(shown, page * TASKS_ON_A_PAGE + 1):
        lines.append(_task_lines(place, row, visit))
        rows.append(_task_buttons(place, row, key, _))
    rows += turns(f"r:{key}:t:{view}", page, last, Button(_("‹ Back"), data=f"r:{key}"), _)
    if len(found) < count:
        rows[-1].append(Button(_("All {count} tasks").format(count=count), data=f"r:{key}:t:0"))
    await visit.turn("\n".join(lines), rows)


def reminds(row: tasks.Row, today: date) -> bool:
    """Whether a task has a day to come on which it would remind somebody."""
    return any(day >= today for day in row["task"].reminders)


def in_order(found: list[tasks.Row], today: date) -> list[tasks.Row]:
    """Those that would remind somebody come first; each group in the order of the text."""
    return sorted(found, key=lambda row: not reminds(row, today))


def _task_lines(place: int, row: Mapping[str, Any], visit: Visit) -> str:
    _ = visit._
    task: digests.Task = row["task"]
    dates = " – ".join(
        day_in_year(day, visit.today, _) for day in (task.first, task.last) if day is not None
    )
    facts = [
        f"“{task.expression}”" if task.expression else "",
        dates,
        task.cite,
        _("{count} reminders").format(count=len(task.reminders)) if task.reminders else "",
        task_words(TaskState(row["state"]), _),
    ]
    quote = task.quote if len(task.quote) <= 400 else task.quote[:400] + "…"  # noqa: PLR2004
    note = f"\n{_('Note of this office')}: {escape(row['note'])}" if row["note"] else ""
    head = escape(" · ".join(fact for fact in facts if fact))
    first = f"{place}  <b>{escape(task.title)}</b> · {head}"
    return f"{first}\n<blockquote>{escape(quote)}</blockquote>{note}"


def task_words(state: TaskState, translate: Translate) -> str:
    """Where a task stands, in words."""
    _ = translate
    names = {
        TaskState.PROPOSED: _("to decide"),
        TaskState.ACCEPTED: _("accepted"),
        TaskState.DROPPED: _("dropped"),
        TaskState.DONE: _("settled"),
        TaskState.REVOKED: _("revoked"),
    }
    return names[state]


def _task_buttons(
    place: int, row: Mapping[str, Any], key: str, translate: Translate
) -> list[Button]:
    _ = translate
    state, data = TaskState(row["state"]), f"rt:{key}:{row['key']}"
    accept = Button(f"{place} ✓ " + _("Accept"), data=f"{data}:a")
    drop = Button(f"{place} ✗ " + _("Drop"), data=f"{data}:d")
    note = Button(f"{place} " + _("Note"), data=f"{data}:n")
    if state is TaskState.PROPOSED:
        return [accept, drop, note]
    if state is TaskState.ACCEPTED:
        return [drop, Button(f"{place} " + _("Settled"), data=f"{data}:s"), note]
    return [accept]


_TASK_ACTS = {
    "a": TaskState.ACCEPTED,
    "d": TaskState.DROPPED,
    "s": TaskState.DONE,
    "v": TaskState.REVOKED,
}


async def press(visit: Visit) -> None:
    """rt:KEY:TASK:a|d|s|v|n; k: asked whether it still holds, and it does."""
    await visit.need(Right.WRITE)
    key, task, act = visit.arguments(3)
    if act == "k":
        await visit.toast(visit._("The reminders go on."))
        return
    if act == "n":
        await dialogues.ask(
            visit,
            "task_note",
            {"key": key, "task": task},
            visit._("Send the note; it stands apart from the original words."),
        )
        return
    if act not in _TASK_ACTS:
        raise RefusedError("This button is not valid any more.")
    async with visit.desk.database.write() as connection:
        await tasks.decide(connection, key, task, _TASK_ACTS[act], visit.user_id, visit.now)
        await audits.record(
            connection, visit.now, visit.user_id, "task.decide", f"{key}:{task}", to=_TASK_ACTS[act]
        )
    await visit.desk.library.refresh()
    await show_task(visit, key, task)


async def show_task(visit: Visit, key: str, task: str) -> None:
    """The page on which a task stands."""
    async with visit.desk.database.read() as connection:
        found = in_order(await tasks.of_report(connection, key), visit.today)
    place = next((i for i, row in enumerate(found) if row["key"] == task), None)
    if place is None:
        raise RefusedError("That task is not here any more.")
    view = DATED if reminds(found[place], visit.today) else ""
    await show(visit, key, f"{view}{place // TASKS_ON_A_PAGE}")
