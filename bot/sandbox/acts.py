"""What people do: write, press, join, block, ask inline. Each act becomes the bots' updates."""

import hashlib
from dataclasses import dataclass
from typing import Any

from bot.sandbox import joining, keyboards, topics, wording
from bot.sandbox.accounts import Account, Query
from bot.sandbox.hearing import announce
from bot.sandbox.people import Chat, Message, Status, User
from bot.sandbox.refusals import Json
from bot.sandbox.world import World

INLINE_QUERY_MAX = 256
# Who stands in "from" where somebody writes in a group's or a channel's name.
GROUP_BOT: Json = {
    "id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot",
}  # fmt: skip
CHANNEL_BOT: Json = {
    "id": 136817688, "is_bot": True, "first_name": "Channel", "username": "Channel_Bot",
}  # fmt: skip


@dataclass(slots=True)
class Letter:
    """A message somebody is about to write."""

    text: str = ""
    content: Json | None = None
    reply_to: int = 0
    extra: Json | None = None
    bot: object = None
    thread: int = 0
    mask: str = ""  # "anonymous", or the id of a channel that its owner speaks as


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
    manages = chat.manages_topics(user.id)
    message.thread = topics.thread_for(chat, letter.thread, message.reply_to, manages=manages)
    if letter.mask:
        _put_on_mask(world, message, user, letter.mask)
    chat.add(message)
    world.show("message", message)
    kind = "channel_post" if chat.type == "channel" else "message"
    announce(world, chat, kind, message)
    return message


def _put_on_mask(world: World, message: Message, user: User, mask: str) -> None:
    """An administrator writes in the group's name, a channel's owner in the channel's."""
    if message.chat.type not in {"group", "supergroup"}:
        raise ValueError("only in groups does one write in another's name")
    speaker = message.chat if mask == "anonymous" else world.chat(int(mask))
    if not speaker.is_admin(user.id):
        raise ValueError("only an administrator writes in that name")
    message.sender = GROUP_BOT if mask == "anonymous" else CHANNEL_BOT
    message.extra = {**(message.extra or {}), "sender_chat": speaker.card}


def start(world: World, user_id: int, payload: str, wanted: Json) -> Message:
    """Somebody follows t.me/bot?start=…, or ?startgroup=… and picks the group."""
    account = world.bot(wanted.get("bot"))
    if payload and not keyboards.is_start_parameter(payload):
        raise ValueError("payload: at most 64 of A-Z a-z 0-9 _ -")
    if not wanted.get("chat"):
        return say(world, user_id, user_id, Letter(f"/start {payload}".strip(), bot=account.id))
    chat = world.chat(int(wanted["chat"]), account.id)
    _check_inside(chat, world.user(user_id))
    status = Status.ADMINISTRATOR if wanted.get("admin") else Status.MEMBER
    joining.set_status(world, chat, account.user, status, world.user(user_id))
    text = f"/start@{account.username} {payload}".strip()
    return say(world, chat.id, user_id, Letter(text))


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
        joining.set_private(world, chat, Status.MEMBER)
    chat.started = True


def _check_inside(chat: Chat, user: User) -> None:
    if chat.moved_to:
        raise ValueError(f"the group has become {chat.moved_to}")
    if not chat.is_inside(user.id):
        raise ValueError(f"user {user.id} is not in chat {chat.id}")
    if chat.type == "channel" and not chat.is_admin(user.id):
        raise ValueError("only administrators post in a channel")


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
