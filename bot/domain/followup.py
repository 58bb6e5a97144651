"""What an admin does to a push afterwards: take its messages back, or remind once who has not read.

Each message ends in one outcome, so at every moment planned = the sum of the outcomes + waiting.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

DELETABLE = timedelta(hours=47, minutes=50)  # Telegram's 48 hours, with room for the way there


class FollowUp(StrEnum):
    """What is done."""

    RECALL = "recall"
    NUDGE = "nudge"


class Outcome(StrEnum):
    """What became of one message."""

    DELETED = "deleted"
    EDITED = "edited"  # too old to be deleted: it says that it was taken back
    GONE = "gone"  # the reader had deleted it
    SHARED = "shared"  # it came in one message with something else, and stays
    REMINDED = "reminded"
    READ = "read"  # acknowledged before its turn came
    FAILED = "failed"  # blocked, kicked, never known to have arrived


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a follow-up is; what waits is what has no outcome yet."""

    kind: FollowUp
    planned: int
    outcomes: Mapping[Outcome, int]
    ended: bool

    @property
    def waiting(self) -> int:
        """Messages whose turn has not come."""
        return 0 if self.ended else max(0, self.planned - sum(self.outcomes.values()))


def may_delete(sent_at: datetime, now: datetime) -> bool:
    """Whether Telegram still lets the bot delete a message.

    >>> from datetime import UTC
    >>> sent = datetime(2020, 7, 20, 8, tzinfo=UTC)
    >>> may_delete(sent, sent + timedelta(hours=40)), may_delete(sent, sent + timedelta(hours=50))
    (True, False)
    """
    return now - sent_at < DELETABLE
