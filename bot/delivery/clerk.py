"""The sender's paperwork: one short transaction that settles, skips and claims.

Whom a claim takes: the most urgent lane first; pushes of one lane share the room and take turns at
the rest; within a push the turn decides, so that nobody is always the last. What a chat wishes is
asked here once more, just before its message leaves.
"""

import itertools
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.delivery.lease import Lease
from bot.delivery.limiter import Limiter
from bot.delivery.mailbag import Letter, Mailbag
from bot.domain.message import Lane, MessageState, OnUnknown, PushKind, PushState, Wishes, why_not
from bot.domain.subscription import Choices, OfficeHours, after_quiet, muted_on, unpack
from bot.errors import RefusedError
from bot.storage import broadcasts, chats, halts, outbox, pauses, pushes
from bot.storage.database import Database
from bot.storage.outbox import Candidate, Result
from bot.storage.schema import milliseconds

MOST_LOOKED_AT = 500  # rows per push and turn when most of them are left out
CHAT_WAIT_S = 2.0  # a chat whose own limit takes longer leaves its place to others
_RESPECT_QUIET = (Lane.DIGEST, Lane.BULK)


@dataclass(frozen=True, slots=True)
class Claim:
    """One message to send now."""

    row: Candidate
    letter: Letter
    lane: Lane
    on_unknown: OnUnknown
    epoch: int


@dataclass(frozen=True, slots=True)
class Ended:
    """A claim that came back: its result, and what it told about the chat or the push."""

    result: Result
    epoch: int
    gone: str = ""
    moved_to: int | None = None
    refused: str = ""  # the push has to stop, and why


