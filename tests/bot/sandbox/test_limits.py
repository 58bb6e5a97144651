"""Limits: what a careful sender never meets, and what a careless one does."""

import pytest

from bot.sandbox.limits import Limits, Pace, admit
from bot.sandbox.people import Chat
from bot.sandbox.refusals import ApiError
from bot.sandbox.stalls import Stalls
from tests.bot.sandbox.conftest import Client


def chat(number: int = 1) -> Chat:
    return Chat(number, "private" if number > 0 else "group", {"id": number})


def refused(pace: Pace, where: Chat, now: float, **more: bool) -> ApiError:
    with pytest.raises(ApiError) as caught:
        admit(pace, where, Limits(), now, **more)
    return caught.value


def test_it_never_refuses_a_steady_thirty_a_second() -> None:
    pace, limits = Pace(), Limits()
    for number in range(3000):
        admit(pace, chat(number + 1), limits, 100 + number / 30)


def test_it_forgives_thirty_four_in_a_second_and_refuses_the_next() -> None:
    pace, limits = Pace(), Limits()
    for number in range(34):
        admit(pace, chat(number + 1), limits, 100 + number / 100)
    error = refused(pace, chat(99), 100.5)
    assert (error.code, error.reason) == (429, "per_second")
    assert error.parameters == {"retry_after": 1}
    admit(pace, chat(99), limits, 101.6)


def test_it_lets_three_in_a_row_into_a_chat() -> None:
    pace, limits, one = Pace(), Limits(), chat()
    for _ in range(3):
        admit(pace, one, limits, 100.0)
    error = refused(pace, one, 100.0)
    assert (error.reason, error.description) == (
        "per_chat",
        "Too Many Requests: retry after 1",
    )


def test_it_never_refuses_one_a_second_into_a_chat() -> None:
    pace, limits, one = Pace(), Limits(), chat()
    for second in range(100):
        admit(pace, one, limits, 100.0 + second)


def test_it_lets_twenty_a_minute_into_a_group() -> None:
    pace, limits, group = Pace(), Limits(), chat(-5)
    for number in range(20):
        admit(pace, group, limits, 100 + number * 2.9)
    error = refused(pace, group, 100 + 19 * 2.9 + 1.5)
    assert error.reason == "per_group"
    assert error.parameters["retry_after"] >= 1
    admit(pace, group, limits, 160.1 + 1)


def test_it_makes_the_wait_longer_when_it_is_ignored() -> None:
    pace, one, limits = Pace(), chat(), Limits()
    for _ in range(3):
        admit(pace, one, limits, 100.0)
    waits = [refused(pace, one, 100.0).parameters["retry_after"]]
    waits += [refused(pace, one, at).parameters["retry_after"] for at in (100.7, 101.5, 102.5)]
    assert waits == sorted(waits)
    assert waits[-1] >= 8
    admit(pace, one, limits, 102.5 + waits[-1])


def test_it_does_not_punish_what_was_under_way() -> None:
    pace, one, limits = Pace(), chat(), Limits()
    for _ in range(3):
        admit(pace, one, limits, 100.0)
    for at in (100.0, 100.1, 100.2):
        assert refused(pace, one, at).parameters["retry_after"] == 1


def test_it_has_a_bucket_of_its_own_for_paid_broadcasts() -> None:
    pace, limits = Pace(), Limits()
    for number in range(1000):
        admit(pace, chat(number + 1), limits, 100 + number / 1000, paid=True)
    admit(pace, chat(5000), limits, 101.0)


def test_it_counts_but_does_not_refuse_when_told_so() -> None:
    pace, limits = Pace(), Limits(enforce=False)
    for number in range(100):
        admit(pace, chat(number + 1), limits, 100.0)
    assert pace.peak == 100


def test_it_forgives_what_piled_up_while_the_sandbox_was_late() -> None:
    pace, limits, stalls = Pace(), Limits(), Stalls()
    for number in range(30):
        admit(pace, chat(number + 1), limits, 100 + number / 30)
    stalls.note(101.5, 0.5)
    for number in range(15):  # sent from 101.0 on, found at 101.5
        admit(pace, chat(number + 50), limits, 101.5, slack=stalls.slack(101.5))
    for number in range(20):
        admit(pace, chat(number + 90), limits, 101.5 + number / 30, slack=stalls.slack(101.6))
    assert stalls.slack(103.5) == 0.0
    stalls.note(104.0, 0.05)
    assert stalls.slack(104.0) == 0.0, "a twentieth is nothing"


async def test_it_refuses_over_http_with_header_and_parameters(client: Client) -> None:
    await client.control("POST", "users", {"id": 1, "name": "A"})
    await client.say(1, 1, "/start")
    await client.control("POST", "limits", {"enforce": True})
    answers = [await client.call("sendMessage", {"chat_id": 1, "text": str(n)}) for n in range(4)]
    assert [status for status, _ in answers] == [200, 200, 200, 429]
    assert answers[3][1]["parameters"] == {"retry_after": 1}
    assert client.headers["Retry-After"] == "1"
    tally = await client.control("GET", "tally")
    assert tally["refused"] == {"per_chat": 1}
    assert tally["chats"]["1"]["delivered"] == 3


async def test_it_limits_sends_only(client: Client) -> None:
    await client.control("POST", "users", {"id": 1, "name": "A"})
    await client.say(1, 1, "/start")
    await client.control("POST", "limits", {"enforce": True, "per_second": 1})
    sent = await client.ok("sendMessage", chat_id=1, text="x")
    for number in range(10):
        await client.ok(
            "editMessageText", chat_id=1, message_id=sent["message_id"], text=str(number)
        )
        await client.ok("sendChatAction", chat_id=1, action="typing")


async def test_it_takes_no_limit_that_makes_no_sense(client: Client) -> None:
    async with client.session.post(
        f"{client.sandbox.url}/sandbox/limits", json={"per_second": 0}
    ) as response:
        assert response.status == 400
        assert "per_second" in (await response.json())["error"]
