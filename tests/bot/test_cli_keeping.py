import io
import sys
from pathlib import Path

import pytest

from tests.command_line import SAMPLE, CommandLine, assert_refused

# --- settings -------------------------------------------------------------------------------------

WITH_CONFIG = [
    ["run"], ["demo"], ["sandbox"], ["add", SAMPLE], ["broadcast", "x"], ["pushes"], ["check"],
    ["migrate"], ["lookup", "x"],
]  # fmt: skip


@pytest.mark.parametrize("words", WITH_CONFIG, ids=lambda words: words[0])
def test_an_unknown_key_stops_every_command(
    command: CommandLine, tmp_path: Path, words: list[str]
) -> None:
    (tmp_path / "config.toml").write_text("[telegram]\ntokn = '1:a'\n", encoding="utf-8")
    assert_refused(command(*words), "unknown key telegram.tokn (did you mean token?)")


@pytest.mark.parametrize("words", WITH_CONFIG, ids=lambda words: words[0])
def test_a_config_that_is_not_there_stops_every_command(
    command: CommandLine, words: list[str]
) -> None:
    assert_refused(command(*words, "--config", "none.toml"), "none.toml")


def test_the_environment_may_name_the_config(
    command: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "other.toml").write_text("[nonsense]\n", encoding="utf-8")
    monkeypatch.setenv("POLICYBOT_CONFIG", "other.toml")
    assert_refused(command("check"), "unknown section [nonsense]")


