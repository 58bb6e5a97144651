"""Faults on demand: errors, latency, lost answers, broken connections, restarts."""

import asyncio
import time

import aiohttp
import pytest

from tests.bot.sandbox.conftest import TOKEN, Client


async def send(world: Client, text: str = "x") -> tuple[int, str]:
    status, body = await world.call("sendMessage", {"chat_id": 1001, "text": text})
    return status, str(body.get("description", ""))


async def texts(world: Client) -> list[str]:
    shown = (await world.control("GET", "chats/1001/messages"))["messages"]
    return [one.get("text", "") for one in shown]


async def test_it_fails_as_told_and_as_often(world: Client) -> None:
    await world.control("POST", "faults", {"method": "sendMessage", "code": 500, "times": 2})
    assert [(await send(world))[0] for _ in range(3)] == [500, 500, 200]
    assert (await send(world))[0] == 200


async def test_it_takes_the_first_match(world: Client) -> None:
    await world.control("POST", "faults", {"chat": 1005, "code": 400})
    await world.control("POST", "faults", {"method": "send*", "code": 502})
    await world.control("POST", "faults", {"code": 403})
    assert await send(world) == (502, "Bad Gateway")
    assert (await world.call("getMe"))[0] == 403
    await world.control("DELETE", "faults")
    assert (await send(world))[0] == 200


async def test_it_refuses_with_a_flood_wait(world: Client) -> None:
    await world.control("POST", "faults", {"code": 429, "retry_after": 7, "times": 1})
    status, body = await world.call("sendMessage", {"chat_id": 1001, "text": "x"})
    assert status == 429
    assert body["parameters"] == {"retry_after": 7}
    assert world.headers["Retry-After"] == "7"
    assert body["description"] == "Too Many Requests: retry after 7"


async def test_it_says_the_words_it_was_given(world: Client) -> None:
    words = "Forbidden: bot was blocked by the user"
    await world.control("POST", "faults", {"chat": 1001, "code": 403, "description": words})
    assert await send(world) == (403, words)


async def test_it_hits_the_share_asked_for(world: Client) -> None:
    await world.control("POST", "faults", {"code": 500, "share": 0.3, "method": "getMe"})
    failed = [(await world.call("getMe"))[0] == 500 for _ in range(200)]
    assert 30 < sum(failed) < 90


async def test_it_delivers_and_loses_the_answer(world: Client) -> None:
    fault = {"method": "sendMessage", "code": 500, "after_delivery": True, "times": 1}
    await world.control("POST", "faults", fault)
    assert (await send(world, "arrived"))[0] == 500
    assert (await texts(world))[-1] == "arrived"


async def test_it_drops_the_connection_before_delivery(world: Client) -> None:
    await world.control("POST", "faults", {"method": "sendMessage", "drop": True, "times": 1})
    with pytest.raises(aiohttp.ClientError):
        await send(world, "lost")
    assert "lost" not in await texts(world)


async def test_it_drops_the_connection_after_delivery(world: Client) -> None:
    fault = {"method": "sendMessage", "drop": True, "after_delivery": True, "times": 1}
    await world.control("POST", "faults", fault)
    with pytest.raises(aiohttp.ClientError):
        await send(world, "arrived")
    assert (await texts(world))[-1] == "arrived"
    assert (await world.control("GET", "tally"))["refused"]["dropped"] == 1


async def test_it_sends_half_an_answer(world: Client) -> None:
    await world.control("POST", "faults", {"method": "sendMessage", "half": True, "times": 1})
    with pytest.raises(aiohttp.ClientError):
        await send(world, "arrived")
    assert (await texts(world))[-1] == "arrived"


async def test_it_is_slow_on_demand(world: Client) -> None:
    await world.control("POST", "faults", {"method": "send*", "delay_ms": 120})
    began = time.monotonic()
    assert (await send(world))[0] == 200
    assert time.monotonic() - began >= 0.12
    began = time.monotonic()
    await asyncio.gather(*(send(world, str(n)) for n in range(20)))
    assert time.monotonic() - began < 1.5, "latency does not add up"


async def test_a_code_of_200_is_only_slow(world: Client) -> None:
    await world.control("POST", "faults", {"code": 200, "delay_ms": 30, "times": 1})
    assert (await send(world))[0] == 200


async def test_it_lets_an_answer_trickle(world: Client) -> None:
    await world.control("POST", "faults", {"method": "send*", "slow_ms": 150, "times": 1})
    began = time.monotonic()
    assert (await send(world))[0] == 200
    assert time.monotonic() - began >= 0.1


async def test_it_restarts_and_knows_everything_still(world: Client) -> None:
    await world.control("POST", "restarts", {"down_ms": 150})
    await asyncio.sleep(0.12)
    with pytest.raises(aiohttp.ClientError):
        await world.call("getMe")
    async with asyncio.timeout(5):
        while True:
            try:
                status, _ = await world.call("getMe")
                break
            except aiohttp.ClientError:
                await asyncio.sleep(0.05)
    assert status == 200
    assert "own" in await texts(world)


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"code": 200},
        {"code": 302, "delay_ms": 5},
        {"code": "x"},
        {"code": 500, "share": 2},
        {"code": 500, "times": -1},
    ],
)
async def test_it_takes_no_fault_that_makes_no_sense(
    world: Client, wanted: dict[str, object]
) -> None:
    async with world.session.post(f"{world.sandbox.url}/sandbox/faults", json=wanted) as response:
        assert response.status == 400
        assert (await response.json())["error"]


async def test_it_records_faults_with_the_call(world: Client) -> None:
    await world.control("POST", "faults", {"method": "getMe", "code": 500, "times": 1})
    await world.call("getMe")
    call = (await world.control("GET", "calls?method=getMe"))["calls"][-1]
    assert (call["status"], call["answer"]["error_code"]) == (500, 500)
    assert TOKEN not in str(call)
