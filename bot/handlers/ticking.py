"""What handlers do by themselves as time goes on: publish, tidy, ask, follow up, mend cards."""

import asyncio
import logging
from collections.abc import Coroutine
from datetime import datetime
from typing import Any

from telegram.error import TelegramError
from telegram.ext import ExtBot

from bot.errors import BotError
from bot.handlers.desk import Desk
from bot.handlers.office import approving, filing, following, settling, watching

log = logging.getLogger(__name__)

PATIENCE_S = 0.5  # how long a tick waits for messages to admins
HEAVY_S, REST = 0.2, 10  # what took longer than this rests ten times as long
TELLING, FOLLOWING = "telling", "following"  # errands in the background: one of each at a time


async def tick(bot: ExtBot[Any], desk: Desk, now: datetime) -> None:
    """What handlers do by themselves as time goes on.

    Messages wait for their turn at the limiter; planning does not wait for them.
    """
    await filing.publish_due(desk, now)
    await settling.keep_house(desk, now)
    if not _is_busy(desk, FOLLOWING):
        _run(desk, _follow_up(bot, desk, now), FOLLOWING)
    if _is_busy(desk, TELLING):
        return  # the last ones are still under way
    loop = asyncio.get_running_loop()
    begun = loop.time()
    errand = _run(desk, _tell(bot, desk, now), TELLING)
    await asyncio.wait({errand}, timeout=PATIENCE_S)
    took = loop.time() - begun
    if errand.done() and took > HEAVY_S:  # counting a large push: not every second
        _run(desk, asyncio.sleep(took * REST), TELLING)


def _is_busy(desk: Desk, name: str) -> bool:
    return any(errand.get_name() == name for errand in desk.errands)


def _run(desk: Desk, work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
    errand = asyncio.create_task(work, name=name)
    desk.errands.add(errand)
    errand.add_done_callback(desk.errands.discard)
    return errand


async def _tell(bot: ExtBot[Any], desk: Desk, now: datetime) -> None:
    try:
        await settling.ask_about_due(bot, desk, now)
        await approving.ask_about_open(bot, desk, now)
        await watching.refresh_cards(bot, desk, now)
    except (BotError, TelegramError) as error:
        log.warning("admins were not told: %s", error)


async def _follow_up(bot: ExtBot[Any], desk: Desk, now: datetime) -> None:
    try:
        await following.go_on(bot, desk, now)
    except (BotError, TelegramError) as error:
        log.warning("what follows a push waits: %s", error)


async def close(desk: Desk) -> None:
    """End what is under way in the background."""
    for errand in list(desk.errands):
        errand.cancel()
    await asyncio.gather(*desk.errands, return_exceptions=True)
