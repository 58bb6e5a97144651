"""A second person's approval: they see the very message, and approve exactly that."""

import logging
from typing import Any

from telegram.error import TelegramError

from bot.domain.broadcast import BroadcastState, check_approval
from bot.domain.office import RIGHTS, Right, Role
from bot.errors import RefusedError
from bot.handlers import checking
from bot.handlers.standing import SHORT, Reader, card
from bot.handlers.visit import Visit, markup
from bot.storage import admins, audits, broadcasts, chats
from digests import Button

log = logging.getLogger(__name__)


async def approve(visit: Visit, broadcast_id: int, short: str) -> None:
    async with visit.desk.database.write() as connection:
        row = await broadcasts.get(connection, broadcast_id)
        if row is None or row["state"] != BroadcastState.REVIEW:
            raise RefusedError("That is no longer possible: the broadcast has moved on meanwhile.")
        bound = row["bound_sha256"]
        check_approval(row["created_by"], visit.user_id, bound[:SHORT], short)
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


async def send_back(visit: Visit, broadcast_id: int, _short: str) -> None:
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
        row = [[Button(_("Show it"), data=f"bc:{values['number']}")]]
        await visit.bot.send_message(user, _(words).format(**values), reply_markup=markup(row))
    except TelegramError as error:
        log.info("an admin was not told: %s", error)


async def ask_for_approval(visit: Visit, broadcast_id: int) -> None:
    """Show everybody who may approve the very message, and the card with its button."""
    async with visit.desk.database.read() as connection:
        row = await broadcasts.get(connection, broadcast_id)
        others = await admins.everybody(connection)
        known = {
            other["user_id"]: await chats.get(connection, other["user_id"]) for other in others
        }
    if row is None:
        return
    author = visit.update.effective_user.full_name if visit.update.effective_user else ""
    for other in others:
        user = other["user_id"]
        if user == visit.user_id or Right.WRITE not in RIGHTS[Role(other["role"])]:
            continue
        reader = Reader.behind(visit.desk, known[user], user, visit.now)
        try:
            await visit.carry_all(row["content"]["parts"], user)
            html, rows = await card(visit.desk, broadcast_id, reader, author)
            await visit.say(html, rows, chat_id=user)
        except TelegramError as error:
            log.info("an admin was not asked: %s", error)
