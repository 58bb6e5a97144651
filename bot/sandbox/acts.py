"""What people do: write, press, join, block, ask inline. Each act becomes the bots' updates."""

import hashlib
from dataclasses import dataclass
from typing import Any

from bot.sandbox import wording
from bot.sandbox.accounts import Account, Query
from bot.sandbox.people import ADMINS, INSIDE, Chat, Member, Message, Status, User
from bot.sandbox.refusals import Json
from bot.sandbox.world import World

INLINE_QUERY_MAX = 256


@dataclass(slots=True)
class Letter:
    """A message somebody is about to write."""

    text: str = ""
    content: Json | None = None
    reply_to: int = 0
    extra: Json | None = None
    bot: object = None


def say(world: World, chat_id: int, user_id: int, letter: Letter) -> Message:
    """Somebody writes in a chat."""
    chat = world.chat(chat_id, letter.bot)
    user = world.user(user_id)
    if chat.type == "private":
        _knock(world, chat, user)
    else:
        _check_inside(chat, user)
    message = Message(
        id=world.next_message_id(chat),
        chat=chat,
        date=world.date(),
        content=letter.content if letter.content is not None else _text(letter.text),
        sender=None if chat.type == "channel" else user.card,
        reply_to=letter.reply_to if letter.reply_to in chat.messages else 0,
        extra=letter.extra,
    )
    chat.add(message)
    world.show("message", message)
    kind = "channel_post" if chat.type == "channel" else "message"
    announce(world, chat, kind, message)
    return message


def _text(text: str) -> Json:
    plain, entities = wording.text_of(text, "", None)
    return {"text": plain, "entities": list(entities)} if entities else {"text": plain}


def _knock(world: World, chat: Chat, user: User) -> None:
    """Writing to a bot starts it, and unblocks it when it was blocked."""
    if chat.user is not user:
        raise ValueError("a private chat is written in by its own user")
    if user.deactivated:
        raise ValueError(f"user {user.id} is deactivated")
    if chat.blocked:
        set_private(world, chat, Status.MEMBER)
    chat.started = True


def _check_inside(chat: Chat, user: User) -> None:
    if chat.moved_to:
        raise ValueError(f"the group has become {chat.moved_to}")
    if not chat.is_inside(user.id):
        raise ValueError(f"user {user.id} is not in chat {chat.id}")
    if chat.type == "channel" and not chat.is_admin(user.id):
        raise ValueError("only administrators post in a channel")


def announce(world: World, chat: Chat, kind: str, message: Message) -> None:
    """Hand a message to the bots that may see it."""
    card: Json | None = None
    for account in world.bots():
        if chat.type == "private":
            heard = account.id == chat.bot_id
        else:
            heard = chat.is_inside(account.id) and _hears(account, chat, message)
        heard = heard and message.bot_id != account.id
        if heard:
            card = message.card() if card is None else card
            account.queue.push(kind, card, chat.id)


def _hears(account: Account, chat: Chat, message: Message) -> bool:
    """Privacy mode: in groups a bot gets what is meant for it."""
    if not account.privacy or chat.type == "channel" or chat.is_admin(account.id):
        return True
    if message.sender is None or _is_service(message):
        return True
    replied = chat.messages.get(message.reply_to)
    if replied is not None and replied.bot_id == account.id:
        return True
    if (message.extra or {}).get("via_bot", {}).get("id") == account.id:
        return True
    return _is_for(account.username.lower(), message)


def _is_service(message: Message) -> bool:
    return not any(name in message.content for name in ("text", "document", "photo"))


def _is_for(username: str, message: Message) -> bool:
    raw = message.text.encode("utf-16-le")
    entities = message.content.get("entities") or message.content.get("caption_entities") or []
    for entity in entities:
        start, end = entity["offset"] * 2, (entity["offset"] + entity["length"]) * 2
        piece = raw[start:end].decode("utf-16-le").lower()
        if entity["type"] == "mention" and piece == f"@{username}":
            return True
        if entity["type"] == "bot_command":
            _, at, name = piece.partition("@")
            if not at or name == username:
                return True
    return False


def edit(world: World, chat_id: int, user_id: int, message_id: int, letter: Letter) -> Message:
    """Somebody corrects what they wrote."""
    chat = world.chat(chat_id, letter.bot)
    message = chat.messages.get(message_id)
    if message is None or message.deleted or (message.sender or {}).get("id") != user_id:
        raise ValueError("only one's own message can be edited")
    message.content = _text(letter.text)
    message.edited = world.date()
    world.show("edit", message)
    announce(world, chat, "edited_message", message)
    return message


