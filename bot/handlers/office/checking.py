"""The card under a preview: to whom, when, how long, and what the review found, in words."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from telegram.error import TelegramError

import digests
from bot.domain.approval import are_enough
from bot.domain.content import visible
from bot.domain.message import Lane
from bot.domain.office import Role
from bot.domain.proof import read_proof
from bot.domain.review import Facts, Finding, Weight, by_weight, review
from bot.domain.subscription import Audience, OfficeHours
from bot.errors import RefusedError
from bot.handlers import shelf
from bot.handlers.desk import Rules
from bot.handlers.office import tracing
from bot.handlers.office.reaching import Reach, reach
from bot.handlers.office.reviewing import checked_lines
from bot.handlers.office.standing import Reader, roles_of, whom_words
from bot.handlers.visit import Visit, escape
from bot.handlers.wording import (
    clock_words,
    day_words,
    duration_words,
    moment_words,
    recurrence_words,
    zone_words,
)
from bot.storage import broadcasts, chats
from bot.storage.broadcasts import Plan
from bot.storage.database import Database

NEAR = timedelta(minutes=30)
NEXT = 5
SAMPLED = 3
NEWEST = 100  # reports against which quotations are held


class PastTimeError(RefusedError):
    """The time named lies behind us: nothing was scheduled, the draft is kept."""

    def __init__(self, at: datetime) -> None:
        super().__init__("That time has passed. The draft is kept; please choose another time.")
        self.at = at


@dataclass(frozen=True, slots=True)
class Setting:
    """Where and by whom a plan is made: all that it is held against beside itself."""

    now: datetime
    zone: str
    hours: OfficeHours
    rules: Rules
    roles: Mapping[int, Role]  # everybody's, to know whether each stage of review finds a person
    authors: frozenset[int] = frozenset()
    reports: Sequence[digests.Report] = ()  # against which quotations are held
    weekday: int | None = None  # the one written beside the time of sending


@dataclass(frozen=True, slots=True)
class Looked:
    """What the review of a plan brought to light."""

    findings: tuple[Finding, ...]
    reached: Reach
    exact: int  # quotations that agree to the letter


async def look_over_draft(visit: Visit, plan: Plan, draft: Mapping[str, Any]) -> Looked:
    """The same of what somebody is writing in the chat."""
    desk = visit.desk
    async with desk.database.read() as connection:
        roles = await roles_of(connection, desk.owners)
    here = Setting(
        visit.now,
        visit.choices.zone,
        desk.office.hours,
        desk.rules,
        roles,
        frozenset({visit.user_id, draft.get("author") or visit.user_id}),
        list((await shelf.by_key(visit)).values())[:NEWEST],
        (draft.get("when") or {}).get("weekday"),
    )
    return await look_over(desk.database, plan, here)


async def look_over(database: Database, plan: Plan, here: Setting) -> Looked:
    """Everything that is checked before a broadcast may go out."""
    at = plan.send_at or here.now
    async with database.read() as connection:
        reached = await reach(connection, plan.audience, at, here.hours, plan.lane)
        clashes = await broadcasts.near(connection, at - NEAR, at + NEAR)
        own = await chats.due_between(connection, plan.audience, at - NEAR, at + NEAR)
    text = visible(plan.content["text"])
    proof = await asyncio.to_thread(read_proof, text, here.reports, here.rules.wordlist)
    found = [*review(_facts(plan, here, reached, clashes)), *proof.findings]
    stages = here.rules.stages
    if stages and not are_enough(here.roles, here.authors, stages):
        found.append(Finding("reviewers", Weight.BLOCKS, {"count": stages}))
    receipt = plan.content.get("receipt")
    if receipt and (plan.recurrence or datetime.fromisoformat(receipt["until"]) <= at):
        found.append(Finding("receipt", Weight.BLOCKS))
    if own:
        found.append(Finding("digest", Weight.INFORMS, {"count": f"{own:,}"}))
    return Looked(by_weight(found), reached, proof.exact)


def _facts(
    plan: Plan, here: Setting, reached: Reach, clashes: Sequence[Mapping[str, Any]]
) -> Facts:
    day = (plan.send_at or here.now).astimezone(ZoneInfo(here.zone)).date()
    return Facts(
        html=plan.content["text"],
        parts=len(plan.content["parts"]),
        readers=reached.readers if plan.recurrence is None else reached.audience,
        now=here.now,
        send_at=plan.send_at,
        zone=here.zone,
        quiet=None if plan.lane is Lane.URGENT else here.hours.quiet,
        weekday=here.weekday,
        clashes=tuple(visible(row["content"].get("text", ""))[:20] for row in clashes),
        workday=digests.is_workday(day),
        recurring=plan.recurrence is not None,
    )


async def counted(visit: Visit, audience: Audience) -> str:
    """How many an audience is at present, in words."""
    async with visit.desk.database.read() as connection:
        found = await reach(connection, audience, visit.now, visit.desk.office.hours)
    return found.words(visit._)


async def card_lines(visit: Visit, plan: Plan, looked: Looked) -> list[str]:
    """The card's lines."""
    _ = visit._
    zone = visit.choices.zone
    messages = looked.reached.readers * len(plan.content["parts"])
    seconds = messages / visit.desk.rules.per_second
    at = plan.send_at or visit.now
    until = (at + plan.not_after).astimezone(ZoneInfo(zone))
    lines = [
        _("To: {whom}").format(whom=whom_words(plan.audience, looked.reached, visit.language, _)),
        _("When: {when} · {duration} · not after {until}").format(
            when=when_words(visit, plan),
            duration=duration_words(seconds, _),
            until=f"{day_words(until.date(), visit.today, _)} {clock_words(until)}"
            if until.date() != at.astimezone(ZoneInfo(zone)).date()
            else clock_words(until),
        ),
    ]
    if plan.recurrence is not None:
        lines.append(_next_times(visit, plan))
    if plan.lane is Lane.URGENT:
        lines.append(_("Urgent: it overtakes other pushes and comes in quiet hours too."))
    names = await _sample(visit, plan)
    if names:
        lines.append(_("Among them: {names}.").format(names=escape(_(", ").join(names))))
    found = checked_lines(looked.findings, looked.exact, visit.today, _)
    lines += [escape(said) for said in found]
    stages = visit.desk.rules.stages
    if stages:
        lines += [tracing.line((), 0, stages, Reader.of(visit), _)]
        lines += [_("Any change begins the review anew.")]
    return lines


