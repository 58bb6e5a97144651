"""One call of one bot, and what most methods ask of it."""

from dataclasses import dataclass
from enum import Enum
from typing import Any

from bot.sandbox.accounts import Account
from bot.sandbox.people import Chat, Message, Status, User
from bot.sandbox.refusals import ApiError, bad, forbidden
from bot.sandbox.wire import Arguments
from bot.sandbox.world import World


class Access(Enum):
    """What a method is about to do in a chat."""

    READ = 1
    MEMBERS = 2
    EDIT = 3
    WRITE = 4


@dataclass(slots=True)
class Call:
    world: World
    account: Account
    args: Arguments

    def chat(self, access: Access, name: str = "chat_id") -> Chat:
        """The chat a call is about, once the bot may do there what it wants."""
        return self.chat_named(self.args.text(name), access, name)

    def chat_named(self, raw: str, access: Access, name: str = "chat_id") -> Chat:
        if not raw:
            raise bad("chat_id is empty" if name == "chat_id" else f"{name} is empty")
        chat_id = self._chat_id(raw)
        if chat_id > 0:
            return self._dialog(chat_id, access)
        chat = self.world.chats.get(chat_id)
        if chat is None or self.account.id not in chat.members:
            raise bad("chat not found")
        _check_access(chat, self.account.id, access)
        return chat

    def _chat_id(self, raw: str) -> int:
        if raw.startswith("@"):
            return self.world.usernames.get(raw[1:].lower(), 0)
        try:
            return int(raw)
        except ValueError:
            return 0

    def _dialog(self, user_id: int, access: Access) -> Chat:
        chat = self.account.dialogs.get(user_id)
        if chat is None or not chat.started:
            user = self.world.users.get(user_id)
            if user is None:
                raise bad("chat not found")
            if user.card["is_bot"]:
                raise forbidden("the bot can't send messages to the bot")
            if access in {Access.READ, Access.MEMBERS}:
                return chat or self.world.dialog(self.account, user)
            raise forbidden("bot can't initiate conversation with a user")
        if access in {Access.EDIT, Access.WRITE}:
            if chat.user is not None and chat.user.deactivated:
                raise forbidden("user is deactivated")
            if chat.blocked and access is Access.WRITE:
                raise forbidden("bot was blocked by the user")
        return chat

    def message(self, access: Access, what: str, chat: Chat | None = None) -> Message:
        """The message a call is about: ``message to edit``, ``message to delete`` …"""
        chat = self.chat(access) if chat is None else chat
        message = chat.messages.get(self.args.integer("message_id"))
        if message is None or message.deleted:
            raise bad(f"{what} not found")
        return message

    def user(self) -> User:
        user_id = self.args.integer("user_id")
        if user_id <= 0:
            raise bad("invalid user_id specified")
        user = self.world.users.get(user_id)
        if user is None:
            raise bad("user not found")
        return user

    def json(self, name: str, complaint: str) -> Any:
        try:
            return self.args.json(name)
        except ValueError:
            raise bad(complaint) from None


def _check_access(chat: Chat, bot_id: int, access: Access) -> None:
    edits = access in {Access.EDIT, Access.WRITE}
    if chat.type == "group" and access is Access.MEMBERS:
        edits = True
    if chat.moved_to and (access is Access.WRITE or access is Access.MEMBERS):
        raise ApiError(
            400,
            "Bad Request: group chat was upgraded to a supergroup chat",
            migrate_to_chat_id=chat.moved_to,
        )
    if chat.details.get("deleted") and access is Access.WRITE:
        raise forbidden("the group chat was deleted")
    status = chat.members[bot_id].status
    public = chat.type != "group" and "username" in chat.card
    if status is Status.KICKED and (edits or chat.type != "group"):
        raise forbidden(f"bot was kicked from the {chat.type} chat")
    if status is Status.LEFT and (edits or (chat.type != "group" and not public)):
        raise forbidden(f"bot is not a member of the {chat.type} chat")
