"""Where a broadcast stands: the card with its sums, and what can be done now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.broadcast import BroadcastState
from bot.domain.content import visible
from bot.domain.message import Lane
from bot.domain.review import Finding, Weight
from bot.domain.subscription import Audience, OfficeHours
from bot.errors import RefusedError
from bot.handlers.desk import Desk
from bot.handlers.reaching import Reach, reach
from bot.handlers.visit import Visit, escape
from bot.handlers.wording import (
    duration_words,
    moment_words,
    plain_day,
    recurrence_words,
    sums_words,
    topic_names,
    weekday_names,
)
from bot.storage import audits, broadcasts, pushes
from bot.storage.broadcasts import Plan
from bot.texts import Translate
from digests import Button

SHORT = 8  # characters of the hash in a button


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


async def card(
    desk: Desk, broadcast_id: int, reader: Reader, author: str = ""
) -> tuple[str, list[list[Button]]]:
    """Where a broadcast stands, its sums, and what can be done now; ``author``: a name at hand."""
    _ = desk.texts.translate(reader.language)
    async with desk.database.read() as connection:
        row = await broadcasts.get(connection, broadcast_id)
        if row is None:
            raise RefusedError("That broadcast is not here any more.")
        gone_out = await pushes.of_broadcast(connection, broadcast_id)
        sums = await pushes.sums(connection, gone_out[0]) if gone_out else None
        push = await pushes.get(connection, gone_out[0]) if gone_out else None
        left = None
        if gone_out and row["state"] == BroadcastState.RUNNING:
            rate = desk.rules.per_second
            left = await pushes.time_left(connection, gone_out[0], reader.now, rate)
        state = BroadcastState(row["state"])
        waits = state in {BroadcastState.REVIEW, BroadcastState.SCHEDULED}
        hours = desk.office.hours
        plan = broadcasts.plan_of(row)
        ahead = await _ahead(connection, plan, reader, hours, _) if waits else []
        ahead += await _submitted(connection, row, reader, author, _)
    lines = [
        f"<b>{_('Broadcast')} {broadcast_id}</b> · {state_words(state, _)}",
        escape(visible(row["content"].get("text", ""))[:80]),
    ]
    lines += ahead
    if sums is not None:
        lines.append(sums_words(sums, _))
    if left is not None:
        words = duration_words(left.total_seconds(), _)
        lines.append(_("Still to go: {duration}").format(duration=words))
    if sums is not None:
        lines += reasons_words(sums["reasons"], _)
    if push is not None and push["reason"]:
        lines.append(_("Stopped by itself: {reason}").format(reason=escape(push["reason"])))
    return "\n".join(line for line in lines if line), rows_of(row, reader, _)


async def _submitted(
    connection: Any, row: Mapping[str, Any], reader: Reader, author: str, _: Translate
) -> list[str]:
    """What an approver has to know: who wrote it, what the review found, why it stayed so."""
    if row["state"] != BroadcastState.REVIEW:
        return []
    lines = []
    if row["created_by"] is not None:
        name = " · ".join(word for word in (author, str(row["created_by"])) if word)
        lines.append(_("Written by: {name}").format(name=escape(name)))
    submitted = await audits.last(connection, "broadcast.submit", str(row["id"]))
    detail = submitted["detail"] if submitted is not None else {}
    if "findings" in detail:
        findings = [_from_record(found) for found in detail["findings"]]
        lines += checked_lines(findings, detail["exact"], reader.today, _)
    if detail.get("reason"):
        lines.append(_("Kept because: {reason}").format(reason=escape(detail["reason"])))
    return lines


def record_of(findings: Sequence[Finding], exact: int) -> dict[str, Any]:
    """What a review found, as it is kept beside the submission."""
    found = [
        {
            "code": finding.code,
            "weight": finding.weight,
            "values": {
                name: value.isoformat() if isinstance(value, date) else value
                for name, value in finding.values.items()
            },
        }
        for finding in findings
    ]
    return {"findings": found, "exact": exact}


def _from_record(found: Mapping[str, Any]) -> Finding:
    values = dict(found["values"])
    if "day" in values:
        values["day"] = date.fromisoformat(values["day"])
    return Finding(found["code"], Weight(found["weight"]), values)


def checked_lines(
    findings: Sequence[Finding], exact: int, today: date, translate: Translate
) -> list[str]:
    """What was found, the worst first; if nothing was, that it was looked for."""
    _ = translate
    marks = {Weight.BLOCKS: "✗ ", Weight.REASON: "⚠ ", Weight.INFORMS: "· "}
    lines = [
        marks[finding.weight] + escape(finding_words(finding, today, _)) for finding in findings
    ]
    if exact:
        lines.append(_("Checked: {count} quotations agree with the original.").format(count=exact))
    if not findings:
        lines.append(_("Checked: length, links, blanks, dates and weekdays; nothing stood out."))
    return lines


def finding_words(finding: Finding, today: date, translate: Translate) -> str:
    """One finding as a sentence."""
    _ = translate
    close = _("Close to another push: {title}.")
    sentences = {
        "nobody": _("There is nobody to send it to. Please choose another audience."),
        "past": _("That time has passed. Please choose another."),
        "weekday": _("{day} is a {weekday}; please check the time."),
        "written_weekday": _("“{words}”: {day} is a {weekday}."),
        "no_such_day": _("“{words}”: there is no such day."),
        "quiet": _("In quiet hours: it waits for each reader until {end}."),
        "holiday": _("That is a day off."),
        "clash": close,
        "digest": close.format(title=_("the daily digest of {count} chats")),
        "parts": _("{count} messages, one after another."),
        "placeholder": _("“{words}” looks like a blank that was not filled in."),
        "link": _("“{link}” is not an address that can be opened."),
        "quote": _("“{written}” differs from the original “{printed}”."),
    }
    values: dict[str, Any] = dict(finding.values)
    if "day" in values:
        values["day"] = plain_day(values["day"], today, _)
    if "weekday" in values:
        values["weekday"] = weekday_names(_)[values["weekday"]]
    return sentences[finding.code].format(**values)


def whom_words(audience: Audience, reached: Reach, language: str, translate: Translate) -> str:
    """To whom a broadcast goes, and how many that are now."""
    from bot.handlers.joining import roles

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


async def _ahead(
    connection: Any, plan: Plan, reader: Reader, hours: OfficeHours, _: Translate
) -> list[str]:
    """What an approval binds beside the words: to whom, when, until when, how urgent."""
    at = plan.send_at or reader.now
    reached = await reach(connection, plan.audience, at, hours, plan.lane)
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


def reason_words(reason: str, translate: Translate) -> str:
    """Why a message did not arrive, in words; a reason of Telegram's own stands as it is."""
    _ = translate
    names = {
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
    }
    return names.get(reason, reason)


