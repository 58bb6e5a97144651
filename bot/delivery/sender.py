"""Claims what is queued, sends it, and writes down what became of it.

The walk::

    stand by for the lease
    -> begin a term: what an earlier holder left under way is unknown (or queued again)
    -> turn, every few hundredths of a second, one short transaction (clerk):
         settle what has ended, skip what nobody wants any more, claim as many as there is room for
    -> deliver, one task per claim: gateway -> Ended
    -> lease lost or asked to stop: claim no more, let what is out come back, settle

A row is marked ``sending`` before its request leaves and settled after its answer; what lies in
between when the process dies is what nobody can know.
"""

import asyncio
import contextlib
import logging
import math
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.delivery.clerk import Claim, Clerk, Ended
from bot.delivery.gateway import Gateway
from bot.delivery.lease import Lease
from bot.delivery.mailbag import Mailbag
from bot.domain.message import MessageState, OnUnknown, verdict
from bot.domain.subscription import OfficeHours
from bot.errors import (
    BadContent,
    ChatGone,
    ChatMoved,
    LeaseLostError,
    StorageError,
    TokenRefused,
    TopicGone,
    Undecided,
)
from bot.storage.database import Database
from bot.storage.outbox import APART, HELD, Candidate, Result
from bot.storage.schema import milliseconds

log = logging.getLogger(__name__)

SETTLE_S = 0.025  # results are settled together: one commit for what came back in this time
IDLE_S = 0.25
ASLEEP_S = 1.0  # nothing runs here; another process may have planned something
STOP_S = 20.0
WINDOW = (1, 200)
EQUAL_REFUSALS = 5  # the same refusal this often in a row: the message is bad, not the chats
REST_AFTER_ERROR_S = 1.0


@dataclass(frozen=True, slots=True)
class Options:
    """The office's hours, and whether Telegram is paid for speed (``allow_paid_broadcast``)."""

    office: OfficeHours = field(default_factory=OfficeHours)
    paid: bool = False


@dataclass(frozen=True, slots=True)
class Stopped:
    """A push the sender has stopped by itself, and Telegram's words for why."""

    push_id: int
    why: str


