"""The draft of a broadcast: what it would send, the very message as a preview, and its card.

What is gathered is a draft row and survives a restart.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.broadcast import BroadcastState, Recurrence
from bot.domain.content import html_content, with_receipt
from bot.domain.message import Lane, PushState
from bot.domain.office import Right
from bot.domain.review import Weight
from bot.domain.subscription import Audience, after_quiet
from bot.errors import RefusedError
from bot.handlers.dialogues import LASTING, keep, lasting, pending
from bot.handlers.office import checking
from bot.handlers.visit import Visit, escape
from bot.handlers.wording import moment_words
from bot.storage import audits, broadcasts, pushes
from bot.storage.broadcasts import Plan
from bot.texts import Translate
from digests import Button

KIND = LASTING
SHORT = 8  # characters of the hash in a button
_BOUND = ("id", "html", "media", "audience", "when", "until", "urgent", "reason", "receipt")
NOT_AFTER = timedelta(hours=4)
HOURS = (10, 15, 19)  # of today, offered where the time named has passed
Content = dict[str, Any]
Rows = list[list[Button]]


def plan_of(visit: Visit, content: Content) -> Plan:
    """What has been gathered -> the plan that would be confirmed; at once: ``send_at`` is None."""
    when = content.get("when") or {}
    at = datetime.fromisoformat(when["at"]) if when.get("at") else None
    recurrence = when.get("recurrence")
    plain = html_content(content.get("html", ""), content.get("media"))
    return Plan(
        content=_asking(visit, plain, content.get("receipt")),
        send_at=at,
        audience=Audience.from_json(content.get("audience", {})),
        not_after=_not_after(visit, content, at),
        recurrence=Recurrence.from_json(recurrence) if recurrence else None,
        on_unknown=visit.desk.rules.on_unknown,
        lane=Lane.URGENT if content.get("urgent") else Lane.BULK,
    )


def _asking(visit: Visit, plain: Content, receipt: Mapping[str, str] | None) -> Content:
    """The same message, asking for a tap where a receipt is wanted; in the office's language."""
    if not receipt:
        return plain
    office = visit.desk.office
    _ = visit.desk.texts.translate(office.language)
    until = datetime.fromisoformat(receipt["until"])
    when = moment_words(until, office.hours.zone, visit.now, office.language, _)
    note = _("Please tap “Read” once by {when}. It only counts who has received it; no ranking.")
    return with_receipt(plain, note.format(when=when), _("Read"), receipt)


def _not_after(visit: Visit, content: Content, at: datetime | None) -> timedelta:
    """Until when it may still arrive: said in words, or four hours of waking time."""
    start = at or visit.now
    until = content.get("until")
    if until:
        local = start.astimezone(ZoneInfo(visit.choices.zone))
        end = local.replace(hour=time.fromisoformat(until).hour, minute=int(until[3:5]), second=0)
        if end <= local:
            end += timedelta(days=1)
        return end - local
    awake = start if content.get("urgent") else after_quiet(start, visit.choices)
    return awake + NOT_AFTER - start


def seen(content: Content) -> str:
    """What a preview showed, as a short hash for its button: any change makes another."""
    bound = {name: content.get(name) for name in _BOUND}
    text = json.dumps(bound, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:SHORT]


async def current(visit: Visit) -> Content:
    await visit.need(Right.WRITE)
    found = lasting(await pending(visit))
    if found is None:
        raise RefusedError("This draft was sent or left already. /broadcast begins a new one.")
    return found


async def go_on(visit: Visit, content: Content) -> None:
    if not content.get("when"):
        await keep(visit, KIND, {**content, "stage": "when"})
        await visit.say(*ask_when(visit))
        return
    await keep(visit, KIND, {**content, "stage": "ready"})
    await preview(visit)


