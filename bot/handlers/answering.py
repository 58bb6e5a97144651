"""One update from its route to its end: whatever cannot be done is said in one sentence."""

import contextlib
import logging
from typing import Any

from telegram import Update
from telegram.error import ChatMigrated, TelegramError
from telegram.ext import CallbackContext

from bot.errors import BotError, RefusedError, StorageError, UsageError
from bot.handlers import groups
from bot.handlers.desk import Desk
from bot.handlers.finding import Routes, find
from bot.handlers.office import checking, taking
from bot.handlers.visit import Visit
from digests import DigestsError

log = logging.getLogger(__name__)


async def handle(
    update: Update, context: CallbackContext[Any, Any, Any, Any], *, routes: Routes
) -> None:
    """One update: find its route, walk it, say what cannot be done.

    StorageError comes out while nothing has been said: all of it can be done again later.
    """
    desk: Desk = context.bot_data["desk"]
    visit = await Visit.open(update, context.bot, desk)
    try:
        route = find(visit, routes)
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
