"""The task list and one task with its reasons -> Telegram HTML pages."""

from collections.abc import Mapping, Sequence
from datetime import date

from digests.composing import report_key
from digests.composing.listing import Agenda
from digests.exchanging import task_key
from digests.rendering.ruling import told_rule
from digests.rendering.templating import pages, write
from digests.rendering.timing import (
    deadline_notes,
    listed_words,
    shown,
    when_words,
    window_words,
)
from digests.rendering.wording import Translate, citation, first_words, full_day, told_apart
from digests.report import Button, Due, Page, Report, Task, TaskKind

_Numbered = list[tuple[str, list[tuple[int, str, str]]]]  # groups of numbered lines, by name

_ON_A_PAGE = 8  # tasks without a date
_MOST_ROWS = 8  # of number buttons; Telegram takes 100 buttons in all


def render_tasks(
    agenda: Agenda, translate: Translate, undated: int | None = None
) -> tuple[Page, ...]:
    """快到时限, 眼下要办, 以后: each task one line and a button to its sentence.

    What has no date is only counted there; ``undated`` 0, 1 … are the pages of 无时限.
    """
    if undated is not None:
        return _undated(agenda, translate, undated)
    groups = [
        (translate("Close to the deadline"), agenda.soon),
        (translate("To do now"), agenda.now),
        (translate("Later"), agenda.later),
    ]
    rows, buttons = _listed(groups, agenda, translate, 1)
    last: list[Button] = []
    if agenda.undated:
        words = translate("Without a deadline: {count}").format(count=len(agenda.undated))
        last.append(Button(words, data="t:-:0"))
    return _task_pages(rows, [*_in_rows(buttons), last], agenda.on, translate)


def _undated(agenda: Agenda, translate: Translate, page: int) -> tuple[Page, ...]:
    count = max(1, -(-len(agenda.undated) // _ON_A_PAGE))
    page = max(0, min(page, count - 1))
    first = page * _ON_A_PAGE
    name = translate("Without a deadline")
    if count > 1:
        turned = translate("Page {number} of {count}").format(number=page + 1, count=count)
        name = f"{name} · {turned}"
    shown = agenda.undated[first : first + _ON_A_PAGE]
    rows, buttons = _listed([(name, shown)], agenda, translate, first + 1)
    turn: list[Button] = []
    if page:
        turn.append(Button(translate("‹ Page"), data=f"t:-:{page - 1}"))
    turn.append(Button(translate("Tasks now"), data="t"))
    if page + 1 < count:
        turn.append(Button(translate("Page ›"), data=f"t:-:{page + 1}"))
    return _task_pages(rows, [*_in_rows(buttons), turn], agenda.on, translate)


def _task_pages(
    rows: _Numbered, buttons: list[list[Button]], on: date, translate: Translate
) -> tuple[Page, ...]:
    html = write(
        "tasks.html",
        translate,
        day=full_day(on, translate),
        groups=rows,
        nothing=not rows,
        tap=bool(rows),
    )
    return pages(html, buttons)


def _listed(
    groups: list[tuple[str, tuple[Due, ...]]], agenda: Agenda, translate: Translate, number: int
) -> tuple[_Numbered, list[Button]]:
    """The numbered lines of each group that has any, and a button for each line."""
    every = (*agenda.now, *agenda.soon, *agenda.later, *agenda.undated)
    names = told_apart((due.report for due in every), translate)
    named: _Numbered = []
    buttons: list[Button] = []
    for name, dues in groups:
        rows: list[tuple[int, str, str]] = []
        for due in dues:
            summary = _summary(due, agenda.on, translate, names)
            rows.append((number, due.task.title, summary))
            data = f"t:{report_key(due.report)}:{task_key(due.task)}"
            buttons.append(Button(str(number), data=data))
            number += 1
        if rows:
            named.append((name, rows))
    return named, buttons


def _in_rows(buttons: list[Button]) -> list[list[Button]]:
    return [buttons[i : i + 6] for i in range(0, len(buttons), 6)][:_MOST_ROWS]


def _summary(due: Due, on: date, translate: Translate, names: Mapping[str, str]) -> str:
    """When and where; among several reports the address says in which."""
    name = names.get(due.report.source.sha256, "")
    where = f"{due.task.cite}（{name}）" if name and due.task.cite else due.task.cite or name
    return " · ".join(w for w in (listed_words(due.task, on, translate), where) if w)


def render_task(
    report: Report, task: Task, on: date, translate: Translate, also: tuple[Task, ...] = ()
) -> tuple[Page, ...]:
    """One task with its sentence and its why: expression, rule, result, days of reminders."""
    key = report_key(report)
    coming = [full_day(d, translate) for d in task.reminders if d >= on]
    html = write(
        "task.html",
        translate,
        task=task,
        quote=shown(report, task),
        also=[(shown(report, other), other.cite) for other in also],
        when=listed_words(task, on, translate) if task.last else when_words(task, on, translate),
        results=deadline_notes(task, on, translate) or (_result(task, on, translate),),
        rule=told_rule(task.rule, translate),
        owners=translate(", ").join(task.owners),
        coming=coming[:6],
        more=len(coming) > 6,  # noqa: PLR2004 -- what one line holds
        cite=citation(report, task.cite, translate),
    )
    rows = [
        [
            Button(translate("Context"), data=f"x:{key}:{task.start}:{task.end}"),
            Button(translate("Don't remind me of this"), data=f"m:{key}:{task_key(task)}"),
        ],
        [Button(translate("All tasks"), data="t")],
    ]
    if task.address:
        rows[0].insert(0, Button(translate("Whole section"), data=f"s:{key}:{task.address}"))
    return pages(html, rows)


def _result(task: Task, on: date, translate: Translate) -> str:
    if task.kind is TaskKind.VAGUE:
        return translate("no date is named, so there are no dated reminders")
    if task.kind is TaskKind.NONE:
        return translate("the text sets no time, so there are no dated reminders")
    return window_words(task, on, translate) or when_words(task, on, translate)


def task_lines(dues: Sequence[Due], on: date, translate: Translate) -> tuple[str, ...]:
    """A line on each task, for lists elsewhere: title, when, address."""
    names = told_apart((due.report for due in dues), translate)
    return tuple(
        " · ".join(
            w for w in (first_words(due.task.title, 40), _summary(due, on, translate, names)) if w
        )
        for due in dues
    )
