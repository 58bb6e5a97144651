"""/stop, pausing, /forget: leaving is one word, and nothing is asked."""

import secrets
from datetime import date, timedelta

from bot.domain.moment import parse_day, parse_span
from bot.domain.subscription import ChatState
from bot.errors import RefusedError
from bot.handlers.joining import subscribe
from bot.handlers.visit import Visit
from bot.handlers.welcoming import next_words
from bot.storage import chats
from digests import Button

PAUSES = {"7": 7, "14": 14, "30": 30, "90": 90}
LONGEST = timedelta(days=366)


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
    """/pause [day], 暂停, 暂停到8月1日: for how long?"""
    _ = visit._
    if visit.chat is None or visit.chat["state"] != ChatState.ACTIVE:
        raise RefusedError("You are not subscribed. /start subscribes you.")
    if visit.argument:
        await visit.need_chat_admin()
        span = parse_span(visit.argument, visit.today)
        until = span or parse_day(visit.argument, visit.today)
        if not visit.today < until <= visit.today + LONGEST:
            raise RefusedError("Please name a day within the coming year.")
        await visit.say(await _pause_until(visit, until), [[_go_on(visit)]])
        return
    hint = _("Or send a day, for example: pause until 8/1.")
    await visit.say(_("Pause for how long?") + "\n" + hint, pause_rows(visit))


def may_go_on(visit: Visit) -> bool:
    """Whether something rests here that a word could wake."""
    if visit.chat is None:
        return False
    until = visit.chat["paused_until"]
    return visit.chat["state"] == ChatState.STOPPED or (until is not None and until > visit.today)


async def go_on(visit: Visit) -> None:
    """继续, 恢复: after a pause, or after leaving."""
    if visit.chat is not None and visit.chat["state"] == ChatState.STOPPED:
        await subscribe(visit)
        return
    await visit.say(await set_pause(visit, "0"))


def _go_on(visit: Visit) -> Button:
    return Button(visit._("Go on now"), data="pause:0")


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
        return [row, [_go_on(visit)]]
    return [row]


async def paused(visit: Visit) -> None:
    """pause:DAYS, from the command's message."""
    (days,) = visit.arguments(1)
    words = await set_pause(visit, days)
    rows = [[_go_on(visit)]] if days != "0" else []
    await visit.turn(words, rows)


async def set_pause(visit: Visit, days: str) -> str:
    """Pause or go on; what was done, in words."""
    await visit.need_chat_admin()
    if visit.chat is None or visit.chat["state"] != ChatState.ACTIVE:
        raise RefusedError("You are not subscribed. /start subscribes you.")
    if days != "0" and days not in PAUSES:
        raise RefusedError("This button is not valid any more.")
    until = None if days == "0" else visit.today + timedelta(days=PAUSES[days])
    return await _pause_until(visit, until)


async def _pause_until(visit: Visit, until: date | None) -> str:
    _ = visit._
    async with visit.desk.database.write() as connection:
        visit.chat = await chats.pause(
            connection, visit.chat_id, until, visit.desk.office.hours, visit.now
        )
    words = await next_words(visit)  # says until when it is paused, too
    return words if until is not None else _("It goes on.") + " " + words


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
