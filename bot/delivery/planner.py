"""Who is due, and what they get.

The walk of a tick::

    the lease is ours, and nobody has pulled the emergency stop
    -> digests: the distinct wishes of all due chats -> composed once each, outside any transaction
       -> in batches: rows, and each chat's next due time, in one transaction
    -> broadcasts whose time has come: a push each, rows for the audience in batches
    -> what is left over: rows of cancelled pushes, rows that are old enough to be summed up

Planning again what is planned changes nothing: pushes and rows are unique. A digest that is later
than ``late_after`` is written down as skipped; after an outage a chat therefore gets one row and
one new due time, however many ticks were missed.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from itertools import groupby
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.delivery.editor import Editor, Issue
from bot.delivery.editor import Order as Wish
from bot.delivery.lease import Lease
from bot.domain.broadcast import BroadcastState
from bot.domain.content import visible
from bot.domain.message import Lane, MessageState, OnUnknown, PushKind, PushState
from bot.domain.subscription import (
    OfficeHours,
    carries_excerpt,
    choices_of,
    muted_on,
    next_due,
)
from bot.errors import RefusedError
from bot.storage import broadcasts, chats, fanouts, halts, pushes, readings
from bot.storage.database import Database
from bot.storage.fanouts import Order, Signature, Target
from bot.storage.pushes import NewPush, Variant

log = logging.getLogger(__name__)

AT_ONCE = 50  # issues composed or written in one go: a commit each would take all morning


@dataclass(frozen=True, slots=True)
class PlannerOptions:
    """The office's hours, the misfire rule, and how long single rows are kept."""

    office: OfficeHours = field(default_factory=OfficeHours)
    late_after: timedelta = timedelta(hours=4)
    on_unknown: OnUnknown = OnUnknown.LEAVE
    keep_rows: timedelta = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Planned:
    """A push and how many messages were planned for it."""

    id: int
    planned: int


