"""A sandbox on a free port with a small world in it, and a client that speaks raw HTTP."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest

from bot.sandbox.server import Sandbox

TOKEN = "42:TEST"
FELL_OUT = (  # chats in which the bot may not write, and what it is there
    ("kicked_group", "group", "kicked"),
    ("left_group", "group", "left"),
    ("kicked_super", "supergroup", "kicked"),
    ("left_super", "supergroup", "left"),
    ("kicked_channel", "channel", "kicked"),
    ("left_channel", "channel", "left"),
    ("muted", "supergroup", "restricted"),
    ("reader", "channel", "member"),
)
START = datetime(2026, 7, 20, 0, 0, tzinfo=UTC)


class Client:
    """One bot and the hand that moves the people, over real HTTP."""

    def __init__(self, sandbox: Sandbox, session: aiohttp.ClientSession) -> None:
        self.sandbox = sandbox
        self.session = session
        self.names: dict[str, Any] = {}

    async def call(
        self, method: str, params: dict[str, Any] | None = None, how: str = "json",
        token: str = TOKEN,
    ) -> tuple[int, dict[str, Any]]:  # fmt: skip
        url = f"{self.sandbox.url}/bot{token}/{method}"
        params = params or {}
        if how == "json":
            request = self.session.post(url, json=params)
        elif how == "form":
            request = self.session.post(url, data=_flat(params))
        elif how == "query":
            request = self.session.get(url, params=_flat(params))
        else:
            form = aiohttp.FormData(quote_fields=False)
            form.add_field("unused", b"x", filename="unused.bin")
            for name, value in _flat(params).items():
                form.add_field(name, value)
            request = self.session.post(url, data=form)
        async with request as response:
            self.headers = response.headers
            return response.status, await response.json()

    async def ok(self, method: str, how: str = "json", **params: Any) -> Any:
        status, body = await self.call(method, params, how)
        assert status == 200, body
        assert body["ok"] is True
        return body["result"]

    async def control(
        self, method: str, path: str, body: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        url = f"{self.sandbox.url}/sandbox/{path}"
        async with self.session.request(method, url, json=body) as response:
            answer: dict[str, Any] = await response.json()
            assert response.status == 200, answer
            return answer

    async def say(self, chat: int, user: int, text: str, **more: Any) -> int:
        wanted = {"chat": chat, "from": user, "text": text, **more}
        return int((await self.control("POST", "messages", wanted))["message_id"])

    async def updates(self, **params: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = await self.ok("getUpdates", **params)
        return found

    async def drain(self) -> list[dict[str, Any]]:
        """All waiting updates, taken at once: polling twice in a second is punished."""
        queue = self.sandbox.world.accounts[TOKEN].queue
        found = queue.take(0, 1000)
        queue.clear()
        return found


def _flat(params: dict[str, Any]) -> dict[str, str]:
    return {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in params.items()
    }


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    sandbox = Sandbox([TOKEN], START)
    sandbox.world.limits.change({"enforce": False})
    await sandbox.start(port=0)
    async with aiohttp.ClientSession() as session:
        yield Client(sandbox, session)
    await sandbox.stop()


@pytest.fixture
async def world(client: Client) -> Client:
    """People and chats in every state that a bot meets; their ids under ``names``."""
    names = client.names
    for number in (1001, 1002, 1003, 1004, 1005):
        await client.control("POST", "users", {"id": number, "name": f"U{number}"})
    for number in (1001, 1003, 1004):
        names[f"theirs{number}"] = await client.say(number, number, "/start")
    await client.control("POST", "members", {"chat": 1003, "user": 1003, "status": "kicked"})
    await client.control("POST", "members", {"chat": 1004, "user": 1004, "status": "deactivated"})

    async def chat(name: str, kind: str, **more: Any) -> int:
        wanted = {"type": kind, "title": name, "members": [1001, 1005], **more}
        names[name] = (await client.control("POST", "chats", wanted))["id"]
        return int(names[name])

    await chat("group", "group")
    await chat("super", "supergroup", bot="administrator")
    await chat("plain", "supergroup")
    await chat("channel", "channel", username="newsroom")
    for name, kind, status in FELL_OUT:
        wanted = {"chat": await chat(name, kind), "user": "bot", "status": status}
        await client.control("POST", "members", wanted)
    await chat("old", "group")
    names["new"] = (await client.control("POST", "migrations", {"chat": names["old"]}))["id"]
    names["own"] = (await client.ok("sendMessage", chat_id=1001, text="own"))["message_id"]
    keys = {"keyboard": [["a"]]}
    sent = await client.ok("sendMessage", chat_id=1001, text="keys", reply_markup=keys)
    names["keys"] = sent["message_id"]
    names["theirs"] = names["theirs1001"]
    names["gone"] = (await client.ok("sendMessage", chat_id=1001, text="gone"))["message_id"]
    await client.ok("deleteMessage", chat_id=1001, message_id=names["gone"])
    names["in_super"] = await client.say(names["super"], 1005, "hello")
    names["in_plain"] = await client.say(names["plain"], 1005, "hello")
    await client.drain()
    return client
