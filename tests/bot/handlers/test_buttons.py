"""Button data is never trusted: forged, replayed or stale, it is refused with a reason."""

import random
from typing import Any

import pytest

from bot.handlers import BUTTONS
from bot.storage import admins, audits, broadcasts, chats, reports

READER, OWNER = 1001, 1002
Talk = Any  # tests/bot/handlers/conftest.py

FORGED = [
    "",
    "x",
    ":",
    "::::::::",
    "s",
    "s:",
    "s:00000000:1",
    "s:{key}:1.2.5:99",
    "s:{key}:1.2.5:-1",
    "s:{key}:9.9.9",
    "h:{key}:5:1",
    "h:{key}:0:99999999",
    "h:{key}:a:b",
    "h:{key}:²:³",
    "x:{key}:-1:5",
    "p:{key}::",
    "t:{key}:deadbeef",
    "m:{key}:deadbeef",
    "m:{key}:deadbeef:9999",
    "c:{key}:1:99999999999",
    "c:../../etc",
    "q:-1:x",
    "q:999999:x",
    "q:0:",
    "set:nonsense",
    "set:hour:25",
    "set:hour:3",
    "set:days:never",
    "set:days:weekly:9",
    "set:zone:Mars/Olympus",
    "set:zone:../../etc/passwd",
    "set:zone:-Mars:0",
    "set:zone:-Europe:999",
    "set:topics:nonsense:1",
    "set:language:fr",
    "set:pause:-5",
    "role:king",
    "pause:99999",
    "forget:maybe",
    "r:{key}:go",
    "r:{key}:wd:yes",
    "r:00000000",
    "rt:{key}:deadbeef:a",
    "b:ok:00000000",
    "b:who:topics:nonsense:1",
    "b:pass:{key}:0:10",
    "bc:1:ok:00000000",
    "bc:999999:no",
    "bc:-1:no",
    "bc:1e5",
    "pu:1:no",
    "a:1001:owner",
    "a:new:owner",
    "g:0000000000:no",
    "resume",
]


async def test_forged_buttons_change_nothing_and_say_why(talk: Talk) -> None:
    key = await talk.add_sample()
    await talk.says(READER, "/start")
    before = await _everything(talk)
    for data in FORGED:
        shown = await talk.forges(READER, data.format(key=key) or "?")
        assert await _everything(talk) == before, data
        harmless = data.startswith(("s:{key}:1.2.5:99", "q:0:", "set:zone:-"))
        assert shown or harmless, data


async def _everything(talk: Talk) -> list[Any]:
    async with talk.database.read() as connection:
        return [
            await chats.get(connection, READER),
            await audits.latest(connection),
            await broadcasts.latest(connection),
            await admins.everybody(connection),
            [row["state"] for row in await reports.everything(connection)],
        ]


@pytest.mark.parametrize("user", [READER, OWNER])
async def test_no_button_data_breaks_a_handler(
    talk: Talk, user: int, caplog: pytest.LogCaptureFixture
) -> None:
    """Fuzz: every verb with arguments nobody drew; each press is answered, nothing is raised."""
    await talk.add_sample()
    await talk.says(user, "/start")
    for place, verb in enumerate(sorted(BUTTONS)):
        for attempt in range(4):
            more = [_draw(97 * place + 7 * attempt + n) for n in range(attempt)]
            data = ":".join([verb, *more]).encode()[:60].decode(errors="ignore")
            await talk.forges(user, data)
    assert [record.message for record in caplog.records if record.levelname == "ERROR"] == []


def _draw(seed: int) -> str:
    rng = random.Random(seed)
    letters = "0123456789:.-_abcdef中文😀\u202e\u200d /%'\"<>&"
    return "".join(rng.choice(letters) for _ in range(rng.randrange(12)))


async def test_a_reader_who_presses_an_admins_button_is_refused(talk: Talk) -> None:
    key = await talk.add_sample()
    await talk.says(READER, "/start")
    for data in (f"r:{key}:wd:yes", "a:1001:owner", "bc:1:no", "g:0:no", "resume", "b:ok:1"):
        assert await talk.forges(READER, data) == "只有本单位的管理员可以这样做。"


async def test_buttons_under_a_message_from_before_a_restart_work(talk: Talk) -> None:
    await talk.add_sample()
    await talk.says(READER, "/start")
    message = (await talk.messages(READER))[0]["message_id"]
    await talk.open()
    said = await talk.press_raw(READER, message, "role:town", READER)
    assert "订好了" in said[0]
