"""Who may do what in the office, its gaps and its audit trail."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import digests
from bot import handlers
from bot.domain.office import Role
from bot.storage import (
    admins,
)
from tests.bot.handlers.office.clerks import OWNER, READER, REVIEWER, acts, drafted, invited

SAMPLE = Path(digests.__file__).parent / "samples" / "yunlan.txt"
Talk = Any  # tests/bot/handlers/conftest.py


async def test_with_no_owner_a_one_time_link_makes_one(talk: Talk) -> None:
    desk = type(talk.desk)(
        **{name: getattr(talk.desk, name) for name in talk.desk.__slots__ if name != "owners"}
    )
    link = await handlers.owner_link(desk, talk.now)
    assert link is not None
    token = link.split("start=")[1]
    assert "所有者" in (await talk.says(READER, f"/start {token}"))[0]
    assert "已用过" in (await talk.says(REVIEWER, f"/start {token}"))[0]
    assert await handlers.owner_link(desk, talk.now) is None


async def test_a_link_runs_out(talk: Talk) -> None:
    await talk.says(OWNER, "/admins")
    said = await talk.presses(OWNER, "a:new:editor")
    token = said[0].split("start=")[1].strip()
    await talk.control("clock", {"advance_s": 3 * 86400})
    assert "已过期" in (await talk.says(REVIEWER, f"/start {token}"))[0]


async def test_roles_are_granted_changed_and_taken_in_the_chat(talk: Talk) -> None:
    await handlers.owner_link(talk.desk, talk.now)
    await invited(talk, REVIEWER, "editor")
    await talk.says(OWNER, "/admins")
    await talk.presses(OWNER, f"a:{REVIEWER}")
    await talk.presses(OWNER, f"a:{REVIEWER}:viewer")
    async with talk.database.read() as connection:
        assert await admins.role_of(connection, REVIEWER) is Role.VIEWER
    assert "请联系所有者" in (await talk.says(REVIEWER, "/broadcast x"))[0]
    await talk.presses(OWNER, f"a:{REVIEWER}")
    await talk.presses(OWNER, f"a:{REVIEWER}:none")
    async with talk.database.read() as connection:
        assert await admins.role_of(connection, REVIEWER) is None
    assert {"role.config", "role.invite", "role.accept", "role.set"} <= set(await acts(talk))


async def test_the_last_owner_stays(talk: Talk) -> None:
    await handlers.owner_link(talk.desk, talk.now)
    await talk.says(OWNER, "/admins")
    await talk.presses(OWNER, f"a:{OWNER}")
    await talk.presses(OWNER, f"a:{OWNER}:none")
    assert "最后一位所有者" in (await talk.toasts())[-1]
    async with talk.database.read() as connection:
        assert await admins.role_of(connection, OWNER) is Role.OWNER


@pytest.mark.parametrize(
    "command",
    ["/broadcast hello", "/pushes", "/reports", "/gaps", "/admins", "/audit", "/halt", "/resume"],
)
async def test_a_reader_may_none_of_it(talk: Talk, command: str) -> None:
    said = await talk.says(READER, command)
    assert said == ["只有本单位的管理员可以这样做。"]
    assert await acts(talk) == []


async def test_a_gap_becomes_a_synonym(talk: Talk) -> None:
    await talk.add_sample()
    await talk.says(READER, "打水仗")
    assert "打水仗 · 1" in (await talk.says(OWNER, "/gaps"))[0]
    await talk.presses(OWNER, "加同义词")
    assert "也能查到" in (await talk.says(OWNER, "防汛"))[0]
    assert "防汛" in (await talk.says(READER, "打水仗"))[0]


async def test_old_traces_are_forgotten_at_night(talk: Talk) -> None:
    await handlers.owner_link(talk.desk, talk.now)
    night = talk.now.replace(hour=20, minute=0) + timedelta(days=800)  # 4:00 in Beijing
    await talk.ticks(night)
    assert await acts(talk) == []


async def test_the_audit_trail_speaks_in_words(talk: Talk) -> None:
    await talk.says(READER, "/start")
    button = await drafted(talk)
    await talk.presses(OWNER, button)
    said = (await talk.says(OWNER, "/audit"))[0]
    assert "排定推送" in said
    assert "broadcast." not in said


async def test_an_admin_without_the_right_is_told_whom_to_ask(talk: Talk) -> None:
    await handlers.owner_link(talk.desk, talk.now)
    await invited(talk, REVIEWER, "viewer")
    assert "请联系所有者" in (await talk.says(REVIEWER, "/broadcast x"))[-1]


async def test_a_new_admin_hears_that_the_excerpt_comes_too(talk: Talk) -> None:
    await handlers.owner_link(talk.desk, talk.now)
    await talk.says(OWNER, "/admins")
    said = await talk.presses(OWNER, "a:new:viewer")
    told = await talk.says(REVIEWER, "/start " + said[-1].split("start=")[1].strip())
    assert "8:00" in told[-1]
