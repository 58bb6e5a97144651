"""A day's message and the task list -> Telegram HTML pages: how things look, never what goes in.

Official words stand in a blockquote, letter for letter; the bot's own words stand outside it. Each
template in ``templates/`` is one kind of page. Sections and look-ups are rendered in ``showing``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from digests.composing import report_key
from digests.composing.listing import SOON, Agenda
from digests.exchanging import task_key
from digests.rendering.flowing import flowing
from digests.rendering.ruling import told_rule
from digests.rendering.templating import pages, write
from digests.rendering.wording import (
    Translate,
    citation,
    clip,
    day_in_year,
    first_words,
    full_day,
    issued,
    short_day,
    title_of,
    told_apart,
    weekday,
)
from digests.report import Button, Digest, Due, Excerpt, Page, Report, Task, TaskKind

_Numbered = list[tuple[str, list[tuple[int, str, str]]]]  # groups of numbered lines, by name

_BUTTONS_FOR = 3  # lines of a reminder that get buttons of their own
_ON_A_PAGE = 8  # tasks without a date
_MOST_ROWS = 8  # of number buttons; Telegram takes 100 buttons in all


@dataclass(frozen=True, slots=True)
class _Line:
    """What the template shows of one task: what stands over the quote, and what under it."""

    head: str
    before: tuple[str, ...]
    quote: str
    after: tuple[str, ...]


def render_digest(digest: Digest, translate: Translate) -> tuple[Page, ...]:
    """The day's message; nothing when there is nothing to say."""
    if digest.excerpt is None and not digest.lines:
        return ()
    html = write(
        "digest.html",
        translate,
        day=short_day(digest.on, translate),
        weekday=weekday(digest.on, translate),
        season=_season(digest, translate),
        excerpt=digest.excerpt,
        quote=_quote(digest.report, digest.excerpt) if digest.excerpt else "",
        review=_review(digest, translate),
        lines=[_reminder(line, digest, translate) for line in digest.lines],
        footer=_footer(digest, translate),
    )
    return pages(html, _digest_buttons(digest, translate))


def _footer(digest: Digest, translate: Translate) -> str:
    """The date, and the title where all the quotes are out of one document."""
    cites = [line.task.cite for line in digest.lines if line.report is digest.report]
    if digest.excerpt is not None:
        cites.append(digest.excerpt.cite)
    titles = {title_of(digest.report, cite) for cite in cites}
    title = f"《{titles.pop()}》" if len(titles) == 1 else ""
    return " · ".join(w for w in (title, issued(digest.report, translate)) if w)


def _season(digest: Digest, translate: Translate) -> str:
    if not digest.season or digest.season_days is None:
        return digest.season or ""
    first, last = digest.season_days
    return translate("{season} ({first} to {last})").format(
        season=digest.season,
        first=short_day(first, translate),
        last=day_in_year(last, first, translate),
    )


def _review(digest: Digest, translate: Translate) -> str:
    """回顾 with the time up to which it looks back."""
    base = digest.report.issued_on
    if digest.excerpt is None or not digest.excerpt.review:
        return ""
    if base is None:
        return translate("review")
    section = digest.report.section(digest.excerpt.address)
    words = digest.report.text[section.start : section.end] if section else ""
    if "上半年" in words and base.month in range(6, 10):
        return translate("review, up to the first half of {year}").format(year=base.year)
    return translate("review, up to {month}/{year}").format(year=base.year, month=base.month)


def _digest_buttons(digest: Digest, translate: Translate) -> list[list[Button]]:
    rows: list[list[Button]] = []
    several = len(digest.lines) > 1
    for line in digest.lines[:_BUTTONS_FOR]:
        address = f"{report_key(line.report)}:{task_key(line.task)}"
        mute, why = translate("Don't remind me of this"), translate("Why this?")
        if several:
            title = clip(line.task.title, 8)
            mute = translate("Mute: {title}").format(title=title)
            why = translate("Why: {title}").format(title=title)
        rows.append([Button(why, data=f"t:{address}"), Button(mute, data=f"m:{address}")])
    last = [Button(translate("Tasks now"), data="t"), Button(translate("Settings"), data="set")]
    if digest.excerpt is not None and digest.excerpt.address:
        data = f"s:{report_key(digest.report)}:{digest.excerpt.address}"
        last.insert(0, Button(translate("Whole section"), data=data))
    return [*rows, last]


# ---- reminders -------------------------------------------------------------------------------