async def _sample(visit: Visit, plan: Plan) -> list[str]:
    """Three of those it goes to, by name, so that a wrong audience is noticed.

    Names are asked of Telegram for this card and kept nowhere.
    """
    day = (plan.send_at or visit.now).astimezone(ZoneInfo(visit.choices.zone)).date()
    on = None if plan.lane is Lane.URGENT else day
    async with visit.desk.database.read() as connection:
        ids = await chats.sample(connection, plan.audience, SAMPLED, on)
    names = []
    for chat_id in ids:
        try:
            chat = await visit.bot.get_chat(chat_id)
        except TelegramError:
            continue
        names.append(chat.title or chat.full_name or str(chat_id))
    return names


def when_words(visit: Visit, plan: Plan) -> str:
    """The time of a plan in words, with its zone."""
    _ = visit._
    if plan.send_at is None:
        return _("at once")
    if plan.recurrence is not None:
        return recurrence_words(plan.recurrence, visit.language, _)
    return moment_words(plan.send_at, visit.choices.zone, visit.now, visit.language, _)


def _next_times(visit: Visit, plan: Plan) -> str:
    _ = visit._
    recurrence = plan.recurrence
    if recurrence is None:
        return ""
    tz = ZoneInfo(recurrence.zone)
    times = [moment.astimezone(tz) for moment in recurrence.next_times(visit.now, NEXT)]
    named = [day_words(moment.date(), visit.today, _) for moment in times]
    return _("The next five: {days}, each at {time} ({zone}).").format(
        days=_(", ").join(named),
        time=clock_words(times[0]),
        zone=zone_words(recurrence.zone, visit.language, _),
    )