def reasons_words(reasons: Mapping[str, int], translate: Translate) -> list[str]:
    """Why so many did not arrive, a line each."""
    _ = translate
    return [
        _("{name}: {count}").format(name=escape(reason_words(reason, _)), count=f"{count:,}")
        for reason, count in reasons.items()
    ]


def rows_of(row: Mapping[str, Any], reader: Reader, translate: Translate) -> list[list[Button]]:
    _ = translate
    data = f"bc:{row['id']}"
    state = BroadcastState(row["state"])
    edit = Button(_("Change"), data=f"{data}:edit")
    cancel = Button(_("Cancel it"), data=f"{data}:no")
    table = Button(_("Table (.xlsx)"), data=f"{data}:xlsx")
    match state:
        case BroadcastState.REVIEW:
            approve = Button(_("Approve"), data=f"{data}:ok:{row['bound_sha256'][:SHORT]}")
            back = Button(_("Send back"), data=f"{data}:back")
            rows = [[edit, cancel]]
            if reader.user_id != row["created_by"]:
                rows.insert(0, [approve, back])
            return rows
        case BroadcastState.SCHEDULED:
            return [[edit, cancel]]
        case BroadcastState.RUNNING:
            return [[Button(_("Pause it"), data=f"{data}:pause"), cancel], [table]]
        case BroadcastState.PAUSED:
            return [[Button(_("Go on"), data=f"{data}:go"), cancel], [table]]
        case BroadcastState.DRAFT:
            return [[edit]]  # sent back, or left while it was changed
        case BroadcastState.DONE | BroadcastState.CANCELLED:
            return [[table]]
