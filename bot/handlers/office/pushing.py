"""/pushes: everything that went out, its sums that add up, and the table of who got what."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from telegram.ext import ExtBot

from bot.domain.broadcast import BroadcastState
from bot.domain.content import visible
from bot.domain.message import PushKind, PushState
from bot.domain.office import Right
from bot.errors import RefusedError
from bot.handlers.desk import Desk
from bot.handlers.office import exporting, watching
from bot.handlers.office.standing import reasons_words, state_words
from bot.handlers.office.telling import tell_writers
from bot.handlers.visit import Visit, escape, number
from bot.handlers.wording import moment_words, sums_words
from bot.storage import audits, broadcasts, halts, pushes
from bot.texts import Translate
from digests import Button, day_in_year

LISTED = 6


async def listed(visit: Visit) -> None:
    """/pushes."""
    await visit.need(Right.LOOK)
    await _list(visit, 0)


async def _list(visit: Visit, page: int) -> None:
    _ = visit._
    async with visit.desk.database.read() as connection:
        rows = await pushes.latest(connection, LISTED + 1, page * LISTED)
        waits = (BroadcastState.REVIEW, BroadcastState.SCHEDULED, BroadcastState.DRAFT)
        waiting = await broadcasts.in_states(connection, *waits) if not page else []
        shown = rows[:LISTED]
        sums = {row["id"]: await pushes.sums(connection, row["id"]) for row in shown}
        halted = await halts.since(connection)
    lines = [f"<b>{_('Pushes')}</b>"]
    if halted is not None:
        lines.append(_("Everything is stopped. /resume goes on."))
    buttons = []
    for row in waiting:
        state = state_words(BroadcastState(row["state"]), _)
        when = _when(row["send_at"], visit)
        lines.append(f"{_('Broadcast')} {row['id']} · {state} · {when}")
        buttons.append(Button(f"{_('Broadcast')} {row['id']}", data=f"bc:{row['id']}"))
    for row in shown:
        title = escape(title_of(row, visit)[:40])
        lines.append(f"{row['id']}  {title} · {_when(row['not_before'], visit)}")
        lines.append("    " + sums_words(sums[row["id"]], _))
        buttons.append(Button(str(row["id"]), data=f"pu:{row['id']}"))
    if not shown and not waiting:
        lines.append(_("Nothing has been sent yet."))
    turn = [Button(_("Newer"), data=f"pu:l:{page - 1}")] if page else []
    turn += [Button(_("Older"), data=f"pu:l:{page + 1}")] if len(rows) > LISTED else []
    grid = [buttons[i : i + 4] for i in range(0, len(buttons), 4)]
    await visit.turn("\n".join(lines), [*grid, turn] if turn else grid)


def _when(moment: datetime | None, visit: Visit) -> str:
    if moment is None:
        return "—"
    return moment_words(moment, visit.choices.zone, visit.now, visit.language, visit._)


async def press(visit: Visit) -> None:
    """pu:ID[:pause|go|no|xlsx]; pu:l:PAGE."""
    word, act = visit.arguments(2)
    if word == "l":
        await visit.need(Right.LOOK)
        await _list(visit, number(act or "0", 0, 10**6))
        return
    push_id = number(word, 1)
    await visit.need(Right.LOOK if act in {"", "xlsx"} else Right.WRITE)
    moves = {"pause": PushState.PAUSED, "go": PushState.RUNNING, "no": PushState.CANCELLED}
    if act == "xlsx":
        await exporting.of_push(visit, push_id)
        return
    async with visit.desk.database.read() as connection:
        row = await pushes.get(connection, push_id)
    if row is None or (act and act not in moves):
        raise RefusedError("This button is not valid any more.")
    if row["broadcast_id"] is not None:
        await watching.show(visit, row["broadcast_id"])
        return
    if act:
        async with visit.desk.database.write() as connection:
            await pushes.move(connection, push_id, moves[act], visit.now)
            await audits.record(connection, visit.now, visit.user_id, f"push.{act}", str(push_id))
    await _one_push(visit, push_id)


async def _one_push(visit: Visit, push_id: int) -> None:
    _ = visit._
    async with visit.desk.database.read() as connection:
        row = await pushes.get(connection, push_id)
        sums = await pushes.sums(connection, push_id)
    if row is None:
        raise RefusedError("That push is not here any more.")
    lines = [
        f"<b>{push_id}</b> {escape(title_of(row, visit))} · {push_words(row['state'], _)}",
        sums_words(sums, _),
        *reasons_words(sums["reasons"], _),
    ]
    buttons = [Button(_("Table (.xlsx)"), data=f"pu:{push_id}:xlsx")]
    if row["state"] in {PushState.PLANNING, PushState.RUNNING, PushState.SCHEDULED}:
        buttons.insert(0, Button(_("Pause it"), data=f"pu:{push_id}:pause"))
    if row["state"] in {PushState.PAUSED, PushState.STOPPED}:
        buttons.insert(0, Button(_("Go on"), data=f"pu:{push_id}:go"))
        buttons.insert(1, Button(_("Cancel it"), data=f"pu:{push_id}:no"))
    await visit.turn("\n".join(lines), [buttons, [Button(_("‹ Back"), data="pu:l:0")]])


def title_of(row: Mapping[str, Any], visit: Visit) -> str:
    """What a push carried: a day's digest, or the beginning of a text."""
    _ = visit._
    if row["kind"] == PushKind.DIGEST:
        day = day_in_year(date.fromisoformat(row["key"]), visit.today, _)
        return _("Daily excerpt of {day}").format(day=day)
    return visible(str(row["title"] or row["key"]))


def push_words(state: str, translate: Translate) -> str:
    """Where a push stands, in words."""
    _ = translate
    names = {
        PushState.PLANNING: _("being prepared"),
        PushState.SCHEDULED: _("scheduled"),
        PushState.RUNNING: _("being sent"),
        PushState.PAUSED: _("paused"),
        PushState.STOPPED: _("stopped by itself"),
        PushState.CANCELLED: _("cancelled"),
        PushState.DONE: _("finished"),
    }
    return names[PushState(state)]


# ---- a push that stopped by itself ----


async def tell_of_stop(bot: ExtBot[Any], desk: Desk, push_id: int, why: str) -> None:
    """Every admin who may write hears that a push stopped by itself, with its buttons."""

    def words(_: Translate) -> tuple[str, list[list[Button]]]:
        text = _("Push {number} stopped by itself: {reason}. Nothing more of it is sent.")
        said = text.format(number=push_id, reason=escape(why))
        return said, [[Button(_("Pushes"), data=f"pu:{push_id}")]]

    await tell_writers(bot, desk, words)
