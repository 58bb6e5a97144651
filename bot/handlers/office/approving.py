"""Ordered review: each stage by another person, who sees the very message and passes exactly that.

Whoever may act on the open stage is asked with buttons; sending back asks for a reason, by one tap
or in words, and the author hears it. Rights are asked inside the transaction that acts.
"""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from telegram.constants import ParseMode
from telegram.error import TelegramError
from telegram.ext import ExtBot

from bot.domain.approval import Standing, Verdict, check_act, masked, may_act
from bot.domain.broadcast import BroadcastState
from bot.errors import RefusedError
from bot.handlers import dialogues
from bot.handlers.desk import Desk
from bot.handlers.office.displaying import card
from bot.handlers.office.standing import Reader, roles_of
from bot.handlers.office.telling import tell
from bot.handlers.visit import Visit, carry, escape, markup
from bot.storage import audits, broadcasts, chats, reviews
from bot.texts import Translate
from digests import Button

log = logging.getLogger(__name__)

LONGEST_REASON = 300
ASKED = "broadcast.asked"


def name_of(visit: Visit) -> str:
    """The name of the one who acts, half hidden, as it is kept beside the act."""
    user = visit.update.effective_user
    return masked(user.full_name if user else "")


async def approve(visit: Visit, broadcast_id: int, seen: str) -> None:
    """bc:ID:ok:SEAL: the open stage is passed."""
    async with visit.desk.database.write() as connection:
        row, standing = await _open_stage(visit, connection, broadcast_id, seen)
        if row["send_at"] is not None:
            late = row["send_at"].timestamp() + row["not_after_s"]
            if visit.now.timestamp() > late:
                raise RefusedError(
                    "Its time has passed meanwhile. Please send it back or change it."
                )
        await broadcasts.pass_stage(connection, standing, broadcast_id, visit.user_id, visit.now)
        await _record(visit, connection, broadcast_id, standing, Verdict.APPROVED)
    if standing.is_last:
        await _tell_author(
            visit, row, lambda _: _("Broadcast {number} was approved.").format(number=broadcast_id)
        )
    else:
        await ask_for_approval(visit.bot, visit.desk, broadcast_id, visit.now)


async def _open_stage(
    visit: Visit, connection: Any, broadcast_id: int, seen: str
) -> tuple[Mapping[str, Any], Standing]:
    """The broadcast and its open stage, if this person may act on what they saw."""
    row = await broadcasts.get(connection, broadcast_id)
    if row is None or row["state"] != BroadcastState.REVIEW:
        raise RefusedError("That is no longer possible: the broadcast has moved on meanwhile.")
    standing = await reviews.standing(connection, row, visit.desk.rules.stages)
    roles = await roles_of(connection, visit.desk.owners)
    check_act(standing, visit.user_id, roles, seen)
    return row, standing


async def _record(
    visit: Visit,
    connection: Any,
    broadcast_id: int,
    standing: Standing,
    verdict: Verdict,
    reason: str = "",
) -> None:
    await reviews.record(
        connection,
        broadcast_id,
        (standing.round, standing.stage + 1),
        verdict,
        (visit.user_id, name_of(visit)),
        sha256=standing.bound,
        now=visit.now,
        reason=reason,
    )
    act = "broadcast.approve" if verdict is Verdict.APPROVED else "broadcast.reject"
    detail = {"sha256": standing.bound, "stage": standing.stage + 1, "of": standing.stages}
    await audits.record(
        connection,
        visit.now,
        visit.user_id,
        act,
        str(broadcast_id),
        **detail,
        **({"reason": reason} if reason else {}),
    )


# ---- sending back ----------------------------------------------------------------------------


def _common_reasons(translate: Translate) -> tuple[str, ...]:
    _ = translate
    return (
        _("The wording needs work"),
        _("A quotation or figure is wrong"),
        _("Another time, please"),
        _("Another audience, please"),
    )


