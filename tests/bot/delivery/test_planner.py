"""Who is due gets one row and one next time, whatever happened meanwhile."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.delivery.editor import Issue, Order
from bot.delivery.lease import Lease
from bot.delivery.planner import Planner, PlannerOptions, schedule_broadcast
from bot.domain.message import PushKind, PushState
from bot.domain.subscription import Audience, OfficeHours
from bot.errors import RefusedError
from bot.storage import broadcasts, fanouts, halts, pushes, readings, schema
from bot.storage.broadcasts import Plan
from bot.storage.pushes import Variant
from tests.office import MORNING, Office, adds_up, ready, running

EIGHT = datetime(2020, 7, 20, 0, 0, tzinfo=UTC)
DAY = timedelta(days=1)


class Pen:
    """An editor that writes down what it was asked; says nothing on the days it is told."""

    def __init__(self) -> None:
        self.asked: list[Order] = []
        self.silent: set[date] = set()
        self.parts = 1

    def issue(self, order: Order) -> Issue | None:
        self.asked.append(order)
        if order.on in self.silent:
            return None
        text = f"{order.on} {order.language} {','.join(order.topics)} {len(order.read)}"
        body = {"method": "sendMessage", "body": {"text": text}}
        key = f"{text} {sorted(order.muted)} {order.excerpt}"
        read = order.read | {f"k:{len(order.read) + 1}"}
        return Issue(Variant(key, [body] * self.parts, {"sections": ["k:1"]}), read)


class Room:
    def __init__(self, office: Office) -> None:
        self.office = office
        self.pen = Pen()
        self.lease = Lease(office.database, "sender:1")
        self.planner = Planner(
            office.database,
            self.lease,
            self.pen,  # type: ignore[arg-type]
            PlannerOptions(OfficeHours()),
        )

    async def due(self, *ids: int, at: datetime = EIGHT, **values: Any) -> None:
        await self.office.readers(*ids, due_at=at, due_on=at.date(), **values)

    async def chat(self, chat_id: int) -> Any:
        async with self.office.database.read() as connection:
            query = sa.select(schema.chats).where(schema.chats.c.id == chat_id)
            return (await connection.execute(query)).one()

    async def push(self, key: str = "2020-07-20") -> int:
        async with self.office.database.read() as connection:
            found = await pushes.find(connection, PushKind.DIGEST, key)
        assert found is not None
        return found

    async def outbox(self) -> list[tuple[int, str, str]]:
        async with self.office.database.read() as connection:
            columns = (schema.outbox.c.chat_id, schema.outbox.c.state, schema.outbox.c.reason)
            rows = await connection.execute(sa.select(*columns).order_by(*columns))
            return [tuple(row) for row in rows]


@pytest.fixture
def room(office: Office) -> Room:
    return Room(office)


async def test_a_due_chat_gets_one_row_and_its_next_time(room: Room) -> None:
    await room.due(1)
    assert await room.planner.tick(EIGHT) == 1
    assert await room.outbox() == [(1, "queued", "")]
    chat = await room.chat(1)
    assert (chat.due_at, chat.due_on, chat.served_on) == (
        EIGHT + DAY,
        date(2020, 7, 21),
        date(2020, 7, 20),
    )
    assert await room.planner.tick(EIGHT) == 0
    assert len(await room.outbox()) == 1


async def test_nobody_is_planned_before_their_time(room: Room) -> None:
    await room.due(1)
    assert await room.planner.tick(EIGHT - timedelta(seconds=1)) == 0
    assert await room.planner.next_due() == EIGHT


async def test_equal_wishes_are_composed_once(room: Room) -> None:
    await room.due(*range(1, 51))
    await room.due(*range(51, 101), topics="flood")
    await room.due(*range(101, 111), language="en")
    assert await room.planner.tick(EIGHT) == 110
    assert len(room.pen.asked) == 3
    async with room.office.database.read() as connection:
        variants = sa.select(sa.func.count()).select_from(schema.variants)
        assert await connection.scalar(variants) == 3
    await room.office.deliver(lease=room.lease)
    assert room.office.post.delivered[60] == ["2020-07-20 zh-Hans flood 0"]
    assert room.office.post.delivered[105] == ["2020-07-20 en  0"]


async def test_what_was_read_goes_on_from_day_to_day(room: Room) -> None:
    await room.due(1, 2)
    for number in range(3):
        await room.planner.tick(EIGHT + number * DAY)
    assert [len(order.read) for order in room.pen.asked] == [0, 1, 2]
    async with room.office.database.read() as connection:
        sets = await readings.sets(connection, [(await room.chat(1)).reading_id])
    assert sets[(await room.chat(1)).reading_id] == {"k:1", "k:2", "k:3"}
    assert (await room.chat(1)).reading_id == (await room.chat(2)).reading_id


async def test_a_day_with_nothing_to_say_moves_on_without_a_row(room: Room) -> None:
    room.pen.silent.add(date(2020, 7, 20))
    await room.due(1)
    assert await room.planner.tick(EIGHT) == 1
    assert await room.outbox() == []
    assert (await room.chat(1)).due_at == EIGHT + DAY


async def test_after_an_outage_what_is_still_in_time_comes(room: Room) -> None:
    await room.due(1)
    back = EIGHT + 5 * DAY + timedelta(hours=1)
    while await room.planner.tick(back):
        pass
    assert await room.outbox() == [(1, "queued", ""), (1, "skipped", "late")]
    assert (await room.chat(1)).due_at == EIGHT + 6 * DAY


async def test_after_an_outage_a_day_is_planned_once(room: Room) -> None:
    await room.due(1)
    assert await room.planner.tick(EIGHT + 5 * DAY + timedelta(hours=5)) == 1
    assert await room.outbox() == [(1, "skipped", "late")]
    chat = await room.chat(1)
    assert chat.due_at == EIGHT + 6 * DAY
    assert chat.reading_id == 0, "what was not sent is not read"


async def test_a_short_outage_only_delays(room: Room) -> None:
    await room.due(1)
    await room.planner.tick(EIGHT + timedelta(hours=3))
    assert await room.outbox() == [(1, "queued", "")]
    assert (await room.chat(1)).due_at == EIGHT + DAY


async def test_all_hours_of_a_day_are_one_push(room: Room) -> None:
    await room.due(1)
    await room.due(2, at=EIGHT + timedelta(hours=2), hour="10:00")
    await room.planner.tick(EIGHT)
    await room.office.deliver(lease=room.lease)
    push = await room.push()
    assert await room.office.state(push) == PushState.DONE
    room.office.now = EIGHT + timedelta(hours=2)
    await room.planner.tick(room.office.now)
    assert await room.push() == push
    assert await room.office.state(push) == PushState.RUNNING
    await room.office.deliver(lease=room.lease)
    sums = await room.office.sums(push)
    assert (sums["planned"], sums["sent"]) == (2, 2)
    assert await room.office.state(push) == PushState.DONE


async def test_zones_have_their_own_days(room: Room) -> None:
    late = datetime(2020, 7, 21, 3, 0, tzinfo=UTC)  # 20:00 on the 20th in Los Angeles
    await room.office.readers(
        1, zone="America/Los_Angeles", hour="20:00", due_at=late, due_on=date(2020, 7, 20)
    )
    await room.planner.tick(late)
    assert (await room.chat(1)).due_on == date(2020, 7, 21)
    assert await room.push("2020-07-20")


async def test_a_long_digest_has_its_parts_in_order(room: Room) -> None:
    room.pen.parts = 3
    await room.due(1, 2)
    await room.planner.tick(EIGHT)
    assert len(await room.outbox()) == 6


async def test_muted_tasks_and_days_reach_the_editor(room: Room) -> None:
    await room.due(1, muted="k:a,k:b", days="reminders")
    await room.planner.tick(EIGHT)
    (order,) = room.pen.asked
    assert order.muted == {"k:a", "k:b"}
    assert not order.excerpt


async def test_the_offices_own_people_are_told_apart(room: Room) -> None:
    await room.due(1, 2)
    async with room.office.database.write() as connection:
        await connection.execute(
            schema.admins.insert().values(user_id=2, role="viewer", granted_at=EIGHT)
        )
    await room.planner.tick(EIGHT)
    assert sorted(order.member for order in room.pen.asked) == [False, True]
    assert len(await room.outbox()) == 2


async def test_without_the_lease_nothing_is_planned(room: Room) -> None:
    other = Lease(room.office.database, "sender:1")
    assert await other.take()
    await room.due(1)
    assert await room.planner.tick(EIGHT) == 0
    await other.give_back()
    assert await room.planner.tick(EIGHT) == 1


async def test_the_emergency_stop_stops_planning_too(room: Room) -> None:
    await room.due(1)
    async with room.office.database.write() as connection:
        await halts.stop(connection, 1002, EIGHT)
    assert await room.planner.tick(EIGHT) == 0
    async with room.office.database.write() as connection:
        await halts.go_on(connection)
    assert await room.planner.tick(EIGHT) == 1


async def test_two_planners_at_once_plan_a_day_once(room: Room) -> None:
    await room.due(*range(1, 101))
    other = Room(room.office)
    other.planner._lease = room.lease
    assert await room.lease.take()
    await asyncio.gather(room.planner.tick(EIGHT), other.planner.tick(EIGHT))
    assert len(await room.outbox()) == 100
    assert (await room.chat(50)).due_at == EIGHT + DAY


async def test_many_batches_leave_nobody_out(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fanouts, "BATCH", 7)
    await room.due(*range(-20, 0), kind="group")
    await room.due(*range(1, 81))
    assert await room.planner.tick(EIGHT) == 100
    assert len({chat for chat, _state, _why in await room.outbox()}) == 100


# ---- broadcasts ----------------------------------------------------------------------------


async def _broadcast(office: Office, **plan: Any) -> int:
    content = {"text": "<b>hello</b>", "parts": [{"method": "sendMessage", "body": {"text": "x"}}]}
    async with office.database.write() as connection:
        values = {"send_at": office.now, **plan}
        return await broadcasts.add(connection, Plan(content, **values), now=office.now)


async def test_a_broadcast_is_planned_when_its_time_has_come(room: Room) -> None:
    office = room.office
    await office.readers(1, 2)
    await _broadcast(office, send_at=office.now + timedelta(minutes=5))
    await room.planner.tick(office.now)
    assert await room.outbox() == []
    office.now += timedelta(minutes=5)
    await room.planner.tick(office.now)
    await office.deliver(lease=room.lease)
    assert office.post.chats == [1, 2]
    async with office.database.read() as connection:
        (row,) = await broadcasts.latest(connection)
        (push,) = await pushes.latest(connection)
    assert row["state"] == "done"
    assert push["title"] == "hello"


async def test_planned_ahead_it_still_reaches_who_joins_before_its_time(room: Room) -> None:
    office = room.office
    await office.readers(1)
    number = await _broadcast(office, send_at=office.now + timedelta(hours=1))
    planned = await schedule_broadcast(office.database, number, office.now)
    assert planned.planned == 1
    assert await office.state(planned.id) == PushState.SCHEDULED
    await office.readers(2)
    office.now += timedelta(hours=1)
    await room.planner.tick(office.now)
    await office.deliver(lease=room.lease)
    assert office.post.chats == [1, 2]
    assert (await office.sums(planned.id))["planned"] == 2


async def test_it_is_planned_once_however_often_it_is_asked_for(room: Room) -> None:
    office = room.office
    await office.readers(1)
    number = await _broadcast(office)
    first = await schedule_broadcast(office.database, number, office.now)
    second = await schedule_broadcast(office.database, number, office.now)
    await room.planner.tick(office.now)
    assert first == second
    assert len(await room.outbox()) == 1


async def test_an_audience_is_asked_when_it_is_planned(room: Room) -> None:
    office = room.office
    await office.readers(1, topics="flood")
    await office.readers(2, topics="election")
    await office.readers(3)
    await office.readers(4, state="stopped")
    await _broadcast(office, audience=Audience(topics=("flood",)))
    await room.planner.tick(office.now)
    assert [chat for chat, _state, _why in await room.outbox()] == [1, 3]


async def test_a_broadcast_without_a_time_is_refused(room: Room) -> None:
    number = await _broadcast(room.office, send_at=None)
    with pytest.raises(RefusedError):
        await schedule_broadcast(room.office.database, number, MORNING)


async def test_a_fan_out_that_was_cut_off_goes_on_where_it_was(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fanouts, "BATCH", 10)
    office = room.office
    await office.readers(*range(1, 101))
    number = await _broadcast(office)
    task = asyncio.create_task(schedule_broadcast(office.database, number, office.now))
    while len(await room.outbox()) < 30:
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    await room.planner.tick(office.now)
    assert len(await room.outbox()) == 100
    await office.deliver(lease=room.lease)
    assert office.post.chats == list(range(1, 101))


async def test_sending_does_not_wait_for_planning_to_end(room: Room) -> None:
    await room.due(*range(1, 21))
    async with running(room.office.sender(lease=room.lease)) as sender:
        await ready(lambda: sender.is_sending)
        await room.planner.tick(EIGHT)
        room.office.now = EIGHT
        sender.wake()
        await ready(lambda: len(room.office.post.chats) == 20)


async def test_old_rows_become_sums_and_go(room: Room) -> None:
    office = room.office
    await office.readers(*range(1, 11))
    number = await _broadcast(office)
    push = (await schedule_broadcast(office.database, number, office.now)).id
    await office.deliver(lease=room.lease)
    before = await office.sums(push)
    await room.planner.tick(office.now + 89 * DAY)
    assert len(await room.outbox()) == 10
    await room.planner.tick(office.now + 91 * DAY)
    assert await room.outbox() == []
    assert await office.sums(push) == before
    assert adds_up(before)


async def test_what_nobody_has_read_up_to_any_more_is_forgotten(room: Room) -> None:
    await room.due(1)
    for day in range(5):
        await room.planner.tick(EIGHT + day * DAY)
    async with room.office.database.write() as connection:
        await connection.execute(
            schema.pushes.update().values(state=PushState.DONE, ended_at=EIGHT)
        )
    await room.planner.tick(EIGHT + 200 * DAY)
    async with room.office.database.read() as connection:
        kept = list(await connection.scalars(sa.select(schema.readings.c.id)))
    assert kept == [(await room.chat(1)).reading_id]


async def test_the_rows_of_a_cancelled_push_are_closed(room: Room) -> None:
    office = room.office
    await office.readers(*range(1, 11))
    number = await _broadcast(office)
    push = (await schedule_broadcast(office.database, number, office.now)).id
    async with office.database.write() as connection:
        await pushes.move(connection, push, PushState.CANCELLED, office.now)
    await room.planner.tick(office.now)
    assert {(state, why) for _chat, state, why in await room.outbox()} == {("skipped", "cancelled")}


class EmptyHanded(Lease):
    """A sender looks at the day's push before its rows are written, and thinks it done."""

    looked = False

    async def confirm(self, connection: Any) -> None:
        await super().confirm(connection)
        if self.looked:
            return
        self.looked = True
        for push in await pushes.in_states(connection, PushState.RUNNING):
            await pushes.move(connection, push["id"], PushState.DONE, EIGHT)


async def test_a_day_that_seemed_done_before_its_rows_were_there_goes_on(office: Office) -> None:
    room = Room(office)
    room.planner = Planner(
        office.database,
        EmptyHanded(office.database, "sender:1"),
        room.pen,  # type: ignore[arg-type]
        PlannerOptions(OfficeHours()),
    )
    await room.due(1)
    assert await room.planner.tick(EIGHT) == 1
    async with office.database.read() as connection:
        push = await pushes.get(connection, await room.push())
    assert push is not None
    assert push["state"] == PushState.RUNNING


async def test_rows_of_a_push_that_ended_too_early_are_found_and_sent(room: Room) -> None:
    office = room.office
    await office.readers(1, 2)
    number = await _broadcast(office)
    push = (await schedule_broadcast(office.database, number, office.now)).id
    async with office.database.write() as connection:
        await pushes.move(connection, push, PushState.DONE, office.now)
    await room.planner.tick(office.now)
    await office.deliver(lease=room.lease)
    assert office.post.chats == [1, 2]
