"""Messages that bots send: text, files, copies, forwards."""

import json
import time
from typing import Any

from bot.sandbox import keyboards, limits, topics, wording
from bot.sandbox.filing import PHOTO_LIMIT, File
from bot.sandbox.methods.call import Access, Call
from bot.sandbox.people import Chat, Message, Status
from bot.sandbox.refusals import ApiError, Json, bad
from bot.sandbox.wire import Upload

CHAT_ACTIONS = frozenset(
    {
        "cancel", "typing", "upload_photo", "record_video", "upload_video", "record_voice",
        "upload_voice", "record_audio", "upload_audio", "upload_document", "choose_sticker",
        "pick_up_location", "find_location", "record_video_note", "upload_video_note",
    }
)  # fmt: skip
MANY = 100


def text_content(call: Call) -> Json:
    """The text of a call and its entities, by Telegram's rules."""
    args = call.args
    entities = None
    if not args.text("parse_mode"):
        entities = call.json("entities", "Can't parse entities JSON object")
    text, found = wording.text_of(args.text("text"), args.text("parse_mode"), entities)
    content: Json = {"text": text}
    if found:
        content["entities"] = known_mentions(call, found)
    return content


def send_message(call: Call) -> Json:
    content = text_content(call)
    preview = call.json("link_preview_options", "Can't parse link preview options JSON object")
    if preview is not None:
        if not isinstance(preview, dict):
            raise bad("Object expected as link preview options")
        content["link_preview_options"] = {k: v for k, v in preview.items() if v is not None}
    markup = keyboards.parse(call.args.values.get("reply_markup"))
    return post(call, call.chat(Access.WRITE), content, markup)


def send_document(call: Call) -> Json:
    file = sent_file(call, "document")
    content: Json = {"document": document_card(file)}
    content |= caption(call)
    markup = keyboards.parse(call.args.values.get("reply_markup"))
    return post(call, call.chat(Access.WRITE), content, markup)


def send_photo(call: Call) -> Json:
    file = sent_file(call, "photo")
    content: Json = {"photo": photo_card(file)}
    content |= caption(call)
    markup = keyboards.parse(call.args.values.get("reply_markup"))
    return post(call, call.chat(Access.WRITE), content, markup)


def document_card(file: File) -> Json:
    return {"file_name": file.name, "mime_type": file.mime} | file.card()


def photo_card(file: File) -> list[Json]:
    return [file.card() | {"width": file.width or 800, "height": file.height or 600}]


def caption(call: Call, name: str = "caption") -> Json:
    args = call.args
    raw = args.text(name)
    if not raw:
        return {}
    entities = None
    if not args.text("parse_mode"):
        entities = call.json("caption_entities", "Can't parse entities JSON object")
    text, found = wording.caption_of(raw, args.text("parse_mode"), entities)
    if not text:
        return {}
    card: Json = {"caption": text}
    if found:
        card["caption_entities"] = known_mentions(call, found)
    return card


def known_mentions(call: Call, entities: tuple[Json, ...]) -> list[Json]:
    """Mentions by id only of people the sandbox knows, shown in full."""
    kept = []
    for entity in entities:
        if entity["type"] == "text_mention":
            user = call.world.users.get(int(entity["user"].get("id", 0)))
            if user is None:
                continue
            entity = {**entity, "user": user.card}  # noqa: PLW2901 -- the cached one stays as it is
        kept.append(entity)
    return kept


def sent_file(call: Call, kind: str) -> File:
    """The file of a send: uploaded, known by its id, or a URL (taken on trust)."""
    upload = call.args.upload(kind)
    if upload is not None:
        if kind == "photo" and len(upload.data) > PHOTO_LIMIT:
            raise ApiError(413, "Request Entity Too Large")
        if not upload.data:
            raise bad("file must be non-empty")
        return call.world.cabinet.put(kind, upload)
    given = call.args.text(kind)
    if not given:
        raise bad(f"There is no {kind} in the request")
    if given.startswith("attach://"):
        raise bad(f"There is no {kind} in the request")
    if given.startswith(("http://", "https://")):
        return _from_url(call, kind, given)
    return call.world.cabinet.find(given)


def _from_url(call: Call, kind: str, url: str) -> File:
    name = url.partition("?")[0].rstrip("/").rpartition("/")[2] or "file"
    if kind == "photo":
        pixel = b"GIF89a\x20\x03\x58\x02" + url.encode()
        return call.world.cabinet.put(kind, Upload(name, "image/gif", pixel))
    return call.world.cabinet.put(kind, Upload(name, "application/octet-stream", url.encode()))


def post(
    call: Call, chat: Chat, content: Json, markup: Json | None, extra: Json | None = None
) -> Json:
    """Count a message against the limits and put it into its chat."""
    world, account = call.world, call.account
    _check_may_write(chat, account.id)
    reply_to = _reply_target(call, chat)
    thread = topics.thread_for(
        chat,
        call.args.integer("message_thread_id"),
        reply_to,
        manages=chat.manages_topics(account.id),
    )
    limits.admit(
        account.pace,
        chat,
        world.limits,
        world.monotonic(),
        paid=call.args.flag("allow_paid_broadcast"),
        slack=world.stalls.slack(time.monotonic()),
    )
    message = Message(
        id=world.next_message_id(chat),
        chat=chat,
        date=world.date(),
        content=content,
        sender=None if chat.type == "channel" else account.user.card,
        bot_id=account.id,
        reply_to=reply_to,
        extra=extra,
        thread=thread,
    )
    if call.args.flag("protect_content"):
        message.extra = {**(extra or {}), "has_protected_content": True}
    _place_markup(chat, message, markup)
    chat.add(message)
    world.tally.count(chat.id, fingerprint(content, markup), world.clock.timestamp())
    world.show("message", message)
    return message.card()