def _reminder(line: Due, digest: Digest, translate: Translate) -> _Line:
    task, on = line.task, digest.on
    when = _when(task, on, translate)
    rule = _rule(task, translate)
    quote = _quote(line.report, task)
    deadline = _deadline(task, on, translate)
    where = task.cite
    if line.report is not digest.report:
        where = citation(line.report, task.cite, translate)
    elif not deadline:  # 讲话 五项工作·5（台汛期内每周一）
        place = when or where
        if when and where:
            place = translate("{where} ({when})").format(where=where, when=when)
        return _Line(" · ".join(w for w in (task.title, place) if w), (), quote, rule)
    head = " · ".join(w for w in (task.title, when) if w)
    return _Line(head, deadline, quote, (where, *rule))


def _quote(report: Report, part: Task | Excerpt) -> str:
    """The words as they are shown."""
    return flowing(report, part.start, part.end)


def _when(task: Task, on: date, translate: Translate) -> str:
    if task.kind is TaskKind.SEASON and task.expression:
        return translate("every Monday in {season}").format(season=task.expression)
    if task.kind is TaskKind.RECURRING:
        return translate("every month")
    if task.kind is TaskKind.PERIOD or task.last is None:
        return _window(task, on, translate)
    left = (task.last - on).days
    if left < 0:
        return ""
    if left == 0:
        return translate("today is the last day")
    return translate("{days} days left").format(days=left)


def _window(task: Task, on: date, translate: Translate) -> str:
    if task.first and task.last:
        return translate("{first} to {last}").format(
            first=full_day(task.first, translate),
            last=day_in_year(task.last, task.first, translate),
        )
    if task.last:
        return translate("until {last}").format(last=day_in_year(task.last, on, translate))
    return ""


def _deadline(task: Task, on: date, translate: Translate) -> tuple[str, ...]:
    """The last day, and the last working day before it where it is a day off."""
    if task.last is None or task.kind in (TaskKind.PERIOD, TaskKind.SEASON, TaskKind.RECURRING):
        return ()
    from digests.dating.calendars import feast, is_workday, workday_until

    last = day_in_year(task.last, on, translate)
    if is_workday(task.last):
        name = weekday(task.last, translate)
        return (translate("Last day: {last} ({weekday}).").format(last=last, weekday=name),)
    before = workday_until(task.last)
    words = translate(
        "Last day: {last}, a day off; the last working day before it is {before} ({weekday})."
    )
    if feast("春节", task.last.year) == task.last + timedelta(days=1):
        words = translate(
            "Last day: {last}, the eve of the Spring Festival and a day off; the last working day"
            " before it is {before} ({weekday})."
        )
    named = weekday(before, translate)
    return (
        words.format(last=last, before=day_in_year(before, task.last, translate), weekday=named),
    )


def _rule(task: Task, translate: Translate) -> tuple[str, ...]:
    if not task.rule or task.kind in (TaskKind.NONE, TaskKind.VAGUE):
        return ()
    advice = translate("If it is done or arranged otherwise, local notices apply.")
    told = told_rule(task.rule, translate)
    return (translate("{rule}; {advice}").format(rule=told[:1].upper() + told[1:], advice=advice),)


# ---- the task list ---------------------------------------------------------------------------


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
    return " · ".join(w for w in (_listed_when(due.task, on, translate), where) if w)


def _listed_when(task: Task, on: date, translate: Translate) -> str:
    """As a list says it: days are counted only when they are few."""
    when = _when(task, on, translate) if task.last or task.kind is TaskKind.RECURRING else ""
    if task.last and task.kind in (TaskKind.DATED, TaskKind.RELATIVE):
        until = translate("until {last}").format(last=day_in_year(task.last, on, translate))
        near = 0 <= (task.last - on).days <= SOON
        return f"{until} · {when}" if when and near else until
    return when or (f"“{task.expression}”" if task.expression else "")


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
        quote=_quote(report, task),
        also=[(_quote(report, other), other.cite) for other in also],
        when=_listed_when(task, on, translate) if task.last else _when(task, on, translate),
        results=_deadline(task, on, translate) or (_result(task, on, translate),),
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
    return _window(task, on, translate) or _when(task, on, translate)


def task_lines(dues: Sequence[Due], on: date, translate: Translate) -> tuple[str, ...]:
    """A line on each task, for lists elsewhere: title, when, address."""
    names = told_apart((due.report for due in dues), translate)
    return tuple(
        " · ".join(
            w for w in (first_words(due.task.title, 40), _summary(due, on, translate, names)) if w
        )
        for due in dues
    )
