"""How many messages a second the sandbox takes on one core, so that benchmarks know its limit.

The server runs in a process of its own; the clients here post pre-encoded bodies over keep-alive
connections with as little work as possible (raw sockets), or through aiohttp as a bot would::

    python -m pytest -m benchmark tests/benchmarks/bench_sandbox.py -s
"""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest

pytestmark = pytest.mark.benchmark

ROOT = Path(__file__).parents[2]
TOKEN = "900000042:BENCH"
CHATS = 2000
MESSAGES = 20_000
TEXT = (
    "<b>今日摘编</b>\n<blockquote>牢固树立安全发展理念，" + "强化底线思维。" * 40 + "</blockquote>"
)
MARKUP = '{"inline_keyboard":[[{"text":"看全节","callback_data":"s:ab12cd34:1.2.5"}]]}'


SERVER = f"""
import asyncio, sys
import uvloop
from bot.sandbox.server import Sandbox

async def run():
    sandbox = Sandbox()
    sandbox.world.limits.change({{"enforce": False}})
    account = sandbox.world.account("{TOKEN}")
    for number in range(1, {CHATS} + 1):
        user = sandbox.world.add_user({{"id": number, "name": "B"}})
        sandbox.world.dialog(account, user).started = True
    await sandbox.start(port=0)
    print(sandbox.url, flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    await sandbox.stop()

uvloop.run(run())
"""


@pytest.fixture
def server() -> Iterator[tuple[str, int]]:
    with subprocess.Popen(
        [sys.executable, "-c", SERVER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield process.stdout.readline().strip(), process.pid
        process.stdin.close()


def _cpu(pid: int) -> float:
    import psutil

    times = psutil.Process(pid).cpu_times()
    return float(times.user + times.system)


def _body(number: int, *, markup: bool) -> bytes:
    body = {"chat_id": number % CHATS + 1, "text": TEXT, "parse_mode": "HTML"}
    if markup:
        body["reply_markup"] = json.loads(MARKUP)
    return json.dumps(body).encode()


async def _raw(url: str, lanes: int, *, markup: bool) -> float:
    """Messages a second through ``lanes`` keep-alive connections."""
    host, port = url.removeprefix("http://").split(":")
    head = f"POST /bot{TOKEN}/sendMessage HTTP/1.1\r\nHost: {host}:{port}\r\n"
    bodies = [_body(number, markup=markup) for number in range(CHATS)]
    requests = [
        f"{head}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        + body
        for body in bodies
    ]
    numbers = iter(range(MESSAGES))

    async def lane() -> None:
        reader, writer = await asyncio.open_connection(host, int(port))
        for number in numbers:
            writer.write(requests[number % CHATS])
            answer = await reader.readuntil(b"\r\n\r\n")
            assert answer.startswith(b"HTTP/1.1 200"), answer
            length = int(answer.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
            await reader.readexactly(length)
        writer.close()

    started = time.perf_counter()
    await asyncio.gather(*(lane() for _ in range(lanes)))
    return MESSAGES / (time.perf_counter() - started)


async def _aiohttp(url: str, lanes: int) -> float:
    bodies = [_body(number, markup=True) for number in range(CHATS)]
    numbers = iter(range(MESSAGES))
    headers = {"Content-Type": "application/json"}
    async with aiohttp.ClientSession() as session:

        async def lane() -> None:
            for number in numbers:
                body = bodies[number % CHATS]
                where = f"{url}/bot{TOKEN}/sendMessage"
                async with session.post(where, data=body, headers=headers) as response:
                    await response.read()

        started = time.perf_counter()
        await asyncio.gather(*(lane() for _ in range(lanes)))
        return MESSAGES / (time.perf_counter() - started)


def test_it_says_how_many_messages_it_takes(server: tuple[str, int]) -> None:
    import uvloop

    url, pid = server
    uvloop.run(_raw(url, 8, markup=False))  # warm
    for name, job in (
        ("raw, text", lambda: _raw(url, 32, markup=False)),
        ("raw, text and keyboard", lambda: _raw(url, 32, markup=True)),
        ("aiohttp client, text and keyboard", lambda: _aiohttp(url, 32)),
    ):
        cpu = _cpu(pid)
        rate = uvloop.run(job())
        used = _cpu(pid) - cpu
        per_core = MESSAGES / used if used else 0
        print(f"{name}: {rate:,.0f} msg/s; the server's CPU alone: {per_core:,.0f} msg/s per core")
    print(f"cores: {os.cpu_count()}")
