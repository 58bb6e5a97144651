"""The last look at a row before it leaves: does its chat still want it, and may it come now?

A reader's night is the office's quiet hours in the reader's own zone. What waited through one
shares a message with whatever else waited for the same reader.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.delivery.limiter import Limiter
from bot.delivery.mailbag import Mailbag
from bot.domain.message import Lane, PushKind, Wishes, why_not
from bot.domain.subscription import (
    Choices,
    OfficeHours,
    after_quiet,
    last_waking,
    muted_on,
    unpack,
)
from bot.storage.outbox import APART, HELD, Candidate
from bot.storage.schema import milliseconds

CHAT_WAIT_S = 2.0  # a chat whose own limit takes longer leaves its place to others
PLANNED_BY = timedelta(minutes=1)  # a digest due at a night's end is planned by then, or late
_RESPECT_QUIET = (Lane.DIGEST, Lane.BULK)

Push = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Later:
    """A moment to wait for."""

    at: datetime


@dataclass(frozen=True, slots=True)
class _Night:
    """Of one zone at one moment."""

    today: date
    asleep_until: datetime | None
    woke_ms: int  # when the last night ended; before all rows where there is none


def is_patient(push: Push) -> bool:
    """Whether a push waits for the night's end."""
    return push["lane"] in _RESPECT_QUIET and push["kind"] != PushKind.NOTICE


class Examiner:
    """Knows one moment's nights; ``at`` moves it on."""

    def __init__(self, mailbag: Mailbag, limiter: Limiter, office: OfficeHours) -> None:
        self._mailbag = mailbag
        self._limiter = limiter
        self._office = office
        self._nights: dict[str, _Night] = {}
        self._now: datetime | None = None
        self._now_ms = 0

    def at(self, now: datetime) -> None:
        """Look with the eyes of that moment."""
        if now != self._now:
            self._nights.clear()
            self._now, self._now_ms = now, milliseconds(now)

    def look(self, row: Candidate, push: Push) -> str | Later | None:
        """A reason to leave it out, a moment to wait for, or None: it may go."""
        if self._now_ms > row.not_after_ms:
            return "late"
        night = self._night(row.zone)
        if not _wishes_for_nothing_special(row):
            about = self._mailbag[row.variant_id].about(PushKind(push["kind"]), Lane(push["lane"]))
            reason = why_not(_wishes(row, night.today), about, night.today)
            if reason:
                return reason
        if night.asleep_until is not None and is_patient(push):
            return Later(night.asleep_until)
        wait = self._limiter.delay(row.chat_id)
        if wait > CHAT_WAIT_S and self._now is not None:
            return Later(self._now + timedelta(seconds=wait))
        return None

    def waited(self, row: Candidate, push: Push) -> bool:
        """Whether it waited through the reader's last night; tries since then change nothing."""
        if not is_patient(push) or row.reason == APART:
            return False
        return row.reason == HELD or row.not_before_ms <= self._night(row.zone).woke_ms

    def is_expecting(self, row: Candidate) -> bool:
        """Whether the night ended so lately that the day's digest is still being planned."""
        if row.due_at_ms is None or row.due_at_ms > self._now_ms:
            return False
        woke = self._night(row.zone).woke_ms
        return row.due_at_ms <= woke and self._now_ms - woke < PLANNED_BY // timedelta(
            milliseconds=1
        )

    def is_night(self, zone: str) -> bool:
        """Whether everybody in a zone sleeps ("": the office's)."""
        return self._night(zone).asleep_until is not None

    def _night(self, zone: str | None) -> _Night:
        name = zone or self._office.zone
        found = self._nights.get(name)
        if found is None:
            found = self._nights[name] = self._reckon(name)
        return found

    def _reckon(self, zone: str) -> _Night:
        now = self._now
        if now is None:
            raise RuntimeError("ask `at` first")
        choices = Choices(zone=zone, quiet=self._office.quiet)
        awake = after_quiet(now, choices)
        woke = last_waking(now, choices)
        return _Night(
            now.astimezone(ZoneInfo(zone)).date(),
            awake if awake > now else None,
            -1 if woke is None else milliseconds(woke),
        )


def _wishes_for_nothing_special(row: Candidate) -> bool:
    """Most chats: nothing that could keep a message from them has to be worked out."""
    return row.state == "active" and not (row.topics or row.muted or row.paused_until)


def _wishes(row: Candidate, today: date) -> Wishes:
    return Wishes(
        row.state,
        frozenset(unpack(row.topics or "")),
        muted_on(row.muted or "", today),
        None if row.paused_until is None else date.fromisoformat(row.paused_until),
    )
