"""Messages that bots change: edits, deletions, pins."""

from bot.sandbox import hearing, keyboards
from bot.sandbox.methods.call import Access, Call
from bot.sandbox.methods.sending import (
    caption,
    document_card,
    message_ids,
    photo_card,
    sent_file,
    text_content,
)
from bot.sandbox.people import Chat, Message
from bot.sandbox.refusals import Json, bad
from bot.sandbox.wire import Arguments

DELETE_S = 48 * 3600
SAME = (
    "message is not modified: specified new message content and reply markup are exactly the same"
    " as a current content and reply markup of the message"
)
SERVICE = ("new_chat_members", "left_chat_member", "pinned_message", "migrate_from_chat_id",
           "migrate_to_chat_id", "new_chat_title")  # fmt: skip


def edit_message_text(call: Call) -> Json | bool:
    content = text_content(call)
    markup = keyboards.parse(call.args.values.get("reply_markup"))
    message, inline = _target(call)
    if "text" not in message.content:
        raise bad("there is no text in the message to edit")
    preview = call.json("link_preview_options", "Can't parse link preview options JSON object")
    if isinstance(preview, dict):
        content["link_preview_options"] = {k: v for k, v in preview.items() if v is not None}
    elif "link_preview_options" in message.content:
        content["link_preview_options"] = message.content["link_preview_options"]
    return _changed(call, message, content, keyboards.inline(markup), inline=inline)


def edit_message_caption(call: Call) -> Json | bool:
    new = caption(call)
    markup = keyboards.parse(call.args.values.get("reply_markup"))
    message, inline = _target(call)
    if "document" not in message.content and "photo" not in message.content:
        raise bad("there is no caption in the message to edit")
    content = {k: v for k, v in message.content.items() if not k.startswith("caption")} | new
    return _changed(call, message, content, keyboards.inline(markup), inline=inline)


def edit_message_reply_markup(call: Call) -> Json | bool:
    markup = keyboards.parse(call.args.values.get("reply_markup"))
    message, inline = _target(call)
    return _changed(call, message, message.content, keyboards.inline(markup), inline=inline)


def edit_message_media(call: Call) -> Json | bool:
    media = call.json("media", "Can't parse input media JSON object")
    kind = media.get("type") if isinstance(media, dict) else None
    if kind not in {"document", "photo"}:
        raise bad("Can't parse InputMedia: Media not found")
    markup = keyboards.parse(call.args.values.get("reply_markup"))
    message, inline = _target(call)
    inner = Call(
        call.world, call.account, Arguments(media | {kind: media.get("media")}, call.args.files)
    )
    file = sent_file(inner, kind)
    card: Json = (
        {"document": document_card(file)} if kind == "document" else {"photo": photo_card(file)}
    )
    return _changed(call, message, card | caption(inner), keyboards.inline(markup), inline=inline)


def _target(call: Call) -> tuple[Message, bool]:
    inline_id = call.args.text("inline_message_id")
    if inline_id and not call.args.text("chat_id"):
        chat, message_id = call.account.inline_messages.get(inline_id, (None, 0))
        message = chat.messages.get(message_id) if chat else None
        if message is None or message.deleted:
            raise bad("MESSAGE_ID_INVALID")
        return message, True
    message = call.message(Access.EDIT, "message to edit")
    own = message.bot_id == call.account.id
    if not own or message.forwarded or message.keyboard or _is_service(message):
        raise bad("message can't be edited")
    return message, False


def _is_service(message: Message) -> bool:
    return any(name in message.content for name in SERVICE)


def _changed(
    call: Call, message: Message, content: Json, markup: Json | None, *, inline: bool
) -> Json | bool:
    if content == message.content and markup == message.markup:
        raise bad(SAME)
    if content is not message.content and content != message.content:
        message.edited = call.world.date()
    message.content = content
    message.markup = markup
    call.world.tally.edited += 1
    call.world.show("edit", message)
    return True if inline else message.card()


def delete_message(call: Call) -> bool:
    if not call.args.text("chat_id"):
        raise bad("Chat identifier is not specified")
    if not call.args.integer("message_id"):
        raise bad("Message identifier is not specified")
    message = call.message(Access.WRITE, "message to delete")
    _check_deletable(call, message)
    _delete(call, message)
    return True


def delete_messages(call: Call) -> bool:
    if not call.args.text("chat_id"):
        raise bad("Chat identifier is not specified")
    numbers = message_ids(call)
    chat = call.chat(Access.WRITE)
    found = [chat.messages.get(one) for one in numbers]
    messages = [one for one in found if one is not None and not one.deleted]
    for message in messages:
        _check_deletable(call, message)
    for message in messages:
        _delete(call, message)
    return True


def _check_deletable(call: Call, message: Message) -> None:
    """48 hours for all but administrators; others' messages in groups need the right."""
    chat, bot_id = message.chat, call.account.id
    admin = _may_delete(chat, bot_id)
    own = message.bot_id == bot_id
    if chat.type != "private" and not own and not admin:
        raise bad("message can't be deleted")
    fresh = call.world.clock.timestamp() - message.date < DELETE_S
    if not fresh and not (admin and chat.type in {"supergroup", "channel"}):
        raise bad("message can't be deleted for everyone")


def _may_delete(chat: Chat, bot_id: int) -> bool:
    member = chat.members.get(bot_id)
    return chat.is_admin(bot_id) and (
        member is not None and member.rights.get("can_delete_messages", True)
    )


def _delete(call: Call, message: Message) -> None:
    message.deleted = True
    if message.id in message.chat.pins:
        message.chat.pins.remove(message.id)
    call.world.tally.deleted += 1
    call.world.show("delete", message)


def pin_chat_message(call: Call) -> bool:
    message = call.message(Access.WRITE, "message to pin")
    chat = message.chat
    _check_may_pin(call, chat)
    if message.id in chat.pins:
        chat.pins.remove(message.id)
    chat.pins.append(message.id)
    hearing.post_service(
        call.world, chat, call.account.user, {"pinned_message": message.card(deep=False)}
    )
    call.world.events.tell("chats")
    return True


def unpin_chat_message(call: Call) -> bool:
    chat = call.chat(Access.WRITE)
    _check_may_pin(call, chat)
    wanted = call.args.integer("message_id")
    if wanted:
        if wanted not in chat.pins:
            raise bad("message to unpin not found")
        chat.pins.remove(wanted)
    elif chat.pins:
        chat.pins.pop()
    call.world.events.tell("chats")
    return True


def unpin_all_chat_messages(call: Call) -> bool:
    chat = call.chat(Access.WRITE)
    _check_may_pin(call, chat)
    chat.pins.clear()
    call.world.events.tell("chats")
    return True


def _check_may_pin(call: Call, chat: Chat) -> None:
    if chat.type == "private":
        return
    member = chat.members.get(call.account.id)
    if not chat.is_admin(call.account.id) or (
        member is not None and not member.rights.get("can_pin_messages", True)
    ):
        raise bad("not enough rights to manage pinned messages in the chat")
