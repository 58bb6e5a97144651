"""The states of one outbox row, and the moves between them that are lawful."""

from enum import IntEnum, StrEnum


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
    """Who goes first; PTB drops falsy rate_limit_args, so lanes start at 1."""

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
