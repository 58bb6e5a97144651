"""Updates in: long polling or a webhook's store, handed on in order per chat.

The walk::

    fetch (getUpdates, raw JSON) -> Lines.put -> one line per chat, different lines in parallel
    -> handle(update) -> the offset moves to the lowest unfinished update

One bad update never stops the rest: each is parsed and handled by itself, and a failure is logged
and counted as finished; but while the database is gone or full, updates wait for it. The offset
confirms nothing that is neither finished nor kept, so a crash loses nothing; ``handle`` is
idempotent by update_id, so a repeat does no harm. What takes long is kept (stored by us), or a
hundred updates behind it would have to wait for it.
"""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from bot.errors import RetryLater, SendError, StorageError, TokenRefused

log = logging.getLogger(__name__)

Update = dict[str, Any]
Handle = Callable[[Update], Awaitable[None]]
Keep = Callable[[list[Update]], Awaitable[None]]

ALLOWED_UPDATES = [
    "message",
    "edited_message",
    "channel_post",
    "callback_query",
    "inline_query",
    "my_chat_member",
]
POLL_S = 50  # what Telegram clamps to
HELD_S = 0.3  # between polls while something is unfinished: a repeated offset is throttled
SETTLE_S = 0.05  # a batch is usually done by then, and its offset is confirmed at once
HANDLING_S = 120.0  # a handler that hangs longer is given up, or its chat would be deaf for ever
SLOW_S = 1.0  # longer than this, and it is kept; at once where Telegram has more to give
AT_ONCE = 100  # the most that Telegram gives in one answer
MOST_UNFINISHED = 20_000  # then Telegram keeps the rest, and an admin's order among it
SLOTS = 150  # at work at once: enough to keep the limiter busy; more would only share the time
OFFICE_SLOTS = 40  # kept free for the office's own people, whatever crowd is there
GROUP_SLOTS = 150  # a group may wait a minute for its own limit: nobody else waits with it
KEPT_AT_ONCE = 500  # rows in one commit
BACK_OFF_S = (1.0, 2.0, 5.0, 10.0, 30.0)
WITHOUT_DATABASE_S = (2.0, 20.0)  # between an update's tries while there is no database: from, to


class Calls(Protocol):
    """What the poller needs of the transport."""

    async def call(self, method: str, body: dict[str, Any], *, timeout_s: float) -> Any:
        """One Bot API call; raises bot.errors.SendError."""


def line_of(update: Update) -> int:
    """The chat (else the user) within which updates keep their order; 0 if it names neither.

    >>> line_of({"update_id": 1, "message": {"chat": {"id": 7}}})
    7
    """
    for kind, event in update.items():
        if kind == "update_id" or not isinstance(event, dict):
            continue
        for holder in (event, event.get("message")):
            if isinstance(holder, dict) and isinstance(holder.get("chat"), dict):
                return int(holder["chat"].get("id", 0))
        if isinstance(event.get("from"), dict):
            return int(event["from"].get("id", 0))
    return 0


def sender_of(update: Update) -> int:
    """The person behind an update; 0 if it names none.

    >>> sender_of({"update_id": 1, "callback_query": {"from": {"id": 9}}})
    9
    """
    for event in update.values():
        if isinstance(event, dict) and isinstance(event.get("from"), dict):
            return int(event["from"].get("id", 0))
    return 0


