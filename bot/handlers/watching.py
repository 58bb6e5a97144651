"""/pushes, and the card of one broadcast: approve, pause, go on, cancel, the sum that adds up.

The card edits itself while the broadcast runs; whatever it shows is counted from rows.
"""

import hashlib
import io
import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from telegram import Bot, InputFile
from telegram.constants import ParseMode
from telegram.error import BadRequest, TelegramError

from bot.domain.broadcast import STOPPABLE, BroadcastState, check_approval
from bot.domain.content import visible
from bot.domain.message import PushState
from bot.domain.office import RIGHTS, Right, Role
from bot.errors import RefusedError
from bot.handlers import checking
from bot.handlers.desk import Desk
from bot.handlers.visit import Rows, Visit, escape, markup, number
from bot.handlers.wording import moment_words, sums_words
from bot.storage import admins, audits, broadcasts, cards, chats, halts, outbox, pushes
from bot.texts import Translate
from digests import Button

log = logging.getLogger(__name__)

_SHORT = 8
LISTED = 10
EXPORTED = 1_000_000


# ---- one broadcast ---------------------------------------------------------------------------


async def show(visit: Visit, broadcast_id: int) -> None:
    """Put the broadcast's card in place of the message; from now on it edits itself."""
    html, rows = await card(visit.desk, broadcast_id, _Reader.of(visit))
    await visit.turn(html, rows)
    message = visit.message
    if message is not None and visit.press is not None:
        async with visit.desk.database.write() as connection:
            await cards.put(connection, broadcast_id, visit.chat_id, message.message_id)


class _Reader:
    """For whom a card is written: language, zone, who they are."""

    def __init__(self, language: str, zone: str, user_id: int, now: datetime) -> None:
        self.language = language
        self.zone = zone
        self.user_id = user_id
        self.now = now

    @classmethod
    def of(cls, visit: Visit) -> "_Reader":
        return cls(visit.language, visit.choices.zone, visit.user_id, visit.now)


async def card(desk: Desk, broadcast_id: int, reader: _Reader) -> tuple[str, list[list[Button]]]:
    """Where a broadcast stands, its sums, and what can be done now."""
    _ = desk.texts.translate(reader.language)
    async with desk.database.read() as connection:
        row = await broadcasts.get(connection, broadcast_id)
        if row is None:
            raise RefusedError("That broadcast is not here any more.")
        gone_out = await pushes.of_broadcast(connection, broadcast_id)
        sums = await pushes.sums(connection, gone_out[0]) if gone_out else None
        push = await pushes.get(connection, gone_out[0]) if gone_out else None
    state = BroadcastState(row["state"])
    lines = [
        f"<b>{_('Broadcast')} {broadcast_id}</b> · {state_words(state, _)}",
        escape(visible(row["content"].get("text", ""))[:80]),
    ]
    if row["send_at"] is not None and state in {BroadcastState.REVIEW, BroadcastState.SCHEDULED}:
        when = moment_words(row["send_at"], reader.zone, reader.now, reader.language, _)
        lines.append(_("Goes out: {when}").format(when=when))
    if sums is not None:
        lines.append(sums_words(sums, _))
        lines += [
            f"{reason_words(reason, _)}: {count:,}" for reason, count in sums["reasons"].items()
        ]
    if push is not None and push["reason"]:
        lines.append(_("Stopped by itself: {reason}").format(reason=escape(push["reason"])))
    return "\n".join(line for line in lines if line), _rows(row, reader, _)


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
        "forgotten": _("the reader deleted their data"),
        "stopped": _("the reader had unsubscribed"),
    }
    return names.get(reason, reason)


