"""`policybot broadcast`: the operator's message passes the checks that a clerk's passes."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.storage import audits, broadcasts
from bot.storage.database import Database
from tests.command_line import SAMPLE, CommandLine, assert_refused

AT = ("--at", "2099-01-02T08:30")


def looked_up(tmp_path: Path, broadcast_id: int = 1) -> tuple[Mapping[str, Any] | None, list[str]]:
    """The broadcast's row, and the acts recorded."""

    async def read() -> tuple[Mapping[str, Any] | None, list[str]]:
        database = Database(f"sqlite:///{tmp_path / 'var' / 'policybot.db'}")
        async with database.read() as connection:
            row = await broadcasts.get(connection, broadcast_id)
            known = [act["act"] for act in await audits.latest(connection)]
        await database.close()
        return row, known

    return asyncio.run(read())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("详见 http://localhost/x", "“http://localhost/x” is not an address that can be opened."),
        ("贯彻从严治档的要求", "should read"),
    ],
)
def test_it_refuses_what_must_be_put_right(
    command: CommandLine, tmp_path: Path, text: str, said: str
) -> None:
    assert_refused(command("broadcast", text, *AT), said)
    assert_refused(command("broadcast", text, *AT, "--json"), said)
    assert looked_up(tmp_path) == (None, [])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("请于 {日期} 前报送", "“{日期}” looks like a blank"),
        ("定于2099年1月5日（周三）开会", "“2099年1月5日（周三）”: 5 Jan 2099 is a Monday."),
        ("做好换界工作", "may be a slip for “换届”"),
    ],
)
def test_it_notes_what_a_clerk_would_have_to_explain(
    command: CommandLine, tmp_path: Path, text: str, said: str
) -> None:
    code, out, err = command("broadcast", text, *AT, "--json")
    assert code == 0
    assert out.startswith('{"push": 1, ')
    assert said in err
    row, known = looked_up(tmp_path)
    assert row is not None
    assert known == ["broadcast.schedule"]


def test_it_compares_what_is_quoted_with_the_reports(command: CommandLine) -> None:
    assert command("add", SAMPLE)[0] == 0
    printed = next(
        line.strip()
        for line in Path(SAMPLE).read_text("utf-8").splitlines()
        if 40 < len(line.strip()) < 90
    )
    swapped = printed[:20] + ("乙" if printed[20] != "乙" else "甲") + printed[21:]
    assert command("broadcast", printed, *AT, "--json")[2] == ""
    assert "differs from the original" in command("broadcast", swapped, *AT)[2]


def test_people_hear_of_quiet_hours_and_of_an_empty_audience(command: CommandLine) -> None:
    code, out, err = command("broadcast", "通知", "--at", "2099-01-02T22:30")
    assert code == 0
    assert out.startswith("已排定：第1号推送，0个会话")
    assert "In quiet hours" in err
    assert "nobody to send it to" in err


def review(tmp_path: Path, stages: int) -> None:
    text = f"[telegram]\nowners = [1002]\n[push]\nreview_stages = {stages}\n"
    (tmp_path / "config.toml").write_text(text, encoding="utf-8")


def test_where_approval_is_asked_for_it_waits_for_that(
    command: CommandLine, tmp_path: Path
) -> None:
    review(tmp_path, 1)
    made = command.answer("broadcast", "通知", *AT)
    assert made == {
        "push": None,
        "planned": 0,
        "at": "2099-01-02T08:30:00+08:00",
        "broadcast": 1,
    }
    row, known = looked_up(tmp_path)
    assert row is not None
    assert (row["state"], row["round"], known) == ("review", 1, ["broadcast.submit"])
    assert command.answer("pushes")["pushes"] == []
    assert command("broadcast", "通知", *AT)[1].startswith("已提交审核：第2号群发")


def test_without_reviewers_nothing_is_submitted(command: CommandLine, tmp_path: Path) -> None:
    review(tmp_path, 2)
    assert_refused(command("broadcast", "通知", *AT), "not enough people")
    assert looked_up(tmp_path) == (None, [])
