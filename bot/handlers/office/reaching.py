"""How many a broadcast will reach: its audience, without those who will be paused at its time."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.message import Lane
from bot.domain.subscription import Audience, Choices, OfficeHours, after_quiet
from bot.handlers.wording import kinds_words
from bot.storage import chats
from bot.texts import Translate


@dataclass(frozen=True, slots=True)
class Reach:
    """How many chats of each kind will get it, and how many will not because they paused."""

    counts: Mapping[str, int]
    paused: Mapping[str, int] = field(default_factory=dict)

    @property
    def readers(self) -> int:
        """How many chats will get it."""
        return sum(self.counts.values())

    @property
    def audience(self) -> int:
        """How many it is meant for, paused or not."""
        return self.readers + sum(self.paused.values())

    def words(self, translate: Translate) -> str:
        """1,284人（另有3人暂停中，不发）."""
        _ = translate
        said = kinds_words(self.counts, _)
        if self.paused:
            said += _(" (another {count} paused, left out)").format(
                count=kinds_words(self.paused, _)
            )
        return said


async def reach(
    connection: Any,
    audience: Audience,
    at: datetime,
    office: OfficeHours,
    lane: Lane = Lane.BULK,
) -> Reach:
    """Whom a broadcast reaches; an urgent one comes to those who paused, too."""
    counts = Counter(await chats.count(connection, audience))
    if lane is Lane.URGENT:
        return Reach(counts)
    paused: Counter[str] = Counter()
    for kind, zone, until, number in await chats.pausing(connection, audience):
        choices = Choices(zone=zone or office.zone, quiet=office.quiet)
        day = after_quiet(at, choices).astimezone(ZoneInfo(choices.zone)).date()
        if day < until:
            paused[kind] += number
    return Reach(counts - paused, paused)
