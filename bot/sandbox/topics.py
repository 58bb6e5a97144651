"""The topics of a forum: a supergroup whose messages stand in threads; General has no number."""

from dataclasses import dataclass

from bot.sandbox import hearing
from bot.sandbox.people import Chat, Message, User
from bot.sandbox.refusals import Json, bad
from bot.sandbox.world import World

NAME_MAX = 128
BLUE = 7322096
COLOURS = frozenset({BLUE, 16766590, 13338331, 9367192, 16749490, 16478047})


@dataclass(slots=True)
class Topic:
    """One thread; its number is that of the grey line that opened it."""

    id: int
    name: str
    colour: int = BLUE
    closed: bool = False

    def card(self) -> Json:
        return {
            "message_thread_id": self.id,
            "name": self.name,
            "icon_color": self.colour,
        }


def create(world: World, chat: Chat, by: User, name: str, colour: int = 0) -> Topic:
    """Somebody opens a topic."""
    if not chat.card.get("is_forum"):
        raise bad("the chat is not a forum")
    if not 0 < len(name) <= NAME_MAX:
        raise bad("TOPIC_TITLE_EMPTY" if not name else "topic name is too long")
    colour = colour or BLUE
    if colour not in COLOURS:
        raise bad("invalid icon color specified")
    thread = chat.last_id + 1
    topic = chat.topics[thread] = Topic(thread, name, colour)
    tell(world, chat, by, topic, {"forum_topic_created": {"name": name, "icon_color": colour}})
    return topic


def find(chat: Chat, thread: int) -> Topic:
    """A topic that is there, whether open or closed."""
    topic: Topic | None = chat.topics.get(thread)
    if topic is None:
        raise bad("message thread not found")
    return topic


def set_closed(world: World, chat: Chat, by: User, topic: Topic, *, closed: bool) -> None:
    """Somebody closes a topic or opens it again."""
    if topic.closed == closed:
        raise bad("TOPIC_NOT_MODIFIED")
    topic.closed = closed
    word = "forum_topic_closed" if closed else "forum_topic_reopened"
    tell(world, chat, by, topic, {word: {}})


def delete(world: World, chat: Chat, topic: Topic) -> None:
    """A topic goes, and with it all that stands in it."""
    del chat.topics[topic.id]
    for message in chat.messages.values():
        if message.thread == topic.id and not message.deleted:
            message.deleted = True
            world.show("delete", message)


def tell(world: World, chat: Chat, by: User, topic: Topic, content: Json) -> Message:
    """The grey line in a topic."""
    return hearing.post_service(world, chat, by, content, topic.id)


def thread_for(chat: Chat, wanted: int, reply_to: int, *, manages: bool) -> int:
    """Where a message goes: the topic named, else that of the message replied to, else General."""
    replied = chat.messages.get(reply_to)
    thread = wanted or (replied.thread if replied else 0)
    if not thread:
        return 0
    if find(chat, thread).closed and not manages:
        raise bad("TOPIC_CLOSED")
    return thread
