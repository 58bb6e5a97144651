"""Before a deadline's last week the office is asked whether it still holds; one tap settles it.

Nobody has to answer: without an answer the reminders go on as accepted. Each task is asked about
once, a day or two before its reminder of the last week.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from telegram.ext import ExtBot

import digests
from bot.domain.subscription import OfficeHours, resolve
from bot.handlers.desk import Desk
from bot.handlers.office.telling import tell_writers
from bot.handlers.visit import Rows, escape
from bot.storage import admins, audits, drafts, queries
from bot.texts import Translate
from digests import Button, TaskKind, day_in_year

MORNING = (9, 0)  # when the office is asked
AHEAD = timedelta(days=2)  # before the reminder; a morning may be missed
LAST_WEEK = timedelta(days=10)  # T-7, moved to a workday before, lies within it
ACT = "task.asked"
NIGHT = (4, 0)
DRAFTS_LAST = timedelta(days=30)
GAPS_LAST = timedelta(days=365)


def to_ask(
    editions: Iterable[digests.Edition], today: date
) -> list[tuple[digests.Edition, digests.Task]]:
    """The tasks whose reminder of the last week comes within two days."""
    return [
        (edition, task)
        for edition in editions
        for task in edition.tasks
        if task.kind is TaskKind.DATED
        and task.last is not None
        and any(
            today < day <= today + AHEAD and task.last - day <= LAST_WEEK for day in task.reminders
        )
    ]


def next_round(hours: OfficeHours, now: datetime) -> datetime:
    """When the office's small hours or its morning come next."""
    today = now.astimezone(ZoneInfo(hours.zone)).date()
    moments = [
        resolve(today + timedelta(days=ahead), time(*wall), hours.zone)
        for ahead in (0, 1)
        for wall in (NIGHT, MORNING)
    ]
    return min(moment for moment in moments if moment > now)


async def keep_house(desk: Desk, now: datetime) -> None:
    """Forget what is old: once a night, in the office's small hours."""
    local = now.astimezone(ZoneInfo(desk.office.hours.zone))
    if (local.hour, local.minute) != NIGHT:
        return
    async with desk.database.write() as connection:
        await audits.forget(connection, now - timedelta(days=desk.rules.audit_days))
        await drafts.forget(connection, now - DRAFTS_LAST)
        await queries.forget(connection, (local - GAPS_LAST).date())
        await admins.forget_invites(connection, now)


async def ask_about_due(bot: ExtBot[Any], desk: Desk, now: datetime) -> None:
    """Ask the admins about the tasks whose last week begins; once per task."""
    local = now.astimezone(ZoneInfo(desk.office.hours.zone))
    if (local.hour, local.minute) != MORNING:
        return
    found = to_ask(desk.library.editions_for(member=True), local.date())
    if not found:
        return
    for edition, task in found:
        subject = f"{edition.key}:{digests.task_key(task)}"
        async with desk.database.write() as connection:
            if await audits.has(connection, ACT, subject):
                continue
            await audits.record(connection, now, None, ACT, subject)
        await tell_writers(bot, desk, partial(_question, subject, task, local.date()))


def _question(subject: str, task: digests.Task, today: date, _: Translate) -> tuple[str, Rows]:
    last = day_in_year(task.last, today, _) if task.last else ""
    text = _("Is this still to be done? Its last day is {day}; readers are reminded this week.")
    html = (
        f"<b>{escape(task.title)}</b> · {escape(task.cite)}\n"
        f"<blockquote>{escape(task.quote)}</blockquote>\n{text.format(day=last)}"
    )
    rows = [
        [
            Button(_("Still valid"), data=f"rt:{subject}:k"),
            Button(_("Settled"), data=f"rt:{subject}:s"),
            Button(_("Revoke"), data=f"rt:{subject}:v"),
        ]
    ]
    return html, rows
