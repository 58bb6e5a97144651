"""An operator's own topics and region, from the config to what the commands print."""

from collections.abc import Iterator
from pathlib import Path

import pytest

import digests
from tests.command_line import SAMPLE, CommandLine, assert_refused

OWN = """
[[topic]]
id = "duty"
names = { zh-Hans = "值班值守", zh-Hant = "值班值守", en = "Duty" }
words = ["值班", "值守", "防汛"]
"""


@pytest.fixture(autouse=True)
def ours_again() -> Iterator[None]:
    yield
    digests.adopt_topics("")
    digests.adopt_region("")


def test_the_operator_s_topics_are_those_of_every_command(
    command: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "own.toml"
    own.write_text(OWN, "utf-8")
    monkeypatch.setenv("POLICYBOT_OFFICE__TOPICS", str(own))

    tasks = command.answer("tasks", SAMPLE)["tasks"]
    told = command.answer("preview", SAMPLE, "--on", "2026-08-03", "--topics", "duty")

    assert {task["topic"] for task in tasks} == {"duty", None}
    assert told["messages"]


def test_topics_that_cannot_be_read_are_said(
    command: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POLICYBOT_OFFICE__TOPICS", str(tmp_path / "none.toml"))

    assert_refused(command("tasks", SAMPLE), "office.topics")


def test_a_region_that_does_not_exist_is_said(
    command: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POLICYBOT_OFFICE__REGION", "火星")

    assert_refused(command("tasks", SAMPLE), "office.region")
