"""What a reader or an admin does, one file each; this screen says what leads where.

An update is a :class:`~bot.handlers.visit.Visit`; a route is an async function that takes it. Words
that are commands come before a dialogue, a dialogue before a look-up. Whatever cannot be done is a
``RefusedError``: its sentence is shown in the reader's language, and nothing else happens.
"""

import contextlib
import logging
import re
from collections.abc import Awaitable, Callable
from typing import Any

from telegram import MessageEntity, Update
from telegram.error import ChatMigrated, TelegramError
from telegram.ext import Application, CallbackContext, TypeHandler

from bot.domain.moment import parse_day, parse_span
from bot.domain.subscription import ChatKind
from bot.errors import BotError, RefusedError, StorageError, UsageError
from bot.handlers import (
    acknowledging,
    agenda,
    approving,
    auditing,
    broadcasting,
    checking,
    choosing,
    correcting,
    deciding,
    dialogues,
    drafting,
    filing,
    gaps,
    groups,
    halting,
    handling,
    helping,
    inline,
    joining,
    leaving,
    lookup,
    passages,
    pushing,
    roles,
    taking,
    today,
    watching,
)
from bot.handlers.commands import publish as publish_commands
from bot.handlers.desk import Desk
from bot.handlers.pushing import tell_of_stop
from bot.handlers.roles import owner_link
from bot.handlers.settling import next_round
from bot.handlers.ticking import close, tick
from bot.handlers.visit import Visit
from digests import DigestsError

__all__ = [
    "ALLOWED_UPDATES",
    "BUTTONS",
    "COMMANDS",
    "close",
    "find",
    "handle",
    "next_round",
    "owner_link",
    "publish_commands",
    "register",
    "tell_of_stop",
    "tick",
]

log = logging.getLogger(__name__)

Route = Callable[[Visit], Awaitable[None]]

COMMANDS: dict[str, Route] = {
    "start": joining.start,
    "stop": leaving.stop,
    "pause": leaving.pause,
    "today": today.today,
    "section": passages.section,
    "contents": passages.contents,
    "tasks": agenda.tasks,
    "settings": choosing.settings,
    "why": helping.why,
    "help": helping.help_,
    "privacy": helping.privacy,
    "mydata": helping.my_data,
    "forget": leaving.forget,
    "cancel": dialogues.cancel,
    # the office
    "broadcast": taking.begin,
    "pushes": pushing.listed,
    "reports": filing.listed,
    "gaps": gaps.gaps,
    "admins": roles.show,
    "audit": auditing.audit,
    "halt": halting.halt,
    "resume": halting.resume,
}

BUTTONS: dict[str, Route] = {
    "role": joining.choose_role,
    "join": joining.subscribe,
    "stop": leaving.stop,
    "pause": leaving.paused,
    "forget": leaving.forgotten,
    "td": today.today,
    "s": passages.show_section,
    "h": passages.show_passage,
    "x": passages.show_context,
    "p": passages.copy,
    "c": passages.contents,
    "q": lookup.more,
    "t": agenda.tasks,
    "m": agenda.quiet,
    "set": choosing.settings,
    "cancel": dialogues.cancel,
    # the office
    "b": broadcasting.press,
    "k": acknowledging.press,
    "bc": watching.press,
    "pu": pushing.press,
    "r": filing.press,
    "rt": deciding.press,
    "w": handling.press,
    "ws": handling.show_section,
    "g": gaps.press,
    "a": roles.press,
    "resume": halting.resume,
}

READING = frozenset({"td", "s", "h", "x", "p", "c", "q", "t"})  # a channel's readers do it aside

