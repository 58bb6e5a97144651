"""How fast messages may leave, and who goes first.

Three limits hold at once: so many a second overall, a small bucket per chat, so many a minute per
group. Waiting calls stand in one queue ordered by lane (office > reply > urgent > digest > bulk),
then by arrival. After a 429 nothing leaves for that chat before the moment Telegram named; when
several chats in a row are refused it is the bot that is meant, and nothing leaves at all. Such
pauses are absolute, so that no other answer lifts them early, and ``unsaved`` hands them to the
database.

Who waits for the same chat leaves in the order of lane, then of arrival, and knows from its place
in that line how long it has to wait. Time is monotonic here: a clock set back must not stop the
bot. In the demo it runs ahead when the hands are moved, so a wait is looked at again every second,
and patience is counted in the loop's own time.
"""

import asyncio
import heapq
import itertools
import math
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bot.domain.message import Lane
from bot.errors import RetryLater

# Telegram refuses above 1.1 x the rate, counted where messages arrive. A late loop catches up so
# far at once (one message at 30/s, thirty at 1,000/s); what else it lost in a steady flow it makes
# up by a little haste. Both together stay below 1.03 / 0.97 = 1.062 x the rate in any second.
AHEAD_S, HASTE = 0.03, 0.03
MOST_OWED_S, STEADY_S = 2.0, 0.5
# Telegram counts arrivals, we count departures: what is squeezed on the way must not break a limit
CHAT_MARGIN = 1.05
GROUP_WINDOW_S = 61.0
WHOLE_BOT_AFTER = 3  # different chats refused in a row: the bot is meant
KEPT_CHATS = 20_000  # chats remembered before those at rest are dropped
LOOK_S = 1.0  # the longest sleep between two looks at a clock whose hands may be moved


@dataclass(frozen=True, slots=True)
class Rates:
    """Telegram's limits as far as they are known; see the settings under ``limits``."""

    per_second: float = 30.0
    per_chat_per_second: float = 1.0
    per_chat_burst: int = 3
    per_group_per_minute: int = 20


@dataclass(slots=True)
class _Chat:
    """``full_at``: when its bucket will be full again."""

    full_at: float = 0.0
    paused_until: float = 0.0
    recent: deque[float] | None = None  # departures to a group


_NEW = _Chat()


