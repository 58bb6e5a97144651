"""The sender's paperwork: one short transaction that settles, skips and claims.

Whom a claim takes: the most urgent lane first; pushes of one lane share the room and take turns at
the rest; within a push the turn decides, so that nobody is always the last. What a chat wishes is
asked here once more, just before its message leaves.
"""

import itertools
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.delivery.examiner import Examiner, is_patient
from bot.delivery.lease import Lease
from bot.delivery.limiter import Limiter
from bot.delivery.mailbag import Call, Mailbag
from bot.domain.message import Lane, MessageState, OnUnknown, PushState
from bot.domain.subscription import OfficeHours
from bot.errors import RefusedError
from bot.storage import broadcasts, chats, halts, outbox, pauses, pushes
from bot.storage.database import Database
from bot.storage.outbox import Candidate, Result

MOST_LOOKED_AT = 500  # rows per push and turn when most of them are left out


@dataclass(frozen=True, slots=True)
class Claim:
    """One message to send now: of one row, or of several that waited through one night.

    Each row keeps its own push's books; what becomes of the message becomes of all of them.
    """

    rows: tuple[Candidate, ...]
    call: Call
    lane: Lane
    on_unknown: tuple[OnUnknown, ...]  # of each row
    epoch: int
    held: bool = False


@dataclass(frozen=True, slots=True)
class Ended:
    """A claim that came back: its result, and what it told about the chat or the push."""

    result: Result
    epoch: int
    gone: str = ""
    moved_to: int | None = None
    topic_gone: bool = False
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
        self._examiner = Examiner(mailbag, limiter, office)
        self._pushes: dict[int, Mapping[str, Any]] = {}
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
            if one.topic_gone:
                await chats.leave_topic(connection, one.result.chat_id, now)
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
        self._pushes = {push["id"]: push for push in running}
        self.running = frozenset(self._pushes)
        self._examiner.at(now)
        self._round += 1
        self.left_out = 0
        claims: list[Claim] = []
        for _lane, lane_pushes in itertools.groupby(running, key=lambda push: push["lane"]):
            group = list(lane_pushes)
            first = self._round % len(group)
            for index, push in enumerate(group[first:] + group[:first]):
                share = math.ceil((want - len(claims)) / (len(group) - index))
                if share > 0:
                    claims += await self._from_push(connection, push, share, now)
        self._look_at = MOST_LOOKED_AT if self.left_out > want else 0
        return claims

    async def _from_push(
        self, connection: AsyncConnection, push: Mapping[str, Any], share: int, now: datetime
    ) -> list[Claim]:
        zones = await self._awake(connection, push)
        most = max(share, self._look_at)
        rows = await outbox.candidates(connection, push["id"], now, most, zones)
        if not rows:
            if zones is None:
                await self._end_if_empty(connection, push, now)
            return []
        good = await self._sift(connection, rows, share, now)
        bundles = await self._with_what_waited(connection, good, now)
        claimed = [row for rows, _call in bundles for row in rows]
        await outbox.claim(connection, claimed, self._lease.epoch, now)
        return [self._claim(rows, call) for rows, call in bundles]

    async def _awake(
        self, connection: AsyncConnection, push: Mapping[str, Any]
    ) -> Collection[str] | None:
        """In the office's night a whole broadcast rests but for zones in which it is day.

        None: it is for everybody. For a digest each chat has its own night.
        """
        if push["lane"] != Lane.BULK or not is_patient(push) or not self._examiner.is_night(""):
            return None
        abroad = await chats.zones_abroad(connection)
        return [zone for zone in abroad if not self._examiner.is_night(zone)]

    async def _sift(
        self, connection: AsyncConnection, rows: Sequence[Candidate], most: int, now: datetime
    ) -> list[Candidate]:
        """Those that may go; what nobody wants is left out, what is too early put off."""
        await self._mailbag.load(connection, {row.variant_id for row in rows})
        good: list[Candidate] = []
        skipped: list[tuple[Candidate, str]] = []
        later: list[tuple[Candidate, datetime, str]] = []
        for row in rows:
            if len(good) == most:
                break
            push = self._pushes[row.push_id]
            verdict = self._examiner.look(row, push)
            if verdict is None:
                good.append(row)
            elif isinstance(verdict, str):
                skipped.append((row, verdict))
            else:
                why = outbox.HELD if self._examiner.waited(row, push) else row.reason
                later.append((row, verdict.at, why))
        await outbox.skip(connection, skipped, now)
        await outbox.put_off(connection, later)
        self.left_out += len(skipped) + len(later)
        return good

    async def _with_what_waited(
        self, connection: AsyncConnection, rows: Sequence[Candidate], now: datetime
    ) -> list[tuple[tuple[Candidate, ...], Call]]:
        """Each row with its call; what waited through the night takes along what else did."""
        held = [row for row in rows if self._may_share(row)]
        beside = await self._beside(connection, held, now)
        waiting = {row.chat_id for row in held if self._examiner.is_expecting(row)}
        return [
            self._bundle([row, *beside.get(row.chat_id, ())])
            for row in rows
            if row.chat_id not in waiting
        ]

    async def _beside(
        self, connection: AsyncConnection, rows: Sequence[Candidate], now: datetime
    ) -> dict[int, list[Candidate]]:
        """What else waited through the night for the chats of some rows, by chat."""
        patient = [id_ for id_, push in self._pushes.items() if is_patient(push)]
        if not rows or len(patient) == 1:
            return {}
        own = {row.key for row in rows}
        found = await outbox.beside(connection, patient, [row.chat_id for row in rows], now)
        found = [row for row in found if row.key not in own]
        beside: dict[int, list[Candidate]] = {}
        for row in await self._sift(connection, found, len(found), now):
            if self._may_share(row):
                beside.setdefault(row.chat_id, []).append(row)
        return beside

    def _may_share(self, row: Candidate) -> bool:
        return self._mailbag.call(
            (row.variant_id, row.part)
        ).shared is not None and self._examiner.waited(row, self._pushes[row.push_id])

    def _bundle(self, rows: list[Candidate]) -> tuple[tuple[Candidate, ...], Call]:
        """As many as go into one message, in the order in which they came due."""
        if len(rows) > 1:
            rows.sort(key=lambda row: (self._pushes[row.push_id]["not_before"], row.key))
        count, call = self._mailbag.bundle(tuple((row.variant_id, row.part) for row in rows))
        return tuple(rows[:count]), call

    def _claim(self, rows: tuple[Candidate, ...], call: Call) -> Claim:
        lane = min(Lane(self._pushes[row.push_id]["lane"]) for row in rows)
        again = tuple(OnUnknown(self._pushes[row.push_id]["on_unknown"]) for row in rows)
        held = self._examiner.waited(rows[0], self._pushes[rows[0].push_id])
        return Claim(rows, call, lane, again, self._lease.epoch, held=held)

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
