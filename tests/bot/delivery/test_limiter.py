"""No limit of Telegram's is ever exceeded, and whoever waits for an answer goes first."""

import asyncio
import random
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.limiter import KEPT_CHATS, WHOLE_BOT_AFTER, Limiter, Rates
from bot.domain.message import Lane
from bot.errors import RetryLater
from tests import virtual

Now = Callable[[], float]


def busiest(times: list[float], window: float) -> int:
    """Most departures in any half-open window."""
    times = sorted(times)
    return max(
        (sum(1 for at in times[i:] if at < start + window) for i, start in enumerate(times)),
        default=0,
    )


def test_the_overall_rate_is_kept_in_every_second_and_used_to_the_full() -> None:
    async def main(now: Now) -> list[float]:
        limiter = Limiter(Rates(per_second=30), now)
        times: list[float] = []

        async def one(chat_id: int) -> None:
            await limiter.acquire(Lane.BULK, chat_id)
            times.append(now())

        await asyncio.gather(*(one(chat_id) for chat_id in range(600)))
        return times

    times = virtual.run(main)
    assert busiest(times, 1.0) <= 33
    assert 600 / 30 * 0.99 <= max(times) - min(times) <= 600 / 30 * 1.01


def most_in_a_second(times: list[float]) -> int:
    """The same as ``busiest(times, 1.0)``, for many departures in order."""
    first = most = 0
    for last, at in enumerate(times):
        while times[first] <= at - 1.0:
            first += 1
        most = max(most, last - first + 1)
    return most


def departures(rate: float, seconds: int, stalls: dict[int, float]) -> list[float]:
    """When messages leave while the process stands still after some of them."""

    async def main(now: Now) -> list[float]:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, virtual.VirtualLoop)
        limiter = Limiter(Rates(per_second=rate), now)
        times: list[float] = []

        async def one(chat_id: int) -> None:
            await limiter.acquire(Lane.BULK, chat_id)
            times.append(now())
            loop.stand_still(stalls.get(len(times), 0.0))

        await asyncio.gather(*(one(chat_id) for chat_id in range(round(rate * seconds))))
        return times

    return virtual.run(main)


RATES = pytest.mark.parametrize("rate", [20, 30, 100, 150, 300, 1000])


@RATES
@pytest.mark.parametrize("stall_s", [0.05, 0.1, 0.3, 0.45])
def test_what_a_late_loop_has_lost_is_made_up_without_a_burst(rate: int, stall_s: float) -> None:
    times = departures(rate, 30, {rate * 5: stall_s})
    assert most_in_a_second(times) <= 1.07 * rate + 1
    assert times[-1] - times[0] <= 30 * 1.003


@RATES
def test_on_a_machine_that_stumbles_all_the_time_no_second_holds_too_many(rate: int) -> None:
    chance = random.Random(rate)
    stalls = {
        number: chance.expovariate(1 / 0.1)
        for number in range(rate * 30)
        if chance.random() < 2 / rate  # twice a second
    }
    assert most_in_a_second(departures(rate, 30, stalls)) <= 1.1 * rate + 1


@RATES
def test_nothing_is_made_up_after_telegram_has_refused_everybody(rate: int) -> None:
    async def main(now: Now) -> list[float]:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, virtual.VirtualLoop)
        limiter = Limiter(Rates(per_second=rate), now)
        times: list[float] = []

        async def one(chat_id: int) -> None:
            await limiter.acquire(Lane.BULK, chat_id)
            times.append(now())
            if len(times) == rate * 2:
                loop.stand_still(0.4)
                limiter.pause(None, 0.3)

        await asyncio.gather(*(one(chat_id) for chat_id in range(rate * 6)))
        return times[rate * 2 :]

    times = virtual.run(main)
    assert most_in_a_second(times) <= 1.03 * rate + 1
    assert times[-1] - times[0] >= 3.9


def test_a_chat_gets_a_small_burst_and_then_one_a_second() -> None:
    async def main(now: Now) -> list[float]:
        limiter = Limiter(Rates(), now)
        times = []
        for _ in range(8):
            await limiter.acquire(Lane.REPLY, 7)
            times.append(now())
        return times

    times = virtual.run(main)
    assert times[2] - times[0] < 0.2
    assert all(later - sooner >= 1.0 for sooner, later in pairwise(times[2:]))


def test_a_group_gets_no_more_than_twenty_a_minute() -> None:
    async def main(now: Now) -> list[float]:
        limiter = Limiter(Rates(), now)
        times = []
        for _ in range(50):
            await limiter.acquire(Lane.BULK, -100)
            times.append(now())
        return times

    times = virtual.run(main)
    assert busiest(times, 60.0) <= 20
    assert max(times) - min(times) < 150