def press(world: World, chat_id: int, user_id: int, message_id: int, wanted: Json) -> Query:
    """Somebody presses an inline button; ``data`` is taken as given, a client may send anything."""
    user = world.user(user_id)
    chat = world.chat(chat_id, wanted.get("bot"))
    message = chat.messages.get(message_id)
    if chat.type != "private" and not chat.is_inside(user_id):
        raise ValueError(f"user {user_id} is not in chat {chat_id}")
    bot_id = chat.bot_id or (message.bot_id if message else 0)
    account = world.account_of(bot_id) or world.bot(wanted.get("bot"))
    query = account.open_query("callback", user, world.clock.timestamp(), chat)
    payload: Json = {"id": query.id, "from": user.card, "chat_instance": _instance(chat, account)}
    inline_id = (message.extra or {}).get("inline_message_id") if message else None
    if inline_id:
        payload["inline_message_id"] = inline_id
    elif message is None or message.deleted:
        payload["message"] = {"chat": chat.card, "message_id": message_id, "date": 0}
    else:
        payload["message"] = message.card()
    payload["data"] = str(wanted.get("data", ""))
    account.queue.push("callback_query", payload, user_id)
    return query


def _instance(chat: Chat, account: Account) -> str:
    digest = hashlib.blake2b(f"{chat.id}:{account.id}".encode(), digest_size=8).digest()
    return str(int.from_bytes(digest, "big", signed=True))


def ask_inline(world: World, user_id: int, wanted: Json) -> tuple[Account, Query]:
    """Somebody types ``@bot query``."""
    account = world.bot(wanted.get("bot"))
    user = world.user(user_id)
    query = account.open_query("inline", user, world.clock.timestamp())
    payload: Json = {
        "id": query.id,
        "from": user.card,
        "query": str(wanted.get("query", ""))[:INLINE_QUERY_MAX],
        "offset": str(wanted.get("offset", "")),
    }
    if wanted.get("chat"):
        chat = world.chat(int(wanted["chat"]), wanted.get("bot"))
        payload["chat_type"] = "sender" if chat.type == "private" else chat.type
    account.queue.push("inline_query", payload, user_id)
    return account, query


# membership


def set_status(world: World, chat: Chat, user: User, status: Status) -> None:
    """Somebody joins, leaves, is promoted, restricted or thrown out."""
    if chat.type == "private":
        set_private(world, chat, status)
        return
    before = chat.members.get(user.id) or Member(user, Status.LEFT)
    after = Member(user, status)
    if before.status is status:
        return
    chat.members[user.id] = after
    account = world.account_of(user.id)
    by = _owner(chat) or user
    tell_change(world, chat, by, before, after)
    if account is None or status in INSIDE:
        _service(world, chat, by, before, after)
    world.events.tell("chats")


def tell_change(world: World, chat: Chat, by: User, before: Member, after: Member) -> None:
    """my_chat_member for the bot itself, chat_member for bots that administer the chat."""
    change: Json = {
        "chat": chat.card,
        "from": by.card,
        "date": world.date(),
        "old_chat_member": before.card(chat.type),
        "new_chat_member": after.card(chat.type),
    }
    for account in world.bots():
        if account.id == after.user.id:
            account.queue.push("my_chat_member", change, chat.id)
        elif chat.is_admin(account.id):
            account.queue.push("chat_member", change, chat.id)


def _service(world: World, chat: Chat, by: User, before: Member, after: Member) -> None:
    """The grey line in the chat."""
    if chat.type == "channel":
        return
    user = after.user
    joined = before.status not in INSIDE and after.status in INSIDE
    left = before.status in INSIDE and after.status not in INSIDE
    if joined:
        content: Json = {
            "new_chat_participant": user.card,
            "new_chat_member": user.card,
            "new_chat_members": [user.card],
        }
    elif left:
        content = {"left_chat_participant": user.card, "left_chat_member": user.card}
        by = user if after.status is Status.LEFT else by
    else:
        return
    post_service(world, chat, by, content)


def post_service(world: World, chat: Chat, by: User, content: Json) -> Message:
    message = Message(world.next_message_id(chat), chat, world.date(), content, sender=by.card)
    message.bot_id = by.id if by.card["is_bot"] else 0
    chat.add(message)
    world.show("message", message)
    announce(world, chat, "message", message)
    return message


