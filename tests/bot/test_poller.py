"""Updates are handled once, in order per chat, and one bad one never stops the rest."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from bot import poller
from bot.errors import SendError, StorageError, TokenRefused
from bot.poller import Lines, Poller, line_of


def message(number: int, chat: int, text: str = "x") -> dict[str, Any]:
    return {"update_id": number, "message": {"chat": {"id": chat}, "text": text}}


class Telegram:
    """Keeps updates as Telegram does: an offset confirms, nothing else forgets."""

    def __init__(self, *updates: dict[str, Any]) -> None:
        self.kept = list(updates)
        self.failures: list[SendError] = []
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.stored: list[int] = []

    async def keep(self, updates: list[dict[str, Any]]) -> None:
        self.stored += [update["update_id"] for update in updates]

    async def call(self, method: str, body: dict[str, Any], *, timeout_s: float) -> Any:
        self.calls.append((method, body))
        await asyncio.sleep(0)
        if method != "getUpdates":
            return True
        if self.failures:
            raise self.failures.pop(0)
        self.kept = [u for u in self.kept if u["update_id"] >= body["offset"]]
        if not self.kept:
            await asyncio.sleep(0.01)
        return self.kept[:100]


def nobody(person: int) -> bool:
    return False


def poller_of(telegram: "Telegram", lines: Lines) -> Poller:
    return Poller(telegram, lines, telegram.keep)


async def run_until(poller: Poller, reached: Callable[[], bool]) -> None:
    task = asyncio.create_task(poller.run())
    try:
        async with asyncio.timeout(10):
            while not reached():
                await asyncio.sleep(0.005)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def test_a_line_is_the_chat_else_the_user() -> None:
    assert line_of(message(1, 5)) == 5
    assert line_of({"update_id": 1, "callback_query": {"message": {"chat": {"id": 6}}}}) == 6
    assert line_of({"update_id": 1, "inline_query": {"from": {"id": 7}}}) == 7
    assert line_of({"update_id": 1}) == 0


async def test_updates_of_one_chat_keep_their_order_while_another_chat_goes_on() -> None:
    ended: list[str] = []
    gate = asyncio.Event()

    async def handle(update: dict[str, Any]) -> None:
        text = update["message"]["text"]
        if text == "slow":
            await gate.wait()
        ended.append(text)

    telegram = Telegram(message(1, 7, "slow"), message(2, 7, "after"), message(3, 8, "other"))
    lines = Lines(handle, nobody)
    poller = poller_of(telegram, lines)
    await run_until(poller, lambda: "other" in ended)
    assert ended == ["other"]
    gate.set()
    await lines.stop(5)
    assert ended == ["other", "slow", "after"]


async def test_an_unfinished_update_is_not_confirmed_and_not_handled_twice() -> None:
    handled: list[int] = []
    gate = asyncio.Event()

    async def handle(update: dict[str, Any]) -> None:
        handled.append(update["update_id"])
        if update["update_id"] == 1:
            await gate.wait()

    telegram = Telegram(message(1, 7), message(2, 8))
    poller = poller_of(telegram, Lines(handle, nobody))
    await run_until(poller, lambda: len(telegram.calls) >= 4)
    assert handled == [1, 2]
    assert [u["update_id"] for u in telegram.kept] == [1, 2]


async def test_finished_updates_are_confirmed() -> None:
    telegram = Telegram(message(1, 7), message(2, 8))

    async def handle(update: dict[str, Any]) -> None: ...

    await run_until(poller_of(telegram, Lines(handle, nobody)), lambda: not telegram.kept)
    assert telegram.calls[-1][1]["offset"] == 3


async def test_an_update_that_fails_does_not_stop_the_rest(
    caplog: pytest.LogCaptureFixture,
) -> None:
    handled: list[int] = []

    async def handle(update: dict[str, Any]) -> None:
        if update["update_id"] == 1:
            raise ValueError("cannot be parsed")
        handled.append(update["update_id"])

    telegram = Telegram(message(1, 7), message(2, 7))
    await run_until(poller_of(telegram, Lines(handle, nobody)), lambda: not telegram.kept)
    assert handled == [2]
    assert "update 1 failed" in caplog.text


async def test_without_a_database_updates_wait_in_order_and_none_is_lost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(poller, "WITHOUT_DATABASE_S", (0.01, 0.01))
    handled: list[int] = []
    tries = 0

    async def handle(update: dict[str, Any]) -> None:
        nonlocal tries
        tries += 1
        if tries <= 3:
            raise StorageError("the disk is full")
        handled.append(update["update_id"])

    telegram = Telegram(message(1, 7), message(2, 7))
    await run_until(poller_of(telegram, Lines(handle, nobody)), lambda: not telegram.kept)
    assert handled == [1, 2]


async def test_a_second_poller_is_reported_in_plain_words() -> None:
    telegram = Telegram()
    telegram.failures = [
        SendError(
            "conflict",
            "Conflict: terminated by other getUpdates request; "
            "make sure that only one bot instance is running",
        )
    ]
    poller = poller_of(telegram, Lines(lambda update: asyncio.sleep(0), nobody))
    await run_until(poller, lambda: bool(poller.conflict))
    assert "another program polls with this token" in poller.conflict


async def test_a_refused_token_ends_polling_loudly() -> None:
    telegram = Telegram()
    telegram.failures = [TokenRefused("unauthorized", "Unauthorized")]
    with pytest.raises(TokenRefused):
        await poller_of(telegram, Lines(lambda update: asyncio.sleep(0), nobody)).run()


async def test_what_takes_long_is_stored_and_two_hundred_behind_it_do_not_wait() -> None:
    handled: list[int] = []
    gate = asyncio.Event()

    async def handle(update: dict[str, Any]) -> None:
        if update["update_id"] == 1:
            await gate.wait()
        handled.append(update["update_id"])

    telegram = Telegram(*(message(number, number) for number in range(1, 202)))
    lines = Lines(handle, nobody)
    await run_until(poller_of(telegram, lines), lambda: len(handled) == 200)
    assert telegram.stored == [1]
    gate.set()
    await lines.stop(5)
    assert handled[-1] == 1


async def test_an_admin_does_not_wait_behind_a_crowd() -> None:
    ended: list[int] = []
    gate = asyncio.Event()

    async def handle(update: dict[str, Any]) -> None:
        if update["message"]["from"]["id"] != 1002:
            await gate.wait()
        ended.append(update["update_id"])

    def from_(number: int, person: int) -> dict[str, Any]:
        return {"update_id": number, "message": {"chat": {"id": person}, "from": {"id": person}}}

    lines = Lines(handle, lambda person: person == 1002, slots=3)
    for number in range(50):
        lines.put(from_(number, 2000 + number))
    lines.put(from_(50, 1002))
    lines.put(from_(51, 1002))
    await lines.wait(5, at_most=50)
    assert ended == [50, 51]
    gate.set()
    await lines.stop(5)
    assert len(ended) == 52
