"""What the tests of the office do again and again, as a clerk would."""

from typing import Any

from bot.storage import audits, broadcasts

READER, OWNER, REVIEWER = 1001, 1002, 1003
Talk = Any  # tests/bot/handlers/conftest.py


async def broadcast(talk: Talk, broadcast_id: int = 1) -> dict[str, Any]:
    async with talk.database.read() as connection:
        row = await broadcasts.get(connection, broadcast_id)
    assert row is not None
    return dict(row)


async def acts(talk: Talk) -> list[str]:
    async with talk.database.read() as connection:
        return [row["act"] for row in await audits.latest(connection, 50)]


async def invited(talk: Talk, user: int, role: str) -> None:
    await talk.says(OWNER, "/admins")
    said = await talk.presses(OWNER, f"a:new:{role}")
    await talk.says(user, "/start " + said[-1].split("start=")[1].strip())


async def drafted(
    talk: Talk, text: str = "请各村社今晚八点前报送情况", when: str = "明天8点半"
) -> str:
    """A previewed broadcast; its confirming button."""
    await talk.says(OWNER, "/broadcast")
    await talk.says(OWNER, text)
    await talk.says(OWNER, when)
    return next(word for word in await talk.buttons(OWNER) if word.startswith("b:ok:"))


def button(words: list[str], start: str) -> str:
    """The first button that begins so."""
    return next(word for word in words if word.startswith(start))
