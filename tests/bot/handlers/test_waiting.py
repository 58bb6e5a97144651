"""What meets a database that is gone is done over again; what has been answered is not."""

from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest
import telegram

from bot.app import Candid
from bot.errors import StorageError
from tests.bot.handlers.conftest import READER, Talk


async def arrives(talk: Talk, text: str) -> None:
    """One update, as the program hands it on."""
    await talk.control("messages", {"chat": READER, "from": READER, "text": text})
    [raw] = await talk.transport.call("getUpdates", {"limit": 1, "offset": -1}, timeout_s=5)
    application = talk.application
    application.process_error = Candid.process_error.__get__(application)  # type: ignore[method-assign]
    await application.process_update(telegram.Update.de_json(raw, talk.bot))


async def test_without_a_database_nothing_is_said_and_the_update_may_come_again(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await talk.add_sample()

    async def full(*_given: Any, **_more: Any) -> Any:
        raise StorageError("database or disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(talk.database, "transact", full)
        with pytest.raises(StorageError):
            await arrives(talk, "/start")
    assert all(one["from"]["id"] == READER for one in await talk.messages(READER))
    await arrives(talk, "/start")
    assert any("您好" in one["text"] for one in await talk.messages(READER))


async def test_without_a_database_to_read_the_update_may_come_again(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone() -> AbstractAsyncContextManager[Any]:
        raise StorageError("the database cannot be reached")

    monkeypatch.setattr(talk.database, "read", gone)
    with pytest.raises(StorageError):
        await arrives(talk, "防汛")


async def test_what_was_answered_is_not_answered_again(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await talk.add_sample()

    async def full(*_given: Any, **_more: Any) -> Any:
        raise StorageError("database or disk is full")

    monkeypatch.setattr(talk.database, "transact", full)
    monkeypatch.setattr(talk.database, "write", full)
    await arrives(talk, "防汛")
    assert "防汛" in (await talk.messages(READER))[-1]["text"]