def test_the_reading_commands_need_no_config(command: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("[nonsense]\n", encoding="utf-8")
    assert command("outline", SAMPLE)[0] == 0
    assert command("lookup", "防汛", SAMPLE)[0] == 0


def test_run_without_a_token_says_where_one_comes_from(command: CommandLine) -> None:
    assert_refused(command("run"), "telegram.token is missing")


# --- check and migrate ----------------------------------------------------------------------------


def test_check_changes_nothing(command: CommandLine, tmp_path: Path) -> None:
    code, out, err = command("check")
    assert (code, err) == (0, "")
    assert "尚未建立" in out
    assert list(tmp_path.iterdir()) == []


def test_check_after_migrate_finds_the_database(command: CommandLine) -> None:
    assert command("migrate")[0] == 0
    assert command("migrate")[0] == 0
    assert "数据库：可用\n" in command("check")[1]


def test_check_never_shows_the_token(command: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POLICYBOT_TELEGRAM__TOKEN", "123:hidden")
    code, out, err = command("check")
    assert code == 0
    assert "hidden" not in out + err


def test_check_online_needs_a_token_that_is_accepted(
    command: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert_refused(command("check", "--online"), "telegram.token is missing")
    monkeypatch.setenv("POLICYBOT_TELEGRAM__TOKEN", "123:hidden")
    monkeypatch.setenv("POLICYBOT_TELEGRAM__API_URL", "http://127.0.0.1:9")
    refused = command("check", "--online")
    assert_refused(refused, "telegram.api_url: http://127.0.0.1:9")
    assert "hidden" not in refused[2]


def test_a_database_that_cannot_be_opened_is_said(command: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "folder.db").mkdir()
    code, out, err = command_with_database(command, f"sqlite:///{tmp_path}/folder.db", "pushes")
    assert (code, out) == (2, "")
    assert err.startswith("error: ")
    assert err.count("\n") == 1


def test_a_file_that_is_no_database_is_said(command: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "letter.db").write_text("Dear office,\n")
    for words in (["pushes"], ["check"], ["add", SAMPLE], ["lookup", "防汛"]):
        refused = command_with_database(command, f"sqlite:///{tmp_path}/letter.db", *words)
        assert_refused(refused, "letter.db is not a database")


def command_with_database(command: CommandLine, url: str, *words: str) -> tuple[int, str, str]:
    Path("db.toml").write_text(f"[database]\nurl = '{url}'\n", encoding="utf-8")
    return command(*words, "--config", "db.toml")


# --- add and lookup -------------------------------------------------------------------------------


def test_a_report_is_added_once(command: CommandLine) -> None:
    first = command.answer("add", SAMPLE)["reports"]
    again = command.answer("add", SAMPLE, SAMPLE)["reports"]
    assert [report["new"] for report in first + again] == [True, False]
    assert first[0]["title"].startswith("虚构示例")
    assert first[0]["tasks"] > 0


def test_nothing_is_added_if_one_of_several_cannot_be_read(command: CommandLine) -> None:
    assert_refused(command("add", SAMPLE, "/no/such/file"), "No such file")
    assert command.answer("add", SAMPLE)["reports"][0]["new"]


def test_a_lookup_without_a_source_asks_the_database(command: CommandLine) -> None:
    assert command.answer("lookup", "防汛")["hits"] == []
    assert "policybot add" in command("lookup", "防汛")[1]
    command.answer("add", SAMPLE)
    assert "policybot add" not in command("lookup", "公交票价")[1]
    hits = command.answer("lookup", "防汛")["hits"]
    assert hits[0]["address"] == "2.9"


# --- broadcast and pushes -------------------------------------------------------------------------


def test_a_broadcast_is_scheduled_and_accounted_for(command: CommandLine) -> None:
    made = command.answer("broadcast", "明早8点开会", "--at", "2099-01-02T08:00")
    assert list(made) == ["push", "planned", "at"]
    assert made["at"] == "2099-01-02T08:00:00+08:00"
    pushes = command.answer("pushes", str(made["push"]))["pushes"]
    assert list(pushes[0]) == [
        "id", "planned", "sent", "failed", "unknown", "skipped", "waiting", "reasons",
    ]  # fmt: skip
    assert command.answer("pushes")["pushes"] == pushes


def test_a_broadcast_may_come_from_standard_input(
    command: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("正文\n".encode())))
    assert command.answer("broadcast", "-", "--at", "2099-01-02T08:00+00:00")["at"].endswith(
        "+00:00"
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([""], "TEXT is empty"),
        (["  \n"], "TEXT is empty"),
        (["x", "--at", "tomorrow"], "--at"),
        (["x", "--at", "2020-01-01T08:00"], "--at: 2020-01-01T08:00:00+08:00 has passed"),
        (["x", "--at", "2099-01-02T08:00", "--not-after", "2099-01-02T07:00"], "--not-after"),
        (["x", "--at", "9999-12-31T23:59"], "between 1900 and 2199"),
        (["x", "--not-after", "9999-12-31T23:59-12:00"], "between 1900 and 2199"),
        (["x", "--topics", "weather"], "weather is not among the topics"),
        (["x", "--on-unknown", "perhaps"], "'perhaps' is not leave or resend"),
        (["x" * 100_000], "too long"),
        (["--now"], "--now"),
    ],
)
def test_a_broadcast_that_cannot_go_out_is_said(
    command: CommandLine, words: list[str], said: str
) -> None:
    assert_refused(command("broadcast", *words), said)


def test_what_could_only_be_sent_in_quiet_hours_is_said(command: CommandLine) -> None:
    words = ["x", "--at", "2099-01-02T22:00", "--not-after", "2099-01-03T06:00"]
    assert_refused(command("broadcast", *words), "is not after the quiet hours")
    assert command("broadcast", *words[:3])[0] == 0


def test_no_pushes_is_an_answer(command: CommandLine) -> None:
    assert command.answer("pushes")["pushes"] == []
    assert command("pushes")[1] == "还没有推送。\n"


@pytest.mark.parametrize("number", ["7", "0", "-1", "x", "99999999999999999999"])
def test_a_push_that_does_not_exist_is_said(command: CommandLine, number: str) -> None:
    assert_refused(command("pushes", number), "")


# --- demo -----------------------------------------------------------------------------------------


def test_a_report_that_cannot_be_read_stops_the_demo_before_it_starts(
    command: CommandLine, tmp_path: Path
) -> None:
    (tmp_path / "empty.txt").write_bytes(b"")
    assert_refused(command("demo", "--report", "empty.txt"), "empty.txt: ")
    assert_refused(command("demo", "--report", "none.txt"), "No such file")


@pytest.mark.parametrize("token", ["", "bad", "x:secret", "42:", "42:a b"])
def test_a_token_that_is_none_is_said(command: CommandLine, token: str) -> None:
    assert_refused(command("sandbox", "--port", "0", "--token", token), "42:secret")


def test_a_database_of_an_unknown_kind_stops_the_demo_before_it_starts(
    command: CommandLine,
) -> None:
    assert_refused(command("demo", "--port", "0", "--database", "mysql://x"), "sqlite:///path")


@pytest.mark.parametrize("port", ["65536", "-1", "http"])
def test_a_port_that_is_none_is_said(command: CommandLine, port: str) -> None:
    assert_refused(command("demo", "--port", port), "--port")
    assert_refused(command("sandbox", "--port", port), "--port")


def test_pushes_for_people_add_up_and_say_how_long(command: CommandLine) -> None:
    assert command("broadcast", "x", "--at", "2099-01-02T08:00")[0] == 0
    code, out, _ = command("pushes")
    assert code == 0
    assert "应发0 = 已发0，失败0，不明0，略过0，待发0" in out
    assert "还需约" not in out