def _rows(row: Mapping[str, Any], reader: _Reader, translate: Translate) -> list[list[Button]]:
    _ = translate
    data = f"bc:{row['id']}"
    state = BroadcastState(row["state"])
    edit = Button(_("Change"), data=f"{data}:edit")
    cancel = Button(_("Cancel it"), data=f"{data}:no")
    match state:
        case BroadcastState.REVIEW:
            approve = Button(_("Approve"), data=f"{data}:ok:{row['bound_sha256'][:_SHORT]}")
            back = Button(_("Send back"), data=f"{data}:back")
            rows = [[edit, cancel]]
            if reader.user_id != row["created_by"]:
                rows.insert(0, [approve, back])
            return rows
        case BroadcastState.SCHEDULED:
            return [[edit, cancel]]
        case BroadcastState.RUNNING:
            return [[Button(_("Pause it"), data=f"{data}:pause"), cancel]]
        case BroadcastState.PAUSED:
            return [[Button(_("Go on"), data=f"{data}:go"), cancel]]
        case BroadcastState.DRAFT:
            return []
        case BroadcastState.DONE | BroadcastState.CANCELLED:
            return [[Button(_("Table (.xlsx)"), data=f"{data}:xlsx")]]


async def press(visit: Visit) -> None:
    """bc:ID[:ACT[:HASH]]."""
    word, act, short = visit.arguments(3)
    broadcast_id = number(word, 1)
    await visit.need(Right.LOOK if act in {"", "xlsx"} else Right.WRITE)
    acts = {
        "ok": _approve,
        "back": _send_back,
        "edit": _edit,
        "pause": _pause,
        "go": _go_on,
        "no": _cancel,
    }
    if act == "xlsx":
        await _export_broadcast(visit, broadcast_id)
        return
    if act and act not in acts:
        raise RefusedError("This button is not valid any more.")
    if act == "edit":
        await _edit(visit, broadcast_id, short)
        return
    if act:
        await acts[act](visit, broadcast_id, short)
    await show(visit, broadcast_id)


async def _approve(visit: Visit, broadcast_id: int, short: str) -> None:
    async with visit.desk.database.write() as connection:
        row = await broadcasts.get(connection, broadcast_id)
        if row is None or row["state"] != BroadcastState.REVIEW:
            raise RefusedError("That is no longer possible: the broadcast has moved on meanwhile.")
        bound = row["bound_sha256"]
        check_approval(row["created_by"], visit.user_id, bound[:_SHORT], short)
        if row["send_at"] is not None and row["send_at"] < visit.now:
            late = row["send_at"].timestamp() + row["not_after_s"]
            if visit.now.timestamp() > late:
                raise checking.PastTimeError(row["send_at"])
        await broadcasts.approve(connection, broadcast_id, bound, visit.user_id, visit.now)
        await audits.record(
            connection,
            visit.now,
            visit.user_id,
            "broadcast.approve",
            str(broadcast_id),
            sha256=bound,
        )
    await _tell(visit, row["created_by"], "Broadcast {number} was approved.", number=broadcast_id)


async def _send_back(visit: Visit, broadcast_id: int, _short: str) -> None:
    async with visit.desk.database.write() as connection:
        row = await broadcasts.get(connection, broadcast_id)
        if row is None or row["state"] != BroadcastState.REVIEW:
            raise RefusedError("That is no longer possible: the broadcast has moved on meanwhile.")
        await broadcasts.move(connection, broadcast_id, BroadcastState.DRAFT, visit.now)
        await audits.record(
            connection, visit.now, visit.user_id, "broadcast.reject", str(broadcast_id)
        )
    await _tell(visit, row["created_by"], "Broadcast {number} was sent back.", number=broadcast_id)


async def _tell(visit: Visit, user: int | None, words: str, **values: Any) -> None:
    """Tell another admin; one who blocked the bot is not told."""
    if user is None or user == visit.user_id:
        return
    async with visit.desk.database.read() as connection:
        chat = await chats.get(connection, user)
    _ = visit.desk.texts.translate(chat["language"] if chat else visit.desk.office.language)
    try:
        await visit.bot.send_message(user, _(words).format(**values))
    except TelegramError as error:
        log.info("an admin was not told: %s", error)


