"""Sending limits, enforced and counted, and flood waits that grow when they are ignored.

A bot: refused above 1.1 x limit + 1 in any sliding second. A chat: a bucket of three, one a second.
A group: twenty in any sixty seconds. Time here is the clock's monotonic seconds, handed
in by the caller: real ones, and those over which the hands were moved.
"""

import math
from collections import deque
from dataclasses import dataclass, field, fields

from bot.sandbox.people import Chat
from bot.sandbox.refusals import Json, too_many

MINUTE_S = 60.0
IN_FLIGHT_S = 0.5  # what was under way when the wait was announced did not ignore it
WAIT_MAX_S = 300.0


@dataclass(slots=True)
class Limits:
    """The switches of ``POST /sandbox/limits``."""

    enforce: bool = True
    per_second: float = 30
    paid_per_second: float = 1000
    per_chat: float = 1
    burst: int = 3
    per_group_minute: int = 20

    def change(self, wanted: Json) -> None:
        for name in (each.name for each in fields(self)):
            value = wanted.get(name)
            if value is None:
                continue
            if name == "enforce":
                self.enforce = bool(value)
            elif isinstance(value, (int, float)) and value > 0:
                setattr(self, name, value)
            else:
                raise ValueError(f"{name}: a number above 0 is needed")


@dataclass(slots=True)
class Flood:
    """A wait that has been announced, and how often it was ignored."""

    until: float
    announced: float
    strikes: int = 1


@dataclass(slots=True)
class Pace:
    """What one bot has sent of late."""

    sent: deque[float] = field(default_factory=deque)
    paid: deque[float] = field(default_factory=deque)
    flood: Flood | None = None
    peak: int = 0

    def per_second(self, now: float) -> int:
        _drop(self.sent, now - 1)
        _drop(self.paid, now - 1)
        return len(self.sent) + len(self.paid)


def admit(
    pace: Pace, chat: Chat, limits: Limits, now: float, *, paid: bool = False, slack: float = 0.0
) -> None:
    """Count one message to ``chat``, or refuse it with 429.

    ``slack``: by how many seconds the sandbox itself was late of late (see stalls).
    """
    if limits.enforce:
        pace.flood = _waiting(pace.flood, now)
        chat.flood = _waiting(chat.flood, now)
        limit = (limits.paid_per_second if paid else limits.per_second) * (1 + slack)
        _check_bot(pace, limit, now, paid=paid)
        _check_chat(chat, limits, now)
        if chat.id < 0:
            _check_group(chat, limits, now)
    _count(pace, chat, limits, now, paid=paid)


def _waiting(flood: Flood | None, now: float) -> Flood | None:
    """Refuse while a wait lasts, longer each time; forget a wait that was kept."""
    if flood is None:
        return None
    if now >= flood.until:
        return flood if now < flood.until + 5 else None
    if now > flood.announced + IN_FLIGHT_S:
        flood.strikes += 1
        wait = min(2.0 ** (flood.strikes - 1), WAIT_MAX_S)
        flood.until = max(flood.until, now + wait)
        flood.announced = now
    raise too_many(max(math.ceil(flood.until - now), 1), "flood_wait")


def _flood(before: Flood | None, now: float, wait: float) -> Flood:
    """Announce a wait; one that follows at its heels is longer."""
    if before is None:
        return Flood(now + wait, now)
    strikes = before.strikes + 1
    return Flood(now + max(wait, min(2.0 ** (strikes - 1), WAIT_MAX_S)), now, strikes)


def _check_bot(pace: Pace, limit: float, now: float, *, paid: bool) -> None:
    sent = pace.paid if paid else pace.sent
    _drop(sent, now - 1)
    if len(sent) + 1 > 1.1 * limit + 1:
        pace.flood = _flood(pace.flood, now, 1.0)
        raise too_many(math.ceil(pace.flood.until - now), "per_second")


def _refill(chat: Chat, limits: Limits, now: float) -> float:
    if chat.tokens < 0:
        return float(limits.burst)
    return float(min(limits.burst, chat.tokens + (now - chat.stamp) * limits.per_chat))


def _check_chat(chat: Chat, limits: Limits, now: float) -> None:
    tokens = _refill(chat, limits, now)
    if tokens < 0.95:  # noqa: PLR2004 -- a sender that keeps one a second jitters a little
        chat.flood = _flood(chat.flood, now, (1 - tokens) / limits.per_chat)
        raise too_many(max(math.ceil(chat.flood.until - now), 1), "per_chat")


def _check_group(chat: Chat, limits: Limits, now: float) -> None:
    recent = chat.recent
    if recent is None:
        return
    _drop(recent, now - MINUTE_S)
    if len(recent) >= limits.per_group_minute:
        chat.flood = _flood(chat.flood, now, recent[0] + MINUTE_S - now)
        raise too_many(max(math.ceil(chat.flood.until - now), 1), "per_group")


def _count(pace: Pace, chat: Chat, limits: Limits, now: float, *, paid: bool) -> None:
    sent = pace.paid if paid else pace.sent
    _drop(sent, now - 1)
    sent.append(now)
    pace.peak = max(pace.peak, len(sent))
    chat.tokens = max(_refill(chat, limits, now) - 1, 0.0)
    chat.stamp = now
    if chat.id < 0:
        if chat.recent is None:
            chat.recent = deque()
        chat.recent.append(now)


def _drop(times: deque[float], before: float) -> None:
    while times and times[0] <= before:
        times.popleft()