class Limiter:
    """One per bot; everything that Telegram counts as a message asks it first."""

    def __init__(
        self, rates: Rates | None = None, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self.rates = rates or Rates()
        self._now = monotonic
        self._gap = 1.0 / self.rates.per_second
        self._chat_gap = CHAT_MARGIN / self.rates.per_chat_per_second
        self._next_at = 0.0
        self._owed_s = 0.0
        self._paused_until = 0.0
        self._chats: dict[int, _Chat] = {}
        self._refused_in_a_row: set[int] = set()
        self._unsaved: dict[int | None, float] = {}
        self._queue: list[tuple[tuple[Lane, int], int, asyncio.Future[bool]]] = []
        self._lines: dict[int, list[tuple[Lane, int]]] = {}  # who waits for the same chat
        self._order = itertools.count()
        self._timer: asyncio.TimerHandle | None = None

    # ---- asking --------------------------------------------------------------------------------

    async def acquire(self, lane: Lane, chat_id: int, *, patience_s: float = math.inf) -> None:
        """Wait for this chat's turn; RetryLater("busy") when it would come after the patience."""
        if not (self._queue or chat_id in self._lines) and self._take(chat_id, self._now()):
            return
        place = (lane, next(self._order))
        line = self._lines.setdefault(chat_id, [])
        line.append(place)
        try:
            await self._wait(place, chat_id, patience_s)
        finally:
            line.remove(place)
            if not line:
                del self._lines[chat_id]

    async def _wait(self, place: tuple[Lane, int], chat_id: int, patience_s: float) -> None:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + patience_s
        while True:
            ahead = sum(other < place for other in self._lines[chat_id])
            own = self.delay(chat_id, ahead)
            patience = max(0.0, deadline - loop.time())
            if (wait := max(own, self.paused_for())) > patience:
                raise RetryLater("busy", "the limit leaves no room yet", after=wait)
            if own > 0:
                await asyncio.sleep(min(own, LOOK_S))
            elif (not self._queue and self._take(chat_id, self._now())) or await self._queued(
                place, chat_id, patience or LOOK_S
            ):
                return

    def delay(self, chat_id: int, ahead: int = 0) -> float:
        """Seconds until this chat may get a message behind so many others; 0 = now."""
        chat = self._chats.get(chat_id, _NEW)
        now = self._now()
        ready = max(now, chat.full_at) - (self.rates.per_chat_burst - 1 - ahead) * self._chat_gap
        recent = chat.recent
        if recent and (over := len(recent) + ahead - self.rates.per_group_per_minute) >= 0:
            ready = max(ready, recent[min(over, len(recent) - 1)] + GROUP_WINDOW_S)
        return max(0.0, max(ready, chat.paused_until) - now)

    def paused_for(self) -> float:
        """Seconds for which the whole bot is silent; 0 = it is not."""
        return max(0.0, self._paused_until - self._now())

    @property
    def waiting(self) -> int:
        """How many calls stand in the queue."""
        return len(self._queue)

    # ---- Telegram's answers --------------------------------------------------------------------

    def passed(self) -> None:
        """A call got through: what was refused before was about single chats."""
        if self._refused_in_a_row:
            self._refused_in_a_row.clear()

    def refused(self, chat_id: int, after_s: float) -> None:
        """A 429: silence for this chat, or for all when chats in a row are refused."""
        self._refused_in_a_row.add(chat_id)
        self.pause(chat_id, after_s)
        if len(self._refused_in_a_row) >= WHOLE_BOT_AFTER:
            self.pause(None, after_s)

    def pause(self, scope: int | None, seconds: float, *, keep: bool = True) -> None:
        """Nothing leaves for this chat (None: at all) for so long; never shortens a pause."""
        until = self._now() + seconds
        if scope is None:
            self._paused_until = max(self._paused_until, until)
            self._next_at = max(self._next_at, until)
            self._owed_s = 0.0  # what was refused to everybody is not made up
        else:
            chat = self._chat(scope)
            chat.paused_until = max(chat.paused_until, until)
        if keep:
            self._unsaved[scope] = max(self._unsaved.get(scope, 0.0), until)

    def unsaved(self) -> dict[int | None, float]:
        """Pauses not yet in the database: chat (None: the bot) -> seconds left."""
        now = self._now()
        return {scope: until - now for scope, until in self._unsaved.items() if until > now}

    def saved(self, scopes: Iterable[int | None]) -> None:
        """They are in the database now."""
        for scope in scopes:
            self._unsaved.pop(scope, None)

    # ---- granting ------------------------------------------------------------------------------

    async def _queued(self, place: tuple[Lane, int], chat_id: int, patience_s: float) -> bool:
        """True: the turn is taken; False: look again, the chat's own limit came first."""
        turn: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._queue, (place, chat_id, turn))
        if self._timer is None:
            self._grant()
        if math.isinf(patience_s):
            return await turn
        try:
            while not turn.done():
                if patience_s <= 0:
                    raise RetryLater("busy", "the limit leaves no room yet", after=self._gap)
                # look by look, so that a process that stood still uses up one of them, not all
                await asyncio.wait({turn}, timeout=min(patience_s, LOOK_S))
                patience_s -= LOOK_S
            return turn.result()
        finally:
            turn.cancel()

    def _grant(self) -> None:
        """Hand out all turns whose time has come; come back for the next."""
        self._timer = None
        while self._queue:
            now = self._now()
            at = max(self._next_at - AHEAD_S, self._paused_until)
            if now < at:
                loop = asyncio.get_running_loop()
                self._timer = loop.call_later(min(at - now, LOOK_S), self._grant)
                return
            _place, chat_id, turn = heapq.heappop(self._queue)
            if not turn.done():
                turn.set_result(self._take(chat_id, now))

    def _take(self, chat_id: int, now: float) -> bool:
        if now < self._next_at - AHEAD_S or now < self._paused_until or self.delay(chat_id) > 0:
            return False
        self._next_at = max(now, self._next_at) + self._pace(now - self._next_at)
        chat = self._chat(chat_id)
        chat.full_at = max(now, chat.full_at) + self._chat_gap
        if chat.recent is not None:
            chat.recent.append(now)
        return True

    def _pace(self, late_s: float) -> float:
        """Seconds until the next turn; a little less while there is lost time to make up."""
        if 0 < late_s < STEADY_S:
            self._owed_s = min(self._owed_s + late_s, MOST_OWED_S)
        made_up = min(self._owed_s, HASTE * self._gap)
        self._owed_s -= made_up
        return self._gap - made_up

    def _chat(self, chat_id: int) -> _Chat:
        chat = self._chats.get(chat_id)
        if chat is None:
            if len(self._chats) >= KEPT_CHATS:
                self._forget_those_at_rest()
            chat = self._chats[chat_id] = _Chat()
            if chat_id < 0:
                chat.recent = deque(maxlen=self.rates.per_group_per_minute)
        return chat

    def _forget_those_at_rest(self) -> None:
        now = self._now()
        self._chats = {
            chat_id: chat
            for chat_id, chat in self._chats.items()
            if chat.full_at > now
            or chat.paused_until > now
            or (chat.recent and chat.recent[-1] + GROUP_WINDOW_S > now)
        }
