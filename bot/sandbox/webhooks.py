"""Updates handed to a bot's webhook: in order per chat, several at once, tried again later."""

import asyncio
import json
import random
import time
from contextlib import suppress

import aiohttp

from bot.sandbox.accounts import Account, Webhook
from bot.sandbox.methods import METHODS
from bot.sandbox.methods.call import Call
from bot.sandbox.refusals import ApiError
from bot.sandbox.updates import Update
from bot.sandbox.wire import Arguments
from bot.sandbox.world import World

TIMEOUT_S = 60
SCAN = 2000
GONE_S = 23 * 3600
RETRY_AFTER_MAX_S = 3600
NO_ANSWERS = ("get", "setwebhook", "deletewebhook", "close", "logout")


class Postman:
    """Serves the webhook of one bot for as long as the sandbox runs."""

    def __init__(self, world: World, account: Account, session: aiohttp.ClientSession) -> None:
        self._world = world
        self._account = account
        self._session = session
        self._busy: dict[int, asyncio.Task[None]] = {}  # by the key whose order is kept

    async def run(self) -> None:
        account = self._account
        try:
            while True:
                account.webhook_changed.clear()
                account.queue.woken.clear()
                wait = self._start_due() if account.webhook is not None else None
                await self._sleep(wait)
        finally:
            for task in self._busy.values():
                task.cancel()

    async def _sleep(self, wait: float | None) -> None:
        account = self._account
        signals: list[asyncio.Task[object]] = [
            asyncio.ensure_future(account.webhook_changed.wait())
        ]
        if account.webhook is not None:
            signals.append(asyncio.ensure_future(account.queue.woken.wait()))
        watched = [*signals, *self._busy.values()]
        await asyncio.wait(watched, timeout=wait, return_when=asyncio.FIRST_COMPLETED)
        for signal in signals:
            signal.cancel()
        self._busy = {key: task for key, task in self._busy.items() if not task.done()}

    def _start_due(self) -> float | None:
        """Start what may go now; how long to wait for the next that is backing off."""
        webhook = self._account.webhook
        if webhook is None:
            return None
        now = time.monotonic()
        blocked = set(self._busy)
        wait: float | None = None
        for update in self._account.queue.pending(SCAN):
            if len(self._busy) >= webhook.max_connections:
                break
            if update.key in blocked:
                continue
            blocked.add(update.key)
            if update.not_before > now:
                left = update.not_before - now
                wait = left if wait is None else min(wait, left)
                continue
            self._busy[update.key] = asyncio.ensure_future(self._deliver(webhook, update))
        return wait

    async def _deliver(self, webhook: Webhook, update: Update) -> None:
        headers = {}
        if webhook.secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = webhook.secret
        body = json.dumps(update.card(), ensure_ascii=False).encode()
        headers["Content-Type"] = "application/json"
        timeout = aiohttp.ClientTimeout(total=TIMEOUT_S)
        try:
            async with self._session.post(
                webhook.url, data=body, headers=headers, timeout=timeout, allow_redirects=False
            ) as response:
                answer = await response.read()
                await self._settle(webhook, update, response.status, response.headers, answer)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            text = (
                "Connection timed out"
                if isinstance(error, TimeoutError)
                else (
                    "Connection refused"
                    if isinstance(error, aiohttp.ClientConnectorError)
                    else "Connection closed"
                )
            )
            self._fail(webhook, update, text, 0)

    async def _settle(
        self, webhook: Webhook, update: Update, status: int, headers: object, answer: bytes
    ) -> None:
        if 200 <= status < 300:  # noqa: PLR2004
            webhook.gone_since = 0.0
            self._account.queue.remove(update)
            await self._obey(answer)
            return
        if status == 410:  # noqa: PLR2004
            webhook.gone_since = webhook.gone_since or time.monotonic()
            if time.monotonic() - webhook.gone_since > GONE_S:
                self._account.webhook = None
        retry_after = 0
        get = getattr(headers, "get", None)
        if get is not None:
            with suppress(TypeError, ValueError):
                retry_after = min(int(get("Retry-After", 0)), RETRY_AFTER_MAX_S)
        self._fail(
            webhook, update, f"Wrong response from the webhook: {status} {_phrase(status)}",
            retry_after,
        )  # fmt: skip

    def _fail(self, webhook: Webhook, update: Update, text: str, retry_after: int) -> None:
        """Once more at once, then ever later, until the update expires."""
        webhook.last_error = text
        webhook.last_error_date = self._world.date()
        cap = random.uniform(60, 120)  # noqa: S311 -- as the server spreads its retries
        delay = 0.0 if update.tries == 0 else min(2.0 ** (update.tries - 1), cap)
        update.tries += 1
        update.not_before = time.monotonic() + max(delay, retry_after)
        self._account.queue.woken.set()

    async def _obey(self, answer: bytes) -> None:
        """A method call in the answer is carried out; its result goes nowhere."""
        try:
            wanted = json.loads(answer) if answer else None
        except ValueError:
            return
        if not isinstance(wanted, dict) or not isinstance(wanted.get("method"), str):
            return
        name = wanted.pop("method").lower()
        function = METHODS.get(name)
        if function is None or name.startswith(NO_ANSWERS):
            return
        with suppress(ApiError):
            function(Call(self._world, self._account, Arguments(wanted)))


def _phrase(status: int) -> str:
    from http import HTTPStatus

    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