def _check_may_write(chat: Chat, bot_id: int) -> None:
    if chat.type == "private":
        return
    if chat.type == "channel" and not chat.is_admin(bot_id):
        raise bad("need administrator rights in the channel chat")
    member = chat.members[bot_id]
    if member.status is Status.RESTRICTED and not member.rights.get("can_send_messages"):
        raise bad("not enough rights to send text messages to the chat")


def _place_markup(chat: Chat, message: Message, markup: Json | None) -> None:
    message.markup = keyboards.inline(markup)
    if markup is None or message.markup is not None:
        return
    message.keyboard = True
    chat.keyboard = None if markup.get("remove_keyboard") else markup


def fingerprint(content: Json, markup: Json | None) -> int:
    """Equal for equal text, file and markup."""
    text = content.get("text", content.get("caption"))
    file = content.get("document") or content.get("photo")
    return hash((text, repr(file) if file else "", json.dumps(markup) if markup else ""))


def _reply_target(call: Call, chat: Chat) -> int:
    args = call.args
    if "reply_parameters" not in args.values:
        wanted = args.integer("reply_to_message_id")
        lenient = args.flag("allow_sending_without_reply")
    else:
        given = call.json("reply_parameters", "Can't parse reply parameters JSON object")
        if given is None:
            return 0
        if not isinstance(given, dict):
            raise bad("Object expected as reply parameters")
        wanted = _integer(given.get("message_id"))
        lenient = bool(given.get("allow_sending_without_reply"))
    if not wanted:
        return 0
    target = chat.messages.get(wanted)
    if target is not None and not target.deleted:
        return wanted
    if lenient:
        return 0
    raise bad("message to be replied not found")


def _integer(value: Any) -> int:
    try:
        return int(value)
    except (TypeError, ValueError):
        return 0


def copy_message(call: Call) -> Json:
    message = _source(call, "message to copy")
    content = _copyable(message)
    if "caption" in call.args.values and "text" not in content:
        content = {k: v for k, v in content.items() if not k.startswith("caption")}
        content |= caption(call)
    markup = keyboards.parse(call.args.values.get("reply_markup"))
    card = post(call, call.chat(Access.WRITE), content, markup)
    return {"message_id": card["message_id"]}


def forward_message(call: Call) -> Json:
    message = _source(call, "message to forward")
    return _forward(call, message, call.chat(Access.WRITE))


def copy_messages(call: Call) -> list[Json]:
    target = call.chat(Access.WRITE)
    return [
        {"message_id": post(call, target, _copyable(message), None)["message_id"]}
        for message in _sources(call)
    ]


def forward_messages(call: Call) -> list[Json]:
    target = call.chat(Access.WRITE)
    return [
        {"message_id": _forward(call, message, target)["message_id"]} for message in _sources(call)
    ]


def _source(call: Call, what: str) -> Message:
    return call.message(Access.READ, what, call.chat(Access.READ, "from_chat_id"))


def _sources(call: Call) -> list[Message]:
    chat = call.chat(Access.READ, "from_chat_id")
    found = [chat.messages.get(one) for one in message_ids(call)]
    kept = [one for one in found if one is not None and not one.deleted]
    if not kept:
        raise bad("messages to forward not found")
    return kept


def message_ids(call: Call) -> list[int]:
    """``message_ids``: 1 to 100 numbers, going up."""
    given = call.json("message_ids", "Can't parse message_ids JSON object")
    if not given:
        raise bad("Message identifiers are not specified")
    if not isinstance(given, list):
        raise bad("Expected an Array of message identifiers")
    if len(given) > MANY:
        raise bad("Too many message identifiers specified")
    numbers = [_integer(one) for one in given]
    if any(one <= 0 for one in numbers):
        raise bad("Invalid message identifier specified")
    return numbers


def _copyable(message: Message) -> Json:
    known = ("text", "entities", "document", "photo", "caption", "caption_entities")
    content = {key: message.content[key] for key in known if key in message.content}
    if not content:
        raise bad("message can't be copied")
    return content


def _forward(call: Call, message: Message, target: Chat) -> Json:
    if (message.extra or {}).get("has_protected_content"):
        raise bad("message can't be forwarded")
    origin: Json
    if message.sender is None:
        origin = {
            "type": "channel", "date": message.date, "chat": message.chat.card,
            "message_id": message.id,
        }  # fmt: skip
    else:
        origin = {"type": "user", "date": message.date, "sender_user": message.sender}
    extra = (message.extra or {}).get("forward_origin")
    card = post(call, target, _copyable(message), None, {"forward_origin": extra or origin})
    target.messages[card["message_id"]].forwarded = True
    return card


def send_chat_action(call: Call) -> bool:
    chat = call.chat(Access.WRITE)
    action = call.args.text("action")
    if action.lower() not in CHAT_ACTIONS:
        raise bad("Wrong parameter action in request")
    if call.world.events:
        call.world.events.tell("action", chat=chat.id, bot=call.account.id, action=action)
    return True


def send_message_draft(call: Call) -> bool:
    chat = call.chat(Access.WRITE)
    if chat.type != "private":
        raise bad("message draft can be sent only to private chats")
    if not call.args.integer("draft_id"):
        raise bad("RANDOM_ID_INVALID")
    if call.world.events:
        text = call.args.text("text")
        call.world.events.tell("draft", chat=chat.id, bot=call.account.id, text=text)
    return True