class Planner:
    """One per process; only the one that holds the lease plans."""

    def __init__(
        self,
        database: Database,
        lease: Lease,
        editor: Editor,
        options: PlannerOptions | None = None,
        on_planned: Callable[[], None] = lambda: None,
    ) -> None:
        self._database = database
        self._lease = lease
        self._editor = editor
        self._options = options or PlannerOptions()
        self._on_planned = on_planned
        self._ticking = asyncio.Lock()

    async def tick(self, now: datetime) -> int:
        """Plan what is due; how many chats moved on. Without the lease: nothing."""
        async with self._ticking:
            if not self._lease.holds() and not await self._lease.take():
                return 0
            async with self._database.read() as connection:
                if await halts.since(connection) is not None:
                    return 0
            moved = await self._digests(now)
            await self._broadcasts(now)
            await self._tidy(now)
            self._on_planned()
            return moved

    async def next_due(self) -> datetime | None:
        """When something is due next."""
        async with self._database.read() as connection:
            return await fanouts.next_due(connection)

    # ---- digests -------------------------------------------------------------------------------

    async def _digests(self, now: datetime) -> int:
        async with self._database.read() as connection:
            due = await fanouts.signatures(connection, now)
            read = await readings.sets(connection, {one.reading_id for one in due})
        moved = 0
        due.sort(key=lambda one: one.due_at)
        for due_at, group in groupby(due, key=lambda one: one.due_at):
            orders = await self._orders(list(group), read, now)
            moved += await self._write(orders, due_at, now)
        if moved:
            log.info("%d chats planned", moved)
        if moved > fanouts.BATCH:
            async with self._database.write() as connection:
                await fanouts.tell_the_database(connection)
        return moved

    async def _orders(
        self, group: list[Signature], read: dict[int, frozenset[str]], now: datetime
    ) -> list[Order]:
        """What becomes of each signature; what the rows refer to is written first."""
        wishes = [self._wish(one, read.get(one.reading_id, frozenset())) for one in group]
        distinct = list(dict.fromkeys(wishes))
        issues: dict[Wish, Issue | None] = {}
        for start in range(0, len(distinct), AT_ONCE):
            some = distinct[start : start + AT_ONCE]
            issues |= zip(some, await asyncio.to_thread(self._compose, some), strict=True)
        desk = _Desk(self._database, self._options, now)
        found = [(one, issues[wish]) for one, wish in zip(group, wishes, strict=True)]
        await desk.prepare([(one, issue) for one, issue in found if issue is not None])
        return [self._order(one, issue, desk) for one, issue in found]

    def _compose(self, wishes: list[Wish]) -> list[Issue | None]:
        return [self._editor.issue(wish) for wish in wishes]

    def _wish(self, one: Signature, read: frozenset[str]) -> Wish:
        choices = choices_of(_row(one), self._options.office)
        return Wish(
            on=one.due_on,
            language=one.language,
            topics=choices.topics,
            muted=muted_on(one.muted, one.due_on),
            read=read,
            excerpt=carries_excerpt(choices, one.due_on),
            member=one.member,
        )

    def _order(self, one: Signature, issue: Issue | None, desk: "_Desk") -> Order:
        choices = choices_of(_row(one), self._options.office)
        not_after = one.due_at + self._options.late_after
        late = desk.now > not_after
        # after an outage a day whose hour has passed, but not its last moment, still comes
        passed = desk.now - self._options.late_after if late else desk.now
        next_at, next_on = next_due(choices, max(passed, one.due_at), one.due_on)
        push_id, pivot = desk.days[one.due_on] if issue else (0, 0)
        return Order(
            signature=one,
            variant_id=desk.variants[push_id, issue.variant.key] if issue else None,
            parts=min(len(issue.variant.parts), fanouts.MOST_PARTS) if issue else 0,
            state=MessageState.SKIPPED if late else MessageState.QUEUED,
            reason="late" if late else "",
            not_before=one.due_at,
            next_at=next_at,
            next_on=next_on,
            next_reading=desk.readings[issue.read] if issue and not late else one.reading_id,
            push_id=push_id,
            pivot=pivot,
            not_after=not_after,
        )

    async def _write(self, orders: list[Order], due_at: datetime, now: datetime) -> int:
        packed = fanouts.pack(orders)
        days = {order.push_id for order in orders if order.push_id}
        moved = 0
        after: int | None = None
        while True:
            batch = await self._database.transact(
                partial(self._batch, packed=packed, days=days, due_at=due_at, after=after, now=now)
            )
            if batch is None:
                return moved
            after, size = batch
            moved += size
            self._on_planned()
            await asyncio.sleep(0)

    async def _batch(
        self,
        connection: AsyncConnection,
        packed: str,
        days: set[int],
        due_at: datetime,
        after: int | None,
        now: datetime,
    ) -> tuple[int, int] | None:
        """The batch's last chat and its size; None when nobody is left."""
        await self._lease.confirm(connection)
        batch = await fanouts.next_bound(connection, due_at, after)
        if batch is not None:
            await fanouts.plan_batch(connection, packed, due_at, (after, batch[0]), now)
            await pushes.reopen(connection, days)  # the sender may have found a day still empty
        return batch

    # ---- broadcasts ----------------------------------------------------------------------------

    async def _broadcasts(self, now: datetime) -> None:
        async with self._database.read() as connection:
            due = [row["id"] for row in await broadcasts.due(connection, now)]
            begun = await pushes.in_states(connection, PushState.PLANNING)
            ready = await pushes.in_states(connection, PushState.SCHEDULED)
        for broadcast_id in due:
            try:
                await schedule_broadcast(self._database, broadcast_id, now)
            except RefusedError as error:  # an admin was quicker
                log.info("broadcast %d is not planned: %s", broadcast_id, error)
        ripe = [push["id"] for push in ready if push["not_before"] <= now]
        for push_id in ripe:  # who has joined since it was planned gets it too
            await self._database.transact(partial(_replan, push_id=push_id, now=now))
        for push_id in {push["id"] for push in begun} | set(ripe):
            await fan_out(self._database, push_id, now)

    async def _tidy(self, now: datetime) -> None:
        async with self._database.read() as connection:
            cancelled = await pushes.with_rows(connection, PushState.CANCELLED)
            # a sender on PostgreSQL may have looked just before rows were committed
            ended = await pushes.with_rows(connection, PushState.DONE)
            old = await pushes.to_fold(connection, now - self._options.keep_rows)
            folding = await pushes.folding(connection)
        if ended:
            await self._database.transact(partial(pushes.reopen, ids=ended))
        for push_id in cancelled:
            await self._repeat(partial(pushes.clear_cancelled, push_id=push_id, now=now))
        for push_id in old:
            async with self._database.write() as connection:
                await pushes.keep_sums(connection, push_id)
        for push_id in {*old, *folding}:
            await self._repeat(partial(pushes.drop_rows, push_id=push_id))
        if old:  # a day's digest among them: about once a day
            await self._forget_readings()

    async def _forget_readings(self) -> None:
        """Sets that nobody stands at any more; only a planner makes new ones, and it is here."""
        async with self._database.read() as connection:
            left = await readings.unused(connection)
        for start in range(0, len(left), AT_ONCE):
            await self._database.transact(
                partial(readings.drop, numbers=left[start : start + AT_ONCE])
            )

    async def _repeat(self, step: Callable[[Any], Any]) -> None:
        """A batch per transaction until there is nothing left."""
        left = 1
        while left:
            left = await self._database.transact(step)


