"""What a reader or an admin does, one file each; this screen says what leads where.

An update is a :class:`~bot.handlers.visit.Visit`; a route is an async function that takes it. Words
that are commands come before a dialogue, a dialogue before a look-up. Whatever cannot be done is a
``RefusedError``: its sentence is shown in the reader's language, and nothing else happens.
"""

from functools import partial
from typing import Any

from telegram import Update
from telegram.ext import Application, TypeHandler

from bot.handlers import (
    agenda,
    choosing,
    dialogues,
    gaps,
    helping,
    joining,
    leaving,
    lookup,
    passages,
    today,
)
from bot.handlers.answering import handle
from bot.handlers.commands import publish as publish_commands
from bot.handlers.finding import Answer, Route, Routes
from bot.handlers.office import (
    acknowledging,
    approving,
    auditing,
    broadcasting,
    correcting,
    deciding,
    filing,
    halting,
    handling,
    pushing,
    roles,
    taking,
    watching,
)
from bot.handlers.office.pushing import tell_of_stop
from bot.handlers.office.roles import owner_link
from bot.handlers.office.settling import next_round
from bot.handlers.ticking import close, tick

__all__ = [
    "ALLOWED_UPDATES",
    "BUTTONS",
    "COMMANDS",
    "close",
    "next_round",
    "owner_link",
    "publish_commands",
    "register",
    "tell_of_stop",
    "tick",
]

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

ANSWERS: dict[str, Answer] = {
    "synonym": gaps.answered,
    "report_time": correcting.timed,
    "report_title": correcting.titled,
    "report_date": correcting.dated,
    "report_until": correcting.valid,
    "task_note": correcting.noted,
    "broadcast_back": approving.reason_given,
}

ALLOWED_UPDATES = (
    "message",
    "channel_post",
    "callback_query",
    "inline_query",
    "my_chat_member",
)

ROUTES = Routes(COMMANDS, BUTTONS, READING, WORDS, ANSWERS)


def register(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Put the routing table on an application whose ``bot_data["desk"]`` is a :class:`Desk`."""
    application.add_handler(TypeHandler(Update, partial(handle, routes=ROUTES)))