def ask_when(visit: Visit) -> tuple[str, Rows]:
    _ = visit._
    text = _(
        "When? For example: tomorrow 8:30, Monday 9:00, every Mon Wed Fri 8:00,"
        " day 5 of every month 9:00, every workday 8:30."
    )
    rows = [
        [Button(_("Now"), data="b:at:now"), Button(_("Tomorrow 8:30"), data="b:at:tomorrow")],
        [Button(_("Never mind"), data="cancel")],
    ]
    return text, rows


# ---- preview ---------------------------------------------------------------------------------


async def preview(visit: Visit) -> None:
    """The very message, then one card."""
    content = await current(visit)
    plan = plan_of(visit, content)
    await visit.carry(plan.content["parts"])
    await visit.say(*await card(visit, content, plan))


async def card(visit: Visit, content: Content, plan: Plan) -> tuple[str, Rows]:
    _ = visit._
    looked = await checking.look_over_draft(visit, plan, content)
    lines = await checking.card_lines(visit, plan, looked)
    if content.get("reason"):
        lines.append(_("Kept because: {reason}").format(reason=escape(content["reason"])))
    weights = {finding.weight for finding in looked.findings}
    short = seen(content)
    rows: Rows = [
        [
            Button(_("Change the text"), data="b:text"),
            Button(_("Change the time"), data="b:when"),
            Button(_("To whom"), data="b:who"),
        ],
        [
            Button(_("Latest arrival"), data="b:until"),
            Button(_("Without …"), data="b:without"),
            Button(("✓ " if content.get("receipt") else "") + _("Receipts"), data="b:receipt"),
        ],
        [_urgent_button(content, _)],
        [
            Button(_("Send to me alone"), data="b:test"),
            Button(_("Never mind"), data="b:no"),
        ],
    ]
    if Weight.BLOCKS in weights:
        return "\n".join(lines), rows
    if Weight.REASON in weights and not content.get("reason"):
        keep_it = Button(_("Keep it and say why"), data=f"b:why:{short}")
        return "\n".join(lines), [[keep_it], *rows]
    words = _("Submit for approval") if visit.desk.rules.stages else _("Confirm")
    return "\n".join(lines), [[Button(words, data=f"b:ok:{short}")], *rows]


def _urgent_button(content: Content, translate: Translate) -> Button:
    """Urgent ones overtake everything and come at night too; an approval binds that."""
    _ = translate
    on = bool(content.get("urgent"))
    return Button(("✓ " if on else "") + _("Urgent, at night too"), data=f"b:urgent:{int(not on)}")


async def reopen(visit: Visit, row: Mapping[str, Any]) -> None:
    """A broadcast that is not out yet becomes a draft again; any approval is void."""
    plan = broadcasts.plan_of(row)
    async with visit.desk.database.write() as connection:
        if row["state"] != BroadcastState.DRAFT:  # sent back: it is one already
            await broadcasts.move(
                connection, row["id"], BroadcastState.DRAFT, visit.now, approved_by=None
            )
        for push_id in await pushes.of_broadcast(connection, row["id"]):
            push = await pushes.get(connection, push_id)
            if push is not None and push["state"] not in {PushState.DONE, PushState.CANCELLED}:
                await pushes.move(connection, push_id, PushState.CANCELLED, visit.now)
        await audits.record(connection, visit.now, visit.user_id, "broadcast.edit", str(row["id"]))
    local = plan.send_at.isoformat() if plan.send_at else None
    content = {
        "id": row["id"],
        "base": row["bound_sha256"],
        "author": row["created_by"],
        "urgent": plan.lane is Lane.URGENT,
        "html": plan.content["text"],
        "media": plan.content.get("media"),
        "audience": plan.audience.to_json(),
        "receipt": plan.content.get("receipt"),
        "when": {
            "at": local,
            "recurrence": plan.recurrence and plan.recurrence.to_json(),
            "weekday": None,
        },
        "stage": "ready",
    }
    await keep(visit, KIND, content)
    await preview(visit)
