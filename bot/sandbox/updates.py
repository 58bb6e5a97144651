"""A bot's queue of updates: what is let in, what a poller gets, when it is forgotten.

The rules are telegram-bot-api's TQueue and its long poll: an offset confirms what lies before it, a
second poller that has to wait ends the first with 409, an offset repeated at once is answered with
less, and what nobody fetches in time expires.
"""

import asyncio
import itertools
import random
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.sandbox.refusals import ApiError, Json

DAY_S = 86400
CAPACITY = 100_000
POLL_MAX_S = 50
LIFETIMES_S = {"callback_query": 150, "inline_query": 30, "chosen_inline_result": 600}
KINDS = (
    "message",
    "edited_message",
    "channel_post",
    "edited_channel_post",
    "business_connection",
    "business_message",
    "edited_business_message",
    "deleted_business_messages",
    "guest_message",
    "message_reaction",
    "message_reaction_count",
    "inline_query",
    "chosen_inline_result",
    "callback_query",
    "shipping_query",
    "pre_checkout_query",
    "purchased_paid_media",
    "poll",
    "poll_answer",
    "my_chat_member",
    "chat_member",
    "chat_join_request",
    "chat_boost",
    "removed_chat_boost",
    "managed_bot",
)
ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
DEFAULT_KINDS = frozenset(KINDS) - ON_REQUEST

OTHER_POLL = (
    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is"
    " running"
)
WEBHOOK_ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the"
    " webhook first"
)
WEBHOOK_SET = "Conflict: terminated by setWebhook request"


@dataclass(slots=True, eq=False)
class Update:
    id: int
    kind: str
    payload: Json
    key: int  # updates of one key are handed to a webhook in order
    expires: float
    tries: int = 0
    not_before: float = 0.0

    def card(self) -> Json:
        return {"update_id": self.id, self.kind: self.payload}


class UpdateQueue:
    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._events: deque[Update] = deque()
        self._next_id = random.randint(1, 10**9)  # noqa: S311 -- as the server does
        self._allowed: frozenset[str] = DEFAULT_KINDS
        self.explicit: list[str] | None = None
        self.woken = asyncio.Event()
        self._poll: asyncio.Future[str] | None = None
        self._last_offset: int | None = None
        self._last_start = -1000.0
        self._next_conflict = 0.0

    def __len__(self) -> int:
        return len(self._events)

    def allow(self, wanted: Any) -> bool:
        """Remember ``allowed_updates``; whether they changed."""
        if not isinstance(wanted, list):
            return False
        known = [kind for kind in KINDS if kind in {str(name).lower() for name in wanted}]
        before = self._allowed
        self._allowed = frozenset(known) or DEFAULT_KINDS
        self.explicit = known if self._allowed != DEFAULT_KINDS else None
        return before != self._allowed

    def wants(self, kind: str) -> bool:
        return kind in self._allowed

    def push(self, kind: str, payload: Json, key: int) -> None:
        """Let an update in, when it is wanted and there is room."""
        if kind not in self._allowed or len(self._events) >= CAPACITY:
            return
        expires = self._clock() + LIFETIMES_S.get(kind, DAY_S)
        self._events.append(Update(self._next_id, kind, payload, key, expires))
        self._next_id += 1
        self.woken.set()

    def clear(self) -> None:
        self._events.clear()

    def pending(self, most: int) -> list[Update]:
        """The first of what waits."""
        self._expire()
        return list(itertools.islice(self._events, most))

    def remove(self, update: Update) -> None:
        try:
            self._events.remove(update)
        except ValueError:
            return

    def _expire(self) -> None:
        now = self._clock()
        while self._events and self._events[0].expires <= now:
            self._events.popleft()

    def _forget(self, offset: int) -> None:
        """Confirm everything before ``offset``; an absurd offset confirms nothing."""
        head = self._events[0].id if self._events else self._next_id
        if offset > self._next_id + 10 or offset < head - CAPACITY:
            return
        while self._events and self._events[0].id < offset:
            self._events.popleft()

    def take(self, offset: int, limit: int) -> list[Json]:
        if offset < 0:
            while len(self._events) > -offset:
                self._events.popleft()
        elif offset > 0:
            self._forget(offset)
        self._expire()
        now = self._clock()
        found: list[Json] = []
        for update in self._events:
            if len(found) >= limit:
                break
            if update.expires > now:
                found.append(update.card())
        return found

    async def poll(self, offset: int, limit: int, timeout_s: int) -> list[Json]:
        """One getUpdates, waiting up to ``timeout_s`` when there is nothing."""
        now = time.monotonic()
        if offset == self._last_offset and timeout_s < 3 and now < self._last_start + 3:  # noqa: PLR2004
            timeout_s = 3
        if offset == self._last_offset and now < self._last_start + 0.5:
            limit = 1
        self._last_offset, self._last_start = offset, now
        found = self.take(offset, limit)
        if found or timeout_s == 0:
            return found
        self.interrupt(OTHER_POLL)
        mine = asyncio.get_running_loop().create_future()
        self._poll = mine
        try:
            found = await self._wait(mine, offset, limit, now + timeout_s)
        finally:
            if self._poll is mine:
                self._poll = None
        return found

    async def _wait(
        self, mine: "asyncio.Future[str]", offset: int, limit: int, deadline: float
    ) -> list[Json]:
        while True:
            self.woken.clear()
            waiter = asyncio.ensure_future(self.woken.wait())
            left = max(deadline - time.monotonic(), 0)
            try:
                await asyncio.wait((waiter, mine), timeout=left, return_when="FIRST_COMPLETED")
            finally:
                waiter.cancel()
            if mine.done():
                await self._spread_conflicts()
                raise ApiError(409, mine.result())
            if self.woken.is_set():
                await asyncio.sleep(0.001)  # the server gathers a moment, too
            found = self.take(offset, limit)
            if found or time.monotonic() >= deadline:
                return found

    async def _spread_conflicts(self) -> None:
        """At most one 409 in three seconds; the others wait their turn."""
        now = time.monotonic()
        if now >= self._next_conflict:
            self._next_conflict = now + 3
        else:
            await asyncio.sleep(3)

    def interrupt(self, description: str) -> None:
        """End the poll under way with a conflict."""
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(description)
        self._poll = None
