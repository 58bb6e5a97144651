"""The card under a preview: to whom, when, how long, and what the review found, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from telegram.error import TelegramError

import digests
from bot.domain.approval import are_enough
from bot.domain.content import visible
from bot.domain.message import Lane
from bot.domain.proof import Proof, read_proof
from bot.domain.review import Facts, Finding, Weight, by_weight, review
from bot.domain.subscription import Audience
from bot.errors import RefusedError
from bot.handlers import shelf
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
class Looked:
    """What the review of a plan brought to light."""

    findings: tuple[Finding, ...]
    reached: Reach
    exact: int  # quotations that agree to the letter


async def look_over(visit: Visit, plan: Plan, draft: Mapping[str, Any]) -> Looked:
    """Everything that is checked before a broadcast may go out."""
    at = plan.send_at or visit.now
    async with visit.desk.database.read() as connection:
        reached = await reach(connection, plan.audience, at, visit.desk.office.hours, plan.lane)
        clashes = [
            row["content"].get("text", "")
            for row in await broadcasts.near(connection, at - NEAR, at + NEAR)
        ]
        own = await chats.due_between(connection, plan.audience, at - NEAR, at + NEAR)
    titles = [visible(text)[:20] for text in clashes]
    zone = visit.choices.zone
    proof = await _proof(visit, plan)
    facts = Facts(
        html=plan.content["text"],
        parts=len(plan.content["parts"]),
        readers=reached.readers if plan.recurrence is None else reached.audience,
        now=visit.now,
        send_at=plan.send_at,
        zone=zone,
        quiet=None if plan.lane is Lane.URGENT else visit.desk.office.hours.quiet,
        weekday=(draft.get("when") or {}).get("weekday"),
        clashes=tuple(titles),
        workday=digests.is_workday(at.astimezone(ZoneInfo(zone)).date()),
        recurring=plan.recurrence is not None,
    )
    found = [*review(facts), *proof.findings]
    if visit.desk.rules.stages and not await _reviewers_are_enough(visit, draft):
        found.append(Finding("reviewers", Weight.BLOCKS, {"count": visit.desk.rules.stages}))
    receipt = plan.content.get("receipt")
    if receipt and (plan.recurrence or datetime.fromisoformat(receipt["until"]) <= at):
        found.append(Finding("receipt", Weight.BLOCKS))
    if own:
        found.append(Finding("digest", Weight.INFORMS, {"count": f"{own:,}"}))
    return Looked(by_weight(found), reached, proof.exact)


async def _reviewers_are_enough(visit: Visit, draft: Mapping[str, Any]) -> bool:
    async with visit.desk.database.read() as connection:
        roles = await roles_of(connection, visit.desk)
    authors = {visit.user_id, draft.get("author") or visit.user_id}
    return are_enough(roles, authors, visit.desk.rules.stages)


async def _proof(visit: Visit, plan: Plan) -> Proof:
    import asyncio

    reports = list((await shelf.by_key(visit)).values())[:NEWEST]
    text, words = visible(plan.content["text"]), visit.desk.rules.wordlist
    return await asyncio.to_thread(read_proof, text, reports, words)


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
