"""/start: subscribe, by one tap on who I am; and the links that carry something."""

import re
from functools import partial

import digests
from bot.domain.office import Role
from bot.domain.subscription import ROLES, ChatKind, ChatState, pack, unpack
from bot.errors import RefusedError
from bot.handlers import agenda, passages, today
from bot.handlers.visit import Visit
from bot.handlers.welcoming import (
    greet_again,
    group_words,
    keyboard,
    next_words,
    settings_button,
    welcome,
)
from bot.handlers.wording import (
    rhythm_words,
    sentence,
    topic_names,
)
from bot.storage import admins, audits, chats
from bot.storage.database import Connection
from bot.texts import Translate
from digests import Button


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
        await greet_again(visit, "")  # a member's link brought the bot: nothing is asked for
        return
    if topic and topic not in {known.id for known in digests.topics()}:
        raise RefusedError("There is no such topic.")
    visit.chat = await visit.desk.database.transact(partial(_join, visit, topic))
    if was_active:
        await greet_again(visit, topic)
    elif visit.private:
        await welcome(visit)
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
