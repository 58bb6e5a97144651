"""Where a broadcast stands, in words: to whom it goes, when, and why a message did not arrive."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.broadcast import BroadcastState
from bot.domain.followup import FollowUp, Outcome, Progress
from bot.domain.message import Lane
from bot.domain.office import Role
from bot.domain.subscription import Audience
from bot.handlers.desk import Desk
from bot.handlers.office.reaching import Reach, reach
from bot.handlers.visit import Visit, escape
from bot.handlers.wording import moment_words, recurrence_words, topic_names
from bot.storage import admins, broadcasts
from bot.texts import Translate


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom a card is written: language, zone, who they are."""

    language: str
    zone: str
    user_id: int
    now: datetime

    @classmethod
    def of(cls, visit: Visit) -> "Reader":
        """The one who acts."""
        return cls(visit.language, visit.choices.zone, visit.user_id, visit.now)

    @classmethod
    def behind(
        cls, desk: Desk, chat: Mapping[str, Any] | None, user_id: int, now: datetime
    ) -> "Reader":
        """Somebody else, as they chose; ``chat`` None: as the office writes."""
        language = chat["language"] if chat else desk.office.language
        zone = (chat["zone"] if chat else "") or desk.office.hours.zone
        return cls(language, zone, user_id, now)

    @property
    def today(self) -> date:
        """Their local day."""
        return self.now.astimezone(ZoneInfo(self.zone)).date()


def whom_words(audience: Audience, reached: Reach, language: str, translate: Translate) -> str:
    """To whom a broadcast goes, and how many that are now."""
    from bot.handlers.welcoming import roles

    _ = translate
    named = {button.data: button.text for row in roles(_) for button in row}
    limits = [named.get(f"role:{role}", role) for role in audience.roles]
    if audience.topics:
        limits.append(topic_names(audience.topics, language, _))
    limits += list(audience.languages)
    who = _(", ").join(limits) or _("everybody")
    if audience.without:
        who += _(" without {count}").format(count=len(audience.without))
    return _("{who}: {count}").format(who=who, count=reached.words(_))


async def roles_of(connection: Any, owners: Iterable[int]) -> dict[int, Role]:
    """Everybody with a role now; the config's ``owners`` are owners."""
    rows = await admins.everybody(connection)
    return {row["user_id"]: Role(row["role"]) for row in rows} | dict.fromkeys(owners, Role.OWNER)


async def plan_lines(
    connection: Any, row: Mapping[str, Any], desk: Desk, reader: Reader, _: Translate
) -> list[str]:
    """What an approval binds beside the words: to whom, when, until when, how urgent."""
    plan = broadcasts.plan_of(row)
    at = plan.send_at or reader.now
    reached = await reach(connection, plan.audience, at, desk.office.hours, plan.lane)
    lines = [_("To: {whom}").format(whom=whom_words(plan.audience, reached, reader.language, _))]
    if plan.send_at is not None:
        when = moment_words(plan.send_at, reader.zone, reader.now, reader.language, _)
        lines.append(_("Goes out: {when}").format(when=when))
        end = plan.send_at + plan.not_after
        until = moment_words(end, reader.zone, reader.now, reader.language, _)
        lines.append(_("Not after {until}").format(until=until))
    if plan.recurrence is not None:
        lines.append(recurrence_words(plan.recurrence, reader.language, _))
    if plan.lane is Lane.URGENT:
        lines.append(_("Urgent: it overtakes other pushes and comes in quiet hours too."))
    return lines


def state_words(state: BroadcastState, translate: Translate) -> str:
    """Where a broadcast stands, in words."""
    _ = translate
    names = {
        BroadcastState.DRAFT: _("being changed"),
        BroadcastState.REVIEW: _("waits for approval"),
        BroadcastState.SCHEDULED: _("scheduled"),
        BroadcastState.RUNNING: _("being sent"),
        BroadcastState.PAUSED: _("paused"),
        BroadcastState.DONE: _("finished"),
        BroadcastState.CANCELLED: _("cancelled"),
    }
    return names[state]


# What the sender writes down where nobody knows whether a message arrived.
UNCLEAR = (
    "no_answer", "connection_lost", "odd_answer", "server_error", "interrupted", "holder_died",
)  # fmt: skip


def reason_words(reason: str, translate: Translate) -> str:
    """Why a message did not arrive, in words; a reason of Telegram's own stands as it is."""
    _ = translate
    names = dict.fromkeys(UNCLEAR, _("no clear answer: it may have arrived")) | {
        "blocked": _("the reader blocked the bot"),
        "deactivated": _("the account no longer exists"),
        "kicked": _("the bot was removed from the group"),
        "late": _("its time had passed"),
        "cancelled": _("cancelled by an admin"),
        "withdrawn": _("the report was withdrawn"),
        "forgotten": _("the reader deleted their data"),
        "stopped": _("the reader had unsubscribed"),
        "unsubscribed": _("the reader had unsubscribed"),
        "suspended": _("the bot cannot reach the reader any more"),
        "left": _("the bot was removed from the group"),
        "paused": _("the reader has paused"),
        "topic_off": _("the reader left out the topic"),
        "muted": _("the reader wants no more of that task"),
        "deleted": _("the group does not exist any more"),
        "not_found": _("the chat does not exist any more"),
        "never_started": _("the reader never started the bot"),
        "is_a_bot": _("the account is a bot"),
        "no_rights": _("the bot may not write there"),
        "forbidden": _("the bot may not write there"),
        "refused": _("Telegram refused the message itself"),
        "bad_address": _("Telegram refused the message itself"),
    }
    return names.get(reason, reason)


def reasons_words(reasons: Mapping[str, int], translate: Translate) -> list[str]:
    """Why so many did not arrive, a line each."""
    _ = translate
    named: Counter[str] = Counter()
    for reason, count in reasons.items():
        named[reason_words(reason, _)] += count
    return [
        _("{name}: {count}").format(name=escape(name), count=f"{count:,}")
        for name, count in named.items()
    ]


def progress_words(progress: Progress, translate: Translate) -> str:
    """撤回：计划1,284 = 已删除1,200 + … + 待办20."""
    _ = translate
    names = {
        Outcome.DELETED: _("deleted"),
        Outcome.EDITED: _("marked as taken back"),
        Outcome.GONE: _("gone before"),
        Outcome.SHARED: _("in one message with something else, left"),
        Outcome.REMINDED: _("reminded"),
        Outcome.READ: _("read meanwhile"),
        Outcome.FAILED: _("not possible"),
    }
    kinds = {FollowUp.RECALL: _("Taking back"), FollowUp.NUDGE: _("Reminding")}
    counts = {names[name]: count for name, count in progress.outcomes.items() if count}
    counts[_("to do")] = progress.waiting
    term = _("{what} {count}")
    terms = [term.format(what=what, count=f"{count:,}") for what, count in counts.items()]
    said = _("{kind}: {planned} = {terms}")
    return said.format(
        kind=kinds[progress.kind], planned=f"{progress.planned:,}", terms=" + ".join(terms)
    )