@given(
    st.lists(
        st.tuples(st.integers(-3, 5), st.sampled_from(list(Lane)), st.floats(0, 5)),
        min_size=1,
        max_size=120,
    )
)
def test_whatever_comes_no_limit_is_exceeded(asked: list[tuple[int, Lane, float]]) -> None:
    async def main(now: Now) -> list[tuple[int, float]]:
        limiter = Limiter(Rates(per_second=10, per_group_per_minute=5), now)
        left: list[tuple[int, float]] = []

        async def one(chat_id: int, lane: Lane, after: float) -> None:
            await asyncio.sleep(after)
            await limiter.acquire(lane, chat_id)
            left.append((chat_id, now()))

        await asyncio.gather(*(one(*each) for each in asked))
        return left

    left = virtual.run(main)
    assert len(left) == len(asked)
    assert busiest([at for _chat, at in left], 1.0) <= 12
    for chat_id in {chat for chat, _at in left}:
        times = [at for chat, at in left if chat == chat_id]
        assert busiest(times, 1.0) <= 4
        if chat_id < 0:
            assert busiest(times, 60.0) <= 5


def test_a_reply_overtakes_everything_that_waits() -> None:
    async def main(now: Now) -> tuple[list[Lane], float]:
        limiter = Limiter(Rates(per_second=10), now)
        order: list[Lane] = []

        async def one(lane: Lane, chat_id: int) -> None:
            await limiter.acquire(lane, chat_id)
            order.append(lane)

        tasks = [asyncio.create_task(one(Lane.BULK, chat)) for chat in range(100)]
        await asyncio.sleep(1)
        asked = now()
        tasks += [
            asyncio.create_task(one(lane, 1000 + lane)) for lane in (Lane.DIGEST, Lane.URGENT)
        ]
        await one(Lane.REPLY, 5000)
        waited = now() - asked
        await asyncio.gather(*tasks)
        return order, waited

    order, waited = virtual.run(main)
    assert waited <= 0.11
    rest = order[order.index(Lane.REPLY) :]
    assert rest[:4] == [Lane.REPLY, Lane.URGENT, Lane.DIGEST, Lane.BULK]


def test_a_chat_that_is_refused_rests_and_others_go_on() -> None:
    async def main(now: Now) -> tuple[float, float]:
        limiter = Limiter(Rates(), now)
        limiter.refused(1, 30.0)
        start = now()
        await limiter.acquire(Lane.BULK, 2)
        other = now() - start
        await limiter.acquire(Lane.BULK, 1)
        return other, now() - start

    other, refused = virtual.run(main)
    assert other < 0.1
    assert 30.0 <= refused < 30.2


def test_when_chats_in_a_row_are_refused_the_bot_rests() -> None:
    async def main(now: Now) -> float:
        limiter = Limiter(Rates(), now)
        for chat_id in range(WHOLE_BOT_AFTER):
            limiter.refused(chat_id, 20.0)
        start = now()
        await limiter.acquire(Lane.REPLY, 999)
        return now() - start

    assert 20.0 <= virtual.run(main) < 20.1


def test_single_refusals_between_answers_do_not_stop_the_bot() -> None:
    async def main(now: Now) -> float:
        limiter = Limiter(Rates(), now)
        for chat_id in range(50):
            limiter.refused(chat_id, 20.0)
            limiter.passed()
        return limiter.paused_for()

    assert virtual.run(main) == 0


def test_a_pause_is_never_lifted_early() -> None:
    async def main(now: Now) -> float:
        limiter = Limiter(Rates(), now)
        limiter.pause(None, 60)
        limiter.pause(None, 1)
        limiter.passed()
        start = now()
        await asyncio.gather(*(limiter.acquire(Lane.BULK, chat) for chat in range(3)))
        return now() - start

    assert virtual.run(main) >= 60


def test_after_a_pause_nothing_bursts() -> None:
    async def main(now: Now) -> list[float]:
        limiter = Limiter(Rates(per_second=30), now)
        limiter.pause(None, 60)
        times: list[float] = []

        async def one(chat_id: int) -> None:
            await limiter.acquire(Lane.BULK, chat_id)
            times.append(now())

        await asyncio.gather(*(one(chat) for chat in range(200)))
        return times

    assert busiest(virtual.run(main), 1.0) <= 33


def test_patience_ends_before_a_turn_that_would_come_too_late() -> None:
    async def main(now: Now) -> float:
        limiter = Limiter(Rates(per_second=1), now)
        limiter.pause(7, 100)
        start = now()
        with pytest.raises(RetryLater) as refused:
            await limiter.acquire(Lane.BULK, 7, patience_s=2)
        assert 99 <= refused.value.after <= 100
        assert now() == start
        await limiter.acquire(Lane.BULK, 1)
        waiting = asyncio.create_task(limiter.acquire(Lane.REPLY, 2))
        with pytest.raises(RetryLater):
            await limiter.acquire(Lane.BULK, 3, patience_s=0.5)
        await waiting
        return now() - start

    assert virtual.run(main) < 2


