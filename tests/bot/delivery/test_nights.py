"""What waits through a reader's night arrives as one message, and every push's books still add up."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.delivery.sender import Options
from bot.domain.bundle import BETWEEN
from bot.domain.message import Lane, OnUnknown, PushState
from bot.domain.subscription import Audience, OfficeHours
from bot.errors import BadContent, ChatGone, RetryLater, Undecided
from bot.storage import outbox, pushes, schema
from tests.bot.delivery.test_planner import Room
from tests.office import HOUR, Office, adds_up

NIGHTLY = Options(OfficeHours())
LONG = timedelta(hours=30)


async def at_night(office: Office, *texts: str, **plan: Any) -> list[int]:
    """One broadcast per text, an hour apart, from 21:30 on."""
    office.now += timedelta(hours=12, minutes=30)
    found = []
    for text in texts:
        found.append(await office.broadcast(text, not_after=LONG, **plan))
        await office.deliver(options=NIGHTLY)
        office.now += HOUR
    assert office.post.delivered == {}
    return found


async def to_morning(office: Office) -> None:
    """7:00 in the office."""
    office.now = (office.now + timedelta(days=1)).replace(hour=23, minute=0) - timedelta(
        days=office.now.hour < 23
    )
    await office.deliver(options=NIGHTLY)


async def settled(office: Office, push: int) -> dict[str, Any]:
    sums = await office.sums(push)
    assert adds_up(sums)
    return sums


async def test_three_broadcasts_of_a_night_come_as_one_message(office: Office) -> None:
    await office.readers(1, 2)
    found = await at_night(office, "one", "two", "three")
    await to_morning(office)
    words = BETWEEN.join(("one", "two", "three"))
    assert dict(office.post.delivered) == {1: [words], 2: [words]}
    for push in found:
        assert (await settled(office, push))["sent"] == 2
        assert await office.state(push) == PushState.DONE


async def test_what_comes_by_day_comes_by_itself(office: Office) -> None:
    await office.readers(1)
    await at_night(office, "night")
    await to_morning(office)
    office.now += HOUR
    await office.broadcast("a")
    await office.broadcast("b")
    await office.deliver(options=NIGHTLY)
    assert sorted(office.post.delivered[1]) == ["a", "b", "night"]


@pytest.mark.parametrize(
    ("move", "sums"),
    [(PushState.CANCELLED, {"skipped": 1}), (PushState.PAUSED, {"waiting": 1})],
)
async def test_who_is_cancelled_or_paused_before_the_morning_is_not_in_it(
    office: Office, move: PushState, sums: dict[str, int]
) -> None:
    await office.readers(1)
    first, second, third = await at_night(office, "one", "two", "three")
    async with office.database.write() as connection:
        await pushes.move(connection, second, move, office.now)
    await to_morning(office)
    assert office.post.delivered[1] == [BETWEEN.join(("one", "three"))]
    assert (await settled(office, second)).items() >= {"sent": 0, **sums}.items()
    for push in (first, third):
        assert (await settled(office, push))["sent"] == 1


async def test_a_photo_stays_a_message_of_its_own(office: Office) -> None:
    await office.readers(1)
    await at_night(office, "one")
    photo = {"method": "sendPhoto", "body": {"photo": "p", "caption": "c"}}
    await office.broadcast(parts=[photo], not_after=LONG)
    await office.broadcast("two", not_after=LONG)
    await to_morning(office)
    assert sorted(office.post.delivered[1]) == ["", BETWEEN.join(("one", "two"))]
    assert {body["method"] for body in office.post.bodies} == {"sendMessage", "sendPhoto"}


async def test_what_is_too_much_for_one_message_is_cut_between_two(office: Office) -> None:
    await office.readers(1)
    texts = ("一" * 2000, "二" * 2000, "三" * 2000, "四")
    found = await at_night(office, *texts)
    await to_morning(office)
    assert office.post.delivered[1] == [
        BETWEEN.join(texts[:2]),
        BETWEEN.join(texts[2:]),
    ]
    for push in found:
        assert (await settled(office, push))["sent"] == 1


async def test_a_bundle_that_is_refused_comes_apart_and_only_the_bad_one_fails(
    office: Office,
) -> None:
    await office.readers(1)
    found = await at_night(office, "good", "bad")
    office.post.answer(1, BadContent("refused", "no"), None, BadContent("refused", "no"))
    await to_morning(office)
    office.now += timedelta(seconds=1)
    await office.deliver(options=NIGHTLY)
    assert len(office.post.delivered[1]) == 1
    sums = [await settled(office, push) for push in found]
    assert sorted((one["sent"], one["failed"]) for one in sums) == [(0, 1), (1, 0)]


async def test_a_bundle_put_off_stays_together(office: Office) -> None:
    await office.readers(1)
    await at_night(office, "one", "two")
    office.post.answer(1, RetryLater("restarting", after=5))
    await to_morning(office)
    assert office.post.delivered == {}
    office.now += timedelta(seconds=20)
    await office.deliver(options=NIGHTLY)
    assert office.post.delivered[1] == [BETWEEN.join(("one", "two"))]


async def test_a_lost_answer_is_unknown_for_each_unless_its_push_says_resend(
    office: Office,
) -> None:
    await office.readers(1)
    (leave,) = await at_night(office, "leave")
    again = await office.broadcast("again", not_after=LONG, on_unknown=OnUnknown.RESEND)
    office.post.answer(1, Undecided("no_answer"))
    await to_morning(office)
    assert (await settled(office, leave))["unknown"] == 1
    office.now += timedelta(minutes=1)
    await office.deliver(options=NIGHTLY)
    assert office.post.delivered[1] == ["again"]
    assert (await settled(office, again))["sent"] == 1


async def test_who_has_gone_fails_in_every_push_of_the_night(office: Office) -> None:
    await office.readers(1)
    found = await at_night(office, "one", "two")
    office.post.answer(1, ChatGone("blocked"))
    await to_morning(office)
    for push in found:
        assert (await settled(office, push))["reasons"] == {"blocked": 1}


async def test_what_the_reader_does_not_want_is_left_out_of_the_bundle(office: Office) -> None:
    await office.readers(1)
    (one,) = await at_night(office, "one")
    flood = await office.broadcast("flood", not_after=LONG, audience=Audience(topics=("flood",)))
    await office.change(1, topics="election")
    await to_morning(office)
    assert office.post.delivered[1] == ["one"]
    assert (await settled(office, flood))["reasons"] == {"topic_off": 1}
    assert (await settled(office, one))["sent"] == 1


async def test_one_message_of_the_night_stays_as_it_was_approved(office: Office) -> None:
    await office.readers(1)
    await at_night(office, "1 < 2")
    await to_morning(office)
    assert office.post.bodies[0] == {"method": "sendMessage", "chat_id": 1, "text": "1 < 2"}


async def test_formatting_and_buttons_are_kept(office: Office) -> None:
    await office.readers(1)
    office.now += timedelta(hours=13)
    rows = [[{"text": "已阅", "callback_data": "k:1"}]]
    for text in ("<b>一</b>", "<i>二</i>"):
        body = {"text": text, "parse_mode": "HTML", "reply_markup": {"inline_keyboard": rows}}
        parts = [{"method": "sendMessage", "body": body}]
        await office.broadcast(parts=parts, not_after=LONG)
    await to_morning(office)
    (body,) = office.post.bodies
    assert body["text"] == BETWEEN.join(("<b>一</b>", "<i>二</i>"))
    assert body["reply_markup"] == {"inline_keyboard": rows * 2}


async def test_each_reader_wakes_in_their_own_zone(office: Office) -> None:
    await office.readers(1)
    await office.readers(2, zone="Europe/Berlin")  # 15:30 there when it is 21:30 here
    office.now += timedelta(hours=12, minutes=30)
    await office.broadcast("one", not_after=LONG)
    await office.deliver(options=NIGHTLY)
    assert dict(office.post.delivered) == {2: ["one"]}  # awake: it does not wait for the office
    office.now += timedelta(hours=6)  # 3:30 here, 21:30 there
    await office.broadcast("two", not_after=LONG)
    await office.broadcast("three", not_after=LONG)
    await to_morning(office)
    assert office.post.delivered[1] == [BETWEEN.join(("one", "two", "three"))]
    assert office.post.delivered[2] == ["one"]
    office.now += timedelta(hours=6)  # 7:00 in Berlin
    await office.deliver(options=NIGHTLY)
    assert office.post.delivered[2] == ["one", BETWEEN.join(("two", "three"))]


async def test_the_urgent_waits_for_no_morning(office: Office) -> None:
    await office.readers(1)
    (patient,) = await at_night(office, "patient")
    await office.broadcast("urgent", lane=Lane.URGENT)
    await office.deliver(options=NIGHTLY)
    assert office.post.delivered[1] == ["urgent"]
    await to_morning(office)
    assert office.post.delivered[1] == ["urgent", "patient"]
    assert (await settled(office, patient))["sent"] == 1


async def test_a_digest_due_when_the_night_ends_is_in_the_same_message(office: Office) -> None:
    await office.readers(1, hour="06:00")
    (push,) = await at_night(office, "word")
    planner = Room(office).planner
    async with office.database.write() as connection:
        seven = office.now.replace(hour=23, minute=0)
        await connection.execute(
            schema.chats.update().values(due_at=seven, due_on=(seven + HOUR).date())
        )
    office.now = seven
    await office.deliver(options=NIGHTLY)
    assert office.post.delivered == {}  # the planner has not been here yet
    await planner.tick(office.now)
    await office.deliver(options=NIGHTLY)
    (text,) = office.post.delivered[1]
    assert text.startswith("word" + BETWEEN)
    assert len(text) > len("word" + BETWEEN)
    async with office.database.read() as connection:
        rows = (await connection.execute(sa.select(schema.outbox))).mappings().all()
    assert {row["state"] for row in rows} == {"sent"}
    assert len({row["message_id"] for row in rows}) == 1
    assert (await settled(office, push))["sent"] == 1


async def test_a_planner_that_does_not_come_holds_the_morning_up_for_a_minute_at_most(
    office: Office,
) -> None:
    await office.readers(1)
    await at_night(office, "word")
    seven = office.now.replace(hour=23, minute=0)
    await office.change(1, due_at=seven, due_on=seven.date())
    office.now = seven + timedelta(minutes=1)
    await office.deliver(options=NIGHTLY)
    assert office.post.delivered[1] == ["word"]


async def test_after_a_crash_every_row_of_a_bundle_is_unknown(office: Office) -> None:
    await office.readers(1)
    found = await at_night(office, "one", "two")
    async with office.database.write() as connection:
        await connection.execute(
            schema.outbox.update().values(state="sending", epoch=0, changed_at=office.now)
        )
        await connection.execute(schema.leases.update().values(epoch=5))
        assert await outbox.recover(connection, 5, office.now) == {"resend": 0, "unknown": 2}
    await to_morning(office)
    for push in found:
        assert (await settled(office, push))["unknown"] == 1
