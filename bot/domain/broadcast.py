"""A broadcast: its states and their lawful moves, what an approval binds, how often it recurs.

::

    draft ── submit ──> review ── approve ──> scheduled ── send ──> running ──> done
      └────────── schedule (one person) ─────────^   │ ^             │  ^
                                                     │ └─ next time ─┤  │ resume
    edit: review, scheduled -> draft                 │        pause  v  │
    cancel: from every state before done             └─ late ─> done  paused

Whoever wants to move one asks :func:`move`; an unlawful move is refused with a reason. Where a
review has several stages (``bot.domain.approval``), it stays in review until the last is passed.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.subscription import Audience, resolve
from bot.errors import RefusedError


class BroadcastState(StrEnum):
    """Where a broadcast stands."""

    DRAFT = "draft"
    REVIEW = "review"
    SCHEDULED = "scheduled"
    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    CANCELLED = "cancelled"


MOVES: dict[BroadcastState, frozenset[BroadcastState]] = {
    BroadcastState.DRAFT: frozenset(
        {BroadcastState.REVIEW, BroadcastState.SCHEDULED, BroadcastState.CANCELLED}
    ),
    BroadcastState.REVIEW: frozenset(
        {BroadcastState.DRAFT, BroadcastState.SCHEDULED, BroadcastState.CANCELLED}
    ),
    BroadcastState.SCHEDULED: frozenset(
        {
            BroadcastState.DRAFT,
            BroadcastState.RUNNING,
            BroadcastState.DONE,  # too late: nothing was sent
            BroadcastState.CANCELLED,
        }
    ),
    BroadcastState.RUNNING: frozenset(
        {
            BroadcastState.PAUSED,
            BroadcastState.SCHEDULED,  # recurring: waits for its next time
            BroadcastState.DONE,
            BroadcastState.CANCELLED,
        }
    ),
    BroadcastState.PAUSED: frozenset({BroadcastState.RUNNING, BroadcastState.CANCELLED}),
    BroadcastState.DONE: frozenset(),
    BroadcastState.CANCELLED: frozenset(),
}

OPEN = frozenset(state for state, moves in MOVES.items() if moves)
STOPPABLE = frozenset(
    {BroadcastState.SCHEDULED, BroadcastState.RUNNING, BroadcastState.PAUSED, BroadcastState.REVIEW}
)


def move(state: BroadcastState, to: BroadcastState) -> BroadcastState:
    """The new state, or a refusal that says where the broadcast stands."""
    if to not in MOVES[state]:
        raise RefusedError("That is no longer possible: the broadcast has moved on meanwhile.")
    return to


def lawful_sources(to: BroadcastState) -> tuple[BroadcastState, ...]:
    """The states from which ``to`` can be reached: for ``UPDATE … WHERE state IN``."""
    return tuple(state for state, moves in MOVES.items() if to in moves)


def fingerprint(
    content: Mapping[str, Any],
    audience: Audience,
    send_at: datetime | None,
    recurrence: "Recurrence | None",
    not_after: timedelta,
    lane: int = 0,
) -> str:
    """What an approval binds: any change of content, audience, time or urgency changes it."""
    bound = {
        "content": content,
        "audience": audience.to_json(),
        "send_at": None if send_at is None else send_at.astimezone(UTC).isoformat(),
        "recurrence": None if recurrence is None else recurrence.to_json(),
        "not_after_s": round(not_after.total_seconds()),
        "lane": lane,
    }
    text = json.dumps(bound, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


# ---- recurrence -----------------------------------------------------------------------------


class Every(StrEnum):
    """How a broadcast recurs."""

    DAY = "day"
    WORKDAY = "workday"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Recurrence:
    """Each day, workday, weekday (0 = Monday) or day of the month, at a wall time in a zone.

    A day that a month does not have is that month's last day.
    """

    every: Every
    at: time
    zone: str
    days: tuple[int, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As kept in ``broadcasts.recurrence``."""
        return {
            "every": str(self.every),
            "at": self.at.isoformat("minutes"),
            "zone": self.zone,
            "days": list(self.days),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Recurrence":
        """What :meth:`to_json` wrote."""
        return cls(
            Every(data["every"]),
            time.fromisoformat(data["at"]),
            data["zone"],
            tuple(data["days"]),
        )

    def falls_on(self, day: date) -> bool:
        """Whether a local day is one of its days."""
        match self.every:
            case Every.DAY:
                return True
            case Every.WEEK:
                return day.weekday() in self.days
            case Every.MONTH:
                last = (day + timedelta(days=1)).month != day.month
                return day.day in self.days or (last and any(n > day.day for n in self.days))
            case Every.WORKDAY:
                import digests

                return digests.is_workday(day)

    def next_after(self, after: datetime) -> datetime:
        """Its first instant after ``after``."""
        day = after.astimezone(ZoneInfo(self.zone)).date() - timedelta(days=1)
        while True:
            if self.falls_on(day):
                instant = resolve(day, self.at, self.zone)
                if instant > after:
                    return instant
            day += timedelta(days=1)

    def next_times(self, after: datetime, count: int = 5) -> tuple[datetime, ...]:
        """Its next instants, shown before anybody confirms."""
        times: list[datetime] = []
        for _ in range(count):
            after = self.next_after(after)
            times.append(after)
        return tuple(times)
