"""Users, chats, members and messages, and how the Bot API shows them."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from bot.sandbox.refusals import Json

ADMIN_RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)
GROUP_RIGHTS = ("can_pin_messages", "can_manage_topics")
CHANNEL_RIGHTS = ("can_post_messages", "can_edit_messages", "can_manage_direct_messages")
PERMISSIONS = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_react_to_messages",
    "can_edit_tag",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
)


class Status(StrEnum):
    """What somebody is in a chat."""

    CREATOR = "creator"
    ADMINISTRATOR = "administrator"
    MEMBER = "member"
    RESTRICTED = "restricted"
    LEFT = "left"
    KICKED = "kicked"


ADMINS = frozenset({Status.CREATOR, Status.ADMINISTRATOR})
INSIDE = frozenset({*ADMINS, Status.MEMBER, Status.RESTRICTED})


@dataclass(slots=True)
class User:
    """A person or a bot; ``card`` is shared by all that shows it."""

    card: Json
    deactivated: bool = False
    crowd: bool = False

    @property
    def id(self) -> int:
        return int(self.card["id"])


@dataclass(slots=True)
class Member:
    user: User
    status: Status
    rights: dict[str, bool] = field(default_factory=dict)
    until: int = 0

    def card(self, kind: str) -> Json:
        """The ChatMember object, with every field its class requires."""
        card: Json = {"status": str(self.status), "user": self.user.card}
        if self.status is Status.CREATOR:
            card["is_anonymous"] = False
        elif self.status is Status.ADMINISTRATOR:
            card |= {"can_be_edited": False, "is_anonymous": False}
            extra = CHANNEL_RIGHTS if kind == "channel" else GROUP_RIGHTS
            card |= {name: self.rights.get(name, True) for name in (*ADMIN_RIGHTS, *extra)}
            card["can_promote_members"] = self.rights.get("can_promote_members", False)
        elif self.status is Status.RESTRICTED:
            card |= {"is_member": True, "until_date": self.until}
            card |= {name: self.rights.get(name, False) for name in PERMISSIONS}
        elif self.status is Status.KICKED:
            card["until_date"] = self.until
        return card


@dataclass(slots=True, eq=False)
class Message:
    """One message as it stands in its chat."""

    id: int
    chat: "Chat"
    date: int
    content: Json
    sender: Json | None = None
    bot_id: int = 0
    markup: Json | None = None
    reply_to: int = 0
    extra: Json | None = None
    edited: int = 0
    deleted: bool = False
    keyboard: bool = False
    forwarded: bool = False
    thread: int = 0

    def card(self, *, deep: bool = True) -> Json:
        """The Message object."""
        card: Json = {"message_id": self.id}
        if self.sender is not None:
            card["from"] = self.sender
        card["chat"] = self.chat.card
        if self.chat.type == "channel":
            card["sender_chat"] = self.chat.card
        card["date"] = self.date
        if self.thread:
            card |= {"message_thread_id": self.thread, "is_topic_message": True}
        if self.edited:
            card["edit_date"] = self.edited
        if deep and self.reply_to:
            target = self.chat.messages.get(self.reply_to)
            if target is not None and not target.deleted:
                card["reply_to_message"] = target.card(deep=False)
        card |= self.content | (self.extra or {})
        return card | ({"reply_markup": self.markup} if self.markup else {})

    @property
    def text(self) -> str:
        return str(self.content.get("text") or self.content.get("caption") or "")


@dataclass(slots=True, eq=False)
class Chat:
    """A private chat with one bot, a group, a supergroup or a channel."""

    id: int
    type: str
    card: Json
    user: User | None = None
    bot_id: int = 0
    members: dict[int, Member] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    keep: int = 5000
    last_id: int = 0
    started: bool = False
    blocked: bool = False
    moved_to: int = 0
    pins: list[int] = field(default_factory=list)
    keyboard: Json | None = None
    topics: dict[int, Any] = field(default_factory=dict)  # of a forum; see topics
    details: Json = field(default_factory=dict)
    tokens: float = -1.0  # the bucket of one message a second; see limits
    stamp: float = 0.0
    recent: Any = None  # of a group: when its last twenty were sent
    flood: Any = None  # a flood wait under way

    def member(self, user_id: int) -> Member | None:
        return self.members.get(user_id)

    def is_admin(self, user_id: int) -> bool:
        member = self.members.get(user_id)
        return member is not None and member.status in ADMINS

    def manages_topics(self, user_id: int) -> bool:
        member = self.members.get(user_id)
        return self.is_admin(user_id) and (
            member is not None and member.rights.get("can_manage_topics", True)
        )

    def is_inside(self, user_id: int) -> bool:
        member = self.members.get(user_id)
        return member is not None and member.status in INSIDE

    def add(self, message: Message) -> None:
        self.messages[message.id] = message
        if len(self.messages) > self.keep:
            del self.messages[next(iter(self.messages))]
