"""Keeps the bot, the sandbox or both up until told to end (SIGINT, SIGTERM).

``run_demo`` puts everything into one process: the sandbox is up first, then the bot follows its
clock, which starts at 07:59 on the first workday after the report's issue: under today's date
every deadline of an old report would have passed.
"""

import asyncio
import contextlib
import dataclasses
import logging
import signal
import sys
import tempfile
import webbrowser
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from bot.errors import StorageError, TokenRefused, UsageError
from bot.settings import Settings

if TYPE_CHECKING:
    import digests
    from bot.app import App
    from bot.sandbox.server import Sandbox

log = logging.getLogger(__name__)

DEMO_TOKEN = "7000000001:demo-token-of-the-sandbox"  # noqa: S105 -- opens nothing but the sandbox
DEMO_OWNER = 1002
DEMO_STARTS = time(7, 59)  # a minute before the first digest


def run_bot(settings: Settings) -> int:
    """The bot on Telegram, or wherever ``telegram.api_url`` points."""
    return _run(_bot(settings), settings.telegram.token)


def run_sandbox(port: int, token: str | None) -> int:
    """The Bot API on your desk, alone."""
    return _run(_sandbox(port, token), token or "")


def run_demo(settings: Settings, report: tuple[bytes, str], port: int, database: str | None) -> int:
    """Sandbox, bot, scheduler and sender in one process; without a database all is forgotten."""
    return _run(_demo(settings, report, port, database), "")


# ---- the three -----------------------------------------------------------------------------------


async def _bot(settings: Settings) -> None:
    from bot.app import App

    app = App(settings)
    async with _up(app) as link:
        if link:
            _say(f"还没有管理员。请用这个一次性链接成为管理员（所有者）：{link}")
        _say(f"@{app.bot.username} 已启动，按 Ctrl+C 停止。")
        await app.wait()


async def _sandbox(port: int, token: str | None) -> None:
    from bot.sandbox.server import Sandbox

    sandbox = Sandbox(tokens=(token,) if token else ())
    sandbox.seed()
    async with _serving(sandbox, port):
        _say(f"Bot API: {sandbox.url}/bot<token>/<method>\n聊天页面: {sandbox.url}/")
        await asyncio.Event().wait()


async def _demo(
    settings: Settings, report: tuple[bytes, str], port: int, database: str | None
) -> None:
    from bot.sandbox.server import Sandbox

    sandbox = Sandbox(tokens=(DEMO_TOKEN,))
    sandbox.seed()
    with _folder() as folder:
        async with _serving(sandbox, port):
            _say(f"聊天页面: {sandbox.url}/")
            demo = for_demo(settings, sandbox.url, database, folder)
            app = await beside(sandbox, demo, report)
            async with _up(app):
                _say(_welcome(app))
                if sys.stdout.isatty():
                    webbrowser.open(sandbox.url)
                await app.wait()


async def beside(sandbox: "Sandbox", settings: Settings, report: tuple[bytes, str]) -> "App":
    """A bot that follows the sandbox's clock, with one report taken in and accepted."""
    import digests
    from bot.app import App
    from bot.storage import reports

    parsed = digests.parse(*report)
    sandbox.clock.set(_first_morning(parsed, settings.office.timezone))
    app = App(settings, sandbox.clock.now, sandbox.clock.monotonic)
    await app.database.migrate()
    async with app.database.write() as connection:
        tasks = digests.extract_tasks(parsed)
        await reports.add(connection, parsed, tasks, now=app.clock(), accept=True)
    sandbox.on_tick(app.tick)
    sandbox.on_next(app.next_due)
    return app


def for_demo(settings: Settings, url: str, database: str | None, folder: Path) -> Settings:
    """The operator's settings, but for where Telegram and the data are."""
    replace = dataclasses.replace
    return replace(
        settings,
        telegram=replace(
            settings.telegram,
            token=DEMO_TOKEN,
            api_url=url,
            owners=(DEMO_OWNER,),
            webhook_url="",
        ),
        database=replace(settings.database, url=database or f"sqlite:///{folder / 'demo.db'}"),
        data=replace(settings.data, folder=str(folder)),
    )


def _first_morning(report: "digests.Report", zone: str) -> datetime:
    """07:59 on the first workday after the issue; of an undated report, on its own day's eve."""
    import digests
    from bot.clock import system_clock

    issued = report.issued_on or system_clock().date() - timedelta(days=1)
    return datetime.combine(digests.next_workday(issued), DEMO_STARTS, ZoneInfo(zone))


def _welcome(app: "App") -> str:
    titles = "、".join(edition.report.title for edition in app.library.editions)
    zone = app.settings.office.timezone
    now = app.clock().astimezone(ZoneInfo(zone))
    return (
        f"材料: {titles}\n"
        f"演示时钟从 {now:%Y-%m-%d %H:%M}（{zone}）开始，即材料印发后的第一个工作日；\n"
        "演示中，任务时限视为已由管理员确认。按 Ctrl+C 停止。"
    )


# ---- staying up ----------------------------------------------------------------------------------


@contextlib.asynccontextmanager
async def _up(app: "App") -> AsyncIterator[str | None]:
    try:
        yield await app.start()
    finally:
        await app.stop()


@contextlib.asynccontextmanager
async def _serving(sandbox: "Sandbox", port: int) -> AsyncIterator[None]:
    try:
        await sandbox.start(port=port)
    except OSError as error:
        raise UsageError(f"port {port} cannot be used ({error.strerror}): try --port") from error
    try:
        yield
    finally:
        await sandbox.stop()


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="policybot-", ignore_cleanup_errors=True) as name:
        yield Path(name)


def _run(work: Coroutine[Any, Any, None], token: str) -> int:
    """Run until it ends or a signal asks; the exit code."""
    _set_up_log(token)
    try:
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            runner.run(_until_signal(work))
    except TokenRefused as error:
        raise UsageError(
            f"Telegram does not accept the token ({error.description}); "
            "check telegram.token, @BotFather shows it"
        ) from None
    except StorageError as error:
        log.critical("%s", error)
        return 1
    return 0


async def _until_signal(work: Coroutine[Any, Any, None]) -> None:
    task = asyncio.ensure_future(work)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, task.cancel)
    try:
        await task
    except asyncio.CancelledError:
        log.info("stopped")


SWITCH_S = 0.001  # how long the database's thread waits for a busy loop; Python's own is 5 ms


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    sys.setswitchinterval(SWITCH_S)
    try:
        import uvloop
    except ImportError:
        return None
    factory: Callable[[], asyncio.AbstractEventLoop] = uvloop.new_event_loop
    return factory


def _set_up_log(token: str) -> None:
    from bot.delivery.transport import Redacting

    handler = logging.StreamHandler()
    handler.addFilter(Redacting(token))
    logging.basicConfig(
        level=logging.INFO,
        handlers=[handler],
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )
    for noisy in ("httpx", "apscheduler", "aiosqlite", "tzlocal", "alembic"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def _say(words: str) -> None:
    print(words, flush=True)  # noqa: T201 -- to the person who started it
