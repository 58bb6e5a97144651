"""What becomes of every message, whatever Telegram answers."""

import asyncio
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.delivery.lease import Lease
from bot.delivery.limiter import Limiter, Rates
from bot.delivery.sender import EQUAL_REFUSALS, Options
from bot.domain.message import Lane, OnUnknown, PushState
from bot.domain.subscription import Audience, OfficeHours
from bot.errors import (
    BadContent,
    ChatGone,
    ChatMoved,
    RetryLater,
    StorageError,
    TokenRefused,
    TopicGone,
    Undecided,
)
from bot.storage import broadcasts, chats, halts, outbox, pauses, pushes, schema
from bot.storage.database import Database
from tests.office import HOUR, Office, adds_up, ready, running


async def test_everybody_gets_it_once_and_the_push_is_done(office: Office) -> None:
    await office.readers(*range(1, 101))
    push = await office.broadcast("hello")
    await office.deliver()
    assert office.post.chats == list(range(1, 101))
    assert all(texts == ["hello"] for texts in office.post.delivered.values())
    sums = await office.sums(push)
    assert (sums["planned"], sums["sent"], sums["waiting"]) == (100, 100, 0)
    assert await office.state(push) == PushState.DONE
    async with office.database.read() as connection:
        row = (await broadcasts.latest(connection))[0]
    assert row["state"] == "done"


async def test_parts_come_in_order(office: Office) -> None:
    await office.readers(1, 2, 3)
    await office.broadcast("one", "two", "three")
    await office.deliver()
    assert dict(office.post.delivered) == {i: ["one", "two", "three"] for i in (1, 2, 3)}


async def test_after_a_failed_part_the_rest_does_not_come_alone(office: Office) -> None:
    await office.readers(1)
    push = await office.broadcast("one", "two", "three")
    office.post.answer(1, BadContent("refused", "Bad Request: too strange"))
    await office.deliver()
    assert office.post.delivered[1] == []
    sums = await office.sums(push)
    assert sums["reasons"] == {"refused": 1, "earlier_part": 2}
    assert adds_up(sums)


async def test_it_goes_on_at_the_part_that_failed(office: Office) -> None:
    await office.readers(1)
    await office.broadcast("one", "two", "three")
    office.post.answer(1, None, RetryLater("restarting"))
    await office.deliver()
    assert office.post.delivered[1] == ["one"]
    office.now += timedelta(seconds=10)
    await office.deliver()
    assert office.post.delivered[1] == ["one", "two", "three"]


async def test_after_an_unknown_part_the_next_ones_still_come(office: Office) -> None:
    await office.readers(1)
    push = await office.broadcast("one", "two")
    office.post.answer(1, Undecided("no_answer"))
    await office.deliver()
    assert office.post.delivered[1] == ["two"]
    assert (await office.sums(push))["reasons"] == {"no_answer": 1}


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"state": "stopped"}, "unsubscribed"),
        ({"state": "suspended"}, "suspended"),
        ({"paused_until": (2020, 7, 21)}, "paused"),
        ({"topics": "flood"}, "topic_off"),
    ],
)
async def test_wishes_are_asked_again_just_before_sending(
    office: Office, values: dict[str, object], reason: str
) -> None:
    from datetime import date

    await office.readers(1, 2)
    push = await office.broadcast("hello", audience=Audience(topics=("election",)))
    changes = {k: date(*v) if isinstance(v, tuple) else v for k, v in values.items()}
    await office.change(1, **changes)
    await office.deliver()
    assert office.post.chats == [2]
    assert (await office.sums(push))["reasons"] == {reason: 1}


async def test_a_pause_is_over_on_its_day_and_does_not_hold_back_what_is_urgent(
    office: Office,
) -> None:
    from datetime import date

    await office.readers(1, paused_until=date(2020, 7, 21))
    await office.broadcast("bulk")
    await office.broadcast("urgent", lane=Lane.URGENT)
    await office.deliver()
    assert office.post.delivered[1] == ["urgent"]


