"""What the tests of the office do again and again, as a clerk would."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from bot import handlers
from bot.domain.message import Lane, OnUnknown, PushKind, PushState
from bot.storage import audits, broadcasts, followups, pushes, schema
from bot.storage.pushes import NewPush, Variant

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


THREE = (("sent", "", None), ("failed", "blocked", None), ("queued", "", None))
Sent = tuple[str, str, int | None]  # state, reason, message id


async def running(
    talk: Talk, rows: Sequence[Sent] = THREE, chats: Sequence[int] = (1101, 1102, 1103)
) -> int:
    """A broadcast that is under way; the id of its push. Each chat's row as given."""
    await talk.says(READER, "/start")
    await talk.presses(OWNER, await drafted(talk))
    return await goes_out(talk, rows, chats)


async def goes_out(talk: Talk, rows: Sequence[Sent], chats: Sequence[int]) -> int:
    """The booked broadcast 1 leaves: one row per chat."""
    now = talk.now
    end = now + timedelta(hours=4)
    async with talk.database.write() as connection:
        row = await broadcasts.get(connection, 1)
        assert row is not None
        await broadcasts.move(connection, 1, broadcasts.BroadcastState.RUNNING, now)
        new = NewPush(
            PushKind.BROADCAST,
            "1:x",
            Lane.BULK,
            now,
            end,
            OnUnknown.LEAVE,
            title="通知",
            broadcast_id=1,
            state=PushState.RUNNING,
        )
        push_id = await pushes.create(connection, new, now)
        parts = row["content"]["parts"]
        variant = await pushes.add_variant(connection, push_id, Variant("0", parts))
        for chat, (state, reason, message) in zip(chats, rows, strict=True):
            values = {"push_id": push_id, "chat_id": chat, "part": 0, "variant_id": variant}
            values |= {"state": state, "reason": reason, "message_id": message, "turn": 0}
            moments = {"not_before": now, "not_after": end, "changed_at": now}
            await connection.execute(schema.outbox.insert().values(**values, **moments))
    return push_id


async def opened(talk: Talk) -> str:
    """The card of the first push, by way of /pushes."""
    await talk.says(OWNER, "/pushes")
    said = await talk.presses(OWNER, "pu:1")
    return str(said[-1])


async def followed(talk: Talk) -> str:
    """Time goes on until nothing is left to do after a push; the owner's newest card then."""
    for _ in range(400):
        await handlers.tick(talk.bot, talk.desk, talk.now)
        async with talk.database.read() as connection:
            left = await followups.unfinished(connection)
        if not left and not talk.desk.errands:
            break
        await asyncio.sleep(0.05)
    await handlers.tick(talk.bot, talk.desk, talk.now)
    return str((await talk.messages(OWNER))[-1]["text"])