class Sender:
    """One per process; only the one that holds the lease sends."""

    def __init__(
        self,
        database: Database,
        gateway: Gateway,
        lease: Lease,
        clock: Callable[[], datetime],
        options: Options | None = None,
        on_stopped: Callable[[Stopped], Awaitable[None]] | None = None,
    ) -> None:
        self._gateway = gateway
        self._lease = lease
        self._clock = clock
        self._on_stopped = on_stopped
        options = options or Options()
        bag = Mailbag(paid=options.paid)
        self._clerk = Clerk(database, lease, gateway.limiter, bag, options.office)
        self._tasks: dict[asyncio.Task[None], Claim] = {}
        self._ended: list[Ended] = []
        self._refusals: dict[int, tuple[str, int]] = {}
        self._fatal: TokenRefused | None = None
        self._stopping = False
        self._wake = asyncio.Event()
        self._epoch = 0
        self._notices: set[asyncio.Future[None]] = set()
        self._cycle_s = SETTLE_S
        self._cycles = 0
        self._quiet_cycle = 0  # the last one that found nothing at all to do
        self._unsure = False  # whether the last transaction was kept
        self._enough = 0  # so many answers end a rest
        self._times: deque[float] = deque(maxlen=2000)

    # ---- what others may ask -------------------------------------------------------------------

    @property
    def is_sending(self) -> bool:
        """Whether this process holds the lease; else it stands by."""
        return self._lease.holds()

    @property
    def in_flight(self) -> int:
        """Messages claimed and not yet answered."""
        return len(self._tasks)

    def rate(self) -> float:
        """Messages a second, measured over the last ten seconds."""
        since = time.monotonic() - 10.0
        recent = [at for at in self._times if at >= since]
        if len(recent) < 2:  # noqa: PLR2004 -- two make a distance
            return 0.0
        return (len(recent) - 1) / max(recent[-1] - recent[0], 0.001)

    def wake(self) -> None:
        """Something new is in the outbox."""
        self._wake.set()

    async def drained(self, timeout_s: float = 60.0) -> bool:
        """Until nothing is left that could go now; False when it took too long."""
        asked_in = self._cycles
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            standing_by = not (self.is_sending or self._tasks or self._ended)
            if self._quiet_cycle > asked_in or self._stopping or standing_by:
                return True
            self.wake()
            await asyncio.sleep(0.01)
        return False

    # ---- the loop ------------------------------------------------------------------------------

    async def run(self) -> None:
        """Until ``stop``; raises TokenRefused when Telegram does not know this bot any more."""
        keeper = asyncio.create_task(self._keep_lease(), name="lease")
        try:
            while not self._stopping and self._fatal is None:
                if self._lease.holds():
                    await self._cycle()
                else:
                    await self._rest(ASLEEP_S)
        finally:
            await self._finish()
            keeper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await keeper
        if self._fatal is not None:
            log.critical("Telegram refuses the token: nothing is sent any more: %s", self._fatal)
            raise self._fatal

    async def stop(self) -> None:
        """Claim no more; ``run`` returns when what is out has come back, at most 20 s later."""
        self._stopping = True
        self.wake()

    async def _keep_lease(self) -> None:
        held = False
        while True:
            try:
                took = await self._lease.take()
            except Exception:
                log.exception("the lease could not be looked at")
                took = self._lease.holds()
            if took != held:
                log.info("this process sends now" if took else "another process sends: standing by")
                held = took
                self.wake()
            await asyncio.sleep(self._lease.renew_s if took else ASLEEP_S)

    async def _cycle(self) -> None:
        started = time.monotonic()
        self._cycles += 1
        cycle = self._cycles
        try:
            if self._epoch != self._lease.epoch:
                await self._begin_term()
            busy = await self._turn()
        except LeaseLostError:
            log.warning("another process has taken over")
            return
        except StorageError as error:
            log.error("the database does not answer, sending rests: %s", error)  # noqa: TRY400
            self._unsure = True
            await asyncio.sleep(REST_AFTER_ERROR_S)
            return
        except Exception:
            log.exception("an unforeseen error between two messages; sending goes on")
            self._unsure = True
            await asyncio.sleep(REST_AFTER_ERROR_S)
            return
        if busy:
            if self._tasks:
                await self._rest(SETTLE_S, until_back=self.window // 3)
            self._cycle_s += 0.1 * (time.monotonic() - started - self._cycle_s)
        else:
            self._quiet_cycle = cycle
            await self._rest(IDLE_S if self._clerk.running else ASLEEP_S)

    async def _begin_term(self) -> None:
        epoch = self._lease.epoch
        found = await self._clerk.begin(self._clock())
        self._epoch = epoch
        if any(found.values()):
            log.warning("left under way by an earlier process: %s", found)

    async def _turn(self) -> bool:
        """One transaction; whether there was anything to do."""
        if self._unsure:  # a commit whose answer was lost may have claimed rows
            known = {row.key for claim in self._tasks.values() for row in claim.rows}
            known |= {one.result.key for one in self._ended}
            await self._clerk.release(known, self._clock())
            self._unsure = False
        room = 0 if self._gateway.limiter.paused_for() > 1 else self.window - len(self._tasks)
        ended = list(self._ended)
        if not ended and room <= 0:
            return bool(self._tasks)
        if not ended and not self._tasks and await self._clerk.is_idle():
            self._clerk.running = frozenset()
            return False
        claims = await self._clerk.turn(ended, max(0, room), self._clock())
        del self._ended[: len(ended)]
        for claim in claims:
            task = asyncio.create_task(self._deliver(claim))
            self._tasks[task] = claim
            task.add_done_callback(self._tasks.pop)
        return bool(claims or ended or self._ended or self._tasks or self._clerk.left_out)

    @property
    def window(self) -> int:
        """How many may be under way: what leaves during one round trip and one settling."""
        rate = self._gateway.limiter.rates.per_second
        needed = rate * (self._gateway.round_trip_s + self._cycle_s) * 1.25 + 2
        return max(WINDOW[0], min(WINDOW[1], math.ceil(needed)))

    async def _rest(self, seconds: float, until_back: int = 0) -> None:
        """So long, or until woken, or until so many have come back."""
        if until_back and len(self._ended) > until_back:
            await asyncio.sleep(0)
            return
        self._enough = until_back
        self._wake.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._wake.wait()

    async def _finish(self) -> None:
        """Let what is out come back, write it down, give the lease back."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=STOP_S)
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)
        try:
            await self._clerk.turn(self._ended, 0, self._clock())
            self._ended.clear()
            await self._lease.give_back()
        except StorageError as error:
            log.error("the last results could not be written: %s", error)  # noqa: TRY400

    # ---- one message ---------------------------------------------------------------------------

    async def _deliver(self, claim: Claim) -> None:
        left = False

        def may_leave() -> bool:
            nonlocal left
            left = self._may_leave(claim)
            return left

        row, call = claim.rows[0], claim.call
        body = call.to(row.chat_id, row.thread_id)
        try:
            message_id = await self._gateway.send(
                claim.lane, row.chat_id, call.method, body, may_leave
            )
        except asyncio.CancelledError:
            error = Undecided("interrupted") if left else LeaseLostError("it did not leave")
            self._back(self._judge(claim, error))
            raise
        except Exception as error:  # noqa: BLE001 -- whatever it was, the rows have to be settled
            self._back(self._judge(claim, error))
        else:
            self._times.append(time.monotonic())
            for row in claim.rows:
                self._refusals.pop(row.push_id, None)
            results = [Result(*r.key, MessageState.SENT, message_id=message_id) for r in claim.rows]
            self._back([Ended(result, claim.epoch) for result in results])

    def _back(self, ended: Sequence[Ended]) -> None:
        self._ended += ended
        if len(self._ended) > self._enough > 0:
            self._wake.set()

    def _may_leave(self, claim: Claim) -> bool:
        return (
            self._lease.holds()
            and self._lease.epoch == claim.epoch
            and self._clerk.running.issuperset(row.push_id for row in claim.rows)
            and not self._stopping
            and self._fatal is None
            and milliseconds(self._clock()) <= min(row.not_after_ms for row in claim.rows)
        )

    def _judge(self, claim: Claim, error: Exception) -> list[Ended]:
        """What the error means for each row of the message."""
        if isinstance(error, TokenRefused):
            self._fatal = error
        if isinstance(error, TopicGone) and claim.rows[0].thread_id is None:
            error = ChatGone("no_rights", error.description)  # the general one is closed, too
        apart = isinstance(error, BadContent) and len(claim.rows) > 1
        return [
            self._judge_row(claim, row, on_unknown, error, apart=apart)
            for row, on_unknown in zip(claim.rows, claim.on_unknown, strict=True)
        ]

    def _judge_row(
        self,
        claim: Claim,
        row: Candidate,
        on_unknown: OnUnknown,
        error: Exception,
        *,
        apart: bool,
    ) -> Ended:
        if apart:  # which of them is bad shows when each comes by itself
            alone = Result(*row.key, MessageState.QUEUED, APART, not_before=self._clock())
            return Ended(alone, claim.epoch)
        found = verdict(error, on_unknown, row.attempts + 1)
        if found.reason == "error":
            log.error("sending failed in an unforeseen way", exc_info=error)
        again = found.state is MessageState.QUEUED
        marked = HELD if claim.held else row.reason if row.reason == APART else found.reason
        later = self._clock() + timedelta(seconds=found.after_s)
        return Ended(
            Result(
                *row.key,
                found.state,
                marked if again else found.reason,
                not_before=later if again else None,
            ),
            claim.epoch,
            gone=error.reason if isinstance(error, ChatGone) else "",
            moved_to=error.new_id if isinstance(error, ChatMoved) else None,
            topic_gone=isinstance(error, TopicGone),
            refused=self._refused(row.push_id, error) if isinstance(error, BadContent) else "",
        )

    def _refused(self, push_id: int, error: BadContent) -> str:
        """Telegram's words once they have come often enough in a row; else ""."""
        words, times = self._refusals.get(push_id, ("", 0))
        times = times + 1 if words == error.description else 1
        self._refusals[push_id] = (error.description, times)
        if times < EQUAL_REFUSALS:
            return ""
        if times == EQUAL_REFUSALS:
            log.error("push %d is stopped: %s", push_id, error.description)
            self._clerk.running -= {push_id}
            if self._on_stopped is not None:
                notice = asyncio.ensure_future(
                    self._on_stopped(Stopped(push_id, error.description))
                )
                self._notices.add(notice)
                notice.add_done_callback(self._notices.discard)
        return error.description
