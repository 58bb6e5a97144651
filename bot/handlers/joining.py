"""/start: subscribe, by one tap on who I am; and the links that carry something."""

import re
from datetime import timedelta
from functools import partial

from telegram import KeyboardButton, ReplyKeyboardMarkup

import digests
from bot.domain.message import Lane
from bot.domain.office import Role
from bot.domain.subscription import ROLES, ChatKind, ChatState, pack, unpack
from bot.errors import RefusedError
from bot.handlers import agenda, passages, shelf, today
from bot.handlers.visit import Visit, escape
from bot.handlers.wording import (
    day_words,
    full_day,
    moment_words,
    rhythm_words,
    sentence,
    topic_names,
)
from bot.storage import admins, audits, chats, reports
from bot.storage.database import Connection
from bot.texts import Translate
from digests import Button

RUNNING = 8  # lines of what runs now in the welcome
AT_ONCE = timedelta(seconds=2)  # as many joining in this time are a crowd


async def start(visit: Visit) -> None:
    """/start, with or without something behind it."""
    verb, _, rest = visit.argument.strip().partition("_")
    match verb:
        case "own":
            await _become_admin(visit, rest)
        case "h" | "s":
            await passages.linked(visit, verb, rest)
        case "topic":
            await subscribe(visit, topic=rest)
        case "tasks" | "today" | "contents":
            await _opened(visit, verb)
        case _:
            await subscribe(visit)


async def _opened(visit: Visit, what: str) -> None:
    """Who comes by a channel's button sees what it named, and may subscribe."""
    visit.argument = ""
    match what:
        case "tasks":
            await agenda.tasks(visit)
        case "today":
            await today.today(visit)
        case _:
            await passages.contents(visit)
    await passages.offer(visit)


async def subscribe(visit: Visit, topic: str = "") -> None:
    """Put the chat on the list, with all topics or the one its link named."""
    was_active = visit.chat is not None and visit.chat["state"] == ChatState.ACTIVE
    try:
        await visit.need_chat_admin()
    except RefusedError:
        if topic or not was_active:
            raise
        await _greet_again(visit, "")  # a member's link brought the bot: nothing is asked for
        return
    if topic and topic not in {known.id for known in digests.topics()}:
        raise RefusedError("There is no such topic.")
    visit.chat = await visit.desk.database.transact(partial(_join, visit, topic))
    if was_active:
        await _greet_again(visit, topic)
    elif visit.private:
        await _welcome(visit)
    else:
        await visit.say("\n".join(group_words(visit)), [[settings_button(visit._)]])


async def _join(visit: Visit, topic: str, connection: Connection) -> chats.Chat | None:
    hours = visit.desk.office.hours
    new = await chats.join(
        connection,
        visit.chat_id,
        hours,
        visit.now,
        kind=visit.kind,
        language=visit.language,
        topics=topic,
    )
    if not visit.private:  # what is sent goes to the topic in which it was asked for last
        await chats.choose(connection, visit.chat_id, hours, visit.now, thread_id=visit.thread_id)
    if topic and not new and visit.chat and visit.chat["topics"]:
        topics = pack([*unpack(visit.chat["topics"]), topic])
        await chats.choose(connection, visit.chat_id, hours, visit.now, topics=topics)
    return await chats.get(connection, visit.chat_id)


async def _greet_again(visit: Visit, topic: str) -> None:
    """Who is subscribed already hears when the next one comes; the keyboard is there again."""
    _ = visit._
    lines = [
        _("You are subscribed already."),
        *([topics_words(visit)] if topic else []),
        await next_words(visit),
    ]
    if visit.private:
        await visit.say("\n".join(lines), keyboard=keyboard(_))
    else:
        await visit.say("\n".join(lines), [[settings_button(_)]])


