"""When a task is to be done, in words: for a reminder, for a list, for its own page."""

from datetime import date, timedelta
from itertools import pairwise

from digests.composing.listing import SOON
from digests.rendering.flowing import flowing
from digests.rendering.ruling import told_rule
from digests.rendering.wording import Translate, day_in_year, full_day, weekday
from digests.report import Excerpt, Report, Task, TaskKind

LONGEST_MONTH = 45  # days between two first workdays of a month, feasts included


def shown(report: Report, part: Task | Excerpt) -> str:
    """The words as they are shown."""
    return flowing(report, part.start, part.end)


def when_words(task: Task, on: date, translate: Translate) -> str:
    """As a reminder says it: how long it is still, or how it comes again."""
    if task.kind is TaskKind.SEASON and task.expression:
        return translate("every Monday in {season}").format(season=task.expression)
    if task.kind is TaskKind.RECURRING:
        return translate("every month") if _is_monthly(task) else f"“{task.expression}”"
    if task.kind is TaskKind.PERIOD or task.last is None:
        return window_words(task, on, translate)
    left = (task.last - on).days
    if left < 0:
        return ""
    if left == 0:
        return translate("today is the last day")
    return translate("{days} days left").format(days=left)


def _is_monthly(task: Task) -> bool:
    """By its days; what comes more rarely is told in the text's own words."""
    gaps = [(other - one).days for one, other in pairwise(task.reminders)]
    return not task.expression or (bool(gaps) and max(gaps) <= LONGEST_MONTH)


def window_words(task: Task, on: date, translate: Translate) -> str:
    """From when to when."""
    if task.first and task.last:
        return translate("{first} to {last}").format(
            first=full_day(task.first, translate),
            last=day_in_year(task.last, task.first, translate),
        )
    if task.last:
        return translate("until {last}").format(last=day_in_year(task.last, on, translate))
    return ""


def deadline_notes(task: Task, on: date, translate: Translate) -> tuple[str, ...]:
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


def rule_notes(task: Task, translate: Translate) -> tuple[str, ...]:
    """By which rule the day was found, and what goes before it."""
    if not task.rule or task.kind in (TaskKind.NONE, TaskKind.VAGUE):
        return ()
    advice = translate("If it is done or arranged otherwise, local notices apply.")
    told = told_rule(task.rule, translate)
    return (translate("{rule}; {advice}").format(rule=told[:1].upper() + told[1:], advice=advice),)


def listed_words(task: Task, on: date, translate: Translate) -> str:
    """As a list says it: days are counted only when they are few."""
    when = when_words(task, on, translate) if task.last or task.kind is TaskKind.RECURRING else ""
    if task.last and task.kind in (TaskKind.DATED, TaskKind.RELATIVE):
        until = translate("until {last}").format(last=day_in_year(task.last, on, translate))
        near = 0 <= (task.last - on).days <= SOON
        return f"{until} · {when}" if when and near else until
    return when or (f"“{task.expression}”" if task.expression else "")
