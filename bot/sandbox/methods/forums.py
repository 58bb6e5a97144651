"""The topics of forums, by bots."""

from bot.sandbox import topics
from bot.sandbox.methods.call import Access, Call
from bot.sandbox.people import Chat
from bot.sandbox.refusals import Json, bad
from bot.sandbox.topics import Topic


def create_forum_topic(call: Call) -> Json:
    chat = _forum(call)
    colour = call.args.integer("icon_color")
    made = topics.create(call.world, chat, call.account.user, call.args.text("name"), colour)
    return made.card()


def edit_forum_topic(call: Call) -> bool:
    chat = _forum(call)
    topic = _topic(call, chat)
    name = call.args.text("name")
    if not name or name == topic.name:
        raise bad("TOPIC_NOT_MODIFIED")
    topic.name = name
    topics.tell(call.world, chat, call.account.user, topic, {"forum_topic_edited": {"name": name}})
    return True


def close_forum_topic(call: Call) -> bool:
    return _set_closed(call, closed=True)


def reopen_forum_topic(call: Call) -> bool:
    return _set_closed(call, closed=False)


def delete_forum_topic(call: Call) -> bool:
    chat = _forum(call)
    topics.delete(call.world, chat, _topic(call, chat))
    return True


def get_forum_topic_icon_stickers(_call: Call) -> list[Json]:
    return []


def _set_closed(call: Call, *, closed: bool) -> bool:
    chat = _forum(call)
    topics.set_closed(call.world, chat, call.account.user, _topic(call, chat), closed=closed)
    return True


def _forum(call: Call) -> Chat:
    chat = call.chat(Access.WRITE)
    if not chat.card.get("is_forum"):
        raise bad("the chat is not a forum")
    if not chat.manages_topics(call.account.id):
        raise bad("not enough rights to manage topics")
    return chat


def _topic(call: Call, chat: Chat) -> Topic:
    return topics.find(chat, call.args.integer("message_thread_id"))