async def ask_why(visit: Visit, broadcast_id: int, more: str) -> None:
    """bc:ID:back:SEAL[-N]: the reasons to choose from, or the chosen one; w: in words."""
    seen, _dash, chosen = more.partition("-")
    reasons = _common_reasons(visit.desk.texts.translate(visit.desk.office.language))
    if chosen == "w":
        question = visit._("What should be changed? A few words; the author sees them.")
        content = {"id": broadcast_id, "seen": seen}
        await dialogues.ask(visit, "broadcast_back", content, question)
    elif chosen.isascii() and chosen.isdigit() and int(chosen) < len(reasons):
        await _send_back(visit, broadcast_id, seen, reasons[int(chosen)])
        await _show(visit, broadcast_id)
    else:
        async with visit.desk.database.read() as connection:
            await _open_stage(visit, connection, broadcast_id, seen)
        data = f"bc:{broadcast_id}:back:{seen}"
        rows = [
            [Button(words, data=f"{data}-{place}")]
            for place, words in enumerate(_common_reasons(visit._))
        ]
        rows.append(
            [
                Button(visit._("In words"), data=f"{data}-w"),
                Button(visit._("‹ Back"), data=f"bc:{broadcast_id}"),
            ]
        )
        await visit.turn(visit._("Why is it sent back? The author sees the reason."), rows)


async def reason_given(visit: Visit, content: dict[str, Any], text: str) -> None:
    """The reason in words."""
    reason = " ".join(text.split())[:LONGEST_REASON]
    if len(reason) < 2:  # noqa: PLR2004
        raise RefusedError("Please give the reason in a few words.")
    await _send_back(visit, content["id"], content["seen"], reason)
    await _show(visit, content["id"])


async def _send_back(visit: Visit, broadcast_id: int, seen: str, reason: str) -> None:
    async with visit.desk.database.write() as connection:
        row, standing = await _open_stage(visit, connection, broadcast_id, seen)
        await broadcasts.move(connection, broadcast_id, BroadcastState.DRAFT, visit.now)
        await _record(visit, connection, broadcast_id, standing, Verdict.RETURNED, reason)
    said = {"name": escape(name_of(visit)), "reason": escape(reason)}
    await _tell_author(
        visit,
        row,
        lambda _: _("Broadcast {number} was sent back by {name}: {reason}").format(
            number=broadcast_id, **said
        ),
    )


async def _show(visit: Visit, broadcast_id: int) -> None:
    await visit.turn(*await card(visit.desk, broadcast_id, Reader.of(visit)))


# ---- asking and telling others ---------------------------------------------------------------


async def _tell_author(
    visit: Visit, row: Mapping[str, Any], said: Callable[[Translate], str]
) -> None:
    author = row["created_by"]
    if author not in {None, visit.user_id}:
        data = f"bc:{row['id']}"
        await tell(
            visit.bot, visit.desk, author, lambda _: (said(_), [[Button(_("Show it"), data=data)]])
        )


async def ask_about_open(bot: ExtBot[Any], desk: Desk, now: datetime) -> None:
    """Ask about every open stage nobody was asked about: submitted on the command line, or just
    before the program ended.
    """
    async with desk.database.read() as connection:
        waiting = await broadcasts.in_states(connection, BroadcastState.REVIEW)
    for row in waiting:
        await ask_for_approval(bot, desk, row["id"], now)


async def ask_for_approval(bot: ExtBot[Any], desk: Desk, broadcast_id: int, now: datetime) -> None:
    """Show whoever may act on the open stage the very message and its card; once for each stage."""
    async with desk.database.read() as connection:
        row = await broadcasts.get(connection, broadcast_id)
        if row is None or row["state"] != BroadcastState.REVIEW:
            return
        standing = await reviews.standing(connection, row, desk.rules.stages)
        subject = f"{broadcast_id}:{standing.round}:{standing.stage}"
        if await audits.has(connection, ASKED, subject):
            return
        asked = may_act(standing, await roles_of(connection, desk.owners))
        known = {user: await chats.get(connection, user) for user in asked}
    async with desk.database.write() as connection:
        if await audits.has(connection, ASKED, subject):
            return  # another replica was quicker
        await audits.record(connection, now, None, ASKED, subject)
    for user in asked:
        html, rows = await card(desk, broadcast_id, Reader.behind(desk, known[user], user, now))
        try:
            await carry(bot, row["content"]["parts"], user)
            await bot.send_message(user, html, parse_mode=ParseMode.HTML, reply_markup=markup(rows))
        except TelegramError as error:
            log.info("an admin was not asked: %s", error)
