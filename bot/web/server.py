"""The small HTTP server: health, metrics, webhook, calendar."""

import hashlib
import hmac
import json
import os
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import web

import digests
from bot.errors import SettingsError
from bot.web.calendar import TYPE as CALENDAR_TYPE
from bot.web.vitals import Vitals, as_prometheus

LARGEST_UPDATE = 1 << 20  # bytes; Telegram's updates stay far below
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 -- the header's name

Update = dict[str, Any]
Calendar = Callable[
    [Sequence[str], str], Awaitable[bytes]
]  # of some topics (none: all), in a language
KEEP_S = 50  # a withdrawn report is gone everywhere within a minute


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where Telegram posts updates, the secret it must show, and who stores what it brings."""

    path: str
    secret: str
    store: Callable[[Update], Awaitable[None]]


class Web:
    """Serves until stopped; ``url`` is known once started (port 0 takes a free one)."""

    def __init__(
        self,
        vitals: Callable[[], Awaitable[Vitals]],
        calendar: Calendar,
        webhook: Webhook | None = None,
    ) -> None:
        self._vitals = vitals
        self._calendar = calendar
        self._webhook = webhook
        self._runner: web.AppRunner | None = None
        self.url = ""

    async def start(self, host: str, port: int) -> None:
        """Listen; SettingsError where the settings name a place that cannot be had."""
        application = web.Application(client_max_size=LARGEST_UPDATE)
        application.router.add_get("/healthz", self._health)
        application.router.add_get("/readyz", self._ready)
        application.router.add_get("/metrics", self._metrics)
        application.router.add_get("/calendar.ics", self._tasks)
        if self._webhook is not None:
            application.router.add_post(self._webhook.path, self._receive)
        self._runner = web.AppRunner(application, access_log=None)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, host, port).start()
        except OSError as error:
            reason = os.strerror(error.errno) if error.errno else str(error)
            raise SettingsError(f"web.port: {host}:{port} cannot be used ({reason})") from error
        bound_host, bound_port = self._runner.addresses[0][:2]
        self.url = f"http://{bound_host}:{bound_port}"

    async def stop(self) -> None:
        """Answer what is under way, then close."""
        if self._runner is not None:
            await self._runner.cleanup()

    async def _health(self, request: web.Request) -> web.Response:  # noqa: ARG002
        return web.Response(text="ok\n")

    async def _ready(self, request: web.Request) -> web.Response:  # noqa: ARG002
        troubles = (await self._vitals()).troubles
        return web.json_response({"troubles": list(troubles)}, status=503 if troubles else 200)

    async def _metrics(self, request: web.Request) -> web.Response:  # noqa: ARG002
        text = as_prometheus((await self._vitals()).samples)
        return web.Response(text=text, content_type="text/plain", charset="utf-8")

    async def _tasks(self, request: web.Request) -> web.Response:
        try:
            wanted = [name for name in request.query.get("topics", "").split(",") if name.strip()]
            topics = [digests.topic(name).id for name in wanted]
        except digests.TopicError as error:
            return web.Response(status=400, text=f"{error}\n")
        body = await self._calendar(topics, request.query.get("language", ""))
        answer = web.Response(body=body, content_type=CALENDAR_TYPE, charset="utf-8")
        answer.headers["Cache-Control"] = f"max-age={KEEP_S}"
        answer.etag = hashlib.sha256(body).hexdigest()[:32]
        if answer.etag in (request.if_none_match or ()):
            return web.Response(status=304)
        return answer

    async def _receive(self, request: web.Request) -> web.Response:
        webhook = self._webhook
        assert webhook is not None  # noqa: S101 -- the route exists only with a webhook
        shown = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(shown.encode(), webhook.secret.encode()):
            return web.Response(status=401)
        try:
            update = await request.json()
        except (json.JSONDecodeError, UnicodeDecodeError):
            return web.Response(status=400)
        if not isinstance(update, dict) or not isinstance(update.get("update_id"), int):
            return web.Response(status=400)
        await webhook.store(update)  # Telegram may forget it once we have answered
        return web.Response(text="")
