"""``python -m tests.benchmarks``: what delivery costs, measured here and now, as a table.

``--only contenders,paid,free,planning`` picks some; ``--rounds`` repeats the contenders, of which
the best round counts (other programs on the machine only ever make it slower).
"""

import argparse
import asyncio
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.benchmarks import contenders, office

ROOT = Path(__file__).parents[2]
Run = Callable[[Coroutine[Any, Any, Any]], Any]


def loop_runner() -> tuple[str, Run]:
    """The same event loop for all, and threads that take turns as in the running bot."""
    sys.setswitchinterval(0.001)
    try:
        import uvloop
    except ImportError:
        return "asyncio", asyncio.run
    return f"uvloop {uvloop.__version__}", uvloop.run


class Responder:
    """The server of ``responder.py`` in a process of its own."""

    def __init__(self, *options: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks.responder", *options],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        self.url = f"http://127.0.0.1:{int(self._process.stdout.readline())}"

    def ask(self, what: str, body: dict[str, Any] | None = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(urllib.request.Request(f"{self.url}/{what}", data)) as answer:
            return json.load(answer)

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()


@contextmanager
def responder(*options: str) -> Iterator[Responder]:
    found = Responder(*options)
    try:
        yield found
    finally:
        found.close()


# ---- contenders ----------------------------------------------------------------------------


def race(run: Run, rounds: int, messages: int) -> None:
    """All hands in turn, round after round, against one responder that answers at once."""
    hands: dict[str, Callable[[str, int, int], Awaitable[Any]]] = {
        "bare aiohttp": contenders.bare_aiohttp,
        "this project, durable outbox": office.durable,
        "aiogram": contenders.aiogram,
        "python-telegram-bot on our transport": contenders.ptb_on_ours,
        "python-telegram-bot as it comes": contenders.stock_ptb,
    }
    few = {"python-telegram-bot as it comes": 10}
    best: dict[str, float] = {}
    cost: dict[str, float] = {}
    with responder() as server:
        for _ in range(rounds):
            for name, hand in hands.items():
                count = messages // few.get(name, 1)
                server.ask("reset", {})
                begun = time.process_time()
                done = run(hand(server.url, count, 64))
                spent = time.process_time() - begun
                if isinstance(done, dict) and "cpu_s" in done:
                    spent = done["cpu_s"]
                stats = server.ask("stats")
                assert stats["sent"] == count, (name, stats)
                best[name] = max(best.get(name, 0), count / stats["seconds"])
                cost[name] = min(cost.get(name, 1e9), spent / count * 1e6)
    floor = best["bare aiohttp"]
    print("\n| answers at once, 64 in flight | messages/s | of bare | CPU us/message |")
    print("|---|---|---|---|")
    for name in hands:
        share = best[name] / floor
        print(f"| {name} | {best[name]:,.0f} | {share:.2f} | {cost[name]:.0f} |")
    ours = best["this project, durable outbox"]
    print(
        f"\ndurable outbox: {ours / floor:.2f} of bare aiohttp, {ours / best['aiogram']:.2f} x aiogram"
    )


# ---- the whole bot -------------------------------------------------------------------------


async def _whole_bot(server: Responder, chats: int, looks: int) -> dict[str, Any]:
    from dataclasses import replace

    from bot.app import App
    from bot.settings import load
    from bot.storage import pushes

    with tempfile.TemporaryDirectory() as folder:
        settings = load(None, {})
        settings = replace(
            settings,
            telegram=replace(settings.telegram, token=contenders.TOKEN, api_url=server.url),
            database=replace(settings.database, url=f"sqlite:///{folder}/bench.db"),
            limits=replace(settings.limits, per_second=1000.0),
            push=replace(settings.push, quiet_hours=None),
            web=replace(settings.web, port=0),
            data=replace(settings.data, folder=Path(folder)),
        )
        app = App(settings, office.now)
        await app.database.migrate()
        await _add_report(app.database)
        await office.add_chats(app.database, chats)
        await app.start()
        try:
            await asyncio.sleep(2)
            server.ask("reset", {})
            push = await office.add_broadcast(app.database)
            server.ask(
                "ask", {"every_ms": 100, "texts": ["防汛", "安全生产", "换届"] * (looks // 3)}
            )
            state = "running"
            while state in {"planning", "scheduled", "running"}:
                await asyncio.sleep(0.2)
                async with app.database.read() as connection:
                    row = await pushes.get(connection, push)
                state = str(row["state"]) if row else "gone"
            async with app.database.read() as connection:
                sums = await pushes.sums(connection, push)
            await asyncio.sleep(0.5)
            return {**server.ask("stats"), "sums": sums}
        finally:
            await app.stop()


async def _add_report(database: Any) -> None:
    import digests
    from bot.storage import reports

    path = ROOT / "digests" / "samples" / "yunlan.txt"
    report = digests.parse(path.read_bytes(), path.name)
    async with database.write() as connection:
        found = digests.extract_tasks(report)
        await reports.add(connection, report, found, now=office.now(), accept=True)


def paid(run: Run) -> None:
    """1,000/s at 80 ms, 20,000 chats, and people who look things up meanwhile."""
    with responder("--latency-ms", "80", "--per-second", "1000") as server:
        found = run(_whole_bot(server, 20_000, 150))
    rate = (found["sent"] - found["replies"]) / found["seconds"]
    print("\n| 1,000/s allowed, 80 ms round trip, 20,000 chats, the whole bot | |")
    print("|---|---|")
    print(f"| messages/s | {rate:,.0f} |")
    print(
        f"| most in one second / refused (429) | {found['busiest_second']} / {found['refused']} |"
    )
    print(f"| sent and settled | {found['sums']['sent']:,} |")
    print(
        f"| look-ups meanwhile ({found['replies']}): p50, p95, p99 | {found['reply_p50_ms']}, "
        f"{found['reply_p95_ms']}, {found['reply_p99_ms']} ms |"
    )


async def _at_thirty(url: str, chats: int) -> dict[str, Any]:
    from bot.delivery.limiter import Rates

    with tempfile.TemporaryDirectory() as folder:
        database = office.Database(f"sqlite:///{folder}/bench.db")
        await database.migrate()
        await office.add_chats(database, chats)
        push = await office.add_broadcast(database)
        return await office.run_sender(database, url, push, Rates())


def free(run: Run) -> None:
    """30/s, as every bot has it: how close to N/30."""
    with responder("--latency-ms", "80", "--per-second", "30") as server:
        run(_at_thirty(server.url, 1800))
        stats = server.ask("stats")
    off = (stats["seconds"] / (1800 / 30) - 1) * 100
    print("\n| 30/s allowed, 80 ms round trip, 1,800 chats | |")
    print("|---|---|")
    print(f"| seconds (N/30 = 60) | {stats['seconds']:.2f} ({off:+.2f} %) |")
    print(f"| most in one second / refused | {stats['busiest_second']} / {stats['refused']} |")


# ---- planning ------------------------------------------------------------------------------


async def _plan_a_million(chats: int) -> dict[str, float]:
    from bot.delivery.editor import Issue, Order
    from bot.delivery.lease import Lease
    from bot.delivery.planner import Planner
    from bot.storage.pushes import Variant

    class Pen:
        def issue(self, order: Order) -> Issue:
            part = {"method": "sendMessage", "body": {"text": contenders.TEXT}}
            return Issue(Variant(",".join(order.topics), [part]), order.read | {"k:1"})

    with tempfile.TemporaryDirectory() as folder:
        database = office.Database(f"sqlite:///{folder}/bench.db")
        await database.migrate()
        due = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)
        await office.add_chats(database, chats, due_at=due, due_on=due.date())
        lease = Lease(database, "sender:1")
        assert await lease.take()
        late: list[float] = []

        async def heart() -> None:
            while True:
                asked = time.monotonic()
                await lease.take()
                late.append(time.monotonic() - asked)
                await asyncio.sleep(0.05)

        beating = asyncio.create_task(heart())
        begun = time.monotonic()
        moved = await Planner(database, lease, Pen()).tick(due)  # type: ignore[arg-type]
        seconds = time.monotonic() - begun
        beating.cancel()
        assert moved == chats
        peak = _peak_mib()
        await database.close()
        return {"seconds": seconds, "latest": max(late), "peak_mib": peak}


def _peak_mib() -> float:
    """The most memory of this process; getrusage would tell its parent's where that is larger."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(x for x in status.read_text().splitlines() if x.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def planning(run: Run) -> None:
    """A million readers due in one minute, in a process of its own for its memory."""
    code = (
        "import asyncio, json; from tests.benchmarks.__main__ import _plan_a_million as plan;"
        "print(json.dumps(asyncio.run(plan(1_000_000))))"
    )
    del run
    made = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True
    )
    found = json.loads(made.stdout.splitlines()[-1])
    print("\n| 1,000,000 readers due in one minute | |")
    print("|---|---|")
    print(f"| planned in | {found['seconds']:.1f} s |")
    print(f"| most memory | {found['peak_mib']:.0f} MiB |")
    print(f"| heartbeat late by at most | {found['latest']:.2f} s |")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks")
    parser.add_argument("--only", default="contenders,paid,free,planning")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--messages", type=int, default=10_000)
    given = parser.parse_args()
    loop, run = loop_runner()
    today = office.now().date()
    cores = f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    print(f"{today} · {platform.machine()}, {cores} · Python {platform.python_version()} · {loop}")
    wanted = given.only.split(",")
    if "contenders" in wanted:
        race(run, given.rounds, given.messages)
    for name, measure in (("paid", paid), ("free", free), ("planning", planning)):
        if name in wanted:
            measure(run)


if __name__ == "__main__":
    main()