WORDS: dict[str, str] = {  # folded words -> commands, before any look-up
    **dict.fromkeys(("退订", "td", "取消订阅", "退訂", "取消訂閱", "unsubscribe"), "stop"),
    **dict.fromkeys(("暂停", "暫停", "pause"), "pause"),
    **dict.fromkeys(("任务", "任務", "tasks"), "tasks"),
    **dict.fromkeys(("目录", "目錄", "contents"), "contents"),
    **dict.fromkeys(("今天", "today"), "today"),
    **dict.fromkeys(("设置", "設定", "設置", "settings"), "settings"),
    **dict.fromkeys(("帮助", "幫助", "help"), "help"),
    **dict.fromkeys(("订阅", "訂閱", "subscribe"), "start"),
    **dict.fromkeys(("隐私", "隱私"), "privacy"),
    **dict.fromkeys(("取消", "cancel"), "cancel"),
}

ANSWERS: dict[str, Callable[[Visit, dict[str, Any], str], Awaitable[None]]] = {
    "synonym": gaps.answered,
    "report_time": correcting.timed,
    "report_title": correcting.titled,
    "report_date": correcting.dated,
    "report_until": correcting.valid,
    "task_note": correcting.noted,
    "broadcast_back": approving.reason_given,
}

_DATES = {"report_time", "report_date", "report_until"}  # no link answers these questions

ALLOWED_UPDATES = (
    "message",
    "channel_post",
    "callback_query",
    "inline_query",
    "my_chat_member",
)


