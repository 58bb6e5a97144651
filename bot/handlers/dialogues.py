"""What the bot asked an admin for: one row per person, so a restart forgets nothing.

A dialogue that nobody answered for an hour no longer catches what is typed.
"""

from typing import Any

from bot.handlers.visit import LISTENS, Visit
from bot.storage import drafts
from bot.storage.drafts import Draft
from digests import Button


async def ask(visit: Visit, kind: str, content: dict[str, Any], question: str) -> None:
    """Ask for something in words; the next text in this chat answers it."""
    await keep(visit, kind, content)
    await visit.say(question, [[Button(visit._("Never mind"), data="cancel")]])


async def keep(visit: Visit, kind: str, content: dict[str, Any]) -> None:
    """Keep what has been gathered."""
    async with visit.desk.database.write() as connection:
        await drafts.put(connection, visit.chat_id, visit.user_id, Draft(kind, content), visit.now)


async def pending(visit: Visit) -> Draft | None:
    """What is being gathered here, if anything."""
    async with visit.desk.database.read() as connection:
        return await drafts.get(connection, visit.chat_id, visit.user_id, visit.now - LISTENS)


async def cancel(visit: Visit) -> None:
    """/cancel, 取消, and the button: nothing of it is kept."""
    async with visit.desk.database.write() as connection:
        dropped = await drafts.drop(connection, visit.chat_id, visit.user_id)
    _ = visit._
    words = _("Left; nothing was sent.") if dropped else _("There is nothing to leave.")
    await visit.turn(words)


async def forget(visit: Visit) -> None:
    """What was asked for has been answered."""
    async with visit.desk.database.write() as connection:
        await drafts.drop(connection, visit.chat_id, visit.user_id)