async def _welcome(visit: Visit) -> None:
    """Who speaks, what is there, what was arranged; then what runs now, with the keyboard.

    A message carries one set of buttons. Where a crowd joins at once each gets one message: what
    runs now stands in it, and the keyboard comes with the answer to “who are you”.
    """
    _ = visit._
    running = await _running(visit)
    crowded = _is_crowded(visit)
    lines = [
        _("Hello, I bring excerpts of reports: the original words, unchanged and cited."),
        await _material(visit),
        *(["", *running, ""] if running and crowded else []),
        _("One message a day at {time}; tasks near their time come besides. Who are you?").format(
            time=rhythm_words(visit.choices, visit.language, _)
        ),
        _("“TD” ends it at any time."),
    ]
    await visit.say("\n".join(lines), roles(_))
    if not crowded:
        hint = _(
            "Today, Tasks, Contents and Settings are the buttons below; in words they work too."
        )
        words = "\n".join([*running, "", hint] if running else [hint])
        await visit.say(words, keyboard=keyboard(_), lane=Lane.DIGEST)


def _is_crowded(visit: Visit) -> bool:
    """Whether so many join at once that nobody should wait for somebody's second message."""
    joined = visit.desk.joined
    joined.append(visit.now)
    return len(joined) == joined.maxlen and visit.now - joined[0] < AT_ONCE


def group_words(visit: Visit) -> list[str]:
    """What a group or channel hears when it is subscribed."""
    _ = visit._
    return [
        _("This chat gets an excerpt: {rhythm}.").format(
            rhythm=rhythm_words(visit.choices, visit.language, _)
        ),
        _("Its admins can change that with /settings and end it with /stop."),
    ]


def roles(translate: Translate) -> list[list[Button]]:
    """Who are you?"""
    _ = translate
    return [
        [
            Button(_("Village or community"), data="role:village"),
            Button(_("Town or street"), data="role:town"),
        ],
        [
            Button(_("City or county department"), data="role:department"),
            Button(_("Just looking"), data="role:visitor"),
        ],
    ]


def settings_button(_: Translate) -> Button:
    """Opens the settings."""
    return Button(_("Settings"), data="set")


def keyboard(translate: Translate) -> ReplyKeyboardMarkup:
    """今天 | 任务 | 目录 | 设置, always at hand."""
    _ = translate
    words = (_("Today"), _("Tasks"), _("Contents"), _("Settings"))
    return ReplyKeyboardMarkup(
        [[KeyboardButton(word) for word in words]],
        resize_keyboard=True,
        is_persistent=True,
        input_field_placeholder=_("A number such as 2.5, or words to look up"),
    )


async def _material(visit: Visit) -> str:
    """Which reports there are, in one line; asked of the database, so it is true at any moment."""
    _ = visit._
    async with visit.desk.database.read() as connection:
        found = await reports.newest(connection, shelf.visible_to(visit))
    if found is None:
        return await shelf.nothing(visit)
    title, issued_on, count = found
    words = escape(title)
    if issued_on:
        words = _("{title}, issued {day}").format(title=words, day=full_day(issued_on, _))
    if count == 1:
        return _("Here now: {title}.").format(title=words)
    return _("Here now: {title}, and {count} more.").format(title=words, count=count - 1)


async def _running(visit: Visit) -> list[str]:
    """What runs now or is near, a line each; nothing running: no lines."""
    _ = visit._
    dues = await agenda.running(visit)
    if not dues:
        return []
    named = digests.task_lines(dues, visit.today, _)[:RUNNING]
    lines = [f"{number}  {escape(line)}" for number, line in enumerate(named, 1)]
    more = len(dues) - RUNNING
    tail = [_("And {count} more: send “Tasks”.").format(count=more)] if more > 0 else []
    return [f"<b>{_('To do now')}</b>", *lines, *tail]


async def next_words(visit: Visit) -> str:
    """When the next message comes, in words."""
    _ = visit._
    if visit.chat is None or visit.chat["due_at"] is None:
        return _("Nothing is sent at present.")
    when = moment_words(visit.chat["due_at"], visit.choices.zone, visit.now, visit.language, _)
    words = [_("Next: {when}.").format(when=when)]
    until = visit.chat["paused_until"]
    if until is not None and until > visit.today:
        day = day_words(until, visit.today, _)
        words.insert(0, _("Paused until {day}.").format(day=day))
    return "\n".join(words)


