"""The buttons under a broadcast's preview: change it, test it, confirm or submit it.

A button that confirms carries a hash of what was shown, so nothing goes out that nobody saw; of two
taps one wins and the other is told so.
"""

import dataclasses
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import digests
from bot.domain.broadcast import BroadcastState
from bot.domain.review import Weight
from bot.domain.subscription import Audience
from bot.errors import RefusedError
from bot.handlers import dialogues
from bot.handlers.choosing import LANGUAGE_NAMES
from bot.handlers.dialogues import keep
from bot.handlers.office import approving, checking, reviewing, taking, watching
from bot.handlers.office.drafting import (
    HOURS,
    KIND,
    Content,
    Rows,
    ask_when,
    card,
    current,
    go_on,
    plan_of,
    seen,
)
from bot.handlers.visit import Visit
from bot.storage import audits, broadcasts, drafts, reviews
from bot.storage.broadcasts import Plan
from digests import Button

# ---- buttons under the preview ---------------------------------------------------------------


async def press(visit: Visit) -> None:
    """b:ACT[:…]."""
    act = visit.argument.partition(":")[0]
    acts = {
        "ok": _confirm,
        "at": _at,
        "receipt": taking.ask_receipt,
        "text": _again,
        "when": _again,
        "until": _again,
        "without": _again,
        "urgent": _urgent,
        "why": _again,
        "who": _who,
        "test": _test,
        "no": _leave,
        "pass": taking.from_passage,
        "show": _show_again,
        "new": taking.begin_anew,
    }
    if act not in acts:
        raise RefusedError("This button is not valid any more.")
    await acts[act](visit)


async def _again(visit: Visit) -> None:
    """Ask for one thing anew; the rest stays."""
    _ = visit._
    act, _short = visit.arguments(2)
    content = await current(visit)
    stage = "reason" if act == "why" else act
    await keep(visit, KIND, {**content, "stage": stage})
    if stage == "when":
        await visit.say(*ask_when(visit))
        return
    questions = {
        "text": _("Send the text anew; time and audience stay."),
        "until": _("Until what time may it still arrive? For example: 12:00."),
        "reason": _("Why does it stay as it is? A few words; they are recorded."),
        "without": _("Who is left out? Send the chats' numbers, or a dash for nobody."),
    }
    await visit.say(questions[stage], [[Button(_("‹ Back"), data="b:show")]])


async def _show_again(visit: Visit) -> None:
    await go_on(visit, await current(visit))


async def _at(visit: Visit) -> None:
    _act, word = visit.arguments(2)
    content = await current(visit)
    if word == "now":
        await go_on(visit, {**content, "when": {"at": None}})
        return
    words = {"tomorrow": "明天8:30"} | {f"today{hour}": f"今天{hour}:00" for hour in HOURS}
    if word not in words:
        raise RefusedError("This button is not valid any more.")
    await taking.take_time(visit, content, words[word])


async def _leave(visit: Visit) -> None:
    await dialogues.cancel(visit)


async def _urgent(visit: Visit) -> None:
    """b:urgent:1|0."""
    _act, on = visit.arguments(2)
    content = await current(visit)
    content = {**content, "urgent": on == "1", "stage": "ready"}
    await keep(visit, KIND, content)
    await visit.turn(*await card(visit, content, plan_of(visit, content)))


async def _test(visit: Visit) -> None:
    content = await current(visit)
    await visit.carry(plan_of(visit, content).content["parts"])
    await visit.toast(visit._("Sent to you alone."))


async def _confirm(visit: Visit) -> None:
    """b:ok:HASH."""
    _ = visit._
    _act, short = visit.arguments(2)
    content = await current(visit)
    plan = plan_of(visit, content)
    if seen(content) != short:
        raise RefusedError("It was changed after this card was made. Please look at it again.")
    looked = await checking.look_over_draft(visit, plan, content)
    weights = {finding.weight for finding in looked.findings}
    if Weight.BLOCKS in weights or (Weight.REASON in weights and not content.get("reason")):
        await visit.turn(*await card(visit, content, plan))
        return
    broadcast_id = await _book(visit, content, plan, looked)
    await watching.show(visit, broadcast_id)
    if visit.desk.rules.stages:
        await approving.ask_for_approval(visit.bot, visit.desk, broadcast_id, visit.now)


