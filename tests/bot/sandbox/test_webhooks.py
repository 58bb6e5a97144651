"""Webhooks: the secret, order, retries, answers that are calls."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from aiohttp import web

from tests.bot.sandbox.conftest import Client


class Receiver:
    """A bot's webhook with a memory."""

    def __init__(self) -> None:
        self.got: list[dict[str, Any]] = []
        self.secrets: list[str | None] = []
        self.answers: list[web.Response] = []
        self.hold: Callable[[dict[str, Any]], Awaitable[None]] | None = None
        self.woken = asyncio.Event()

    async def take(self, request: web.BaseRequest) -> web.StreamResponse:
        update = await request.json()
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        if self.hold is not None:
            await self.hold(update)
        self.got.append(update)
        self.woken.set()
        return self.answers.pop(0) if self.answers else web.Response()

    async def has(self, count: int) -> list[dict[str, Any]]:
        async with asyncio.timeout(5):
            while len(self.got) < count:
                self.woken.clear()
                await self.woken.wait()
        return self.got

    def texts(self) -> list[str]:
        return [one["message"]["text"] for one in self.got]


@pytest.fixture
async def receiver() -> AsyncIterator[tuple[Receiver, str]]:
    receiver = Receiver()
    runner = web.ServerRunner(web.Server(receiver.take))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield receiver, f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    await runner.cleanup()


async def test_it_delivers_with_the_secret(world: Client, receiver: tuple[Receiver, str]) -> None:
    hook, url = receiver
    await world.ok("setWebhook", url=url, secret_token="s_1-A")
    await world.say(1001, 1001, "hi")
    await hook.has(1)
    assert hook.texts() == ["hi"]
    assert hook.secrets == ["s_1-A"]
    await asyncio.sleep(0.05)
    assert (await world.ok("getWebhookInfo"))["pending_update_count"] == 0


async def test_it_delivers_what_was_waiting(world: Client, receiver: tuple[Receiver, str]) -> None:
    hook, url = receiver
    await world.say(1001, 1001, "before")
    await world.ok("setWebhook", url=url)
    await hook.has(1)
    assert hook.texts() == ["before"]


async def test_it_tries_again_and_keeps_the_order(
    world: Client, receiver: tuple[Receiver, str]
) -> None:
    hook, url = receiver
    hook.answers = [web.Response(status=500)]
    await world.ok("setWebhook", url=url)
    await world.say(1001, 1001, "one")
    await world.say(1001, 1001, "two")
    await hook.has(3)
    assert hook.texts() == ["one", "one", "two"]
    info = await world.ok("getWebhookInfo")
    assert info["last_error_message"].startswith("Wrong response from the webhook: 500")


async def test_it_carries_out_the_call_in_an_answer(
    world: Client, receiver: tuple[Receiver, str]
) -> None:
    hook, url = receiver
    call = {"method": "sendMessage", "chat_id": 1001, "text": "by webhook"}
    hook.answers = [web.json_response(call)]
    await world.ok("setWebhook", url=url)
    await world.say(1001, 1001, "hi")
    await hook.has(1)
    await asyncio.sleep(0.05)
    shown = (await world.control("GET", "chats/1001/messages"))["messages"]
    assert shown[-1]["text"] == "by webhook"


async def test_it_serves_other_chats_while_one_is_slow(
    world: Client, receiver: tuple[Receiver, str]
) -> None:
    hook, url = receiver
    release = asyncio.Event()

    async def hold(update: dict[str, Any]) -> None:
        if update["message"]["text"] == "slow":
            await release.wait()

    hook.hold = hold
    await world.control("POST", "users", {"id": 1010, "name": "Other"})
    await world.ok("setWebhook", url=url)
    await world.say(1001, 1001, "slow")
    await world.say(1010, 1010, "quick")
    await hook.has(1)
    assert hook.texts() == ["quick"]
    release.set()
    await hook.has(2)


async def test_it_honours_retry_after_and_names_a_dead_hook(world: Client) -> None:
    await world.ok("setWebhook", url="http://127.0.0.1:9/")
    await world.say(1001, 1001, "hi")
    await asyncio.sleep(0.2)
    info = await world.ok("getWebhookInfo")
    assert info["last_error_message"] == "Connection refused"
    assert info["pending_update_count"] == 1