def test_hands_that_are_moved_take_nobody_s_patience() -> None:
    """The demo's clock runs through a night while answers wait for their chat."""

    async def main(now: Now) -> float:
        moved = 0.0
        limiter = Limiter(Rates(), lambda: now() + moved)
        start = now()
        answers = [
            asyncio.create_task(limiter.acquire(Lane.REPLY, 7, patience_s=60)) for _ in range(9)
        ]
        await asyncio.sleep(0.5)
        moved += 8 * 3600
        await asyncio.gather(*answers)
        return now() - start

    assert virtual.run(main) < 6


def test_moved_hands_end_a_pause() -> None:
    async def main(now: Now) -> float:
        moved = 0.0
        limiter = Limiter(Rates(), lambda: now() + moved)
        start = now()
        limiter.pause(7, 50)
        limiter.pause(None, 40)
        answers = [asyncio.create_task(limiter.acquire(Lane.REPLY, chat)) for chat in (7, 8)]
        await asyncio.sleep(0.5)
        moved += 60
        await asyncio.gather(*answers)
        return now() - start

    assert virtual.run(main) < 3


def test_a_process_that_stood_still_finds_its_calls_waiting_not_refused() -> None:
    async def main(now: Now) -> None:
        limiter = Limiter(Rates(), now)
        calls = [
            asyncio.create_task(limiter.acquire(Lane.REPLY, 7, patience_s=3)) for _ in range(4)
        ]
        await asyncio.sleep(0)
        loop = asyncio.get_running_loop()
        assert isinstance(loop, virtual.VirtualLoop)
        loop.stand_still(100)
        await asyncio.gather(*calls)

    virtual.run(main)


def test_in_one_chat_whoever_came_first_goes_first() -> None:
    async def main(now: Now) -> list[int]:
        limiter = Limiter(Rates(), now)
        left: list[int] = []

        async def one(number: int) -> None:
            await asyncio.sleep(number * 0.3)
            await limiter.acquire(Lane.REPLY, 7)
            left.append(number)

        await asyncio.gather(*(one(number) for number in range(60)))
        return left

    assert virtual.run(main) == list(range(60))


def test_in_one_chat_a_reply_overtakes_what_may_wait() -> None:
    async def main(now: Now) -> list[Lane]:
        limiter = Limiter(Rates(), now)
        left: list[Lane] = []

        async def one(lane: Lane) -> None:
            await limiter.acquire(lane, 7)
            left.append(lane)

        tasks = [asyncio.create_task(one(Lane.BULK)) for _ in range(9)]
        await asyncio.sleep(0.1)
        await one(Lane.REPLY)
        await asyncio.gather(*tasks)
        return left

    assert virtual.run(main).index(Lane.REPLY) == 3


def test_who_stands_too_far_back_in_a_chat_s_line_knows_it_at_once() -> None:
    async def main(now: Now) -> int:
        limiter = Limiter(Rates(), now)
        start = now()
        refused = 0

        async def one() -> None:
            nonlocal refused
            try:
                await limiter.acquire(Lane.REPLY, 7, patience_s=10)
            except RetryLater:
                refused += 1
                assert now() == start

        await asyncio.gather(*(one() for _ in range(20)))
        assert now() - start <= 10
        return refused

    assert virtual.run(main) == 20 - 3 - 9


def test_pauses_can_be_kept_elsewhere_until_they_are_over() -> None:
    async def main(now: Now) -> None:
        limiter = Limiter(Rates(), now)
        limiter.pause(7, 50)
        limiter.pause(None, 10, keep=False)
        assert limiter.unsaved() == {7: 50}
        limiter.saved([7])
        assert limiter.unsaved() == {}
        limiter.pause(8, 5)
        await asyncio.sleep(6)
        assert limiter.unsaved() == {}

    virtual.run(main)


def test_a_turn_nobody_waits_for_any_more_is_given_to_the_next() -> None:
    async def main(now: Now) -> float:
        limiter = Limiter(Rates(per_second=1), now)
        await limiter.acquire(Lane.BULK, 1)
        gone = asyncio.create_task(limiter.acquire(Lane.REPLY, 2))
        stays = asyncio.create_task(limiter.acquire(Lane.BULK, 3))
        await asyncio.sleep(0.1)
        gone.cancel()
        start = now()
        await stays
        return now() - start

    assert virtual.run(main) < 1.0


def test_it_remembers_only_chats_that_still_matter() -> None:
    async def main(now: Now) -> int:
        limiter = Limiter(Rates(per_second=100_000), now)
        limiter.pause(-1, 10_000)
        for chat_id in range(KEPT_CHATS * 2):
            if chat_id % 5000 == 0:
                await asyncio.sleep(10)
            await limiter.acquire(Lane.BULK, chat_id)
        assert limiter.delay(-1) > 0
        return len(limiter._chats)

    assert virtual.run(main) <= KEPT_CHATS
