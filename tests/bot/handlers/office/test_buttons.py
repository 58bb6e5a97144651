"""Real buttons bent out of shape: each is answered, none is an error, and readers change nothing."""

import random
import re
from typing import Any

import pytest

from bot import handlers
from bot.storage import admins, audits, broadcasts, handlings, reports
from tests.bot.handlers.office.clerks import OWNER, READER, REVIEWER, button, drafted, invited

Talk = Any  # tests/bot/handlers/conftest.py
VIEWER = 1004


async def _walk(talk: Talk) -> tuple[str, list[str]]:
    """What an owner and a reviewer were shown on the way: every button's data."""
    await talk.open(stages=1)
    await handlers.owner_link(talk.desk, talk.now)
    await talk.says(READER, "/start")
    await invited(talk, REVIEWER, "editor")
    await talk.control("users", {"id": VIEWER, "name": "某某", "language": "zh-hans"})
    await invited(talk, VIEWER, "viewer")
    key = await talk.add_sample()
    seen: list[str] = []

    async def look(user: int = OWNER) -> None:
        for message in (await talk.messages(user))[-3:]:
            rows = message.get("reply_markup", {}).get("inline_keyboard", [])
            seen.extend(b["callback_data"] for row in rows for b in row if "callback_data" in b)

    for words in ("/reports", "/pushes", "/admins", "二、5"):
        await talk.says(OWNER, words)
        await look()
    for data in (f"r:{key}", f"r:{key}:t:0", f"r:{key}:x:0", f"r:{key}:c:0", f"ws:{key}:1.2.5"):
        await talk.press_raw(OWNER, (await talk.messages(OWNER))[-1]["message_id"], data, OWNER)
        await look()
    await drafted(talk)
    await look()
    for act in ("b:who", "b:show", "b:receipt"):
        await talk.press_raw(OWNER, (await talk.messages(OWNER))[-1]["message_id"], act, OWNER)
        await look()
    await talk.presses(OWNER, "次日12:00")
    await look()
    await talk.presses(OWNER, button(await talk.buttons(OWNER), "b:ok:"))
    await look()
    await look(REVIEWER)
    await talk.presses(REVIEWER, "退回")
    await look(REVIEWER)
    return key, sorted(set(seen))


def _bent(data: str, rng: random.Random) -> str:
    fields = data.split(":")
    place = rng.randrange(len(fields))
    strange = ["", "-1", "0", "99999999", "x", "²", "😀", "\u202e", "yes", "1e3", "a" * 40, "../.."]
    match rng.randrange(4):
        case 0:
            fields[place] = rng.choice(strange)
        case 1:
            fields = fields[:place] + fields[place + 1 :]
        case 2:
            fields.insert(place, rng.choice(strange))
        case _:
            fields[place] = re.sub(r"\d", lambda _: str(rng.randrange(10)), fields[place])
    return ":".join(fields).encode()[:64].decode(errors="ignore")


async def _state(talk: Talk, key: str) -> list[Any]:
    async with talk.database.read() as connection:
        return [
            await audits.latest(connection, 500),
            await broadcasts.latest(connection),
            await admins.everybody(connection),
            await handlings.of_reports(connection, [key]),
            [(row["state"], row["publicity"]) for row in await reports.everything(connection)],
        ]


async def test_a_bent_button_is_answered_and_breaks_nothing(
    talk: Talk, caplog: pytest.LogCaptureFixture
) -> None:
    _key, seen = await _walk(talk)
    assert len(seen) > 80
    rng = random.Random(7)
    for _ in range(160):
        await talk.forges(OWNER, _bent(rng.choice(seen), rng))
    assert [record.message for record in caplog.records if record.levelname == "ERROR"] == []


@pytest.mark.parametrize("user", [READER, VIEWER])
async def test_an_editors_buttons_change_nothing_in_another_hand(talk: Talk, user: int) -> None:
    """Replayed as they are, by a reader and by an admin who may only look."""
    key, seen = await _walk(talk)
    acts = [data for data in seen if data.startswith(("r:", "rt:", "w:", "b:", "bc:", "a:", "pu:"))]
    before = await _state(talk, key)
    refused = 0
    for data in acts:
        shown = await talk.forges(user, data)
        assert await _state(talk, key) == before, data
        refused += "管理员" in shown or "请联系所有者" in shown
    assert refused > len(acts) // 2
