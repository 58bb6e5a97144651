"""What can go wrong in the bot; the type answers "what now?".

BotError
├── UsageError        what was given cannot be used: one line, exit 2
│   ├── SettingsError     the config or the environment
│   └── IntakeError       a file or URL from outside
├── LeaseLostError    another process has taken over: stop sending at once
├── StorageError      the database is gone or full: pause, keep everything, go on later
├── RefusedError      an act is not allowed (rights, stale button, unlawful move): say why
└── SendError         Telegram's answer to one call, by what it means for the message
    ├── RetryLater        certainly not delivered; try again after ``after`` seconds
    ├── ChatGone          blocked, deactivated, kicked, not found: suspend the chat
    ├── ChatMoved         the group has become a supergroup: follow ``new_id``
    ├── TopicGone         the forum's topic is gone or closed: write into the general one
    ├── BadContent        the message itself is refused: the same for every chat
    ├── Undecided         it may have been delivered: never blindly again
    └── TokenRefused      401: stop everything, loudly
"""


class BotError(Exception):
    """Base of all errors of this package."""


class UsageError(BotError):
    """What was given cannot be used."""


class SettingsError(UsageError):
    """The configuration cannot be used."""


class IntakeError(UsageError):
    """A file or URL from outside cannot be used."""


class LeaseLostError(BotError):
    """Another process holds the lease now."""


class StorageError(BotError):
    """The database cannot be reached or written."""


class RefusedError(BotError):
    """The act is not allowed; the text says why and what to do."""


class SendError(BotError):
    """Telegram's answer to one call."""

    def __init__(self, reason: str, description: str = "") -> None:
        super().__init__(description or reason)
        self.reason = reason
        self.description = description or reason


class RetryLater(SendError):  # noqa: N818 -- the type answers "what now?"
    """Certainly not delivered: try again after ``after`` seconds, this chat or the whole bot."""

    def __init__(
        self, reason: str, description: str = "", *, after: float = 0.0, whole_bot: bool = False
    ) -> None:
        super().__init__(reason, description)
        self.after = after
        self.whole_bot = whole_bot


class ChatGone(SendError):  # noqa: N818
    """The chat cannot be reached until it comes back by itself."""


class ChatMoved(SendError):  # noqa: N818
    """The group has become the supergroup ``new_id``."""

    def __init__(self, new_id: int) -> None:
        super().__init__("migrated")
        self.new_id = new_id


class TopicGone(SendError):  # noqa: N818
    """The topic of the forum is gone or closed, the group itself is not."""


class BadContent(SendError):  # noqa: N818
    """The message itself is refused."""


class Undecided(SendError):  # noqa: N818
    """The request left and no answer came."""


class TokenRefused(SendError):  # noqa: N818
    """Telegram does not accept the token."""
