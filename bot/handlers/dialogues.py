"""What the bot asked an admin for: one row per person, so a restart forgets nothing.

A dialogue that nobody answered for an hour no longer catches what is typed; its buttons work on.
"""

from typing import Any

from bot.handlers.visit import Visit
from bot.storage import drafts
from bot.storage.drafts import Draft
from digests import Button

LASTING = "broadcast"  # takes longer than one answer: no question makes it forgotten
BELOW = "below"


async def ask(visit: Visit, kind: str, content: dict[str, Any], question: str) -> None:
    """Ask for something in words; the next text in this chat answers it."""
    await keep(visit, kind, content)
    await visit.say(question, [[Button(visit._("Never mind"), data="cancel")]])


async def keep(visit: Visit, kind: str, content: dict[str, Any]) -> None:
    """Keep what has been gathered; a broadcast that is being written waits below a question."""
    async with visit.desk.database.write() as connection:
        known = await drafts.get(connection, visit.chat_id, visit.user_id)
        below = lasting(known)
        if kind != LASTING and below is not None:
            content = {**content, BELOW: below}
        draft = Draft(kind, content)
        await drafts.put(connection, visit.chat_id, visit.user_id, draft, visit.now)


def lasting(draft: Draft | None) -> dict[str, Any] | None:
    """The broadcast that is being written, on top or below a question; None: none is."""
    if draft is None:
        return None
    found: dict[str, Any] | None = (
        draft.content if draft.kind == LASTING else draft.content.get(BELOW)
    )
    return found


async def pending(visit: Visit) -> Draft | None:
    """What is being gathered here, however long ago: a button knows what it belongs to."""
    async with visit.desk.database.read() as connection:
        return await drafts.get(connection, visit.chat_id, visit.user_id)


async def cancel(visit: Visit) -> None:
    """/cancel, 取消, and the button: what is on top is left; a broadcast below it stays."""
    _ = visit._
    dropped, left = await _leave(visit)
    words = _("Left; nothing was sent.") if dropped else _("There is nothing to leave.")
    if left:
        words = _("Left; the draft of your broadcast is kept.")
    await visit.turn(words, [[Button(_("Show the draft"), data="b:show")]] if left else ())


async def forget(visit: Visit) -> None:
    """What was asked for has been answered."""
    await _leave(visit)


async def _leave(visit: Visit) -> tuple[bool, bool]:
    """Whether something was dropped, and whether a broadcast came up from below it."""
    async with visit.desk.database.write() as connection:
        known = await drafts.get(connection, visit.chat_id, visit.user_id)
        dropped = await drafts.drop(connection, visit.chat_id, visit.user_id)
        below = None if known is None or known.kind == LASTING else lasting(known)
        if below is not None and below.get("html"):
            draft = Draft(LASTING, {**below, "stage": "ready"})
            await drafts.put(connection, visit.chat_id, visit.user_id, draft, visit.now)
            return dropped, True
    return dropped, False
