"""From Telegram to the handlers: by polling under the lease, or by a webhook on every replica.

The walk::

    poller (while the lease is ours) ─┐
    webhook: stored, then answered ───┴─> lines (in order per chat) -> handle -> done

An update counts as done only after its handlers have ended, so a crash repeats it and loses none.
What a process has stored and left unfinished when it died, the holder of the lease takes over.
"""

import asyncio
import logging
import math
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol

from bot.clock import Clock
from bot.errors import SendError, SettingsError, StorageError, TokenRefused
from bot.poller import ALLOWED_UPDATES, HANDLING_S, Calls, Lines, Poller, Update
from bot.storage import updates
from bot.storage.database import Database
from bot.web import Webhook

log = logging.getLogger(__name__)

LOOK_S = 0.25  # how soon polling follows the lease
LEFT_OVER = timedelta(seconds=HANDLING_S + 30)  # stored so long ago, its process must have died
GRACE_S = 2.0
MARK_S = 0.02  # what ends within this time is marked as done in one commit


class Tenure(Protocol):
    """What the receiver needs of the lease."""

    def holds(self) -> bool:
        """Whether it is certainly ours at this moment."""


class Receiver:
    """Brings every update to ``process`` once, as far as a crash allows."""

    def __init__(
        self,
        calls: Calls,
        database: Database,
        lease: Tenure,
        clock: Clock,
        process: Callable[[Update], Awaitable[None]],
        is_office: Callable[[int], bool],
    ) -> None:
        self._calls = calls
        self._database = database
        self._lease = lease
        self._clock = clock
        self._process = process
        self._lines = Lines(self._handle, is_office)
        self._poller = Poller(calls, self._lines, self._keep)
        self._url = ""
        self._newest_done: float = math.inf  # above it nothing can have been handled before
        self._ended: list[int] = []
        self._marking: asyncio.Task[None] | None = None

    @property
    def trouble(self) -> str:
        """Why no updates arrive, in plain words; "" when they do."""
        return self._poller.conflict

    def webhook(self, url: str, secret: str) -> Webhook | None:
        """What the web server needs to take updates in; None without a ``url``: then we poll."""
        if not url:
            return None
        if not secret:
            raise SettingsError("telegram.webhook_secret is missing: webhook_url needs one")
        self._url = url
        path = "/" + url.partition("://")[2].partition("/")[2]
        return Webhook(path, secret, self._store)

    async def run(self, secret: str = "") -> None:
        """Receive until cancelled; raises TokenRefused."""
        if self._url:
            await self._set_webhook(secret)
            await asyncio.Event().wait()
        await self._ask_leniently("deleteWebhook", {})
        while True:  # a stand-by does not poll: Telegram would cut off the one who does
            await _until(self._lease.holds)
            await self._poll_while_ours()

    async def take_over(self, now: datetime) -> None:
        """Handle what a process has stored before it died."""
        if not self._lease.holds():
            return
        async with self._database.read() as connection:
            left = await updates.stored(connection, now - LEFT_OVER)
        for update in left:
            if update["update_id"] not in self._lines.unfinished:
                self._lines.put(update)

    async def stop(self) -> None:
        """Let the handlers under way end."""
        await self._lines.stop(GRACE_S)

    async def _poll_while_ours(self) -> None:
        async with self._database.read() as connection:
            self._newest_done = await updates.newest_done(connection)
        polling = asyncio.create_task(self._poller.run())
        try:
            await _until(lambda: polling.done() or not self._lease.holds())
            if polling.done():
                polling.result()
        finally:
            polling.cancel()
            await asyncio.gather(polling, return_exceptions=True)

    async def _handle(self, update: Update) -> None:
        number = int(update["update_id"])
        if number <= self._newest_done:
            async with self._database.read() as connection:
                if await updates.is_done(connection, number):
                    return
        await self._process(update)
        self._ended.append(number)
        if self._marking is None:
            self._marking = asyncio.create_task(self._mark(), name="marking updates as done")
        await asyncio.shield(self._marking)

    async def _mark(self) -> None:
        """One commit for all updates that ended in a short while."""
        await asyncio.sleep(MARK_S)
        ended, self._ended, self._marking = self._ended, [], None
        now = self._clock()
        try:
            await self._database.transact(partial(updates.done, numbers=ended, now=now))
        except StorageError as error:
            log.warning("what was handled could not be marked yet: %s", error)
            self._ended += ended  # with the next ones

    async def _keep(self, slow: list[Update]) -> None:
        await self._written(slow)

    async def _store(self, update: Update) -> None:
        for fresh in await self._written([update]):
            self._lines.put(fresh)

    async def _written(self, arrived: list[Update]) -> list[Update]:
        store = partial(updates.store, arrived=arrived, now=self._clock())
        return await self._database.transact(store, first=True)

    async def _set_webhook(self, secret: str) -> None:
        body = {
            "url": self._url,
            "secret_token": secret,
            "allowed_updates": ALLOWED_UPDATES,
        }
        await self._ask_leniently("setWebhook", body)

    async def _ask_leniently(self, method: str, body: dict[str, Any]) -> None:
        try:
            await self._calls.call(method, body, timeout_s=10)
        except TokenRefused:
            raise
        except SendError as error:
            log.warning("%s was refused: %s", method, error)


async def _until(reached: Callable[[], bool]) -> None:
    while not reached():  # noqa: ASYNC110 -- the lease is judged by a clock; no event tells
        await asyncio.sleep(LOOK_S)