async def test_a_forgotten_chat_gets_nothing(office: Office) -> None:
    await office.readers(1)
    push = await office.broadcast()
    async with office.database.write() as connection:
        await connection.execute(schema.chats.delete())
    await office.deliver()
    assert (await office.sums(push))["reasons"] == {"forgotten": 1}


async def test_a_message_that_is_too_late_is_skipped_and_counted(office: Office) -> None:
    await office.readers(1, 2, 3)
    push = await office.broadcast("hello", not_after=HOUR)
    office.now += timedelta(hours=2)
    await office.deliver()
    assert office.post.delivered == {}
    sums = await office.sums(push)
    assert (sums["skipped"], sums["reasons"]) == (3, {"late": 3})


async def test_nothing_leaves_before_its_time(office: Office) -> None:
    await office.readers(1)
    push = await office.broadcast("hello", send_at=office.now + HOUR)
    await office.deliver()
    assert office.post.delivered == {}
    assert await office.state(push) == PushState.SCHEDULED


async def test_a_blocked_chat_is_suspended_and_its_choices_are_kept(office: Office) -> None:
    await office.readers(1, 2, topics="flood", hour="07:30")
    push = await office.broadcast()
    office.post.answer(1, ChatGone("blocked", "Forbidden: bot was blocked by the user"))
    await office.deliver()
    async with office.database.read() as connection:
        chat = await chats.get(connection, 1)
    assert chat is not None
    assert (chat["state"], chat["reason"], chat["due_at"]) == ("suspended", "blocked", None)
    assert (chat["topics"], chat["hour"]) == ("flood", "07:30")
    assert (await office.sums(push))["reasons"] == {"blocked": 1}


async def test_a_migrated_group_is_followed_everywhere(office: Office) -> None:
    await office.readers(-5, kind="group", topics="flood")
    await office.readers(1)
    first = await office.broadcast("first", audience=Audience(only=(-5,)))
    await office.deliver()
    second, third = await office.broadcast("second"), await office.broadcast("third")
    office.post.answer(-5, ChatMoved(-1005), ChatMoved(-1005))
    await office.deliver()
    assert sorted(office.post.delivered[-1005]) == ["second", "third"]
    async with office.database.read() as connection:
        chat = await chats.get(connection, -1005)
        assert await chats.get(connection, -5) is None
    assert chat is not None
    assert (chat["kind"], chat["topics"]) == ("supergroup", "flood")
    assert len(await office.rows(-1005)) == 3
    assert await office.rows(-5) == []
    for push in (first, second, third):
        assert adds_up(await office.sums(push))


async def test_a_migrated_group_that_is_known_under_its_new_id_already_gets_it_once(
    office: Office,
) -> None:
    await office.readers(-5, kind="group", hour="06:00")
    await office.readers(-1005, kind="supergroup")
    push = await office.broadcast("hello")
    office.post.answer(-5, ChatMoved(-1005))
    await office.deliver()
    assert office.post.delivered[-1005] == ["hello"]
    sums = await office.sums(push)
    assert adds_up(sums)
    assert sums["planned"] == 2


async def test_a_bad_message_stops_its_push_after_a_few_equal_refusals(office: Office) -> None:
    await office.readers(*range(1, 1001))
    push = await office.broadcast("<b>")
    why = "Bad Request: can't parse entities: Unclosed start tag"
    office.post.answer(None, *[BadContent("refused", why) for _ in range(1000)])
    office.rates = Rates(per_second=100, per_chat_burst=9)
    office.post.latency_s = 0.01
    await office.deliver()
    assert await office.state(push) == PushState.STOPPED
    sums = await office.sums(push)
    assert EQUAL_REFUSALS <= sums["failed"] < 50
    assert sums["waiting"] == 1000 - sums["failed"]
    assert [(one.push_id, one.why) for one in office.stopped] == [(push, why)]


