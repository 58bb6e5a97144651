"""Writers come one at a time, in order, and nobody who gives up keeps the others waiting."""

import asyncio

import pytest

from bot.storage.turns import Turns


async def _writes(turns: Turns, name: str, said: list[str], *, first: bool = False) -> None:
    async with turns.turn(first=first):
        said.append(f"+{name}")
        await asyncio.sleep(0)
        said.append(f"-{name}")


async def _begun(turns: Turns, said: list[str], *names: str) -> list[asyncio.Task[None]]:
    tasks = []
    for name in names:
        tasks.append(asyncio.create_task(_writes(turns, name, said, first=name.isupper())))
        await asyncio.sleep(0)
    return tasks


async def test_one_writes_at_a_time_in_order_of_arrival() -> None:
    turns, said = Turns(), list[str]()
    await asyncio.gather(*await _begun(turns, said, "a", "b", "c"))
    assert said == ["+a", "-a", "+b", "-b", "+c", "-c"]


async def test_who_must_not_be_late_goes_before_those_who_wait() -> None:
    turns, said = Turns(), list[str]()
    async with turns.turn(first=False):
        tasks = await _begun(turns, said, "a", "b", "X", "Y")
    await asyncio.gather(*tasks)
    assert [word for word in said if word[0] == "+"] == ["+X", "+Y", "+a", "+b"]


async def test_who_gives_up_while_waiting_loses_nobody_elses_turn() -> None:
    turns, said = Turns(), list[str]()
    async with turns.turn(first=False):
        a, b, c = await _begun(turns, said, "a", "b", "c")
        b.cancel()
    a.cancel()  # its turn has just come
    await asyncio.gather(a, b, c, return_exceptions=True)
    assert said == ["+c", "-c"]
    await asyncio.gather(*await _begun(turns, said, "d"))
    assert said[-1] == "-d"


async def test_a_failure_hands_the_turn_on() -> None:
    turns, said = Turns(), list[str]()
    with pytest.raises(ZeroDivisionError):
        async with turns.turn(first=True):
            _ = 1 / 0
    await asyncio.gather(*await _begun(turns, said, "a"))
    assert said == ["+a", "-a"]
