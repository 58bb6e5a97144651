"""A bot's account: who it is, what waits for it, what it has set."""

import asyncio
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.sandbox.limits import Pace
from bot.sandbox.people import Chat, User
from bot.sandbox.refusals import ApiError, Json
from bot.sandbox.updates import UpdateQueue

TOKEN = re.compile(r"([1-9][0-9]{0,16}):[^/\s]+")
TOKEN_MAX = 80
ID_END = 1 << 54
QUERY_TTL_S = {"callback": 150, "inline": 30}
QUERIES_KEPT = 10_000


def is_well_formed(token: str) -> bool:
    """Whether the server would take it for a token at all."""
    found = TOKEN.fullmatch(token)
    return found is not None and len(token) <= TOKEN_MAX and int(found[1]) < ID_END


def id_of(token: str) -> int:
    """The bot's id, which stands before the colon; 401 when the token is malformed."""
    if not is_well_formed(token):
        raise ApiError(401, "Unauthorized: invalid token specified")
    return int(token.partition(":")[0])


@dataclass(slots=True)
class Webhook:
    url: str
    secret: str = ""
    max_connections: int = 40
    ip_address: str = ""
    last_error: str = ""
    last_error_date: int = 0
    gone_since: float = 0.0


@dataclass(slots=True, eq=False)
class Query:
    """A callback or inline query that waits for its one answer."""

    id: str
    user: User
    expires: float
    chat: Chat | None = None
    answer: Json | None = None
    answered: asyncio.Event = field(default_factory=asyncio.Event)


class Account:
    def __init__(self, token: str, user: User, clock: Callable[[], float]) -> None:
        self.token = token
        self.user = user
        self.queue = UpdateQueue(clock)
        self.webhook: Webhook | None = None
        self.webhook_changed = asyncio.Event()
        self.next_webhook = 0.0
        self.dialogs: dict[int, Chat] = {}
        self.pace = Pace()
        # scope as (type, chat, user) -> language -> commands
        self.commands: dict[tuple[str, int, int], dict[str, list[Json]]] = {}
        self.texts: dict[tuple[str, str], str] = {}  # (name, language)
        self.menu_buttons: dict[int, Json] = {}
        self.rights: dict[bool, Json] = {}
        self.privacy = True
        self.inline = True
        self.feedback = False
        self.queries: dict[str, Query] = {}
        self.inline_messages: dict[str, tuple[Chat, int]] = {}
        self.inline_cache: dict[tuple[int, str, str], tuple[float, Json]] = {}

    @property
    def id(self) -> int:
        return self.user.id

    @property
    def username(self) -> str:
        return str(self.user.card["username"])

    def open_query(self, kind: str, user: User, now: float, chat: Chat | None = None) -> Query:
        query = Query(str(secrets.randbits(62)), user, now + QUERY_TTL_S[kind], chat)
        self.queries[query.id] = query
        if len(self.queries) > QUERIES_KEPT:
            del self.queries[next(iter(self.queries))]
        return query

    def answer_query(self, query_id: str, answer: Json, now: float) -> Query:
        """Take the one answer; late, unknown and second ones are refused."""
        query = self.queries.pop(query_id, None)
        if query is None or query.expires <= now:
            raise ApiError(
                400,
                "Bad Request: query is too old and response timeout expired or query ID is invalid",
            )
        query.answer = answer
        query.answered.set()
        return query
