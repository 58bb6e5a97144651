"""/stop, pausing, /forget: leaving is one word, and nothing is asked."""

import secrets
from datetime import timedelta

from bot.domain.subscription import ChatState
from bot.errors import RefusedError
from bot.handlers.joining import next_words
from bot.handlers.visit import Visit
from bot.handlers.wording import day_words
from bot.storage import chats
from digests import Button

PAUSES = {"7": 7, "14": 14, "30": 30, "90": 90}


async def stop(visit: Visit) -> None:
    """/stop, 退订, TD, 取消订阅."""
    await visit.need_chat_admin()
    async with visit.desk.database.write() as connection:
        await chats.stop(connection, visit.chat_id, visit.now)
    _ = visit._
    await visit.say(
        _("Unsubscribed: nothing is sent any more. Look-ups go on working; choices are kept.")
        + "\n"
        + _("To come back: /start. To delete what is kept about this chat: /forget."),
        [[Button(_("Subscribe again"), data="join")]],
    )


async def pause(visit: Visit) -> None:
    """/pause, 暂停: for how long?"""
    _ = visit._
    if visit.chat is None or visit.chat["state"] != ChatState.ACTIVE:
        raise RefusedError("You are not subscribed. /start subscribes you.")
    await visit.say(_("Pause for how long?"), pause_rows(visit))


def pause_rows(visit: Visit) -> list[list[Button]]:
    """The choices of a pause."""
    _ = visit._
    row = [
        Button(_("1 week"), data="pause:7"),
        Button(_("2 weeks"), data="pause:14"),
        Button(_("1 month"), data="pause:30"),
        Button(_("3 months"), data="pause:90"),
    ]
    until = visit.chat["paused_until"] if visit.chat is not None else None
    if until is not None and until > visit.today:
        return [row, [Button(_("Go on now"), data="pause:0")]]
    return [row]


async def paused(visit: Visit) -> None:
    """pause:DAYS, from the command's message."""
    (days,) = visit.arguments(1)
    words = await set_pause(visit, days)
    _ = visit._
    rows = [[Button(_("Go on now"), data="pause:0")]] if days != "0" else []
    await visit.turn(words, rows)


async def set_pause(visit: Visit, days: str) -> str:
    """Pause or go on; what was done, in words."""
    await visit.need_chat_admin()
    _ = visit._
    if visit.chat is None or visit.chat["state"] != ChatState.ACTIVE:
        raise RefusedError("You are not subscribed. /start subscribes you.")
    if days != "0" and days not in PAUSES:
        raise RefusedError("This button is not valid any more.")
    until = None if days == "0" else visit.today + timedelta(days=PAUSES[days])
    async with visit.desk.database.write() as connection:
        visit.chat = await chats.pause(
            connection, visit.chat_id, until, visit.desk.office.hours, visit.now
        )
    if until is None:
        return _("It goes on.") + " " + await next_words(visit)
    return _("Paused until {day}.").format(day=day_words(until, visit.today, _)) + (
        "\n" + await next_words(visit)
    )


async def forget(visit: Visit) -> None:
    """/forget: asked once, then at once."""
    await visit.need_chat_admin()
    _ = visit._
    await visit.say(
        _("Delete everything kept about this chat: its choices, what was sent to it, its drafts?")
        + "\n"
        + _("Roles in the office stay; an owner takes them back."),
        [
            [
                Button(_("Delete at once"), data="forget:yes"),
                Button(_("Keep"), data="forget:no"),
            ]
        ],
    )


async def forgotten(visit: Visit) -> None:
    """forget:yes|no."""
    _ = visit._
    (how,) = visit.arguments(1)
    if how == "no":
        await visit.turn(_("Nothing was deleted."))
        return
    if how != "yes":
        raise RefusedError("This button is not valid any more.")
    await visit.need_chat_admin()
    stranger = -(2**52) - secrets.randbelow(2**52)  # below every id Telegram gives
    async with visit.desk.database.write() as connection:
        await chats.forget(connection, visit.chat_id, stranger, visit.now)
    visit.chat = None
    await visit.turn(_("Deleted. Nothing about this chat is kept. /start begins anew."))
