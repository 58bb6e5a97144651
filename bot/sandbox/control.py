"""``/sandbox/…``: the hand that moves people; ``dials`` turn the rest. JSON in, JSON out."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import unquote

from bot.sandbox import acts, joining, media, topics
from bot.sandbox.acts import Letter
from bot.sandbox.crowds import Crowds
from bot.sandbox.dials import Dials, Routes
from bot.sandbox.methods.profile import commands_for
from bot.sandbox.methods.sending import document_card, photo_card
from bot.sandbox.people import Chat, Status
from bot.sandbox.refusals import ApiError, Json
from bot.sandbox.wire import Arguments
from bot.sandbox.world import World

INLINE_WAIT_S = 10.0
PRESS_WAIT_MAX_S = 30.0
CROWD_MAX = 5_000_000
PEOPLE_SHOWN = 200


class NotFoundError(Exception):
    """There is no such address under /sandbox."""


class Control:
    def __init__(self, world: World, crowds: Crowds, restart: Callable[[float], None]) -> None:
        self._world = world
        self._crowds = crowds
        self._routes: Routes = Dials(world, restart).routes() | {
            ("POST", "users"): self.add_user,
            ("POST", "chats"): self.add_chat,
            ("GET", "chats"): self.list_chats,
            ("POST", "members"): self.set_member,
            ("POST", "migrations"): self.migrate,
            ("POST", "messages"): self.say,
            ("POST", "edits"): self.edit,
            ("POST", "starts"): self.start,
            ("POST", "topics"): self.set_topic,
            ("POST", "presses"): self.press,
            ("POST", "inline"): self.ask_inline,
            ("POST", "choices"): self.choose,
            ("POST", "crowds"): self.gather,
            ("GET", "crowds"): self.crowd,
            ("GET", "commands"): self.commands,
        }

    async def serve(self, method: str, path: str, args: Arguments) -> Json | str:
        """Answer one request; ValueError and ApiError say what cannot be done."""
        found = re.fullmatch(r"chats/(-?\d+)/messages", path)
        if found is not None and method == "GET":
            return self.messages(int(found[1]), args)
        route = self._routes.get((method, path.strip("/")))
        if route is None:
            raise NotFoundError(path)
        answer = route(args)
        return answer if isinstance(answer, dict) else await answer

    # people and chats

    def add_user(self, args: Arguments) -> Json:
        user = self._world.add_user(args.values)
        user.deactivated = args.text("status") == "deactivated" or args.flag("deactivated")
        self._world.events.tell("chats")
        return {"id": user.id}

    def add_chat(self, args: Arguments) -> Json:
        if args.text("type") == "private":
            raise ValueError("type: a private chat comes with POST /sandbox/users")
        values = dict(args.values)
        values["members"] = args.json("members")
        return {"id": joining.found_chat(self._world, values).id}

    def list_chats(self, args: Arguments) -> Json:
        world = self._world
        shown = [self._chat_card(chat) for chat in world.chats.values()]
        account = world.bot(args.values.get("bot"))
        people = list(world.people.values())[:PEOPLE_SHOWN]
        shown.extend(self._chat_card(world.dialog(account, user)) for user in people)
        about = account.texts.get(("description", "zh"), account.texts.get(("description", ""), ""))
        bot = account.user.card | {"description": about}
        return {"chats": shown, "bot": bot, "zone": world.zone}

    def _chat_card(self, chat: Chat) -> Json:
        last = next((one for one in reversed(chat.messages.values()) if not one.deleted), None)
        return {
            **chat.card,
            "members": [member.card(chat.type) for member in chat.members.values()],
            "last": last.card(deep=False) if last else None,
            "keyboard": chat.keyboard,
            "started": chat.started,
            "blocked": chat.blocked,
            "moved_to": chat.moved_to,
            "pinned": chat.pins[-1] if chat.pins else 0,
        }

    def set_member(self, args: Arguments) -> Json:
        world = self._world
        chat = world.chat(args.integer("chat"), args.values.get("bot"))
        wanted = args.text("user")
        status_name = args.text("status")
        if chat.type == "private" and status_name == "deactivated" and chat.user:
            chat.user.deactivated = True
            return {"status": "deactivated"}
        status = _status(status_name)
        if wanted == "bot" or chat.type == "private":
            user = world.bot(args.values.get("bot")).user
        else:
            user = world.user(args.integer("user"))
        joining.set_status(world, chat, user, status)
        return {"status": str(status)}

    def migrate(self, args: Arguments) -> Json:
        return {"id": joining.migrate(self._world, self._world.chat(args.integer("chat"))).id}

    # what people do

    def say(self, args: Arguments) -> Json:
        letter = Letter(
            text=args.text("text"),
            content=self._file(args),
            reply_to=args.integer("reply_to"),
            bot=args.values.get("bot"),
            thread=args.integer("thread"),
            mask="anonymous" if args.flag("anonymous") else args.text("as"),
        )
        message = acts.say(self._world, args.integer("chat"), args.integer("from"), letter)
        return {"message_id": message.id}

    def start(self, args: Arguments) -> Json:
        """A deep link is followed; the message that the client then sends."""
        message = acts.start(
            self._world, args.integer("from"), args.text("payload"), dict(args.values)
        )
        return {"message_id": message.id}

    def set_topic(self, args: Arguments) -> Json:
        """A topic of a forum is opened, or changed: ``status`` closed, open or deleted."""
        world = self._world
        chat = world.chat(args.integer("chat"))
        by = world.user(args.integer("from"))
        if not chat.manages_topics(by.id):
            raise ValueError("only an administrator sees to topics")
        if not args.integer("thread"):
            return topics.create(world, chat, by, args.text("name")).card()
        topic = topics.find(chat, args.integer("thread"))
        if args.text("status") == "deleted":
            topics.delete(world, chat, topic)
        else:
            topics.set_closed(world, chat, by, topic, closed=args.text("status") == "closed")
        return topic.card()

    def _file(self, args: Arguments) -> Json | None:
        cabinet = self._world.cabinet
        content: Json
        if args.text("media"):
            return media.content(args.text("media"), args.text("text"), cabinet)
        if args.upload("document") is not None:
            given = args.files["document"]
            name = unquote(given.name)  # many clients percent-encode what is not ASCII
            named = given if name.isascii() else replace(given, name=name)
            content = {"document": document_card(cabinet.put("document", named))}
        elif args.upload("photo") is not None:
            content = {"photo": photo_card(cabinet.put("photo", args.files["photo"]))}
        else:
            return None
        text = args.text("text") or args.text("caption")
        return content | ({"caption": text} if text else {})

    def edit(self, args: Arguments) -> Json:
        letter = Letter(text=args.text("text"), bot=args.values.get("bot"))
        message = acts.edit(
            self._world, args.integer("chat"), args.integer("from"), args.integer("message_id"),
            letter,
        )  # fmt: skip
        return {"message_id": message.id}

    async def press(self, args: Arguments) -> Json:
        """The query's id; with ``wait_s`` also the bot's answer, null when none came in time."""
        query = acts.press(
            self._world, args.integer("chat"), args.integer("from"), args.integer("message_id"),
            args.values,
        )  # fmt: skip
        card: Json = {"id": query.id}
        wait = min(float(args.text("wait_s", "0")), PRESS_WAIT_MAX_S)
        if wait > 0:
            await _patiently(query.answered, wait)
            card["answer"] = query.answer
        return card

    async def ask_inline(self, args: Arguments) -> Json:
        """What the bot offers; the same query is answered from the cache while it lasts."""
        world = self._world
        account = world.bot(args.values.get("bot"))
        key = (args.integer("from"), args.text("query"), args.text("offset"))
        if not account.inline:
            raise ValueError("inline mode is off for this bot")
        until, known = account.inline_cache.get(key, (0.0, {}))
        if until > world.clock.timestamp():
            return known
        account, query = acts.ask_inline(world, args.integer("from"), args.values)
        await _patiently(query.answered, float(args.text("wait_s", str(INLINE_WAIT_S))))
        if query.answer is None:
            return {"results": [], "answered": False}
        answer = query.answer | {"answered": True}
        if answer["cache_time"]:
            account.inline_cache[key] = (world.clock.timestamp() + answer["cache_time"], answer)
        return answer

    def choose(self, args: Arguments) -> Json:
        world = self._world
        account = world.bot(args.values.get("bot"))
        result = args.json("result")
        if not isinstance(result, dict):
            raise ApiError(400, "result: one of the answered results is needed")
        return {"message_id": acts.choose(world, args.values, result, account).id}

    def gather(self, args: Arguments) -> Json:
        count = args.integer("count")
        if not 0 < count <= CROWD_MAX:
            raise ValueError(f"count: from 1 to {CROWD_MAX}")
        first = self._crowds.gather(count, args.text("text"), args.values.get("bot"))
        return {"count": count, "first": first}

    def crowd(self, args: Arguments) -> Json:
        del args
        return {"wanted": self._crowds.wanted, "arrived": self._crowds.arrived}

    # what can be looked at

    def messages(self, chat_id: int, args: Arguments) -> Json:
        chat = self._world.chat(chat_id, args.values.get("bot"))
        since = args.integer("since")
        shown = [one for one in chat.messages.values() if one.id > since]
        if args.integer("before"):
            shown = [one for one in shown if one.id < args.integer("before")]
        if args.integer("limit") > 0:
            shown = shown[-args.integer("limit") :]
        return {"messages": [one.card() | {"deleted": one.deleted} for one in shown]}

    def commands(self, args: Arguments) -> Json:
        world = self._world
        account = world.bot(args.values.get("bot"))
        chat = world.chat(args.integer("chat"), args.values.get("bot"))
        user = world.user(args.integer("from"))
        language = str(user.card.get("language_code", ""))
        return {"commands": commands_for(account, chat, user.id, language)}


async def _patiently(event: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return


def _status(name: str) -> Status:
    try:
        return Status(name)
    except ValueError:
        raise ValueError(f"status: one of {', '.join(Status)}") from None


UNUSABLE = (ValueError, TypeError, KeyError, OverflowError, ApiError, NotFoundError)


def problem(error: Exception) -> tuple[int, Json]:
    """Status and body for what could not be done."""
    if isinstance(error, NotFoundError):
        return 404, {"ok": False, "error": "there is no such address under /sandbox"}
    text = error.description if isinstance(error, ApiError) else str(error)
    if isinstance(error, (TypeError, KeyError)):
        text = f"this cannot be used: {error}"
    return 400, {"ok": False, "error": text}
