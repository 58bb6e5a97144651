"""Updates: offsets, conflicts, allowed kinds, expiry, the long poll."""

import asyncio
import time
from datetime import timedelta
from typing import Any

from bot.sandbox.updates import DEFAULT_KINDS, KINDS, UpdateQueue
from tests.bot.sandbox.conftest import START, Client


async def queue_of(count: int) -> UpdateQueue:
    queue = UpdateQueue(lambda: 1000.0)
    for number in range(count):
        queue.push("message", {"number": number}, 1)
    return queue


def numbers(updates: list[dict[str, Any]]) -> list[int]:
    return [one["message"]["number"] for one in updates]


async def test_it_counts_up_from_a_random_number() -> None:
    queue = await queue_of(3)
    ids = [one["update_id"] for one in queue.take(0, 100)]
    assert ids == [ids[0], ids[0] + 1, ids[0] + 2]
    assert ids[0] > 0


async def test_it_gives_again_what_was_not_confirmed() -> None:
    queue = await queue_of(3)
    assert numbers(queue.take(0, 2)) == [0, 1]
    assert numbers(queue.take(0, 2)) == [0, 1]


async def test_it_forgets_what_an_offset_confirms() -> None:
    queue = await queue_of(3)
    first = queue.take(0, 1)[0]["update_id"]
    assert numbers(queue.take(first + 2, 100)) == [2]
    assert numbers(queue.take(0, 100)) == [2]


async def test_it_keeps_the_last_of_a_negative_offset() -> None:
    queue = await queue_of(5)
    assert numbers(queue.take(-2, 100)) == [3, 4]
    assert len(queue) == 2


async def test_it_takes_an_absurd_offset_as_from_the_head() -> None:
    queue = await queue_of(3)
    first = queue.take(0, 1)[0]["update_id"]
    assert numbers(queue.take(first + 1000, 100)) == [0, 1, 2]


async def test_it_drops_what_has_expired() -> None:
    now = [1000.0]
    queue = UpdateQueue(lambda: now[0])
    queue.push("inline_query", {}, 1)
    queue.push("callback_query", {}, 1)
    queue.push("message", {}, 1)
    now[0] += 31
    assert len(queue.take(0, 100)) == 2
    now[0] += 120
    assert len(queue.take(0, 100)) == 1
    now[0] += 86400
    assert queue.take(0, 100) == []


async def test_it_lets_in_only_the_kinds_asked_for() -> None:
    queue = UpdateQueue(lambda: 0.0)
    queue.allow(["callback_query"])
    queue.push("message", {}, 1)
    queue.push("callback_query", {}, 1)
    queue.allow(["message"])
    assert [set(one) - {"update_id"} for one in queue.take(0, 9)] == [{"callback_query"}]


async def test_it_falls_back_to_the_default_kinds() -> None:
    queue = UpdateQueue(lambda: 0.0)
    for wanted in ([], ["moon"]):
        queue.allow(wanted)
        assert [kind for kind in KINDS if queue.wants(kind)] == [
            kind for kind in KINDS if kind in DEFAULT_KINDS
        ]
    queue.allow(["message"])
    queue.allow(None)
    assert not queue.wants("callback_query"), "no list leaves what was set before"


async def test_it_holds_at_most_a_hundred_thousand() -> None:
    queue = await queue_of(100_001)
    assert len(queue) == 100_000


async def test_it_ends_the_older_of_two_polls_with_a_conflict(world: Client) -> None:
    older = asyncio.ensure_future(world.call("getUpdates", {"timeout": 20}))
    await asyncio.sleep(0.05)
    newer = asyncio.ensure_future(world.call("getUpdates", {"timeout": 20}))
    status, body = await older
    assert status == 409
    assert body["description"] == (
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is"
        " running"
    )
    await world.say(1001, 1001, "hi")
    status, body = await newer
    assert body["result"][0]["message"]["text"] == "hi"


async def test_it_answers_a_waiting_poll_at_once(world: Client) -> None:
    poll = asyncio.ensure_future(world.updates(timeout=30))
    await asyncio.sleep(0.05)
    await world.say(1001, 1001, "hi")
    updates = await asyncio.wait_for(poll, 5)
    assert updates[0]["message"]["text"] == "hi"


async def test_it_gives_less_to_one_who_asks_the_same_again(world: Client) -> None:
    for word in ("a", "b", "c"):
        await world.say(1001, 1001, word)
    last = (await world.updates(offset=0))[-1]["update_id"]
    assert len(await world.updates(offset=last - 1)) == 2
    assert len(await world.updates(offset=last - 1)) == 1, "same offset within half a second"


async def test_it_waits_three_seconds_for_one_who_asks_too_often() -> None:
    queue = await queue_of(0)
    await queue.poll(0, 100, 0)
    began = time.monotonic()
    poll = asyncio.ensure_future(queue.poll(0, 100, 0))
    await asyncio.sleep(0.05)
    assert not poll.done()
    queue.push("message", {"number": 1}, 1)
    assert numbers(await poll) == [1]
    assert time.monotonic() - began < 3


async def test_it_refuses_polls_while_a_webhook_is_set(world: Client) -> None:
    poll = asyncio.ensure_future(world.call("getUpdates", {"timeout": 20}))
    await asyncio.sleep(0.05)
    await world.ok("setWebhook", url="http://127.0.0.1:9/")
    status, body = await poll
    assert (status, body["description"]) == (409, "Conflict: terminated by setWebhook request")
    status, body = await world.call("getUpdates")
    assert status == 409
    assert body["description"].startswith("Conflict: can't use getUpdates method while webhook")
    await world.ok("deleteWebhook")
    assert await world.updates() == []


async def test_it_refuses_two_webhooks_in_a_second(world: Client) -> None:
    await world.ok("setWebhook", url="http://127.0.0.1:9/")
    status, body = await world.call("setWebhook", {"url": "http://127.0.0.1:9/b"})
    assert status == 429
    assert body["parameters"] == {"retry_after": 1}
    assert world.headers["Retry-After"] == "1"


async def test_it_applies_the_allowed_kinds_when_the_update_is_made(world: Client) -> None:
    await world.updates(allowed_updates=["callback_query"])
    await world.say(1001, 1001, "not wanted")
    await world.updates(allowed_updates=["message"], offset=0)
    await world.say(1001, 1001, "wanted")
    assert [one["message"]["text"] for one in await world.updates()] == ["wanted"]


async def test_it_drops_pending_updates_when_told(world: Client) -> None:
    await world.say(1001, 1001, "hi")
    await world.ok("deleteWebhook", drop_pending_updates=True)
    assert await world.updates() == []


async def test_it_expires_updates_by_its_own_clock(world: Client) -> None:
    await world.say(1001, 1001, "hi")
    world.sandbox.clock.set(START + timedelta(days=2))
    assert await world.updates() == []
