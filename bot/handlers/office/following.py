"""After a push: taking its messages back, and one reminder to those who have not tapped “Read”.

Begun by one button with a confirmation; gone through slice by slice as time goes on, in the lane of
bulk messages, so replies stay ahead; a restart goes on where it stopped.
"""

import asyncio
import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from telegram import LinkPreviewOptions
from telegram.error import BadRequest, Forbidden, TelegramError
from telegram.ext import ExtBot

from bot.domain.broadcast import BroadcastState
from bot.domain.followup import FollowUp, Outcome, may_delete
from bot.domain.message import Lane
from bot.errors import RefusedError
from bot.handlers.desk import Desk
from bot.handlers.visit import Visit
from bot.storage import audits, broadcasts, followups, halts, pushes
from bot.storage.followups import Message
from bot.texts import Translate
from digests import Button

log = logging.getLogger(__name__)

SLICE = 60  # messages between two looks at the clock, the emergency stop and the cards
AT_ONCE = 20
RECALLABLE = frozenset({BroadcastState.DONE, BroadcastState.CANCELLED, BroadcastState.SCHEDULED})


# ---- beginning ---------------------------------------------------------------------------------


async def ask_recall(visit: Visit, broadcast_id: int, more: str) -> bool:
    """bc:ID:rc[:yes]: asked once more, then begun; whether it was."""
    _ = visit._
    row, push_id, count = await _what(visit, broadcast_id, FollowUp.RECALL)
    if BroadcastState(row["state"]) not in RECALLABLE:
        raise RefusedError("It is still going out. Please cancel it first, then take it back.")
    if more == "yes":
        return await _begin(visit, broadcast_id, push_id, FollowUp.RECALL)
    text = _(
        "Take back {count} messages? Those of the last 48 hours are deleted; older ones will say"
        " that they were taken back. Who has read them has read them."
    )
    yes = Button(_("Take back"), data=f"bc:{broadcast_id}:rc:yes")
    keep = Button(_("Keep"), data=f"bc:{broadcast_id}")
    await visit.turn(text.format(count=f"{count:,}"), [[yes, keep]])
    return False


async def ask_nudge(visit: Visit, broadcast_id: int, more: str) -> bool:
    """bc:ID:nu[:yes]: one reminder to those who have not tapped, never a second."""
    _ = visit._
    row, push_id, count = await _what(visit, broadcast_id, FollowUp.NUDGE)
    if not row["content"].get("receipt"):
        raise RefusedError("This button is not valid any more.")
    if more == "yes":
        return await _begin(visit, broadcast_id, push_id, FollowUp.NUDGE)
    text = _("Remind {count} who have not tapped “Read”? This can be done once.")
    yes = Button(_("Remind"), data=f"bc:{broadcast_id}:nu:yes")
    keep = Button(_("Do not"), data=f"bc:{broadcast_id}")
    await visit.turn(text.format(count=f"{count:,}"), [[yes, keep]])
    return False


async def _what(
    visit: Visit, broadcast_id: int, kind: FollowUp
) -> tuple[Mapping[str, Any], int, int]:
    async with visit.desk.database.read() as connection:
        row = await broadcasts.get(connection, broadcast_id)
        gone_out = await pushes.of_broadcast(connection, broadcast_id)
        known = await followups.progress(connection, gone_out[0]) if gone_out else []
        count = await followups.count(connection, gone_out[0], kind) if gone_out else 0
    if row is None:
        raise RefusedError("That broadcast is not here any more.")
    if any(one.kind is kind for one in known):
        raise RefusedError("That was begun already; the card shows how far it is.")
    if not count:
        raise RefusedError("There is no message left for that.")
    return row, gone_out[0], count


