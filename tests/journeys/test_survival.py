"""kill -9 in the middle: what was chosen, gathered and sent is still there."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest

from bot.sandbox.server import Sandbox
from tests.journeys.conftest import SAMPLE
from tests.journeys.world import OWNER, READER, World, words_of

ROOT = Path(__file__).parents[2]
TOKEN = "7000000009:for-the-journey"
NOTICE = "请各村今晚七点前上报值班名单。"


class Bot:
    """The real program in a process of its own, against the sandbox."""

    def __init__(self, folder: Path, api_url: str) -> None:
        self._folder = folder
        self._environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "POLICYBOT_TELEGRAM__TOKEN": TOKEN,
            "POLICYBOT_TELEGRAM__API_URL": api_url,
            "POLICYBOT_TELEGRAM__OWNERS": str(OWNER),
            "POLICYBOT_DATABASE__URL": f"sqlite:///{folder / 'bot.db'}",
            "POLICYBOT_DATA__FOLDER": str(folder),
            "POLICYBOT_PUSH__QUIET_HOURS": "none",  # this journey runs by the real clock
        }
        self._process: asyncio.subprocess.Process | None = None

    async def command(self, *words: str) -> str:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", *words, env=self._environment, cwd=self._folder,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        out, err = await process.communicate()
        assert process.returncode == 0, err.decode()
        return out.decode()

    async def start(self) -> None:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", env=self._environment, cwd=self._folder,
            stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip

    async def kill(self) -> None:
        assert self._process is not None
        self._process.kill()
        await self._process.wait()

    async def end(self) -> int:
        """As an operator does: SIGTERM, and wait."""
        assert self._process is not None
        if self._process.returncode is None:
            self._process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(30):
            return await self._process.wait()


@pytest.fixture
async def world() -> AsyncIterator[World]:
    sandbox = Sandbox(tokens=(TOKEN,))
    sandbox.seed()
    await sandbox.start(port=0)
    world = World(sandbox.url)
    yield world
    await world.close()
    await sandbox.stop()


@pytest.fixture
async def bot(tmp_path: Path, world: World) -> AsyncIterator[Bot]:
    bot = Bot(tmp_path, str(world.http.base_url).rstrip("/"))
    await bot.command("add", str(SAMPLE), "--accept")
    await bot.start()
    yield bot
    await bot.end()


async def _so_far(world: World) -> int:
    return len(await world.got(NOTICE))


async def test_a_subscription_and_a_half_written_broadcast_survive_a_kill(
    bot: Bot, world: World
) -> None:
    await world.says(READER, "/start")
    await world.hears(READER, "您好")
    await world.says(OWNER, "/broadcast")
    await world.hears(OWNER, "请发来")
    await world.says(OWNER, NOTICE)
    await world.hears(OWNER, "什么时候")
    await bot.kill()
    await world.says(OWNER, "现在")  # said while nobody listens
    await bot.start()
    await world.hears(OWNER, "1人")
    await world.reads(READER)
    await world.presses(OWNER, "确认")
    await world.hears(READER, NOTICE)


async def test_every_chat_of_a_broadcast_gets_it_once_although_the_bot_is_killed_on_the_way(
    bot: Bot, world: World
) -> None:
    await world.control("limits", {"per_second": 1000})
    await world.says(READER, "/start")
    await world.hears(READER, "您好")
    await world.control("crowds", {"count": 200})
    await world.until(world.answered, 201)
    made = json.loads(await bot.command("broadcast", NOTICE, "--json"))
    assert made["planned"] == 201
    for _ in range(3):
        await asyncio.sleep(1.2)
        await bot.kill()
        await bot.start()
    push = str(made["push"])
    for _ in range(300):
        row = json.loads(await bot.command("pushes", push, "--json"))["pushes"][0]
        if row["waiting"] == 0:
            break
        await asyncio.sleep(0.5)
    assert row["planned"] == 201
    assert row["planned"] == row["sent"] + row["failed"] + row["unknown"] + row["skipped"]
    assert row["failed"] == row["skipped"] == 0
    got = await world.got(NOTICE)
    assert len(got) == len(set(got))
    assert row["sent"] <= len(got) <= row["sent"] + row["unknown"]


async def test_asked_to_end_in_mid_broadcast_it_leaves_nothing_unknown(
    bot: Bot, world: World
) -> None:
    await world.control("crowds", {"count": 60})
    await world.until(world.answered, 60)
    await world.control("faults", {"method": "sendMessage", "delay_ms": 300})
    made = json.loads(await bot.command("broadcast", NOTICE, "--json"))
    await world.until(partial(_so_far, world), 1)
    assert await bot.end() == 0
    row = json.loads(await bot.command("pushes", str(made["push"]), "--json"))["pushes"][0]
    assert row["planned"] == row["sent"] + row["waiting"] == 60
    await bot.start()
    await world.until(partial(_so_far, world), 60)
    for _ in range(60):
        row = json.loads(await bot.command("pushes", str(made["push"]), "--json"))["pushes"][0]
        if row["waiting"] == 0:
            break
    assert (row["sent"], row["unknown"]) == (60, 0)
    got = await world.got(NOTICE)
    assert len(got) == len(set(got)) == 60


async def test_it_ends_in_good_order_when_asked(bot: Bot, world: World) -> None:
    await world.says(READER, "/start")
    await world.hears(READER, "您好")
    assert await bot.end() == 0
    assert all("您好" not in words_of(m) for m in await world.unread(OWNER))