def topics_words(visit: Visit) -> str:
    """Which topics come."""
    names = topic_names(visit.choices.topics, visit.language, visit._)
    return visit._("Topics: {topics}.").format(topics=names)


def _topics_of(role: str) -> tuple[str, ...]:
    """The topics that come with a role; none means all of them."""
    chosen = digests.presets().get(role, ())
    return () if len(chosen) == len(digests.topics()) else tuple(sorted(chosen))


async def choose_role(visit: Visit) -> None:
    """The tap on who I am: the topics that go with it, and it is done."""
    (role,) = visit.arguments(1)
    if role not in ROLES or not visit.private:
        raise RefusedError("This button is not valid any more.")
    _ = visit._
    desk = visit.desk
    topics = _topics_of(role)
    was = (visit.chat["role"], visit.chat["topics"]) if visit.chat else None
    async with desk.database.write() as connection:
        await chats.join(
            connection, visit.chat_id, desk.office.hours, visit.now, language=visit.language
        )
        visit.chat = await chats.choose(
            connection,
            visit.chat_id,
            desk.office.hours,
            visit.now,
            role=role,
            topics=pack(topics),
        )
    lines = [
        _("Done. Topics: {topics}.").format(topics=topic_names(topics, visit.language, _)),
        sentence(rhythm_words(visit.choices, visit.language, _), _),
        await next_words(visit),
        _("Send a number such as 2.5, or words to look up. “TD” ends it."),
    ]
    if _is_under_settings(visit):
        row = [Button(_("Today"), data="td"), Button(_("Tasks now"), data="t"), settings_button(_)]
        await visit.turn("\n".join(lines), [row])
    elif was == (role, pack(topics)):  # a second tap changes nothing and says nothing more
        await visit.toast(lines[0])
    else:
        await visit.say("\n".join(lines), keyboard=keyboard(_))


def _is_under_settings(visit: Visit) -> bool:
    """Whether the pressed button sits under the settings, which turn in place."""
    markup = visit.message.reply_markup if visit.message else None
    buttons = [button for row in markup.inline_keyboard for button in row] if markup else []
    return any(str(button.callback_data or "").startswith("set") for button in buttons)


async def _become_admin(visit: Visit, token: str) -> None:
    _ = visit._
    if not visit.private:
        raise RefusedError("Please open this link in a private chat with the bot.")
    if not re.fullmatch(r"[A-Za-z0-9_-]{8,60}", token):
        raise RefusedError("This link has been used or is out of date. Please ask for a new one.")
    async with visit.desk.database.write() as connection:
        role = await admins.accept_invite(connection, token, visit.user_id, visit.now)
        await audits.record(
            connection, visit.now, visit.user_id, "role.accept", str(visit.user_id), role=role
        )
        new = await chats.join(
            connection,
            visit.chat_id,
            visit.desk.office.hours,
            visit.now,
            kind=ChatKind.PRIVATE,
            language=visit.language,
        )
        visit.chat = await chats.get(connection, visit.chat_id)
    from bot.handlers import commands

    await commands.publish_for_admin(visit.bot, visit.desk, visit.user_id, role)
    lines = [_("You are now: {role}. /help shows what you can do.").format(role=role_name(role, _))]
    if new:
        lines.append(
            _("This chat gets an excerpt: {rhythm}.").format(
                rhythm=rhythm_words(visit.choices, visit.language, _)
            )
        )
        lines.append(_("“TD” ends it at any time."))
    await visit.say("\n".join(lines))


def role_name(role: Role, translate: Translate) -> str:
    """A role in words."""
    _ = translate
    names = {Role.OWNER: _("owner"), Role.EDITOR: _("editor"), Role.VIEWER: _("viewer")}
    return names[role]
