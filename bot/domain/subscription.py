"""What a reader has chosen, and when the next message is due.

A reader has one moment per local day: the chosen wall time in the chosen zone. In a gap (the
clock jumps over it) it is the first moment after the gap, in a fold (it comes twice) the first.
The choice of days decides only whether that day's message carries an excerpt; a task that is due
comes on its day to everybody. Nothing here reads a clock: ``after`` is an argument.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from bot.errors import RefusedError


class ChatState(StrEnum):
    """Whether a chat gets pushes: by its own wish, or as Telegram lets us."""

    ACTIVE = "active"
    STOPPED = "stopped"  # the reader unsubscribed
    SUSPENDED = "suspended"  # blocked, kicked, deactivated: kept until it comes back


class ChatKind(StrEnum):
    """Telegram's kinds of chats."""

    PRIVATE = "private"
    GROUP = "group"
    SUPERGROUP = "supergroup"
    CHANNEL = "channel"


class Days(StrEnum):
    """On which days an excerpt is wanted."""

    DAILY = "daily"
    WORKDAYS = "workdays"
    WEEKLY = "weekly"
    REMINDERS = "reminders"  # none: only what is due


ROLES = ("village", "town", "department", "visitor")
"""Who a reader may be; which topics come with a role, ``topics.toml`` says."""

LANGUAGES = ("zh-Hans", "zh-Hant", "en")


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours of the night in which nothing is pushed; may run over midnight. Equal ends: none."""

    start: time
    end: time

    def __contains__(self, moment: time) -> bool:
        """Whether a wall time is quiet; the end itself is not."""
        if self.start <= self.end:
            return self.start <= moment < self.end
        return moment >= self.start or moment < self.end

    @classmethod
    def parse(cls, text: str) -> "Quiet | None":
        """“21:00-07:00” -> Quiet; an empty text -> None."""
        if not text.strip():
            return None
        start, _, end = text.replace("–", "-").partition("-")
        return cls(time.fromisoformat(start.strip()), time.fromisoformat(end.strip()))


@dataclass(frozen=True, slots=True)
class Choices:
    """What a chat has chosen; ``zone`` is a real IANA name (the office's where none was chosen)."""

    zone: str
    hour: time = time(8)
    days: Days = Days.DAILY
    weekday: int = 0
    paused_until: date | None = None
    topics: tuple[str, ...] = ()
    quiet: Quiet | None = None


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """What the office's config gives to everybody who has chosen nothing else."""

    zone: str = "Asia/Shanghai"
    hour: time = time(8)
    quiet: Quiet | None = Quiet(time(21), time(7))


def choices_of(chat: Mapping[str, Any], office: OfficeHours) -> Choices:
    """A row of ``chats`` -> its choices, the office's where it has none."""
    return Choices(
        zone=chat["zone"] or office.zone,
        hour=time.fromisoformat(chat["hour"]),
        days=Days(chat["days"]),
        weekday=chat["weekday"],
        paused_until=chat["paused_until"],
        topics=unpack(chat["topics"]),
        quiet=office.quiet,
    )


def known_zone(name: str) -> str | None:
    """The name as IANA writes it, or None."""
    return _zones().get(name.strip().lower().replace(" ", "_"))


@lru_cache(maxsize=1)
def _zones() -> dict[str, str]:
    return {name.lower(): name for name in available_timezones()}


def resolve(day: date, wall: time, zone: str) -> datetime:
    """A wall time on a local day -> its instant: first after a gap, first of a fold."""
    tz = ZoneInfo(zone)
    local = datetime.combine(day, wall.replace(fold=0), tzinfo=tz)
    instant = local.astimezone(UTC)
    if instant.astimezone(tz).replace(tzinfo=None) == local.replace(tzinfo=None):
        return instant
    return _end_of_gap(local, tz)


def _end_of_gap(local: datetime, tz: ZoneInfo) -> datetime:
    """The clock jumps over ``local``: find the first second after the jump."""
    after = local.astimezone(UTC)  # read with the offset before the jump: lies after it
    before = local.replace(fold=1).astimezone(UTC)  # with the offset after it: lies before
    old = before.astimezone(tz).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) // 2
        middle = middle.replace(microsecond=0)
        if middle <= before:
            break
        if middle.astimezone(tz).utcoffset() == old:
            before = middle
        else:
            after = middle
    return after


def exists(day: date, zone: str) -> bool:
    """False for a day that a zone left out (Samoa had no 30 December 2011)."""
    tz = ZoneInfo(zone)
    return any(
        resolve(day, wall, zone).astimezone(tz).date() == day for wall in (time(0), time(23, 59))
    )