async def ask_for_approval(visit: Visit, broadcast_id: int) -> None:
    """Show everybody who may approve the very message, and the card with its button."""
    from bot.handlers.broadcasting import send_parts

    async with visit.desk.database.read() as connection:
        row = await broadcasts.get(connection, broadcast_id)
        others = await admins.everybody(connection)
    if row is None:
        return
    for other in others:
        user = other["user_id"]
        if user == visit.user_id or Right.WRITE not in RIGHTS[Role(other["role"])]:
            continue
        reader = _Reader(visit.language, visit.choices.zone, user, visit.now)
        try:
            await send_parts(visit, broadcasts.plan_of(row), user)
            html, rows = await card(visit.desk, broadcast_id, reader)
            await visit.say(html, rows, chat_id=user)
        except TelegramError as error:
            log.info("an admin was not asked: %s", error)


async def _edit(visit: Visit, broadcast_id: int, _short: str) -> None:
    from bot.handlers import broadcasting

    async with visit.desk.database.read() as connection:
        row = await broadcasts.get(connection, broadcast_id)
    if row is None:
        raise RefusedError("That broadcast is not here any more.")
    await broadcasting.reopen(visit, row)


async def _pause(visit: Visit, broadcast_id: int, _short: str) -> None:
    await _both(visit, broadcast_id, BroadcastState.PAUSED, PushState.PAUSED)


async def _go_on(visit: Visit, broadcast_id: int, _short: str) -> None:
    await _both(visit, broadcast_id, BroadcastState.RUNNING, PushState.RUNNING)


async def _cancel(visit: Visit, broadcast_id: int, _short: str) -> None:
    await _both(visit, broadcast_id, BroadcastState.CANCELLED, PushState.CANCELLED)


async def _both(visit: Visit, broadcast_id: int, to: BroadcastState, push_to: PushState) -> None:
    """The broadcast and its live push move together, or neither does."""
    async with visit.desk.database.write() as connection:
        await broadcasts.move(connection, broadcast_id, to, visit.now)
        for push_id in (await pushes.of_broadcast(connection, broadcast_id))[:1]:
            push = await pushes.get(connection, push_id)
            if push is not None and push["state"] not in {PushState.DONE, PushState.CANCELLED}:
                await pushes.move(connection, push_id, push_to, visit.now)
        await audits.record(
            connection, visit.now, visit.user_id, f"broadcast.{to}", str(broadcast_id)
        )


# ---- all pushes ------------------------------------------------------------------------------


async def listed(visit: Visit) -> None:
    """/pushes."""
    await visit.need(Right.LOOK)
    _ = visit._
    async with visit.desk.database.read() as connection:
        rows = await pushes.latest(connection, LISTED)
        waiting = await broadcasts.in_states(
            connection, BroadcastState.REVIEW, BroadcastState.SCHEDULED
        )
        sums = {row["id"]: await pushes.sums(connection, row["id"]) for row in rows}
        halted = await halts.since(connection)
    lines = [f"<b>{_('Pushes')}</b>"]
    if halted is not None:
        lines.append(_("Everything is stopped. /resume goes on."))
    buttons = []
    for row in waiting:
        when = _when(row["send_at"], visit)
        state = state_words(BroadcastState(row["state"]), _)
        lines.append(f"{_('Broadcast')} {row['id']} · {state} · {when}")
        buttons.append(Button(f"{_('Broadcast')} {row['id']}", data=f"bc:{row['id']}"))
    for row in rows:
        title = escape((row["title"] or row["key"])[:40])
        lines.append(f"{row['id']}  {title} · {_when(row['not_before'], visit)}")
        lines.append("    " + sums_words(sums[row["id"]], _))
        buttons.append(Button(str(row["id"]), data=f"pu:{row['id']}"))
    if not rows and not waiting:
        lines.append(_("Nothing has been sent yet."))
    await visit.turn("\n".join(lines), [buttons[i : i + 4] for i in range(0, len(buttons), 4)])


