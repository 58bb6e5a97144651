"""Coming and going: added to a group or channel, blocked, kicked, back again, a group that grew."""

import logging

from telegram import ChatMember, ChatMemberUpdated

from bot.domain.subscription import ChatKind, ChatState
from bot.handlers.visit import Visit
from bot.handlers.welcoming import group_words, settings_button
from bot.storage import chats

log = logging.getLogger(__name__)

_IN = {ChatMember.MEMBER, ChatMember.ADMINISTRATOR, ChatMember.RESTRICTED, ChatMember.OWNER}
_REASONS = {ChatMember.BANNED: "kicked", ChatMember.LEFT: "left"}


async def membership(visit: Visit) -> None:
    """my_chat_member: what Telegram says of the bot's own place in a chat."""
    change = visit.update.my_chat_member
    if change is None:
        return
    status = change.new_chat_member.status
    if status not in _IN:
        reason = "blocked" if visit.private else _REASONS.get(status, "left")
        async with visit.desk.database.write() as connection:
            await chats.suspend(connection, visit.chat_id, reason, visit.now)
        return
    if visit.private:
        await _back(visit)
    elif _can_write(change):
        await _added(visit)


async def _back(visit: Visit) -> None:
    async with visit.desk.database.write() as connection:
        await chats.revive(connection, visit.chat_id, visit.desk.office.hours, visit.now)


def _can_write(change: ChatMemberUpdated) -> bool:
    """In a channel the bot needs the right to post; a group restricted to silence gets nothing."""
    member = change.new_chat_member
    if member.status == ChatMember.ADMINISTRATOR:
        return change.chat.type != "channel" or bool(getattr(member, "can_post_messages", False))
    if member.status == ChatMember.RESTRICTED:
        return bool(getattr(member, "can_send_messages", False))
    return change.chat.type != "channel"


async def _added(visit: Visit) -> None:
    """Adding the bot subscribes the group; what it had chosen before is still there."""
    known = visit.chat
    hours = visit.desk.office.hours
    if known is not None and known["state"] != ChatState.SUSPENDED:
        return  # promoted or demoted, not added
    async with visit.desk.database.write() as connection:
        await chats.join(
            connection,
            visit.chat_id,
            hours,
            visit.now,
            kind=visit.kind,
            language=visit.desk.office.language,
        )
        visit.chat = await chats.get(connection, visit.chat_id)
    if visit.chat is not None:
        visit.language = visit.chat["language"]
    _ = visit._
    channel = visit.kind is ChatKind.CHANNEL
    lines = [
        *group_words(visit),
        *([] if channel else [_("I answer here when mentioned, replied to, or by command.")]),
    ]
    await visit.say("\n".join(lines), [[settings_button(_)]])


async def aside(visit: Visit) -> None:
    """What a channel's reader asks for by a button opens in a talk of their own with the bot.

    An answer in the channel would be a post to everybody, at anybody's wish.
    """
    query = visit.press
    payload = payload_of(str(query.data or "")) if query else ""
    await visit.open_link(f"https://t.me/{visit.desk.username}?start={payload}")


def payload_of(data: str) -> str:
    """A button's data -> what stands behind /start= for the same thing.

    >>> payload_of("s:0123abcd:1.2.5"), payload_of("x:0123abcd:10:20"), payload_of("t:-:0")
    ('s_0123abcd_1-2-5', 'h_0123abcd_10_20', 'tasks')
    """
    verb, *rest = data.split(":")
    match verb, rest:
        case "s", [key, address, *_page]:
            return f"s_{key}_{address.replace('.', '-')}"
        case "h" | "x" | "p", [key, start, end]:
            return f"h_{key}_{start}_{end}"
        case _:
            return {"t": "tasks", "td": "today"}.get(verb, "contents")


async def moved(visit: Visit, new_id: int) -> None:
    """Telegram said so while we answered."""
    async with visit.desk.database.write() as connection:
        await chats.migrate(connection, visit.chat_id, new_id, visit.now)


async def migrated(visit: Visit) -> None:
    """A group has become a supergroup: everything goes with it, whichever side says it first."""
    message = visit.update.message
    if message is None:
        return
    old, new = message.migrate_from_chat_id, message.migrate_to_chat_id
    async with visit.desk.database.write() as connection:
        if new is not None:
            await chats.migrate(connection, visit.chat_id, new, visit.now)
        elif old is not None:
            await chats.migrate(connection, old, visit.chat_id, visit.now)