async def _book(visit: Visit, content: Content, plan: Plan, looked: checking.Looked) -> int:
    """One transaction: the draft goes, the broadcast is there. Whoever comes second is refused."""
    stages = visit.desk.rules.stages
    if plan.send_at is None:
        plan = _at_once(plan, visit.now)
    async with visit.desk.database.write() as connection:
        if not await drafts.drop(connection, visit.chat_id, visit.user_id):
            raise RefusedError("This draft was sent or left already. /broadcast begins a new one.")
        known = content.get("id")
        if known:
            broadcast_id = int(known)
            await broadcasts.change(connection, broadcast_id, plan, content["base"], visit.now)
        else:
            draft = BroadcastState.DRAFT
            broadcast_id = await broadcasts.add(
                connection, plan, now=visit.now, created_by=visit.user_id, state=draft
            )
        if stages:
            author = (visit.user_id, approving.name_of(visit))
            why = content.get("reason", "")
            await reviews.submit(connection, broadcast_id, plan, author, visit.now, why)
        else:
            await broadcasts.move(connection, broadcast_id, BroadcastState.SCHEDULED, visit.now)
        await audits.record(
            connection,
            visit.now,
            visit.user_id,
            "broadcast.submit" if stages else "broadcast.schedule",
            str(broadcast_id),
            sha256=plan.fingerprint(),
            **reviewing.record_of(looked.findings, looked.exact),
            **({"reason": content["reason"]} if content.get("reason") else {}),
        )
    return broadcast_id


def _at_once(plan: Plan, now: datetime) -> Plan:
    return dataclasses.replace(plan, send_at=now)


# ---- to whom ---------------------------------------------------------------------------------

_FIELDS = ("kinds", "roles", "languages", "topics")


async def _who(visit: Visit) -> None:
    """b:who[:FIELD:VALUE:1|0]."""
    _act, name, value, on = visit.arguments(4)
    content = await current(visit)
    audience: dict[str, Any] = dict(content.get("audience", {}))
    if name == "all":
        audience = {}
    elif name:
        if name not in _FIELDS or value not in {option for option, _ in _options(visit)[name]}:
            raise RefusedError("This button is not valid any more.")
        chosen = set(audience.get(name, ()))
        chosen = chosen | {value} if on == "1" else chosen - {value}
        audience[name] = sorted(chosen)
    audience = {key: values for key, values in audience.items() if values}
    content = {**content, "audience": audience, "stage": "ready"}
    await keep(visit, KIND, content)
    await visit.turn(*await _who_page(visit, audience))


def _options(visit: Visit) -> dict[str, list[tuple[str, str]]]:
    _ = visit._
    return {
        "kinds": [
            ("private", _("Readers")),
            ("group", _("Groups")),
            ("channel", _("Channels")),
        ],
        "roles": [
            ("village", _("Village or community")),
            ("town", _("Town or street")),
            ("department", _("City or county department")),
        ],
        "languages": list(LANGUAGE_NAMES.items()),
        "topics": [(topic.id, topic.name(visit.language)) for topic in digests.topics()],
    }


async def _who_page(visit: Visit, audience: Mapping[str, Any]) -> tuple[str, Rows]:
    _ = visit._
    counts = await checking.counted(visit, Audience.from_json(audience))
    rows: Rows = []
    for name, options in _options(visit).items():
        buttons = []
        for value, words in options:
            on = value in audience.get(name, ())
            data = f"b:who:{name}:{value}:{int(not on)}"
            buttons.append(Button(("✓ " if on else "") + words, data=data))
        wide = 2 if name == "topics" else 3  # a phone cuts what is too long for its place
        rows += [buttons[i : i + wide] for i in range(0, len(buttons), wide)]
    rows.append(
        [Button(_("Everybody"), data="b:who:all"), Button(_("To the preview"), data="b:show")]
    )
    text = _("To whom? Nothing ticked means everybody. At present: {count}.").format(count=counts)
    return text, rows