_Days = dict[date, tuple[int, int]]  # of each local day: its push and pivot
_Variants = dict[tuple[int, str], int]
_Readings = dict[frozenset[str], int]


class _Desk:
    """What a tick has written already: the pushes of its days, variants, reading sets."""

    def __init__(self, database: Database, options: PlannerOptions, now: datetime) -> None:
        self._database = database
        self._options = options
        self.now = now
        self.days: _Days = {}
        self.variants: _Variants = {}
        self.readings: _Readings = {}

    async def prepare(self, issues: Sequence[tuple[Signature, Issue]]) -> None:
        """Write what rows with these issues refer to, some in each transaction."""
        for start in range(0, len(issues), AT_ONCE):
            some = issues[start : start + AT_ONCE]
            days, variants, read = await self._database.transact(partial(self._some, issues=some))
            self.days |= days
            self.variants |= variants
            self.readings |= read

    async def _some(
        self, connection: AsyncConnection, issues: Sequence[tuple[Signature, Issue]]
    ) -> tuple[_Days, _Variants, _Readings]:
        """What is new of them; kept only when it is committed."""
        days, variants, read = dict(self.days), dict(self.variants), dict(self.readings)
        for one, issue in issues:
            if one.due_on not in days:
                days[one.due_on] = await self._day(connection, one)
            push_id, _pivot = days[one.due_on]
            if (push_id, issue.variant.key) not in variants:
                variants[push_id, issue.variant.key] = await pushes.add_variant(
                    connection, push_id, issue.variant
                )
            if issue.read not in read:
                read[issue.read] = await readings.number(connection, issue.read)
        return days, variants, read

    async def _day(self, connection: AsyncConnection, one: Signature) -> tuple[int, int]:
        """The push of a local day and its pivot; a later hour of the same day joins it."""
        not_after = one.due_at + self._options.late_after
        day = one.due_on.isoformat()
        push_id = await pushes.create(
            connection,
            NewPush(
                PushKind.DIGEST,
                day,
                Lane.DIGEST,
                one.due_at,
                not_after,
                self._options.on_unknown,
                title=day,
                state=PushState.RUNNING,
            ),
            self.now,
        )
        await pushes.extend(connection, push_id, one.due_at, not_after)
        return push_id, await fanouts.pivot(connection, push_id)


def _row(one: Signature) -> dict[str, Any]:
    return {
        "zone": one.zone,
        "hour": one.hour,
        "days": one.days,
        "weekday": one.weekday,
        "paused_until": one.paused_until,
        "topics": one.topics,
    }