def register(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Put the routing table on an application whose ``bot_data["desk"]`` is a :class:`Desk`."""
    application.add_handler(TypeHandler(Update, handle))


async def handle(update: Update, context: CallbackContext[Any, Any, Any, Any]) -> None:
    """One update: find its route, walk it, say what cannot be done.

    StorageError comes out while nothing has been said: all of it can be done again later.
    """
    desk: Desk = context.bot_data["desk"]
    visit = await Visit.open(update, context.bot, desk)
    try:
        route = find(visit)
        if route is not None:
            await route(visit)
    except (BotError, DigestsError, TelegramError) as error:
        await _say_why_not(visit, error)
    except Exception:  # whoever asked hears of it, and the next update is none the worse
        log.exception("an update was not handled")
        await _apologise(visit)
    finally:
        if visit.press is not None:
            await _stop_spinner(visit)


async def _say_why_not(visit: Visit, error: Exception) -> None:
    match error:
        case checking.PastTimeError():
            await taking.offer_times(visit, error.at)
        case RefusedError() | UsageError() | DigestsError():
            log.info("refused: %s", error)
            await visit.refuse(error)
        case ChatMigrated():
            await groups.moved(visit, error.new_chat_id)
        case StorageError() if not visit.has_spoken:
            raise error
        case StorageError() | TelegramError():
            log.warning("not answered, or not all of it kept: %s", error)
        case _:
            log.error("an update was not handled: %r", error)
            await _apologise(visit)


async def _apologise(visit: Visit) -> None:
    with contextlib.suppress(TelegramError):
        await visit.refuse(RefusedError("Something went wrong here; please try again later."))


async def _stop_spinner(visit: Visit) -> None:
    try:
        await visit.toast()
    except TelegramError as error:
        log.info("press not answered: %s", error)


# ---- finding the route -----------------------------------------------------------------------


def find(visit: Visit) -> Route | None:  # noqa: PLR0911 -- one per kind of update
    """The route of an update; None: it is not for us."""
    update = visit.update
    if update.callback_query is not None:
        return _button(visit)
    if update.inline_query is not None:
        return inline.inline
    if update.my_chat_member is not None:
        return groups.membership
    message = update.message or update.channel_post
    if message is None:
        return None
    if message.migrate_from_chat_id or message.migrate_to_chat_id:
        return groups.migrated
    if message.text is not None:
        return _text(visit, message.text)
    return _file(visit)


def _button(visit: Visit) -> Route:
    query = visit.update.callback_query
    verb, _, visit.argument = ((query and query.data) or "").partition(":")
    if verb not in BUTTONS:
        raise RefusedError("This button is not valid any more.")
    if visit.kind is ChatKind.CHANNEL and verb in READING:
        return groups.aside
    return BUTTONS[verb]


_COMMAND = re.compile(
    r"/(?P<name>[A-Za-z0-9_]{1,32})(?:@(?P<bot>\w+))?(?:\s+(?P<rest>.*))?", re.DOTALL
)


def _text(visit: Visit, text: str) -> Route | None:
    found = _COMMAND.fullmatch(text.strip())
    if found is not None:
        return _command(visit, found)
    if not visit.private:
        question = _addressed(visit, text)
        if question is None:
            return None  # groups are left in peace
        text = question
    visit.argument = text
    word = WORDS.get(lookup.folded(text))
    if word is not None:
        visit.argument = ""
        return COMMANDS[word]
    return _link(visit, text) or _pause(visit, text) or _answer(visit) or lookup.look_up


def _command(visit: Visit, found: re.Match[str]) -> Route | None:
    whose = found["bot"]
    if whose and whose.lower() != visit.desk.username.lower():
        return None
    visit.argument = (found["rest"] or "").strip()
    route = COMMANDS.get(found["name"].lower())
    if route is None and visit.private:
        return helping.help_
    return route


def _addressed(visit: Visit, text: str) -> str | None:
    """In a group: the words behind a mention of the bot, or a reply to it; else None."""
    message = visit.message
    name = f"@{visit.desk.username}".lower()
    if message is None or not visit.desk.username:
        return None
    for entity, words in message.parse_entities([MessageEntity.MENTION]).items():
        if words.lower() == name:
            del entity
            return re.sub(re.escape(name), " ", text, flags=re.IGNORECASE).strip()
    replied = message.reply_to_message
    if replied is not None and replied.from_user and replied.from_user.id == visit.bot.id:
        return text
    return None


def _answer(visit: Visit) -> Route | None:
    """The route to what the bot asked this person for, if it did."""
    draft = visit.draft
    if draft is None:
        return None
    if draft.kind == drafting.KIND:
        if draft.content.get("stage") == "ready":
            return None  # the card is there: what is typed is a look-up again
        return _broadcast_answer(draft.content)
    if draft.kind not in ANSWERS:
        return None
    return _plain_answer(draft.kind, draft.content)


def _broadcast_answer(content: dict[str, Any]) -> Route:
    async def answer(visit: Visit) -> None:
        if visit.message is not None:
            await taking.answered(visit, content, visit.message)

    return answer


def _plain_answer(kind: str, content: dict[str, Any]) -> Route:
    async def answer(visit: Visit) -> None:
        await ANSWERS[kind](visit, content, visit.argument)
        await dialogues.forget(visit)

    return answer


def _link(visit: Visit, text: str) -> Route | None:
    if not re.fullmatch(r"https?://\S+", text.strip()) or not visit.private:
        return None
    draft = visit.draft
    if draft is not None and draft.kind not in _DATES:
        return _answer(visit) or filing.receive_link
    return filing.receive_link


GO_ON = frozenset({"继续", "恢复", "繼續", "恢復", "go on"})
_PAUSE = re.compile(r"(?:暂停|暫停|pause)\s*(?:到|至|until)?(?P<day>.+)", re.IGNORECASE)


def _pause(visit: Visit, text: str) -> Route | None:
    """暂停到8月1日: only where a day stands behind it; 继续: only where something rests."""
    if lookup.folded(text) in GO_ON and leaving.may_go_on(visit):
        return leaving.go_on
    found = _PAUSE.fullmatch(text.strip())
    if found is None:
        return None
    try:
        _ = parse_span(found["day"], visit.today) or parse_day(found["day"], visit.today)
    except RefusedError:
        return None
    visit.argument = found["day"]
    return leaving.pause


def _file(visit: Visit) -> Route | None:
    """A file: for the broadcast that waits for one, else a report."""
    message = visit.message
    if message is None or not visit.private:
        return None
    draft = visit.draft
    waits = draft is not None and draft.kind == drafting.KIND
    if draft is not None and waits and draft.content.get("stage") == "text":
        return _broadcast_answer(draft.content)
    if message.document is not None:
        return filing.receive
    return helping.only_words if message.effective_attachment else None
