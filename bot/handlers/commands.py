"""The commands Telegram offers in its menu: per scope and language; admins see theirs."""

import logging
from collections.abc import Iterable

from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    BotCommandScopeDefault,
)
from telegram.error import TelegramError

from bot.domain.office import RIGHTS, Right, Role
from bot.handlers.desk import Desk
from bot.storage import admins
from bot.texts import Translate

log = logging.getLogger(__name__)

# Telegram's codes for users' languages; no code: everybody else
_CODES = {"": "zh-Hans", "zh": "zh-Hans", "en": "en"}
READERS = ("today", "tasks", "contents", "section", "settings", "pause", "stop", "why")
ABOUT = ("help", "privacy", "mydata", "forget")
GROUPS = ("today", "tasks", "contents", "section", "help", "privacy")
GROUP_ADMINS = ("start", "settings", "pause", "stop")
WRITERS = ("broadcast", "pushes", "reports", "gaps", "halt", "resume")
LOOKERS = ("pushes", "reports")
OWNERS = ("admins", "audit")


def described(names: Iterable[str], translate: Translate) -> list[BotCommand]:
    """Commands with what they do, in one language."""
    _ = translate
    words = {
        "start": _("subscribe"),
        "today": _("today's excerpt and tasks"),
        "tasks": _("what is to be done now"),
        "contents": _("browse the reports"),
        "section": _("a section by its number"),
        "settings": _("topics, days, hour, zone, language"),
        "pause": _("pause for a while"),
        "stop": _("unsubscribe"),
        "why": _("why a message came"),
        "help": _("how it works"),
        "privacy": _("what is kept and what is not"),
        "mydata": _("what is kept about this chat"),
        "forget": _("delete it"),
        "broadcast": _("send something to many"),
        "pushes": _("what was sent and what became of it"),
        "reports": _("add, publish, withdraw reports"),
        "gaps": _("what people did not find"),
        "halt": _("stop everything that is being sent"),
        "resume": _("go on sending"),
        "admins": _("roles in the office"),
        "audit": _("who did what"),
    }
    return [BotCommand(name, words[name]) for name in names]


async def publish(bot: Bot, desk: Desk) -> None:
    """Register the commands of every scope; a server that knows none of this is not fatal."""
    scopes: list[tuple[BotCommandScope, tuple[str, ...]]] = [
        (BotCommandScopeDefault(), ("start", *READERS, *ABOUT)),
        (BotCommandScopeAllPrivateChats(), ("start", *READERS, *ABOUT)),
        (BotCommandScopeAllGroupChats(), GROUPS),
        (BotCommandScopeAllChatAdministrators(), (*GROUPS, *GROUP_ADMINS)),
    ]
    for scope, names in scopes:
        if not await _set(bot, desk, scope, names):
            return
    await _introduce(bot, desk)
    async with desk.database.read() as connection:
        rows = await admins.everybody(connection)
    for row in rows:
        await publish_for_admin(bot, desk, row["user_id"], Role(row["role"]))


async def publish_for_admin(bot: Bot, desk: Desk, user: int, role: Role | None) -> None:
    """An admin's own menu; without a role the reader's."""
    rights = RIGHTS[role] if role is not None else frozenset()
    names: tuple[str, ...] = ("start", *READERS)
    if Right.WRITE in rights:
        names += WRITERS
    elif Right.LOOK in rights:
        names += LOOKERS
    if Right.ROLES in rights:
        names += OWNERS
    await _set(bot, desk, BotCommandScopeChat(user), (*names, *ABOUT))


async def _introduce(bot: Bot, desk: Desk) -> None:
    """What stands in an empty chat before the first tap, unless the office has written it."""
    for code, language in reversed(_CODES.items()):  # the general one last: others may show it
        _ = desk.texts.translate(language)
        words = (
            _("Hello, I bring excerpts of reports: the original words, unchanged and cited."),
            _("Send a number as it is printed (2.5) or words; the passage comes word for word."),
        )
        try:
            if not (await bot.get_my_description(code or None)).description:
                await bot.set_my_description("\n".join(words), code or None)
        except (TelegramError, TypeError) as error:  # TypeError: a server that answers just "true"
            log.warning("the description was not set: %s", error)
            return


async def _set(bot: Bot, desk: Desk, scope: BotCommandScope, names: tuple[str, ...]) -> bool:
    for code, language in _CODES.items():
        try:
            await bot.set_my_commands(
                described(names, desk.texts.translate(language)),
                scope=scope,
                language_code=code or None,
            )
        except TelegramError as error:
            log.warning("commands not registered: %s", error)
            return False
    return True
