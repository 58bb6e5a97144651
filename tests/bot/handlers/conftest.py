"""A talk with the bot: real handlers, a real database file, the sandbox as Telegram."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest
import telegram
from telegram.ext import Application, ApplicationBuilder

import digests
from bot import handlers
from bot.delivery.limiter import Limiter, Rates
from bot.delivery.replies import PtbRateLimiter, PtbRequest
from bot.delivery.transport import Transport
from bot.domain.message import OnUnknown
from bot.handlers.desk import Desk, Office, Rules
from bot.library import Library
from bot.sandbox.server import Sandbox
from bot.storage import reports
from bot.storage.database import Database
from tests.databases import template

__all__ = ["Talk", "talk", "template"]

START = datetime(2026, 7, 19, 23, 59, tzinfo=UTC)  # Monday 20 July 7:59 in Beijing
TOKEN = "7000000001:test-token"
SAMPLE = Path(digests.__file__).parent / "samples" / "yunlan.txt"
READER, OWNER, REVIEWER, GROUP, CHANNEL = 1001, 1002, 1003, -1001, -1002
Message = dict[str, Any]


@cache
def sample() -> tuple[digests.Report, tuple[digests.Task, ...]]:
    """The sample report and its tasks, read once."""
    report = digests.parse(SAMPLE.read_bytes(), SAMPLE.name)
    return report, digests.extract_tasks(report)


class Talk:
    """People act through the sandbox; every update is handled before an act returns."""

    def __init__(self, sandbox: Sandbox, database: Database, library: Library) -> None:
        self.sandbox = sandbox
        self.database = database
        self.library = library
        self.http = httpx.AsyncClient(base_url=sandbox.url, trust_env=False, timeout=30)
        self.transport = Transport(sandbox.url, TOKEN)
        self.application: Application[Any, Any, Any, Any, Any, Any] = (
            ApplicationBuilder()
            .token(TOKEN)
            .base_url(f"{sandbox.url}/bot")
            .base_file_url(f"{sandbox.url}/file/bot")
            .request(PtbRequest(self.transport))
            .get_updates_request(PtbRequest(self.transport))
            .rate_limiter(
                PtbRateLimiter(Limiter(Rates(1000, 1000, 1000, 100_000)), lambda chat: False)
            )
            .updater(None)
            .job_queue(None)
            .build()
        )
        self._offset = 0
        self._read: dict[int, int] = {}

    async def open(self, **rules: Any) -> None:
        await self.application.initialize()
        handlers.register(self.application)
        self.desk = Desk(
            self.database,
            self.library,
            self.sandbox.clock.now,
            self._parse,
            self._fetch,
            username=self.bot.username,
            owners=frozenset({OWNER}),
            office=Office("云岚市委办公室", "0000-12345"),
            rules=Rules(OnUnknown.LEAVE, **rules),
        )
        self.application.bot_data["desk"] = self.desk

    async def close(self) -> None:
        await handlers.close(self.desk)
        await self.http.aclose()
        await self.application.shutdown()
        await self.transport.close()

    @property
    def bot(self) -> telegram.Bot:
        return self.application.bot

    @property
    def now(self) -> datetime:
        return self.sandbox.clock.now()

    async def _parse(self, data: bytes, name: str) -> digests.Report:
        return digests.parse(data, name)

    async def _fetch(self, url: str) -> tuple[bytes, str]:
        return SAMPLE.read_bytes(), url.rpartition("/")[2]

    async def control(self, path: str, body: Any = None, method: str = "POST") -> Any:
        answer = await self.http.request(method, f"/sandbox/{path}", json=body)
        assert answer.status_code == 200, (path, answer.status_code, answer.text)
        return answer.json()

    async def pump(self) -> None:
        """Handle everything that came in."""
        while True:
            raws = await self.transport.call(
                "getUpdates",
                {"offset": self._offset, "allowed_updates": list(handlers.ALLOWED_UPDATES)},
                timeout_s=5,
            )
            for raw in raws:
                self._offset = raw["update_id"] + 1
                update = telegram.Update.de_json(raw, self.bot)
                await self.application.process_update(update)
            if not raws:
                return

    async def says(self, user: int, text: str, chat: int | None = None, **more: Any) -> list[str]:
        """A person writes; what the bot says to it."""
        place = chat or user
        before = await self.marks(place)
        await self.control("messages", {"chat": place, "from": user, "text": text, **more})
        await self.pump()
        return await self.since(place, before)

    async def sends(self, user: int, name: str, data: bytes) -> list[str]:
        before = await self.marks(user)
        answer = await self.http.post(
            "/sandbox/messages",
            data={"chat": str(user), "from": str(user), "text": ""},
            files={"document": (name, data)},
        )
        assert answer.status_code == 200, answer.text
        await self.pump()
        return await self.since(user, before)

    async def presses(self, user: int, data: str, chat: int | None = None) -> list[str]:
        """Press the newest button with this data (or words); what the bot says or changes."""
        place = chat or user
        for message in reversed(await self.messages(place)):
            for row in message.get("reply_markup", {}).get("inline_keyboard", []):
                for button in row:
                    if button.get("callback_data") == data or data in button["text"]:
                        return await self.press_raw(
                            user, message["message_id"], button["callback_data"], place
                        )
        raise AssertionError(f"no button {data!r} in {place}")

    async def press_raw(self, user: int, message_id: int, data: str, chat: int) -> list[str]:
        before = await self.marks(chat)
        await self.control(
            "presses", {"chat": chat, "from": user, "message_id": message_id, "data": data}
        )
        await self.pump()
        return await self.since(chat, before)

    async def ticks(self, at: datetime | None = None) -> None:
        """One tick, and what it began in the background ends; however slow the machine is."""
        await handlers.tick(self.bot, self.desk, at or self.now)
        while self.desk.errands:
            await asyncio.gather(*self.desk.errands)

    async def forges(self, user: int, data: str) -> str:
        """Press any data under the newest message; what was shown over the chat."""
        message = (await self.messages(user))[-1]["message_id"]
        count = len(await self.toasts())
        await self.press_raw(user, message, data, user)
        shown = await self.toasts()
        assert len(shown) == count + 1, f"{data!r}: the spinner stays"
        return shown[-1]

    async def messages(self, chat: int) -> list[Message]:
        found = await self.control(f"chats/{chat}/messages", method="GET")
        return [m for m in found["messages"] if not m.get("deleted")]

    async def marks(self, chat: int) -> dict[int, str]:
        return {m["message_id"]: str(m) for m in await self.messages(chat)}

    async def since(self, chat: int, before: dict[int, str]) -> list[str]:
        """The bot's words in messages that are new or edited."""
        return [
            str(m.get("text") or m.get("caption") or m.get("document", {}).get("file_name", ""))
            for m in await self.messages(chat)
            if before.get(m["message_id"]) != str(m) and m.get("from", {}).get("is_bot", True)
        ]

    async def toasts(self) -> list[str]:
        """What was shown over the chat so far."""
        found = await self.control("calls?method=answerCallbackQuery&since=0", method="GET")
        return [str(call["params"].get("text") or "") for call in found["calls"]]

    async def buttons(self, chat: int) -> list[str]:
        """The data of the newest message's buttons."""
        for message in reversed(await self.messages(chat)):
            rows = message.get("reply_markup", {}).get("inline_keyboard", [])
            if rows:
                return [b.get("callback_data", "") for row in rows for b in row]
        return []

    async def add_sample(self, *, accept: bool = True) -> str:
        """The sample report, out and public."""
        report, found = sample()
        async with self.database.write() as connection:
            added = await reports.add(connection, report, found, now=self.now, accept=accept)
        await self.library.refresh()
        return added.key


@pytest.fixture
async def talk(tmp_path: Path, template: Path) -> AsyncIterator[Talk]:
    sandbox = Sandbox(start=START)
    sandbox.seed()
    await sandbox.start(port=0)
    shutil.copy(template, tmp_path / "bot.db")
    database = Database(f"sqlite:///{tmp_path / 'bot.db'}")
    library = Library(database, None)
    await library.refresh()
    world = Talk(sandbox, database, library)
    await world.control("limits", {"enforce": False})
    await world.open()
    yield world
    await world.close()
    await database.close()
    await sandbox.stop()