async def test_one_odd_chat_does_not_stop_a_push(office: Office) -> None:
    await office.readers(*range(1, 51))
    push = await office.broadcast()
    office.post.answer(7, BadContent("refused", "Bad Request: something about this chat"))
    await office.deliver()
    assert await office.state(push) == PushState.DONE
    assert (await office.sums(push))["sent"] == 49


async def test_what_certainly_did_not_arrive_is_tried_again(office: Office) -> None:
    await office.readers(1, 2)
    push = await office.broadcast()
    office.post.answer(1, RetryLater("too_many_requests", after=3), RetryLater("restarting"))
    await office.deliver()
    assert office.post.chats == [2]
    for _ in range(3):
        office.now += timedelta(seconds=10)
        await office.deliver(limiter=Limiter(office.rates))
        async with office.database.write() as connection:
            await connection.execute(schema.pauses.delete())
    assert office.post.delivered[1] == ["hello"]
    assert (await office.sums(push))["sent"] == 2


async def test_what_may_have_arrived_is_left_alone(office: Office) -> None:
    await office.readers(1)
    push = await office.broadcast(on_unknown=OnUnknown.LEAVE)
    office.post.answer(1, Undecided("no_answer"))
    await office.deliver()
    office.now += HOUR
    await office.deliver()
    assert office.post.order == [1]
    sums = await office.sums(push)
    assert (sums["unknown"], sums["reasons"]) == (1, {"no_answer": 1})
    assert await office.state(push) == PushState.DONE


async def test_what_may_have_arrived_is_sent_again_where_the_push_says_so(
    office: Office,
) -> None:
    await office.readers(1)
    push = await office.broadcast(on_unknown=OnUnknown.RESEND)
    office.post.answer(1, Undecided("no_answer"))
    await office.deliver()
    office.now += HOUR
    await office.deliver()
    assert office.post.delivered[1] == ["hello"]
    assert (await office.sums(push))["sent"] == 1


async def test_a_refused_token_stops_everything_and_loses_nothing(office: Office) -> None:
    await office.readers(*range(1, 101))
    push = await office.broadcast()
    office.post.latency_s = 0.01
    office.post.answer(None, *[TokenRefused("token_refused", "Unauthorized")] * 100)
    sender = office.sender()
    with pytest.raises(TokenRefused):
        await sender.run()
    sums = await office.sums(push)
    assert (sums["waiting"], sums["planned"]) == (100, 100)


async def test_a_pause_after_a_429_outlives_a_restart(office: Office) -> None:
    await office.readers(1)
    await office.broadcast()
    office.post.answer(1, RetryLater("too_many_requests", after=500))
    await office.deliver()
    async with office.database.read() as connection:
        kept = dict(await pauses.load(connection))
    assert 400 < kept[1] <= 500
    limiter = Limiter(office.rates)
    office.now += HOUR
    await office.deliver(limiter=limiter)
    assert limiter.delay(1) > 400
    assert office.post.order == [1]


async def test_urgent_goes_before_a_digest_and_a_digest_before_bulk(office: Office) -> None:
    await office.readers(*range(1, 31))
    await office.broadcast("bulk")
    await office.broadcast("digest", lane=Lane.DIGEST)
    await office.broadcast("urgent", lane=Lane.URGENT)
    office.rates = Rates(per_second=400, per_chat_per_second=1000, per_chat_burst=100)
    await office.deliver()
    texts = [body["text"] for body in office.post.bodies]
    assert texts[:20] == ["urgent"] * 20
    assert texts[-20:] == ["bulk"] * 20


async def test_pushes_of_one_lane_share_the_way(office: Office) -> None:
    await office.readers(*range(1, 201))
    await office.broadcast("big")
    await office.broadcast("small", audience=Audience(only=tuple(range(1, 11))))
    office.rates = Rates(per_second=500, per_chat_per_second=1000, per_chat_burst=100)
    await office.deliver()
    texts = [body["text"] for body in office.post.bodies]
    last = max(i for i, text in enumerate(texts) if text == "small")
    assert last < 60