def _when(moment: datetime | None, visit: Visit) -> str:
    if moment is None:
        return "—"
    return moment_words(moment, visit.choices.zone, visit.now, visit.language, visit._)


async def press_push(visit: Visit) -> None:
    """pu:ID[:pause|go|no|xlsx]."""
    word, act = visit.arguments(2)
    push_id = number(word, 1)
    await visit.need(Right.LOOK if act in {"", "xlsx"} else Right.WRITE)
    moves = {"pause": PushState.PAUSED, "go": PushState.RUNNING, "no": PushState.CANCELLED}
    if act == "xlsx":
        await _export(visit, push_id)
        return
    async with visit.desk.database.read() as connection:
        row = await pushes.get(connection, push_id)
    if row is None or (act and act not in moves):
        raise RefusedError("This button is not valid any more.")
    if row["broadcast_id"] is not None:
        await show(visit, row["broadcast_id"])
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
        f"<b>{push_id}</b> {escape(row['title'] or row['key'])} · {push_words(row['state'], _)}",
        sums_words(sums, _),
        *(f"{reason_words(reason, _)}: {count:,}" for reason, count in sums["reasons"].items()),
    ]
    buttons = [Button(_("Table (.xlsx)"), data=f"pu:{push_id}:xlsx")]
    if row["state"] in {PushState.PLANNING, PushState.RUNNING, PushState.SCHEDULED}:
        buttons.insert(0, Button(_("Pause it"), data=f"pu:{push_id}:pause"))
    if row["state"] in {PushState.PAUSED, PushState.STOPPED}:
        buttons.insert(0, Button(_("Go on"), data=f"pu:{push_id}:go"))
        buttons.insert(1, Button(_("Cancel it"), data=f"pu:{push_id}:no"))
    await visit.turn("\n".join(lines), [buttons, [Button(_("‹ Back"), data="pu:0")]])


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


# ---- the table -------------------------------------------------------------------------------


async def _export_broadcast(visit: Visit, broadcast_id: int) -> None:
    async with visit.desk.database.read() as connection:
        gone_out = await pushes.of_broadcast(connection, broadcast_id)
    if not gone_out:
        raise RefusedError("Nothing of it went out, so there is no table.")
    await _export(visit, gone_out[0])


async def _export(visit: Visit, push_id: int) -> None:
    """Who got what, as .xlsx: one sheet with the sums, one with a line per message."""
    import asyncio

    _ = visit._
    async with visit.desk.database.read() as connection:
        sums = await pushes.sums(connection, push_id)
        rows = await outbox.of_push(connection, push_id, EXPORTED)
    headers = [_("chat"), _("part"), _("state"), _("reason"), _("message"), _("time")]
    data = await asyncio.to_thread(workbook, headers, rows, sums)
    await visit.bot.send_document(
        visit.chat_id,
        InputFile(io.BytesIO(data), filename=f"push-{push_id}.xlsx"),
        caption=sums_words(sums, _),
    )


def workbook(
    headers: list[str], rows: Sequence[Mapping[str, Any]], sums: Mapping[str, Any]
) -> bytes:
    """The table's bytes; text never begins a formula."""
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    first = book.add_worksheet("sums")
    for place, (name, value) in enumerate(
        [*((k, v) for k, v in sums.items() if k != "reasons"), *sums["reasons"].items()]
    ):
        first.write_row(place, 0, [name, value])
    sheet = book.add_worksheet("messages")
    sheet.write_row(0, 0, headers)
    for place, row in enumerate(rows, 1):
        sheet.write_row(
            place,
            0,
            [
                str(row["chat_id"]),
                row["part"] + 1,
                row["state"],
                row["reason"],
                row["message_id"] or "",
                row["changed_at"].isoformat(timespec="seconds"),
            ],
        )
    book.close()
    return out.getvalue()