def next_due(
    choices: Choices, after: datetime, served_on: date | None = None
) -> tuple[datetime, date]:
    """The next moment after ``after`` at which this reader may get a message, and its local day.

    Days up to ``served_on`` are done with; days before ``paused_until`` are left out.
    """
    day = after.astimezone(ZoneInfo(choices.zone)).date() - timedelta(days=1)
    if served_on is not None:
        day = max(day, served_on + timedelta(days=1))
    if choices.paused_until is not None:
        day = max(day, choices.paused_until)
    while True:
        if exists(day, choices.zone):
            instant = after_quiet(resolve(day, choices.hour, choices.zone), choices)
            if instant > after:
                return instant, day
        day += timedelta(days=1)


def after_quiet(instant: datetime, choices: Choices) -> datetime:
    """The instant itself, or the end of the reader's quiet hours when it falls into them."""
    quiet = choices.quiet
    if quiet is None:
        return instant
    local = instant.astimezone(ZoneInfo(choices.zone))
    if local.time() not in quiet:
        return instant
    day = local.date()
    if local.time() >= quiet.end:
        day += timedelta(days=1)
    return max(instant, resolve(day, quiet.end, choices.zone))


def last_waking(instant: datetime, choices: Choices) -> datetime | None:
    """When the reader's quiet hours ended last; None where nothing is ever quiet."""
    quiet = choices.quiet
    if quiet is None or quiet.start == quiet.end:
        return None
    day = instant.astimezone(ZoneInfo(choices.zone)).date() + timedelta(days=1)
    while True:
        ended = resolve(day, quiet.end, choices.zone)
        if ended <= instant and exists(day, choices.zone):
            return ended
        day -= timedelta(days=1)


def carries_excerpt(choices: Choices, day: date) -> bool:
    """Whether the message of this local day brings an excerpt, or only what is due."""
    match choices.days:
        case Days.DAILY:
            return True
        case Days.WEEKLY:
            return day.weekday() == choices.weekday
        case Days.REMINDERS:
            return False
        case Days.WORKDAYS:
            import digests

            return digests.is_workday(day)


# ---- words kept in one column ---------------------------------------------------------------


def pack(words: Iterable[str]) -> str:
    """A set of words as one sorted, comma-joined column."""
    return ",".join(sorted(set(words)))


def unpack(column: str) -> tuple[str, ...]:
    """The words of such a column."""
    return tuple(word for word in column.split(",") if word)


def toggled(chosen: tuple[str, ...], topic: str, known: tuple[str, ...], *, on: bool) -> str:
    """The topics column after one topic is switched; "" stands for all of them.

    Switching the last one off is refused: a reader without topics wants ``reminders`` or /stop.
    """
    if topic not in known:
        raise RefusedError("There is no such topic.")
    current = set(chosen) & set(known) or set(known)
    current = current | {topic} if on else current - {topic}
    if not current:
        raise RefusedError("At least one topic has to stay.")
    return "" if current == set(known) else pack(current)


# ---- tasks a reader does not want to hear of -------------------------------------------------


def mute(column: str, task: str, until: date | None = None) -> str:
    """The muted column with a task ("REPORT:TASK") silenced for good, or before a day."""
    kept = [word for word in unpack(column) if word.partition("@")[0] != task]
    return pack([*kept, task if until is None else f"{task}@{until.isoformat()}"])


def unmute(column: str, task: str) -> str:
    """The muted column without a task."""
    return pack(word for word in unpack(column) if word.partition("@")[0] != task)


def muted_on(column: str, day: date) -> frozenset[str]:
    """The tasks ("REPORT:TASK") that are silent on a day."""
    found = set()
    for word in unpack(column):
        task, at, until = word.partition("@")
        if not at or day < date.fromisoformat(until):
            found.add(task)
    return frozenset(found)


# ---- whom a broadcast is for ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Audience:
    """Which active chats a broadcast goes to: each filled field narrows, ``without`` takes out.

    ``kinds`` are private, group, channel (a supergroup is a group); no field filled: everybody.
    ``only`` names chats one by one (a test send, "those it did not reach").
    """

    topics: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    only: tuple[int, ...] = ()
    without: tuple[int, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As kept in ``broadcasts.audience``."""
        return {name: list(value) for name, value in asdict(self).items() if value}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Audience":
        """What :meth:`to_json` wrote."""
        return cls(**{name: tuple(value) for name, value in data.items()})

    def includes(self, chat: Mapping[str, Any]) -> bool:
        """Whether an active chat (a row) is meant; the same rule as the SQL in storage.chats."""
        topics = unpack(chat["topics"])
        kind = "group" if chat["kind"] == ChatKind.SUPERGROUP else chat["kind"]
        return (
            chat["id"] not in self.without
            and (not self.only or chat["id"] in self.only)
            and (not self.topics or not topics or bool(set(topics) & set(self.topics)))
            and (not self.roles or chat["role"] in self.roles)
            and (not self.languages or chat["language"] in self.languages)
            and (not self.kinds or kind in self.kinds)
        )
