"""The clock: runs by itself, moves in steps, waits for those who follow."""

import asyncio
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise

import pytest

from bot.sandbox.clock import Clock
from tests.bot.sandbox.conftest import START, Client

MINUTE = timedelta(minutes=1)


async def test_it_begins_where_it_was_set_and_runs_on() -> None:
    clock = Clock(START)
    assert START <= clock.now() < START + timedelta(seconds=1)
    await asyncio.sleep(0.02)
    assert clock.now() > START


async def test_it_moves_in_steps_of_at_most_a_minute_to_the_target() -> None:
    clock = Clock(START + timedelta(seconds=20))
    steps: list[datetime] = []

    async def follow(now: datetime) -> None:
        steps.append(now)

    clock.on_tick(follow)
    target = START + timedelta(minutes=3, seconds=30)
    assert await clock.advance(target) == 4
    assert steps == [START + MINUTE, START + 2 * MINUTE, START + 3 * MINUTE, target]
    assert clock.now() >= target


async def test_it_waits_for_those_who_follow() -> None:
    clock = Clock(START)
    done: list[datetime] = []

    async def slow(now: datetime) -> None:
        await asyncio.sleep(0.01)
        assert clock.now() == now, "time stands still while they work"
        done.append(now)

    clock.on_tick(slow)
    await clock.advance(START + 3 * MINUTE)
    assert len(done) == 3


async def test_it_moves_once_at_a_time() -> None:
    clock = Clock(START)
    seen: list[datetime] = []

    async def follow(now: datetime) -> None:
        seen.append(now)
        await asyncio.sleep(0)

    clock.on_tick(follow)
    await asyncio.gather(clock.advance(START + 2 * MINUTE), clock.advance(START + 4 * MINUTE))
    assert seen == sorted(seen)


async def test_it_runs_on_when_a_follower_fails() -> None:
    clock = Clock(START)

    async def fail(now: datetime) -> None:
        raise RuntimeError(now.isoformat())

    clock.on_tick(fail)
    with pytest.raises(RuntimeError):
        await clock.advance(START + 5 * MINUTE)
    before = clock.now()
    await asyncio.sleep(0.02)
    assert clock.now() > before


async def test_it_knows_the_earliest_of_what_is_due() -> None:
    clock = Clock(START)

    async def nothing() -> datetime | None:
        return None

    async def later() -> datetime | None:
        return START + MINUTE

    clock.on_next(nothing)
    assert await clock.next_due() is None
    clock.on_next(later)
    assert await clock.next_due() == START + MINUTE


async def test_it_is_moved_over_http(client: Client) -> None:
    ticks: list[datetime] = []

    async def follow(now: datetime) -> None:
        ticks.append(now)

    client.sandbox.on_tick(follow)
    answer = await client.control("POST", "clock", {"advance_s": 86400})
    assert answer["steps"] == len(ticks)
    assert 1440 <= len(ticks) <= 1441
    assert max(later - one for one, later in pairwise(ticks)) <= MINUTE
    target = START + timedelta(days=2)
    china = target.astimezone(timezone(timedelta(hours=8))).isoformat()
    answer = await client.control("POST", "clock", {"to": china})
    assert datetime.fromisoformat(answer["now"]) >= target
    assert ticks[-1] == target
    shown = await client.control("GET", "clock")
    assert datetime.fromisoformat(shown["now"]).tzinfo is not None


async def test_it_goes_to_the_next_push(client: Client) -> None:
    due = START + timedelta(hours=5)

    async def next_due() -> datetime | None:
        return due

    client.sandbox.on_next(next_due)
    answer = await client.control("POST", "clock", {"next": True})
    assert datetime.fromisoformat(answer["now"]) >= due


@pytest.mark.parametrize(
    "wanted",
    [{"to": "2001-01-01T00:00:00Z"}, {"to": "tomorrow"}, {"to": "2030-01-01T00:00:00"}, {},
     {"advance_s": "soon"}, {"next": True}],
)  # fmt: skip
async def test_it_refuses_what_is_no_later_instant(
    client: Client, wanted: dict[str, object]
) -> None:
    url = f"{client.sandbox.url}/sandbox/clock"
    async with client.session.post(url, json=wanted) as response:
        assert response.status == 400
        assert (await response.json())["error"]


async def test_messages_carry_its_time(world: Client) -> None:
    await world.control("POST", "clock", {"advance_s": 86400 * 3})
    sent = await world.ok("sendMessage", chat_id=1001, text="x")
    assert datetime.fromtimestamp(sent["date"], UTC) >= START + timedelta(days=3)


async def test_it_forbids_deleting_after_48_hours(world: Client) -> None:
    names = world.names
    in_group = await world.ok("sendMessage", chat_id=names["group"], text="x")
    in_super = await world.ok("sendMessage", chat_id=names["super"], text="x")
    await world.control("POST", "clock", {"advance_s": 48 * 3600 + 1})
    for chat, message in ((1001, names["own"]), (names["group"], in_group["message_id"])):
        status, body = await world.call("deleteMessage", {"chat_id": chat, "message_id": message})
        assert (status, body["description"]) == (
            400,
            "Bad Request: message can't be deleted for everyone",
        )
    await world.ok("deleteMessage", chat_id=names["super"], message_id=in_super["message_id"])
    edited = await world.ok(
        "editMessageText", chat_id=1001, message_id=names["own"], text="edits know no limit"
    )
    assert edited["edit_date"] > edited["date"]