async def test_it_is_not_always_the_same_chats_that_come_last(office: Office) -> None:
    await office.readers(*range(1, 101))
    firsts = set()
    for _ in range(5):
        office.post.order.clear()
        await office.broadcast()
        await office.deliver()
        firsts.add(office.post.order[0] // 10)
    assert len(firsts) == 5


async def test_a_paused_push_is_silent_and_goes_on_where_it_was(office: Office) -> None:
    await office.readers(*range(1, 301))
    push = await office.broadcast()
    office.rates = Rates(per_second=200, per_chat_burst=9)
    async with running(office.sender()):
        await ready(lambda: len(office.post.order) > 10)
        async with office.database.write() as connection:
            await pushes.move(connection, push, PushState.PAUSED, office.now)
        await ready_quiet(office)
        seen = len(office.post.order)
        assert seen < 100
        await asyncio.sleep(0.3)
        assert len(office.post.order) == seen
    async with office.database.write() as connection:
        await pushes.move(connection, push, PushState.RUNNING, office.now)
    from bot.delivery.planner import fan_out

    await fan_out(office.database, push, office.now)
    office.rates = Rates(per_second=9000, per_chat_burst=9)
    await office.deliver()
    assert sorted(office.post.order) == list(range(1, 301))


async def ready_quiet(office: Office) -> None:
    """Until nothing has left for a while."""
    while True:
        seen = len(office.post.order)
        await asyncio.sleep(0.3)
        if len(office.post.order) == seen:
            return


async def test_a_cancelled_push_counts_the_rest_as_skipped(office: Office) -> None:
    await office.readers(*range(1, 11))
    push = await office.broadcast()
    async with office.database.write() as connection:
        await pushes.move(connection, push, PushState.CANCELLED, office.now)
    await office.deliver()
    assert office.post.order == []
    assert (await office.sums(push))["reasons"] == {"cancelled": 10}
    async with office.database.write() as connection:
        assert await pushes.clear_cancelled(connection, push, office.now) == 10
    assert (await office.sums(push))["reasons"] == {"cancelled": 10}


async def test_the_emergency_stop_silences_everything(office: Office) -> None:
    await office.readers(1)
    push = await office.broadcast()
    async with office.database.write() as connection:
        await halts.stop(connection, 1002, office.now)
    await office.deliver()
    assert office.post.order == []
    async with office.database.write() as connection:
        await halts.go_on(connection)
    await office.deliver()
    assert (await office.sums(push))["sent"] == 1


async def test_the_night_is_quiet_but_for_what_is_urgent(office: Office) -> None:
    await office.readers(1)
    office.now = office.now + timedelta(hours=13)  # 22:00
    await office.broadcast("bulk", not_after=timedelta(hours=20))
    await office.broadcast("urgent", lane=Lane.URGENT)
    options = Options(OfficeHours())
    await office.deliver(options=options)
    assert office.post.delivered[1] == ["urgent"]
    office.now += timedelta(hours=9)  # 7:00
    await office.deliver(options=options)
    assert office.post.delivered[1] == ["urgent", "bulk"]


async def test_each_chat_sleeps_in_its_own_zone(office: Office) -> None:
    await office.readers(1)
    await office.readers(2, zone="Europe/Berlin")  # 3:00 there
    await office.broadcast("hello", not_after=timedelta(hours=20))
    options = Options(OfficeHours())
    await office.deliver(options=options)
    assert office.post.chats == [1]
    office.now += timedelta(hours=4)
    await office.deliver(options=options)
    assert office.post.chats == [1, 2]


async def test_a_forum_gets_it_in_its_topic(office: Office) -> None:
    await office.readers(-5, kind="supergroup", thread_id=77)
    await office.readers(1)
    await office.broadcast("hello")
    await office.deliver()
    assert {body["chat_id"]: body.get("message_thread_id") for body in office.post.bodies} == {
        -5: 77,
        1: None,
    }


async def test_when_the_topic_is_gone_it_goes_into_the_general_one(office: Office) -> None:
    await office.readers(-5, kind="supergroup", thread_id=77)
    push = await office.broadcast("hello")
    office.post.answer(-5, TopicGone("topic_gone"))
    await office.deliver()
    assert [body.get("message_thread_id") for body in office.post.bodies] == [None]
    assert (await office.sums(push))["sent"] == 1


async def test_a_forum_closed_everywhere_is_left_alone(office: Office) -> None:
    await office.readers(-5, kind="supergroup", thread_id=77)
    push = await office.broadcast("hello")
    office.post.answer(-5, TopicGone("topic_gone"), TopicGone("topic_gone"))
    await office.deliver()
    assert (await office.sums(push))["reasons"] == {"no_rights": 1}


async def test_paying_for_speed_is_said_only_when_it_is_switched_on(office: Office) -> None:
    await office.readers(1)
    await office.broadcast()
    await office.deliver()
    await office.broadcast()
    await office.deliver(options=Options(office=OfficeHours(quiet=None), paid=True))
    assert [body.get("allow_paid_broadcast") for body in office.post.bodies] == [None, True]


async def test_what_was_left_under_way_is_unknown_after_a_crash(office: Office) -> None:
    await office.readers(1, 2)
    leave = await office.broadcast("leave", audience=Audience(only=(1,)))
    again = await office.broadcast(
        "again", audience=Audience(only=(2,)), on_unknown=OnUnknown.RESEND
    )
    await _crash(office)
    await office.deliver()
    assert office.post.chats == [2]
    assert (await office.sums(leave))["reasons"] == {"holder_died": 1}
    assert (await office.sums(again))["sent"] == 1


async def _crash(office: Office) -> None:
    """A holder claimed everything and was never heard of again."""
    from bot.storage import leases

    async with office.database.write() as connection:
        epoch = await leases.take(connection, "sender:1", "dead", 0.0)
        assert epoch is not None
        await connection.execute(
            schema.outbox.update().values(state="sending", epoch=epoch, attempts=1)
        )


async def test_a_result_that_comes_late_is_accepted_from_its_own_term_only(
    office: Office,
) -> None:
    from bot.domain.message import MessageState

    await office.readers(1)
    push = await office.broadcast()
    await _crash(office)
    sent = outbox.Result(push, 1, 0, MessageState.SENT, message_id=9)
    async with office.database.write() as connection:
        await outbox.recover(connection, 2, office.now)
        await outbox.settle(connection, [sent], 7, office.now)
    assert await office.rows(1) == [(0, "unknown", "holder_died")]
    async with office.database.write() as connection:
        await outbox.settle(connection, [sent], 1, office.now)
    assert await office.rows(1) == [(0, "sent", "")]


async def test_stopping_lets_what_is_out_come_back(office: Office) -> None:
    await office.readers(*range(1, 51))
    push = await office.broadcast()
    office.post.hold = asyncio.Event()
    sender = office.sender()
    task = asyncio.create_task(sender.run())
    await ready(lambda: len(office.post.order) >= 10)
    await sender.stop()
    await asyncio.sleep(0.05)
    assert not task.done()
    office.post.hold.set()
    await task
    sums = await office.sums(push)
    assert sums["sent"] == len(office.post.bodies)
    assert sums["unknown"] == 0
    assert adds_up(sums)


async def test_a_database_that_is_gone_pauses_sending_and_loses_nothing(
    office: Office,
) -> None:
    await office.readers(*range(1, 201))
    push = await office.broadcast()
    office.rates = Rates(per_second=400, per_chat_burst=9)
    real = office.database.transact
    gone = False

    async def transact(work: object, *, first: bool = False) -> object:
        if gone:
            raise StorageError("the disk is full")
        return await real(work, first=first)  # type: ignore[arg-type]

    office.database.transact = transact  # type: ignore[method-assign, assignment]
    async with running(office.sender()) as sender:
        await ready(lambda: len(office.post.order) > 20)
        gone = True
        await asyncio.sleep(0.5)
        gone = False
        await ready(lambda: len(office.post.order) >= 200)
        assert await sender.drained()
    sums = await office.sums(push)
    assert (sums["sent"], sums["unknown"]) == (200, 0)
    assert sorted(office.post.order) == list(range(1, 201))


async def test_only_the_holder_of_the_lease_sends(office: Office) -> None:
    await office.readers(*range(1, 31))
    await office.broadcast()
    async with running(office.sender()) as first, running(office.sender()) as second:
        await ready(lambda: first.is_sending or second.is_sending)
        await ready(lambda: len(office.post.order) == 30)
        await asyncio.sleep(0.1)
        assert first.is_sending != second.is_sending
    assert sorted(office.post.order) == list(range(1, 31))


async def test_what_a_chat_got_can_be_looked_up(office: Office) -> None:
    await office.readers(1)
    await office.broadcast("first")
    await office.broadcast("second")
    await office.deliver()
    async with office.database.read() as connection:
        found = await outbox.received(connection, 1)
    assert [(row["title"], row["state"]) for row in found] == [
        ("second", "sent"),
        ("first", "sent"),
    ]
    assert all(row["message_id"] for row in found)


async def test_rows_of_an_old_push_become_sums(office: Office, database: Database) -> None:
    await office.readers(*range(1, 21))
    push = await office.broadcast()
    office.post.answer(3, ChatGone("blocked"))
    await office.deliver()
    before = await office.sums(push)
    async with database.write() as connection:
        assert await pushes.to_fold(connection, office.now) == []
        assert await pushes.to_fold(connection, office.now + HOUR) == [push]
        await pushes.keep_sums(connection, push)
        assert await pushes.drop_rows(connection, push) == 20
        assert await pushes.drop_rows(connection, push) == 0
        left = await connection.scalar(sa.select(sa.func.count()).select_from(schema.outbox))
    assert left == 0
    assert await office.sums(push) == before


async def test_the_time_left_follows_the_measured_rate(office: Office, database: Database) -> None:
    await office.readers(*range(1, 101))
    push = await office.broadcast()
    async with database.write() as connection:
        assert await pushes.time_left(connection, push, office.now, 50) == timedelta(seconds=2)
        await connection.execute(
            schema.outbox.update()
            .where(schema.outbox.c.chat_id <= 20)
            .values(state="sent", changed_at=office.now)
        )
        later = office.now + timedelta(seconds=10)
        assert await pushes.time_left(connection, push, later, 50) == timedelta(seconds=40)
    await office.deliver()
    async with database.read() as connection:
        assert await pushes.time_left(connection, push, later, 50) is None


class Lapsing(Lease):
    """A lease that a starved process finds over for a while."""

    lapsed = False

    def holds(self) -> bool:
        return not self.lapsed and super().holds()


async def test_a_step_of_the_clock_waits_for_what_is_under_way_though_the_lease_has_lapsed(
    office: Office,
) -> None:
    await office.readers(1)
    push = await office.broadcast("hello")
    office.post.hold = asyncio.Event()
    lease = Lapsing(office.database, "sender:1")
    async with running(office.sender(lease=lease)) as sender:
        await ready(lambda: sender.in_flight == 1)
        lease.lapsed = True
        drained = asyncio.create_task(sender.drained())
        await asyncio.sleep(0.1)
        assert not drained.done()
        lease.lapsed = False
        office.post.hold.set()
        assert await drained
        assert (await office.sums(push))["sent"] == 1
