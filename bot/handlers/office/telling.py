"""What the bot tells its admins unasked, in the language of each; not who has blocked it."""

import logging
from collections.abc import Callable
from typing import Any

from telegram.constants import ParseMode
from telegram.error import TelegramError
from telegram.ext import ExtBot

from bot.domain.office import RIGHTS, Right
from bot.domain.subscription import ChatState
from bot.handlers.desk import Desk
from bot.handlers.office.standing import roles_of
from bot.handlers.visit import Rows, markup
from bot.storage import chats
from bot.texts import Translate

log = logging.getLogger(__name__)

Words = Callable[[Translate], tuple[str, Rows]]


async def tell_writers(bot: ExtBot[Any], desk: Desk, words: Words) -> None:
    """Tell every admin who may write."""
    async with desk.database.read() as connection:
        roles = await roles_of(connection, desk.owners)
    for user, role in roles.items():
        if Right.WRITE in RIGHTS[role]:
            await tell(bot, desk, user, words)


async def tell(bot: ExtBot[Any], desk: Desk, user: int, words: Words) -> None:
    """Tell one of them."""
    async with desk.database.read() as connection:
        chat = await chats.get(connection, user)
    if chat is not None and chat["state"] == ChatState.SUSPENDED:
        return
    html, rows = words(desk.texts.translate(chat["language"] if chat else desk.office.language))
    try:
        await bot.send_message(user, html, parse_mode=ParseMode.HTML, reply_markup=markup(rows))
    except TelegramError as error:
        log.info("an admin was not told: %s", error)
