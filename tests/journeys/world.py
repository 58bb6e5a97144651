"""A small world for journeys: people who talk to the bot in the sandbox, and its clock."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import httpx

READER, OWNER, GROUP = 1001, 1002, -1001
Message = dict[str, Any]


def words_of(message: Message) -> str:
    return str(message.get("text") or message.get("caption") or "")


def buttons_of(message: Message) -> dict[str, dict[str, Any]]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return {button["text"]: button for row in rows for button in row}


class World:
    """Acts through the sandbox's own control; sees what a person would see."""

    def __init__(self, url: str) -> None:
        self.http = httpx.AsyncClient(base_url=url, trust_env=False, timeout=60)
        self._read: dict[int, int] = {}

    async def close(self) -> None:
        await self.http.aclose()

    async def control(self, path: str, body: Any = None, method: str = "POST") -> Any:
        answer = await self.http.request(method, f"/sandbox/{path}", json=body)
        assert answer.status_code == 200, (path, answer.status_code, answer.text)
        return answer.json()

    # what people do

    async def says(self, user: int, text: str, chat: int | None = None) -> None:
        """The person writes; what stood there before counts as read."""
        await self.reads(chat or user)
        await self.control("messages", {"chat": chat or user, "from": user, "text": text})

    async def sends(self, user: int, name: str, data: bytes, text: str = "") -> None:
        await self.reads(user)
        answer = await self.http.post(
            "/sandbox/messages",
            data={"chat": str(user), "from": str(user), "text": text},
            files={"document": (name, data)},
        )
        assert answer.status_code == 200, answer.text

    async def presses(self, user: int, button: str, chat: int | None = None) -> None:
        """Press the newest button whose words contain these."""
        place = chat or user
        for message in reversed(await self.messages(place)):
            for text, drawn in buttons_of(message).items():
                if button in text and "callback_data" in drawn:
                    await self.reads(place)
                    await self.control(
                        "presses",
                        {
                            "chat": place,
                            "from": user,
                            "message_id": message["message_id"],
                            "data": drawn["callback_data"],
                        },
                    )
                    return
        raise AssertionError(f"no button {button!r} in {place}")

    # what people see

    async def messages(self, chat: int) -> list[Message]:
        found = await self.control(f"chats/{chat}/messages", method="GET")
        return [m for m in found["messages"] if not m.get("deleted")]

    async def reads(self, chat: int) -> None:
        self._read[chat] = len(await self.from_bot(chat))

    async def from_bot(self, chat: int) -> list[Message]:
        return [m for m in await self.messages(chat) if m.get("from", {}).get("is_bot", True)]

    async def unread(self, chat: int) -> list[Message]:
        return (await self.from_bot(chat))[self._read.get(chat, 0) :]

    async def hears(self, chat: int, *words: str, within_s: float = 60) -> Message:
        """The first unread message of the bot that has all these words; edited ones too."""
        seen: list[Message] = []
        for _ in range(round(within_s / 0.05)):
            seen = await self.unread(chat)
            for message in seen or (await self.from_bot(chat))[-1:]:
                if all(word in words_of(message) for word in words):
                    return message
            await asyncio.sleep(0.05)
        heard = "\n---\n".join(words_of(m) for m in seen)
        raise AssertionError(f"{chat} did not hear {words}; heard:\n{heard}")

    async def until(
        self, count: Callable[[], Awaitable[int]], at_least: int, within_s: float = 120
    ) -> None:
        """Wait until a count has come so far."""
        for _ in range(round(within_s / 0.1)):
            if (seen := await count()) >= at_least:
                return
            await asyncio.sleep(0.1)
        raise AssertionError(f"{count}: {seen}, not {at_least} within {within_s} s")

    async def answers(self, since: int) -> list[dict[str, Any]]:
        """The answers to presses after a call, once there is one."""

        async def given() -> int:
            return len(await self.calls("answerCallbackQuery", since))

        await self.until(given, 1)
        return await self.calls("answerCallbackQuery", since)

    async def answered(self) -> int:
        """How many chats have got a message."""
        return len({call["params"].get("chat_id") for call in await self.calls("sendMessage")})

    async def got(self, words: str) -> list[int]:
        """The chats that got a message with these words, one entry for each message."""
        return [
            int(call["params"]["chat_id"])
            for call in await self.calls("sendMessage")
            if call["status"] == 200 and words in str(call["params"].get("text"))
        ]

    async def stays_silent(self, chat: int, for_s: float = 0.5) -> None:
        await asyncio.sleep(for_s)
        assert [words_of(m) for m in await self.unread(chat)] == []

    # time

    async def advance_to(self, instant: datetime) -> None:
        answer = await self.http.post(
            "/sandbox/clock", json={"to": instant.isoformat()}, timeout=600
        )
        assert answer.status_code == 200, answer.text

    async def calls(self, method: str = "", since: int = 0) -> list[dict[str, Any]]:
        found = await self.control(f"calls?method={method}&since={since}", method="GET")
        return list(found["calls"])
