"""When something fails: whoever asked hears of it, and the next update is none the worse."""

from typing import Any

import pytest

READER, OWNER = 1001, 1002
Talk = Any  # tests/bot/handlers/conftest.py


class BrokenLibrary:
    """A library with a mistake in it."""

    def editions_for(self, *, member: bool) -> tuple[()]:
        raise RuntimeError("a mistake of ours")


async def test_trouble_is_said_in_one_sentence_and_passes(
    talk: Talk, caplog: pytest.LogCaptureFixture
) -> None:
    await talk.add_sample()
    whole = talk.desk
    broken = {name: getattr(whole, name) for name in whole.__slots__} | {"library": BrokenLibrary()}
    talk.application.bot_data["desk"] = type(whole)(**broken)
    assert await talk.says(READER, "防汛") == ["这里出了点问题，请稍后再试。"]
    assert "an update was not handled" in caplog.text
    talk.application.bot_data["desk"] = whole
    assert "防汛" in (await talk.says(READER, "防汛"))[0]


@pytest.mark.parametrize("method", ["answerCallbackQuery", "editMessageText"])
async def test_a_server_that_knows_few_methods_is_enough(talk: Talk, method: str) -> None:
    await talk.says(READER, "/start")
    await talk.says(READER, "设置")
    await talk.control(
        "faults", {"method": method, "code": 404, "description": "Not Found: method not found"}
    )
    said = await talk.presses(READER, "set:days")
    assert "哪些天" in said[-1]


async def test_a_reader_who_blocks_while_being_answered_is_no_error(
    talk: Talk, caplog: pytest.LogCaptureFixture
) -> None:
    await talk.control(
        "faults",
        {
            "method": "sendMessage",
            "code": 403,
            "description": "Forbidden: bot was blocked by the user",
        },
    )
    assert await talk.says(READER, "/help") == []
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []
