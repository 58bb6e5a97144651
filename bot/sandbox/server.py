"""The sandbox as a server on loopback: Bot API, files, control and the chat page on one port."""

import asyncio
import json
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from aiohttp import web

from bot.sandbox import control, wire
from bot.sandbox.accounts import Account
from bot.sandbox.api import Api
from bot.sandbox.clock import Clock, NextDue, Tick
from bot.sandbox.control import Control
from bot.sandbox.crowds import Crowds
from bot.sandbox.journal import Entry
from bot.sandbox.pages import Pages
from bot.sandbox.people import Status
from bot.sandbox.refusals import ApiError
from bot.sandbox.webhooks import Postman
from bot.sandbox.world import World

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
BODY_MAX = 64 * 1024 * 1024
NOT_FOUND = b'{"ok":false,"error_code":404,"description":"Not Found"}'


class Sandbox:
    """The Bot API on this machine. ``await start()``, use ``url``, ``await stop()``.

    ``tokens`` names the bots there are; without them any well-formed token is a bot of its own.
    ``start`` is the instant at which the clock begins; without it, now.
    """

    def __init__(self, tokens: Sequence[str] = (), start: datetime | None = None) -> None:
        self.world = World(tuple(tokens), start)
        self.url = ""
        self._api = Api(self.world)
        self._pages = Pages(self.world.events, self.world.cabinet)
        self.world.journal.listener = self._tell_call
        self._crowds = Crowds(self.world)
        self._control = Control(self.world, self._crowds, self._restart_soon)
        self._runner: web.ServerRunner | None = None
        self._address = ("127.0.0.1", 0)
        self._session: aiohttp.ClientSession | None = None
        self._postmen: dict[Account, asyncio.Task[None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()  # restarts, the watch over stalls

    @property
    def clock(self) -> Clock:
        return self.world.clock

    def on_tick(self, hook: Tick) -> None:
        """Have ``hook(now)`` awaited at every step of ``POST /sandbox/clock``."""
        self.clock.on_tick(hook)

    def on_next(self, hook: NextDue) -> None:
        """Let ``hook()`` tell the page when the next push is due."""
        self.clock.on_next(hook)

    def seed(self, bot_name: str = "政策摘编", bot_username: str = "policy_digest_bot") -> None:
        """The people of the demo: subscriber 1001, owner 1002, reviewer 1003, group -1001."""
        world = self.world
        world.name_bot(bot_name, bot_username)
        people = [
            world.add_user({"id": number, "name": name, "language": "zh-hans"})
            for number, name in ((1001, "订阅者"), (1002, "管理员"), (1003, "审核员"))
        ]
        group = world.add_chat("group", "学习交流群", -1001)
        channel = world.add_chat("channel", "通知频道", -1002)
        for chat in (group, channel):
            for person in people:
                status = Status.CREATOR if person.id == 1002 else Status.MEMBER  # noqa: PLR2004
                world.join(chat, person, status)
            first = world.bots()[0]
            status = Status.ADMINISTRATOR if chat.type == "channel" else Status.MEMBER
            world.join(chat, first.user, status)

    async def start(self, host: str = "127.0.0.1", port: int = 8081) -> None:
        """Listen; port 0 takes a free one."""
        if host not in LOOPBACK:
            raise ValueError("the sandbox listens on this machine only: 127.0.0.1 or localhost")
        self._address = (host, port)
        await self._listen()
        self._session = aiohttp.ClientSession(trust_env=False)
        self._tasks.add(asyncio.ensure_future(self.world.stalls.watch()))

    async def _listen(self) -> None:
        runner = web.ServerRunner(
            web.Server(
                self._serve, access_log=None, keepalive_timeout=75.0, request_factory=_request
            ),
            shutdown_timeout=0.2,
        )
        await runner.setup()
        host, port = self._address
        site = web.TCPSite(runner, host, port, backlog=1024, reuse_address=True)
        try:
            await site.start()
        except OSError:  # the port is taken
            await runner.cleanup()
            raise
        self._runner = runner
        port = int(runner.addresses[0][1])
        self._address = (host, port)
        self.url = f"http://{'[::1]' if host == '::1' else host}:{port}"

    async def stop(self) -> None:
        self._crowds.stop()
        for task in (*self._postmen.values(), *self._tasks):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        self._postmen.clear()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _restart_soon(self, down_s: float) -> None:
        task = asyncio.ensure_future(self._restart(down_s))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _restart(self, down_s: float) -> None:
        """Every connection breaks, nobody answers for a while; what was known stays known."""
        await asyncio.sleep(0.05)  # let the answer to the order leave
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
        await asyncio.sleep(down_s)
        await self._listen()

    async def _serve(self, request: web.BaseRequest) -> web.StreamResponse:
        path = request.raw_path.partition("?")[0]
        if path.startswith("/bot"):
            response = await self._api.serve(request, path)
            if "webhook" in path.lower():
                self._employ()
            return response
        if path.startswith("/file/bot"):
            return self._file(path[9:])
        if path.startswith("/sandbox/"):
            return await self._serve_control(request, path[9:])
        if path == "/" or path.startswith("/page/"):
            page = self._pages.file(path)
            if page is not None:
                return page
        return web.Response(body=NOT_FOUND, status=404, content_type="application/json")

    def _tell_call(self, entry: Entry) -> None:
        events = self.world.events
        if events:
            events.tell(
                "call", n=entry.n, at=entry.at, method=entry.method, status=entry.status,
                took_ms=round(entry.took_s * 1000, 2), chat=entry.params.get("chat_id"),
            )  # fmt: skip

    def _employ(self) -> None:
        """A postman for every bot that has, or had, a webhook."""
        for account in self.world.bots():
            if account.webhook is not None and account not in self._postmen and self._session:
                postman = Postman(self.world, account, self._session)
                self._postmen[account] = asyncio.ensure_future(postman.run())

    def _file(self, path: str) -> web.StreamResponse:
        token, _, name = path.partition("/")
        try:
            self.world.account(token.replace("%3A", ":"))
        except ApiError as error:
            return _json(
                {"ok": False, "error_code": error.code, "description": error.description},
                error.code,
            )
        file = self.world.cabinet.at(name)
        if file is None:
            return web.Response(body=NOT_FOUND, status=404, content_type="application/json")
        return web.Response(body=file.data, content_type="application/octet-stream")

    async def _serve_control(self, request: web.BaseRequest, path: str) -> web.StreamResponse:
        if not _is_local(request):
            return _json({"ok": False, "error": "only pages of this machine may ask"}, 403)
        if path == "events":
            return await self._pages.stream(request)
        if path.startswith("files/"):
            return self._pages.download(path[6:])
        try:
            args = await wire.read(request)
            return _json(await self._control.serve(request.method, path, args))
        except control.UNUSABLE as error:
            status, body = control.problem(error)
            return _json(body, status)


def _request(message: Any, payload: Any, protocol: Any, writer: Any, task: Any) -> web.BaseRequest:
    """A request as aiohttp makes it, but with room for an upload."""
    loop = asyncio.get_running_loop()
    return web.BaseRequest(message, payload, protocol, writer, task, loop, client_max_size=BODY_MAX)


def _json(body: object, status: int = 200) -> web.Response:
    text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
    return web.Response(text=text, status=status, content_type="application/json")


def _is_local(request: web.BaseRequest) -> bool:
    """No foreign page and no borrowed host name may steer the sandbox."""
    host = urlsplit(f"//{request.headers.get('Host', '')}").hostname
    origin = request.headers.get("Origin")
    if host not in LOOPBACK:
        return False
    return origin is None or urlsplit(origin).hostname in LOOPBACK
