"""The world of one sandbox: who and what there is, and where everything is kept.

Nothing here reads the network; ``acts`` is what people do in it, ``methods`` what bots do.
"""

import itertools
from datetime import datetime

from bot.sandbox.accounts import Account, id_of
from bot.sandbox.clock import Clock
from bot.sandbox.events import Events
from bot.sandbox.faults import Faults
from bot.sandbox.filing import Cabinet
from bot.sandbox.journal import Journal
from bot.sandbox.limits import Limits
from bot.sandbox.people import Chat, Member, Message, Status, User
from bot.sandbox.refusals import ApiError, Json, bad
from bot.sandbox.stalls import Stalls
from bot.sandbox.tally import Tally

FIRST_USER = 10_001
FIRST_CROWD = 5_000_000_000
FIRST_SUPERGROUP = -1_002_000_000_001
UNCLAIMED = 7_000_000_000


class World:
    def __init__(self, tokens: tuple[str, ...] = (), start: datetime | None = None) -> None:
        self.clock = Clock(start)
        self.limits = Limits()
        self.stalls = Stalls()
        self.faults = Faults()
        self.tally = Tally()
        self.journal = Journal()
        self.events = Events()
        self.cabinet = Cabinet()
        self.users: dict[int, User] = {}
        self.chats: dict[int, Chat] = {}
        self.usernames: dict[str, int] = {}
        self.accounts: dict[str, Account] = {}
        self.closed = bool(tokens)
        self.zone = "Asia/Shanghai"
        self.people: dict[int, User] = {}  # users without bots and crowds
        self.bot_name = "Sandbox Bot"
        self.bot_username = "sandbox_bot"
        self._message_ids = itertools.count(1)
        self._user_ids = itertools.count(FIRST_USER)
        self._next_crowd = FIRST_CROWD
        self._group_ids = itertools.count(1)
        self._supergroup_ids = itertools.count(1)
        self.unclaimed: Account | None = None
        for token in tokens:
            self._open(token, id_of(token))
        if not tokens:
            self.unclaimed = self._open("", UNCLAIMED)

    # bots

    def name_bot(self, name: str, username: str) -> None:
        """Rename the first bot, as @BotFather would."""
        self.bot_name, self.bot_username = name, username
        first = self.unclaimed or next(iter(self.accounts.values()))
        self.usernames.pop(first.username.lower(), None)
        first.user.card |= {"first_name": name, "username": username}
        self.usernames[username.lower()] = first.id

    def _open(self, token: str, bot_id: int) -> Account:
        username = f"sandbox_{bot_id}_bot" if self.accounts else self.bot_username
        card: Json = {
            "id": bot_id,
            "is_bot": True,
            "first_name": self.bot_name,
            "username": username,
        }
        user = User(card)
        self.users[bot_id] = user
        self.usernames[username.lower()] = bot_id
        account = Account(token, user, self.clock.timestamp)
        if token:
            self.accounts[token] = account
        return account

    def account(self, token: str) -> Account:
        """The bot with that token; a new well-formed token is a new bot unless they were named."""
        account = self.accounts.get(token)
        if account is None:
            bot_id = id_of(token)
            if self.closed or any(other.id == bot_id for other in self.accounts.values()):
                raise ApiError(401, "Unauthorized")
            account = self._claim(token, bot_id) if self.unclaimed else self._open(token, bot_id)
            self.events.tell("bots")
        return account

    def _claim(self, token: str, bot_id: int) -> Account:
        """The first token gets the bot that people have already been talking to."""
        account = self.unclaimed
        if account is None:
            return self._open(token, bot_id)
        self.unclaimed = None
        del self.users[account.id]
        for chat in self.chats.values():
            member = chat.members.pop(account.id, None)
            if member is not None:
                chat.members[bot_id] = member
        account.user.card["id"] = bot_id
        account.token = token
        self.users[bot_id] = account.user
        self.usernames[account.username.lower()] = bot_id
        self.accounts[token] = account
        for dialog in account.dialogs.values():
            dialog.bot_id = bot_id
        return account

    def bots(self) -> list[Account]:
        return [*self.accounts.values(), *([self.unclaimed] if self.unclaimed else [])]

    def bot(self, wanted: object = None) -> Account:
        """A bot by id, username or token; without any, the first one."""
        bots = self.bots()
        if wanted in {None, "", "bot"}:
            return bots[0]
        name = str(wanted).lstrip("@")
        for account in bots:
            if name in {str(account.id), account.username, account.token}:
                return account
        raise bad("there is no such bot")

    def account_of(self, bot_id: int) -> Account | None:
        return next((bot for bot in self.bots() if bot.id == bot_id), None)

    # people

    def add_user(self, wanted: Json) -> User:
        user_id = int(wanted.get("id") or next(self._user_ids))
        name = str(wanted.get("name") or f"User {user_id}")
        card: Json = {"id": user_id, "is_bot": False, "first_name": name}
        if wanted.get("last_name"):
            card["last_name"] = str(wanted["last_name"])
        if wanted.get("username"):
            card["username"] = str(wanted["username"]).lstrip("@")
            self.usernames[card["username"].lower()] = user_id
        card["language_code"] = str(wanted.get("language") or "zh-hans")
        if wanted.get("premium"):
            card["is_premium"] = True
        known = self.users.get(user_id)
        if known is not None:
            if known.card["is_bot"]:
                raise ValueError(f"id {user_id} is a bot")
            known.card.clear()
            known.card.update(card)
            return known
        user = self.users[user_id] = self.people[user_id] = User(card)
        return user

    def reserve_crowd(self, count: int) -> int:
        """The first of ``count`` ids in a row."""
        first, self._next_crowd = self._next_crowd, self._next_crowd + count
        return first

    def add_crowd_user(self, user_id: int) -> User:
        card: Json = {
            "id": user_id,
            "is_bot": False,
            "first_name": f"C{user_id - FIRST_CROWD + 1}",
            "language_code": "zh-hans",
        }
        user = self.users[user_id] = User(card, crowd=True)
        return user

    def user(self, user_id: int) -> User:
        user = self.users.get(user_id)
        if user is None:
            raise ValueError(f"there is no user {user_id}")
        return user

    # chats

    def add_chat(self, kind: str, title: str, chat_id: int = 0, username: str = "") -> Chat:
        if kind not in {"group", "supergroup", "channel"}:
            raise ValueError("type: group, supergroup or channel")
        if not chat_id:
            chat_id = (
                -4_000_000 - next(self._group_ids)
                if kind == "group"
                else FIRST_SUPERGROUP - next(self._supergroup_ids)
            )
        if chat_id >= 0 or chat_id in self.chats:
            raise ValueError(f"id {chat_id}: a free number below 0 is needed")
        card: Json = {"id": chat_id, "title": title, "type": kind}
        if username:
            card["username"] = username.lstrip("@")
            self.usernames[card["username"].lower()] = chat_id
        if kind == "group":
            card["all_members_are_administrators"] = False
        chat = self.chats[chat_id] = Chat(chat_id, kind, card)
        return chat

    def dialog(self, account: Account, user: User) -> Chat:
        """The private chat of a bot and a person, made when it is first needed."""
        chat = account.dialogs.get(user.id)
        if chat is None:
            card: Json = {
                key: user.card[key]
                for key in ("id", "first_name", "last_name", "username")
                if key in user.card
            }
            card["type"] = "private"
            keep = 50 if user.crowd else 5000
            chat = Chat(user.id, "private", card, user=user, bot_id=account.id, keep=keep)
            account.dialogs[user.id] = chat
        return chat

    def chat(self, chat_id: int, bot: object = None) -> Chat:
        """A chat as people see it; a private one with the bot asked for."""
        if chat_id > 0:
            return self.dialog(self.bot(bot), self.user(chat_id))
        chat = self.chats.get(chat_id)
        if chat is None:
            raise ValueError(f"there is no chat {chat_id}")
        return chat

    def next_message_id(self, chat: Chat) -> int:
        if chat.type in {"supergroup", "channel"}:
            chat.last_id += 1
            return chat.last_id
        chat.last_id = next(self._message_ids)
        return chat.last_id

    def join(self, chat: Chat, user: User, status: Status) -> Member:
        member = chat.members[user.id] = Member(user, status)
        return member

    # the common end of every new or changed message

    def show(self, kind: str, message: Message) -> None:
        """Tell the pages; crowds are only counted."""
        if not self.events:
            return
        chat = message.chat
        if chat.user is not None and chat.user.crowd:
            self.events.tell("crowd")
            return
        card = message.card()
        if chat.keyboard is not None:
            card["keyboard"] = chat.keyboard
        self.events.tell(kind, chat=chat.id, bot=chat.bot_id, message=card, deleted=message.deleted)

    def date(self) -> int:
        return int(self.clock.timestamp())

    def monotonic(self) -> float:
        return self.clock.monotonic()