# ---- stop everything -------------------------------------------------------------------------


async def halt(visit: Visit) -> None:
    """/halt: nothing more leaves, from now on; replies go on."""
    await visit.need(Right.WRITE)
    _ = visit._
    async with visit.desk.database.write() as connection:
        await halts.stop(connection, visit.user_id, visit.now)
        await audits.record(connection, visit.now, visit.user_id, "halt")
    await visit.say(
        _("Everything is stopped: no digest and no broadcast leaves. Look-ups go on.")
        + "\n"
        + _("/resume goes on. What is past its latest time by then is skipped and listed."),
        [[Button(_("Go on"), data="resume")]],
    )


async def resume(visit: Visit) -> None:
    """/resume."""
    await visit.need(Right.WRITE)
    _ = visit._
    async with visit.desk.database.write() as connection:
        was = await halts.go_on(connection)
        await audits.record(connection, visit.now, visit.user_id, "resume")
    await visit.turn(_("It goes on.") if was else _("Nothing was stopped."))


async def tell_of_stop(bot: Bot, desk: Desk, push_id: int, why: str) -> None:
    """Every admin who may write hears that a push stopped by itself, with its buttons."""
    async with desk.database.read() as connection:
        everybody = await admins.everybody(connection)
    for row in everybody:
        if Right.WRITE not in RIGHTS[Role(row["role"])]:
            continue
        async with desk.database.read() as connection:
            chat = await chats.get(connection, row["user_id"])
        _ = desk.texts.translate(chat["language"] if chat else desk.office.language)
        text = _("Push {number} stopped by itself: {reason}. Nothing more of it is sent.")
        try:
            await bot.send_message(
                row["user_id"],
                text.format(number=push_id, reason=why),
                reply_markup=markup([[Button(_("Pushes"), data=f"pu:{push_id}")]]),
            )
        except TelegramError as error:
            log.info("an admin was not told: %s", error)


# ---- cards that edit themselves --------------------------------------------------------------


async def refresh_cards(bot: Bot, desk: Desk, now: datetime) -> None:
    """Bring every card up to date; one that shows the end is left alone from then on."""
    async with desk.database.read() as connection:
        watched = await cards.everything(connection)
    for one in watched:
        await _refresh(bot, desk, now, one)


async def _refresh(bot: Bot, desk: Desk, now: datetime, one: Mapping[str, Any]) -> None:
    async with desk.database.read() as connection:
        row = await broadcasts.get(connection, one["broadcast_id"])
        chat = await chats.get(connection, one["chat_id"])
    language = chat["language"] if chat else desk.office.language
    zone = (chat["zone"] if chat else "") or desk.office.hours.zone
    ended = row is None or row["state"] not in STOPPABLE
    if row is not None:
        reader = _Reader(language, zone, one["chat_id"], now)
        html, rows = await card(desk, one["broadcast_id"], reader)
        shown = hashlib.sha256(f"{html}{rows}".encode()).hexdigest()
        if shown != one["shown"]:
            await _edit_card(bot, one, html, rows)
            async with desk.database.write() as connection:
                await cards.put(
                    connection, one["broadcast_id"], one["chat_id"], one["message_id"], shown
                )
    if ended:
        async with desk.database.write() as connection:
            await cards.drop(connection, one["broadcast_id"], one["chat_id"])


async def _edit_card(bot: Bot, one: Mapping[str, Any], html: str, rows: Rows) -> None:
    try:
        await bot.edit_message_text(
            html,
            chat_id=one["chat_id"],
            message_id=one["message_id"],
            parse_mode=ParseMode.HTML,
            reply_markup=markup(rows),
        )
    except BadRequest as error:
        log.info("a card could not be edited: %s", error)
    except TelegramError as error:
        log.warning("a card could not be edited: %s", error)