class Clerk:
    """Keeps the books of the outbox for one sender."""

    def __init__(
        self,
        database: Database,
        lease: Lease,
        limiter: Limiter,
        mailbag: Mailbag,
        office: OfficeHours,
    ) -> None:
        self._database = database
        self._lease = lease
        self._limiter = limiter
        self._mailbag = mailbag
        self._office = office
        self._round = 0
        self._look_at = 0
        self.running: frozenset[int] = frozenset()
        self.left_out = 0  # rows skipped or put off in the last turn

    async def begin(self, now: datetime) -> dict[str, int]:
        """A new term: what the last holder left under way, and the pauses it met."""

        async def work(
            connection: AsyncConnection,
        ) -> tuple[dict[str, int], list[tuple[int | None, float]]]:
            await self._lease.confirm(connection)
            found = await outbox.recover(connection, self._lease.epoch, now)
            return found, await pauses.load(connection)

        found, paused = await self._database.transact(work)
        for scope, seconds in paused:
            self._limiter.pause(scope, seconds, keep=False)
        return found

    async def release(self, known: Collection[outbox.Key], now: datetime) -> None:
        """Rows of this term that nobody is sending never left: back into the queue."""

        async def work(connection: AsyncConnection) -> None:
            await self._lease.confirm(connection)
            epoch = self._lease.epoch
            lost = set(await outbox.under_way(connection, epoch)) - set(known)
            back = [Result(*key, MessageState.QUEUED, not_before=now) for key in lost]
            await outbox.settle(connection, back, epoch, now)

        await self._database.transact(work)

    async def is_idle(self) -> bool:
        """Whether no push is running: then there is nothing to claim."""
        async with self._database.read() as connection:
            return not await pushes.in_states(connection, PushState.RUNNING)

    async def turn(self, ended: Sequence[Ended], want: int, now: datetime) -> list[Claim]:
        """Settle what ended and claim up to ``want``; all of it or, on an error, nothing."""
        unsaved = self._limiter.unsaved()

        async def work(connection: AsyncConnection) -> list[Claim]:
            await self._settle(connection, ended, now)
            if unsaved:
                await pauses.save(connection, unsaved.items())
            if want <= 0:
                return []
            await self._lease.confirm(connection)
            return await self._pick(connection, want, now)

        claims = await self._database.transact(work)
        self._limiter.saved(unsaved)
        return claims

    # ---- settling ------------------------------------------------------------------------------

    async def _settle(
        self, connection: AsyncConnection, ended: Sequence[Ended], now: datetime
    ) -> None:
        for epoch, group in itertools.groupby(ended, key=lambda one: one.epoch):
            await outbox.settle(connection, [one.result for one in group], epoch, now)
        back = {one.result.push_id for one in ended if one.result.state is MessageState.QUEUED}
        if back:
            await pushes.reopen(connection, back)
        for one in ended:
            if one.gone:
                await chats.suspend(connection, one.result.chat_id, one.gone, now)
            if one.moved_to is not None:
                await chats.migrate(connection, one.result.chat_id, one.moved_to, now)
        for push_id, why in {
            one.result.push_id: one.refused for one in ended if one.refused
        }.items():
            await _move(connection, push_id, PushState.STOPPED, now, why)

    # ---- claiming ------------------------------------------------------------------------------

    async def _pick(self, connection: AsyncConnection, want: int, now: datetime) -> list[Claim]:
        halted = await halts.since(connection) is not None
        running = [
            push
            for push in await pushes.in_states(connection, PushState.RUNNING)
            if push["not_before"] <= now and not halted
        ]
        self.running = frozenset(push["id"] for push in running)
        self._round += 1
        self.left_out = 0
        claims: list[Claim] = []
        for _lane, lane_pushes in itertools.groupby(running, key=lambda push: push["lane"]):
            group = list(lane_pushes)
            first = self._round % len(group)
            for index, push in enumerate(group[first:] + group[:first]):
                share = math.ceil((want - len(claims)) / (len(group) - index))
                if share > 0 and not self._is_quiet(push, now):
                    claims += await self._from_push(connection, push, share, now)
        self._look_at = MOST_LOOKED_AT if self.left_out > want else 0
        return claims

    async def _from_push(
        self, connection: AsyncConnection, push: Mapping[str, Any], share: int, now: datetime
    ) -> list[Claim]:
        rows = await outbox.candidates(connection, push["id"], now, max(share, self._look_at))
        if not rows:
            await self._end_if_empty(connection, push, now)
            return []
        await self._mailbag.load(connection, {row.variant_id for row in rows})
        good: list[Candidate] = []
        skipped: list[tuple[Candidate, str]] = []
        later: list[tuple[Candidate, datetime]] = []
        for row in rows:
            if len(good) == share:
                break
            verdict = self._judge(row, push, now)
            if verdict is None:
                good.append(row)
            elif isinstance(verdict, str):
                skipped.append((row, verdict))
            else:
                later.append((row, verdict))
        await outbox.skip(connection, skipped, now)
        await outbox.put_off(connection, later)
        await outbox.claim(connection, good, self._lease.epoch, now)
        self.left_out += len(skipped) + len(later)
        lane, on_unknown = Lane(push["lane"]), OnUnknown(push["on_unknown"])
        return [
            Claim(row, self._mailbag[row.variant_id], lane, on_unknown, self._lease.epoch)
            for row in good
        ]

    def _judge(
        self, row: Candidate, push: Mapping[str, Any], now: datetime
    ) -> str | datetime | None:
        """A reason to skip it, a moment to wait for, or None: it may go."""
        if milliseconds(now) > row.not_after_ms:
            return "late"
        zone = row.zone or self._office.zone
        if not _wishes_for_nothing_special(row):
            today = now.astimezone(ZoneInfo(zone)).date()
            about = self._mailbag[row.variant_id].about(PushKind(push["kind"]), Lane(push["lane"]))
            reason = why_not(_wishes(row, today), about, today)
            if reason:
                return reason
        if push["lane"] in _RESPECT_QUIET and push["kind"] != PushKind.NOTICE:
            awake = after_quiet(now, Choices(zone=zone, quiet=self._office.quiet))
            if awake > now:
                return awake
        wait = self._limiter.delay(row.chat_id)
        return now + timedelta(seconds=wait) if wait > CHAT_WAIT_S else None

    def _is_quiet(self, push: Mapping[str, Any], now: datetime) -> bool:
        """In the office's night a whole broadcast rests; for a digest each chat has its own."""
        if push["lane"] != Lane.BULK or push["kind"] == PushKind.NOTICE:
            return False
        return after_quiet(now, Choices(zone=self._office.zone, quiet=self._office.quiet)) > now

    async def _end_if_empty(
        self, connection: AsyncConnection, push: Mapping[str, Any], now: datetime
    ) -> None:
        if await outbox.is_waiting(connection, push["id"]):
            return
        await _move(connection, push["id"], PushState.DONE, now)
        if push["broadcast_id"] is not None:
            try:
                await broadcasts.go_on(connection, push["broadcast_id"], now)
            except RefusedError:
                return  # an admin has moved it meanwhile


async def _move(
    connection: AsyncConnection, push_id: int, to: PushState, now: datetime, why: str = ""
) -> None:
    try:
        await pushes.move(connection, push_id, to, now, why)
    except RefusedError:
        return  # an admin has moved it meanwhile


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