class Lines:
    """One line per chat, worked off in order; ``slots`` lines at once.

    What ``is_office`` people send and what comes from groups has slots of its own.
    ``unfinished`` holds each update that is not finished, and since when (monotonic seconds).
    """

    def __init__(
        self, handle: Handle, is_office: Callable[[int], bool], slots: int = SLOTS
    ) -> None:
        self._handle = handle
        self._is_office = is_office
        self._slots = asyncio.Semaphore(slots)
        self._office_slots = asyncio.Semaphore(OFFICE_SLOTS)
        self._group_slots = asyncio.Semaphore(GROUP_SLOTS)
        self._waiting: dict[int, deque[Update]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._changed = asyncio.Event()
        self.unfinished: dict[int, tuple[Update, float]] = {}

    def put(self, update: Update) -> None:
        """Append to its chat's line; the line's worker starts if it is not there."""
        self.unfinished[int(update["update_id"])] = update, time.monotonic()
        line = line_of(update)
        if line in self._waiting:
            self._waiting[line].append(update)
            return
        self._waiting[line] = deque([update])
        task = asyncio.create_task(self._work_off(line), name=f"line {line}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _work_off(self, line: int) -> None:
        waiting = self._waiting[line]  # being the line's only worker is its lock
        rest, longest = WITHOUT_DATABASE_S
        while waiting:
            async with self._slots_for(waiting[0]):
                finished = await self._handle_one(waiting[0])
            if finished:
                waiting.popleft()
                continue
            await asyncio.sleep(rest)
            rest = min(rest * 2, longest)
        del self._waiting[line]

    def _slots_for(self, update: Update) -> asyncio.Semaphore:
        if self._is_office(sender_of(update)):
            return self._office_slots
        return self._group_slots if line_of(update) < 0 else self._slots

    async def _handle_one(self, update: Update) -> bool:
        """Whether it is finished, well or badly; not so while there is no database."""
        number = int(update["update_id"])
        try:
            async with asyncio.timeout(HANDLING_S):
                await self._handle(update)
        except StorageError as error:
            log.debug("update %d waits: %s", number, error)  # sender and lease say it aloud
            return False
        except Exception:
            log.exception("update %d failed; it is not tried again", number)
        self.unfinished.pop(number, None)
        self._changed.set()
        return True

    async def wait(self, seconds: float, at_most: int = 0) -> None:
        """Until no more than so many are unfinished, or so long."""
        try:
            async with asyncio.timeout(seconds):
                while len(self.unfinished) > at_most:
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            return

    async def stop(self, grace_s: float) -> None:
        """Let what is under way end; cancel what does not."""
        await self.wait(grace_s)
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


class Poller:
    """Long polling by our own hand: PTB's spins for ever on one update it cannot parse."""

    def __init__(self, calls: Calls, lines: Lines, keep: Keep) -> None:
        self._calls = calls
        self._lines = lines
        self._keep = keep
        self._kept: set[int] = set()
        self._offset = 0
        self._seen: set[int] = set()
        self._failures = 0
        self.conflict = ""  # in plain words, while another program polls with the same token

    async def run(self) -> None:
        """Poll until cancelled; raises TokenRefused, which nothing here can mend."""
        while True:
            try:
                updates = await self._fetch()
            except TokenRefused:
                raise
            except SendError as error:
                await self._back_off(error)
                continue
            self._failures, self.conflict = 0, ""
            fresh = [u for u in updates if self._take(u)]
            await self._lines.wait(SETTLE_S if fresh else HELD_S)
            await self._lines.wait(HANDLING_S, MOST_UNFINISHED)
            await self._keep_the_slow(0 if len(updates) == AT_ONCE else SLOW_S)

    async def _keep_the_slow(self, slow_s: float) -> None:
        """Store what takes longer, so that the offset may move past it."""
        unfinished, now = self._lines.unfinished, time.monotonic()
        self._kept &= unfinished.keys()
        slow = [
            update
            for number, (update, since) in unfinished.items()
            if now - since > slow_s and number not in self._kept
        ]
        try:
            for at in range(0, len(slow), KEPT_AT_ONCE):
                some = slow[at : at + KEPT_AT_ONCE]
                await self._keep(some)
                self._kept |= {int(update["update_id"]) for update in some}
        except StorageError as error:
            log.warning("updates that take long could not be stored: %s", error)
            await asyncio.sleep(WITHOUT_DATABASE_S[0])

    async def _fetch(self) -> list[Update]:
        waiting = self._lines.unfinished.keys() - self._kept
        self._offset = min(waiting, default=max(self._seen, default=-1) + 1)
        self._seen = {n for n in self._seen if n >= self._offset} or self._last_seen()
        held = bool(waiting)
        body = {
            "offset": self._offset,
            "timeout": 0 if held else POLL_S,
            "limit": AT_ONCE,
            "allowed_updates": ALLOWED_UPDATES,
        }
        result = await self._calls.call("getUpdates", body, timeout_s=POLL_S + 10)
        return [u for u in result if isinstance(u, dict) and isinstance(u.get("update_id"), int)]

    def _last_seen(self) -> set[int]:
        return {max(self._seen)} if self._seen else set()

    def _take(self, update: Update) -> bool:
        number = int(update["update_id"])
        if number in self._seen:
            return False
        self._seen.add(number)
        self._lines.put(update)
        return True

    async def _back_off(self, error: SendError) -> None:
        pause = BACK_OFF_S[min(self._failures, len(BACK_OFF_S) - 1)]
        self._failures += 1
        if isinstance(error, RetryLater):
            pause = max(pause, error.after)
        if "terminated by other getupdates" in error.description.lower():
            self.conflict = "another program polls with this token; stop it or use another token"
            log.error("%s", self.conflict)
        elif "webhook" in error.description.lower() and error.reason == "conflict":
            self.conflict = "a webhook is set for this token; it is being removed"
            log.warning("%s", self.conflict)
            await self._remove_webhook()
        else:
            log.warning("getUpdates failed (%s); next try in %.0f s", error.description, pause)
        await asyncio.sleep(pause)

    async def _remove_webhook(self) -> None:
        try:
            await self._calls.call("deleteWebhook", {}, timeout_s=10)
        except SendError as error:
            log.warning("deleteWebhook failed (%s)", error.description)