async def _begin(visit: Visit, broadcast_id: int, push_id: int, kind: FollowUp) -> bool:
    async with visit.desk.database.write() as connection:
        if not await followups.begin(connection, push_id, kind, visit.user_id, visit.now):
            raise RefusedError("That was begun already; the card shows how far it is.")
        act = f"broadcast.{kind}"
        await audits.record(connection, visit.now, visit.user_id, act, str(broadcast_id))
    return True


# ---- going on ----------------------------------------------------------------------------------


async def go_on(bot: ExtBot[Any], desk: Desk, now: datetime) -> None:
    """The next slice of each follow-up that is under way; nothing while everything is stopped."""
    async with desk.database.read() as connection:
        if await halts.since(connection) is not None:
            return
        under_way = await followups.unfinished(connection)
    for push_id, kind in under_way:
        await _slice(bot, desk, push_id, kind, now)


async def _slice(bot: ExtBot[Any], desk: Desk, push_id: int, kind: FollowUp, now: datetime) -> None:
    async with desk.database.read() as connection:
        batch = await followups.next_messages(connection, push_id, kind, SLICE)
        together = await followups.shared(connection, push_id, batch) if batch else set()
    slots = asyncio.Semaphore(AT_ONCE)

    async def one(message: Message) -> tuple[Message, Outcome | None]:
        async with slots:
            if (message.chat_id, message.message_id) in together and kind is FollowUp.RECALL:
                return message, Outcome.SHARED
            act = _take_back if kind is FollowUp.RECALL else _remind
            _ = desk.texts.translate(message.language or desk.office.language)
            return message, await _tried(act(bot, message, now, _))

    found = await asyncio.gather(*(one(message) for message in batch))
    outcomes = [(message, outcome) for message, outcome in found if outcome is not None]
    async with desk.database.write() as connection:
        await followups.record(connection, push_id, kind, outcomes, now)
        if not batch:
            await followups.end(connection, push_id, kind, now)


async def _tried(act: Any) -> Outcome | None:
    """The outcome; None where the way to Telegram is broken: it comes again."""
    try:
        outcome: Outcome = await act
    except (BadRequest, Forbidden) as error:
        log.info("a message could not be followed up: %s", error)
        return Outcome.FAILED
    except TelegramError as error:
        log.warning("a message is followed up later: %s", error)
        return None
    return outcome


async def _take_back(bot: ExtBot[Any], message: Message, now: datetime, _: Translate) -> Outcome:
    if message.message_id is None:
        return Outcome.FAILED
    if may_delete(message.sent_at, now):
        try:
            await bot.delete_message(
                message.chat_id,
                message.message_id,
                rate_limit_args=Lane.BULK,
            )
        except BadRequest as error:
            if "not found" in str(error).lower():
                return Outcome.GONE
            if "can't be deleted" not in str(error).lower():
                raise
        else:
            return Outcome.DELETED
    return await _say_taken_back(bot, message, _("This message has been taken back."))


async def _say_taken_back(bot: ExtBot[Any], message: Message, words: str) -> Outcome:
    place: dict[str, Any] = {"chat_id": message.chat_id, "message_id": message.message_id}
    lane: dict[str, Any] = {"rate_limit_args": Lane.BULK}
    try:
        if message.method == "sendMessage":
            quiet = LinkPreviewOptions(is_disabled=True)
            await bot.edit_message_text(words, **place, link_preview_options=quiet, **lane)
        else:
            await bot.edit_message_caption(**place, caption=words, **lane)
    except BadRequest as error:
        if "not found" in str(error).lower():
            return Outcome.GONE
        if "not modified" not in str(error).lower():
            raise
    return Outcome.EDITED


async def _remind(bot: ExtBot[Any], message: Message, _now: datetime, _: Translate) -> Outcome:
    """An answer to the message itself, so that a tap leads back to its button."""
    await bot.send_message(
        message.chat_id,
        _("Please tap “Read” under this message once you have received it."),
        reply_to_message_id=message.message_id,
        allow_sending_without_reply=True,
        rate_limit_args=Lane.BULK,
    )
    return Outcome.REMINDED