async def schedule_broadcast(database: Database, broadcast_id: int, now: datetime) -> Planned:
    """The push of a scheduled broadcast, with its rows; ahead of its time or when it has come."""
    push_id = await database.transact(partial(_begin, broadcast_id=broadcast_id, now=now))
    await fan_out(database, push_id, now)
    async with database.read() as connection:
        sums = await pushes.sums(connection, push_id)
    return Planned(push_id, sums["planned"])


async def _begin(connection: AsyncConnection, broadcast_id: int, now: datetime) -> int:
    row = await broadcasts.get(connection, broadcast_id)
    if row is None or row["send_at"] is None:
        raise RefusedError("That broadcast has no time yet.")
    push_id = await _push_of(connection, row, now)
    if row["send_at"] <= now and row["state"] == BroadcastState.SCHEDULED:
        await broadcasts.move(connection, broadcast_id, BroadcastState.RUNNING, now)
    return push_id


async def _push_of(connection: AsyncConnection, row: Any, now: datetime) -> int:
    """One per broadcast, content and time; a cancelled one does not stand in the way of a new."""
    plan = broadcasts.plan_of(row)
    key = f"{row['id']}:{row['send_at'].isoformat()}:{row['bound_sha256'][:12]}"
    found = await pushes.find(connection, PushKind.BROADCAST, key)
    while found is not None:
        push = await pushes.get(connection, found)
        if push is None or push["state"] != PushState.CANCELLED:
            break
        key += "+"
        found = await pushes.find(connection, PushKind.BROADCAST, key)
    return await pushes.create(
        connection,
        NewPush(
            PushKind.BROADCAST,
            key,
            plan.lane,
            row["send_at"],
            row["send_at"] + plan.not_after,
            plan.on_unknown,
            title=visible(str(plan.content.get("text", "")))[:80],
            broadcast_id=row["id"],
        ),
        now,
    )


async def _replan(connection: AsyncConnection, push_id: int, now: datetime) -> None:
    push = await pushes.get(connection, push_id)
    try:
        await pushes.move(connection, push_id, PushState.PLANNING, now)
    except RefusedError:
        return
    await pushes.set_cursor(connection, push_id, None)
    if push is not None and push["broadcast_id"] is not None:
        try:
            await broadcasts.move(connection, push["broadcast_id"], BroadcastState.RUNNING, now)
        except RefusedError:
            log.info("broadcast %s has moved on meanwhile", push["broadcast_id"])


async def fan_out(database: Database, push_id: int, now: datetime) -> None:
    """Rows for a push that is being planned, a batch per transaction; goes on where it was."""
    step = partial(_next_batch, push_id=push_id, now=now)
    done = False
    while not done:
        done = await database.transact(step)


async def _next_batch(connection: AsyncConnection, push_id: int, now: datetime) -> bool:
    """Whether there is nothing more to plan."""
    push = await pushes.get(connection, push_id)
    if push is None or push["state"] != PushState.PLANNING or push["broadcast_id"] is None:
        return True
    row = await broadcasts.get(connection, push["broadcast_id"])
    if row is None:
        return True
    plan = broadcasts.plan_of(row)
    variant = Variant("0", plan.content["parts"], {"topics": list(plan.audience.topics)})
    variant_id = await pushes.add_variant(connection, push_id, variant)
    pivot = push["pivot"]
    if push["cursor"] is None:
        pivot = await fanouts.pivot(connection, push_id)
        await pushes.set_pivot(connection, push_id, pivot)
    last = await fanouts.add_audience(
        connection,
        Target(push_id, pivot, push["not_after"], now),
        chats.in_audience(plan.audience),
        push["cursor"],
        (variant_id, len(variant.parts), push["not_before"]),
    )
    if last is not None:
        await pushes.set_cursor(connection, push_id, last)
        return False
    ready = PushState.RUNNING if push["not_before"] <= now else PushState.SCHEDULED
    await pushes.move(connection, push_id, ready, now)
    await fanouts.tell_the_database(connection)
    return True
