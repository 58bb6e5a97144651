"""What a dialogue has gathered so far: one per person and chat, kept across restarts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.schema import drafts


@dataclass(frozen=True, slots=True)
class Draft:
    """What is being gathered (``kind``) and what is there already."""

    kind: str
    content: dict[str, Any]


async def get(
    connection: AsyncConnection, chat_id: int, user_id: int, since: datetime | None = None
) -> Draft | None:
    """The person's draft in a chat, if it was touched after ``since``, or None."""
    query = sa.select(drafts.c.kind, drafts.c.content).where(
        drafts.c.chat_id == chat_id, drafts.c.user_id == user_id
    )
    if since is not None:
        query = query.where(drafts.c.changed_at >= since)
    found = (await connection.execute(query)).one_or_none()
    return None if found is None else Draft(found.kind, dict(found.content))


async def put(
    connection: AsyncConnection, chat_id: int, user_id: int, draft: Draft, now: datetime
) -> None:
    """Keep a draft in place of the one there was."""
    mine = (drafts.c.chat_id == chat_id) & (drafts.c.user_id == user_id)
    values = {"kind": draft.kind, "content": draft.content, "changed_at": now}
    changed = await connection.execute(drafts.update().where(mine).values(values))
    if changed.rowcount == 0:
        await connection.execute(drafts.insert().values(chat_id=chat_id, user_id=user_id, **values))


async def drop(connection: AsyncConnection, chat_id: int, user_id: int) -> bool:
    """Forget the draft; False if there was none (somebody was faster)."""
    mine = (drafts.c.chat_id == chat_id) & (drafts.c.user_id == user_id)
    result = await connection.execute(drafts.delete().where(mine))
    return bool(result.rowcount)


async def forget(connection: AsyncConnection, before: datetime) -> int:
    """Drop drafts nobody has touched since."""
    result = await connection.execute(sa.delete(drafts).where(drafts.c.changed_at < before))
    return result.rowcount
