"""A broadcast while it runs: pause, go on, cancel; its card edits itself, counted from rows."""

import hashlib
import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from telegram import Bot
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, TelegramError

from bot.domain.broadcast import STOPPABLE, BroadcastState
from bot.domain.message import PushState
from bot.domain.office import Right
from bot.errors import RefusedError
from bot.handlers.desk import Desk
from bot.handlers.office import acknowledging, approving, drafting, exporting, following, tracing
from bot.handlers.office.displaying import card
from bot.handlers.office.standing import Reader
from bot.handlers.visit import Rows, Visit, markup, number
from bot.storage import audits, broadcasts, cards, chats, followups, pushes

log = logging.getLogger(__name__)


async def show(visit: Visit, broadcast_id: int) -> None:
    """Put the broadcast's card in place of the message; from now on it edits itself."""
    html, rows = await card(visit.desk, broadcast_id, Reader.of(visit))
    await visit.turn(html, rows)
    message = visit.message
    if message is not None and visit.press is not None:
        shown = _shown(html, rows)
        async with visit.desk.database.write() as connection:
            await cards.put(connection, broadcast_id, visit.chat_id, message.message_id, shown)


def _shown(html: str, rows: Rows) -> str:
    """What a card shows, short: it is edited only when that changes."""
    return hashlib.sha256(f"{html}{rows}".encode()).hexdigest()


async def press(visit: Visit) -> None:
    """bc:ID[:ACT[:HASH]]."""
    word, act, short = visit.arguments(3)
    broadcast_id = number(word, 1)
    await visit.need(Right.LOOK if act in {"", "xlsx", "form", "acks"} else Right.WRITE)
    acts = {
        "ok": approving.approve,
        "pause": _pause,
        "go": _go_on,
        "no": _cancel,
    }
    if act == "xlsx":
        await exporting.of_broadcast(visit, broadcast_id)
        return
    pages = {
        "edit": _edit,
        "back": approving.ask_why,
        "form": tracing.send_form,
        "acks": acknowledging.send_table,
    }
    if act in pages:
        await pages[act](visit, broadcast_id, short)
        return
    afterwards = {"rc": following.ask_recall, "nu": following.ask_nudge}
    if act in afterwards:
        if await afterwards[act](visit, broadcast_id, short):
            await show(visit, broadcast_id)
        return
    if act and act not in acts:
        raise RefusedError("This button is not valid any more.")
    if act:
        await acts[act](visit, broadcast_id, short)
    await show(visit, broadcast_id)


async def _edit(visit: Visit, broadcast_id: int, _short: str) -> None:
    async with visit.desk.database.read() as connection:
        row = await broadcasts.get(connection, broadcast_id)
    if row is None:
        raise RefusedError("That broadcast is not here any more.")
    await drafting.reopen(visit, row)


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
        ended = row is None or await _is_over(connection, row, now)
    if row is not None:
        reader = Reader.behind(desk, chat, one["chat_id"], now)
        html, rows = await card(desk, one["broadcast_id"], reader)
        shown = _shown(html, rows)
        if shown != one["shown"]:
            if not await _edit_card(bot, one, html, rows):
                return
            async with desk.database.write() as connection:
                await cards.put(
                    connection, one["broadcast_id"], one["chat_id"], one["message_id"], shown
                )
    if ended:
        async with desk.database.write() as connection:
            await cards.drop(connection, one["broadcast_id"], one["chat_id"])


async def _is_over(connection: Any, row: Mapping[str, Any], now: datetime) -> bool:
    """Whether nothing on a card will change any more."""
    receipt = row["content"].get("receipt")
    if row["state"] in STOPPABLE or (receipt and now < datetime.fromisoformat(receipt["until"])):
        return False
    gone_out = await pushes.of_broadcast(connection, row["id"])
    known = await followups.progress(connection, gone_out[0]) if gone_out else []
    return all(one.ended for one in known)


async def _edit_card(bot: Bot, one: Mapping[str, Any], html: str, rows: Rows) -> bool:
    """False: it is to be tried again at the next tick."""
    try:
        await bot.edit_message_text(
            html,
            chat_id=one["chat_id"],
            message_id=one["message_id"],
            parse_mode=ParseMode.HTML,
            reply_markup=markup(rows),
        )
    except (BadRequest, ChatMigrated, Forbidden) as error:
        log.info("a card could not be edited: %s", error)
    except TelegramError as error:
        log.warning("a card is edited later: %s", error)
        return False
    return True
