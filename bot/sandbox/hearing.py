"""Who hears a message: private chats, privacy mode in groups, the grey lines."""

from bot.sandbox import media
from bot.sandbox.accounts import Account
from bot.sandbox.people import Chat, Message, User
from bot.sandbox.refusals import Json
from bot.sandbox.world import World


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
    said = ("text", "document", "photo", *media.KINDS)
    return not any(name in message.content for name in said)


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


def post_service(world: World, chat: Chat, by: User, content: Json, thread: int = 0) -> Message:
    message = Message(world.next_message_id(chat), chat, world.date(), content, sender=by.card)
    message.thread = thread
    message.bot_id = by.id if by.card["is_bot"] else 0
    chat.add(message)
    world.show("message", message)
    announce(world, chat, "message", message)
    return message