def _owner(chat: Chat) -> User | None:
    return next(
        (
            one.user
            for one in chat.members.values()
            if one.status in ADMINS and not one.user.card["is_bot"]
        ),
        None,
    )


def set_private(world: World, chat: Chat, status: Status) -> None:
    """A person blocks the bot (kicked) or lets it write again."""
    user = chat.user
    account = world.account_of(chat.bot_id)
    if user is None or account is None:
        return
    blocked = status in {Status.KICKED, Status.LEFT}
    if blocked == chat.blocked and (blocked or chat.started):
        return
    fresh = not chat.started
    chat.blocked = blocked
    chat.started = True
    if fresh and not blocked:
        return
    me = account.user
    before, after = Member(me, Status.MEMBER), Member(me, Status.KICKED)
    if not blocked:
        before, after = after, before
    change: Json = {
        "chat": chat.card,
        "from": user.card,
        "date": world.date(),
        "old_chat_member": before.card("private"),
        "new_chat_member": after.card("private"),
    }
    account.queue.push("my_chat_member", change, chat.id)
    world.events.tell("chats")


def found_chat(world: World, wanted: Json) -> Chat:
    """A group, supergroup or channel comes to be, the bots in it unless told otherwise."""
    members = [world.user(int(one)) for one in wanted.get("members") or []]
    chat = world.add_chat(
        str(wanted.get("type", "group")),
        str(wanted.get("title") or "Group"),
        int(wanted.get("id") or 0),
        str(wanted.get("username") or ""),
    )
    for index, user in enumerate(members):
        world.join(chat, user, Status.MEMBER if index else Status.CREATOR)
    default = "administrator" if chat.type == "channel" else "member"
    status = Status(str(wanted.get("bot", default)))
    if status in INSIDE:
        for account in world.bots():
            set_status(world, chat, account.user, status)
    world.events.tell("chats")
    return chat


def migrate(world: World, chat: Chat) -> Chat:
    """A basic group becomes a supergroup with another id."""
    if chat.type != "group" or chat.moved_to:
        raise ValueError("only a basic group that has not moved can migrate")
    new = world.add_chat("supergroup", chat.card["title"])
    new.members = dict(chat.members)
    new.details = dict(chat.details)
    by = _owner(chat) or User({"id": 0, "is_bot": False, "first_name": "Group"})
    post_service(world, chat, by, {"migrate_to_chat_id": new.id})
    chat.moved_to = new.id
    post_service(world, new, by, {"migrate_from_chat_id": chat.id})
    world.events.tell("chats")
    return new


def choose(world: World, wanted: Json, result: Json, account: Account) -> Message:
    """Somebody taps an inline result: it is sent as theirs, via the bot."""
    content = inline_content(result)
    user_id = int(wanted["from"])
    chat = world.chat(int(wanted["chat"]), wanted.get("bot"))
    inline_id = hashlib.sha256(f"{chat.id}:{chat.last_id}:{result.get('id')}".encode()).hexdigest()
    extra: Json = {"via_bot": account.user.card}
    letter = Letter(content=content, extra=extra, bot=wanted.get("bot"))
    message = say(world, chat.id, user_id, letter)
    markup = result.get("reply_markup")
    if markup:
        message.markup = markup
        message.bot_id = account.id
        message.extra = {**extra, "inline_message_id": inline_id[:28]}
        account.inline_messages[inline_id[:28]] = (chat, message.id)
        world.show("edit", message)
    if account.feedback:
        chosen: Json = {
            "result_id": str(result.get("id")),
            "from": world.user(user_id).card,
            "query": str(wanted.get("query", "")),
        }
        if markup:
            chosen["inline_message_id"] = inline_id[:28]
        account.queue.push("chosen_inline_result", chosen, user_id)
    return message


def inline_content(result: Json) -> Json:
    """The message that an inline result turns into."""
    wanted: Any = result.get("input_message_content")
    if not isinstance(wanted, dict) or "message_text" not in wanted:
        return _text(str(result.get("caption") or result.get("title") or result.get("id")))
    text, entities = wording.text_of(
        str(wanted["message_text"]), str(wanted.get("parse_mode") or ""), wanted.get("entities")
    )
    return {"text": text, "entities": list(entities)} if entities else {"text": text}
