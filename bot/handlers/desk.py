"""What handlers work with: built once by ``app``, found under ``application.bot_data["desk"]``."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

import digests
from bot.domain.message import OnUnknown
from bot.domain.subscription import LANGUAGES, OfficeHours
from bot.domain.wordlist import Wordlist, ours
from bot.library import Library
from bot.storage.database import Database
from bot.texts import Texts


@dataclass(frozen=True, slots=True)
class Office:
    """Who runs this bot, as readers see it."""

    name: str = ""
    phone: str = ""
    language: str = LANGUAGES[0]
    hours: OfficeHours = field(default_factory=OfficeHours)
    calendar_url: str = ""  # where the tasks' days can be subscribed to, if anywhere


@dataclass(frozen=True, slots=True)
class Rules:
    """How broadcasts are handled here."""

    on_unknown: OnUnknown = OnUnknown.LEAVE
    stages: int = 0  # of review: 0 to 3, each by another person
    per_second: float = 30.0  # for the estimate of how long one takes
    audit_days: int = 730  # how long the audit trail is kept
    wordlist: Wordlist = field(default_factory=ours)  # 错敏词, the office's own among them


@dataclass(frozen=True, slots=True)
class Desk:
    """The services a handler reaches for."""

    database: Database
    library: Library
    clock: Callable[[], datetime]
    intake: Callable[[bytes, str], Awaitable[digests.Report]]
    fetch: Callable[[str], Awaitable[tuple[bytes, str]]]
    username: str = ""  # the bot's own, for links
    owners: frozenset[int] = frozenset()
    texts: Texts = field(default_factory=Texts)
    office: Office = field(default_factory=Office)
    rules: Rules = field(default_factory=Rules)
    errands: set[asyncio.Task[None]] = field(default_factory=set)  # under way in the background
    joined: deque[datetime] = field(default_factory=partial(deque, maxlen=20))  # the last ones

    def link(self, payload: str) -> str:
        """A link that opens this bot with ``/start payload``."""
        return f"https://t.me/{self.username}?start={payload}"
