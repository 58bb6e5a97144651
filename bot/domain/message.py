"""The states of one outbox row, and the moves between them that are lawful."""

from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum

from bot.errors import (
    BadContent,
    ChatGone,
    ChatMoved,
    LeaseLostError,
    RetryLater,
    TokenRefused,
    TopicGone,
    Undecided,
)


class MessageState(StrEnum):
    """Where a message stands; ``unknown`` means it left and no answer came."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"


MOVES: dict[MessageState, frozenset[MessageState]] = {
    MessageState.QUEUED: frozenset({MessageState.SENDING, MessageState.SKIPPED}),
    MessageState.SENDING: frozenset(
        {
            MessageState.SENT,
            MessageState.FAILED,
            MessageState.UNKNOWN,
            MessageState.QUEUED,  # known not to have arrived: try again
            MessageState.SKIPPED,
        }
    ),
    # a late answer under the epoch that claimed the row; or `resend`
    MessageState.UNKNOWN: frozenset({MessageState.SENT, MessageState.FAILED, MessageState.QUEUED}),
    MessageState.SENT: frozenset(),
    MessageState.FAILED: frozenset(),
    MessageState.SKIPPED: frozenset(),
}

WAITING = frozenset({MessageState.QUEUED, MessageState.SENDING})
ENDED = frozenset({MessageState.SENT, MessageState.FAILED, MessageState.SKIPPED})


class Lane(IntEnum):
    """Who goes first; PTB drops falsy rate_limit_args, so what is passed on starts at 1."""

    OFFICE = 0  # answers to admins: whoever must stop a push does not queue behind a crowd
    REPLY = 1
    URGENT = 2
    DIGEST = 3
    BULK = 4


class OnUnknown(StrEnum):
    """What becomes of messages whose fate is unknown."""

    LEAVE = "leave"
    RESEND = "resend"


class PushState(StrEnum):
    """Where a push stands: one occasion on which something goes out to many."""

    PLANNING = "planning"  # its rows are being written
    SCHEDULED = "scheduled"  # all rows are there, its time has not come
    RUNNING = "running"
    PAUSED = "paused"  # by an admin
    STOPPED = "stopped"  # by the sender: its message is refused everywhere
    CANCELLED = "cancelled"
    DONE = "done"


PUSH_MOVES: dict[PushState, frozenset[PushState]] = {
    PushState.PLANNING: frozenset(
        {PushState.SCHEDULED, PushState.RUNNING, PushState.PAUSED, PushState.CANCELLED}
    ),
    PushState.SCHEDULED: frozenset({PushState.PLANNING, PushState.PAUSED, PushState.CANCELLED}),
    PushState.RUNNING: frozenset(
        {PushState.PAUSED, PushState.STOPPED, PushState.CANCELLED, PushState.DONE}
    ),
    PushState.PAUSED: frozenset({PushState.PLANNING, PushState.RUNNING, PushState.CANCELLED}),
    PushState.STOPPED: frozenset({PushState.RUNNING, PushState.CANCELLED}),
    PushState.CANCELLED: frozenset(),
    PushState.DONE: frozenset({PushState.RUNNING}),  # a day's digest is joined by later hours
}


class PushKind(StrEnum):
    """What a push carries."""

    DIGEST = "digest"  # one per local day; its key is that day
    BROADCAST = "broadcast"
    NOTICE = "notice"  # to admins: goes out whatever they chose for themselves


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a chat wishes at the moment of sending; ``state`` None: there is no such chat."""

    state: str | None
    topics: frozenset[str] = frozenset()
    muted: frozenset[str] = frozenset()
    paused_until: date | None = None


@dataclass(frozen=True, slots=True)
class About:
    """What a message is about: empty topics concern everybody."""

    kind: PushKind
    lane: Lane
    topics: frozenset[str] = frozenset()
    tasks: frozenset[str] = frozenset()
    has_excerpt: bool = True


def why_not(wishes: Wishes, about: About, today: date) -> str:
    """Why a message is left out, asked again just before it leaves; "" when it may go.

    >>> why_not(Wishes("stopped"), About(PushKind.DIGEST, Lane.DIGEST), date(2020, 7, 20))
    'unsubscribed'
    """
    if about.kind is PushKind.NOTICE:
        return ""
    if wishes.state != "active":
        return {"stopped": "unsubscribed", "suspended": "suspended"}.get(
            wishes.state or "", "forgotten"
        )
    pausing = wishes.paused_until is not None and today < wishes.paused_until
    if pausing and about.lane is not Lane.URGENT:
        return "paused"
    if wishes.topics and about.topics and not wishes.topics & about.topics:
        return "topic_off"
    if about.tasks and not about.has_excerpt and about.tasks <= wishes.muted:
        return "muted"
    return ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a message after one attempt; ``after_s``: when to try again."""

    state: MessageState
    reason: str = ""
    after_s: float = 0.0


MOST_RESENDS = 5
RESEND_AFTER_S = 5.0


def verdict(error: Exception, on_unknown: OnUnknown, attempts: int) -> Verdict:
    """What an error means for the message it met.

    >>> verdict(Undecided("no_answer"), OnUnknown.LEAVE, 1).state.value
    'unknown'
    """
    match error:
        case RetryLater():
            return Verdict(MessageState.QUEUED, error.reason, error.after)
        case ChatMoved() | TopicGone() | LeaseLostError() | TokenRefused():
            return Verdict(MessageState.QUEUED)
        case ChatGone() | BadContent():
            return Verdict(MessageState.FAILED, error.reason)
        case Undecided() if on_unknown is OnUnknown.RESEND and attempts < MOST_RESENDS:
            return Verdict(MessageState.QUEUED, error.reason, RESEND_AFTER_S * attempts)
        case Undecided():
            return Verdict(MessageState.UNKNOWN, error.reason)
        case _:  # our own mistake: it may have left
            return Verdict(MessageState.UNKNOWN, "error")
