import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli import failing
from tests.command_line import ROOT, SAMPLE, CommandLine, assert_refused


def typed(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))


# --- outline --------------------------------------------------------------------------------------


def test_an_outline_has_the_keys_that_programs_rely_on(command: CommandLine) -> None:
    outline = command.answer("outline", SAMPLE)
    assert list(outline) == [
        "title", "issuer", "issued_on", "source", "characters", "text", "warnings", "sections",
    ]  # fmt: skip
    assert list(outline["source"]) == ["name", "format", "encoding", "sha256", "bytes"]
    assert list(outline["sections"][0]) == [
        "address", "cite", "level", "label", "heading", "inline", "start", "heading_end", "end",
    ]  # fmt: skip
    assert outline["issued_on"] == "2026-07-17"
    assert outline["characters"] == len(outline["text"])


def test_an_outline_nests(command: CommandLine) -> None:
    sections = command.answer("outline", SAMPLE)["sections"]
    spans = {s["address"]: (s["start"], s["end"]) for s in sections}
    for address, (start, end) in spans.items():
        above = spans.get(address.rpartition(".")[0], (0, 10**9))
        assert above[0] <= start < end <= above[1]


def test_an_outline_for_people_warns_in_their_words(command: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_text(Path(SAMPLE).read_text("utf-8").rstrip() + "\n\n发：各乡镇。\n", "utf-8")
    warned = [line for line in command("outline", str(path))[1].splitlines() if "注意：" in line]
    assert warned
    assert not any(word.isascii() for line in warned for word in line.split())


def test_an_outline_for_people_shows_the_tree(command: CommandLine) -> None:
    code, out, _ = command("outline", SAMPLE)
    assert code == 0
    assert "  1 严密防范公共卫生风险" in out


def test_standard_input_is_a_source(command: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    typed(monkeypatch, Path(SAMPLE).read_bytes())
    outline = command.answer("outline", "-")
    assert outline["source"]["name"] == "-"
    assert outline["title"] == command.answer("outline", SAMPLE)["title"]


# --- what cannot be used --------------------------------------------------------------------------

READERS = [
    ["outline"], ["tasks"], ["figures"], ["preview", "--on", "2026-07-20"], ["lookup", "防汛"],
]  # fmt: skip


@pytest.mark.parametrize("reader", READERS, ids=lambda words: words[0])
def test_a_missing_file_is_said_in_one_line(command: CommandLine, reader: list[str]) -> None:
    assert_refused(command(*reader, "/no/such/report.txt"), "No such file")
    assert_refused(command(*reader, "/no/such/report.txt", "--json"), "No such file")


def test_a_folder_is_no_report(command: CommandLine, tmp_path: Path) -> None:
    assert_refused(command("outline", str(tmp_path)), "Is a directory")


def test_an_empty_file_is_no_report(command: CommandLine, tmp_path: Path) -> None:
    empty = tmp_path / "empty.txt"
    empty.write_bytes(b"")
    assert_refused(command("outline", str(empty)), "empty.txt")


def test_an_empty_input_is_no_report(command: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    typed(monkeypatch, b"")
    assert_refused(command("outline", "-"), "-: ")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("picture.png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20),
        ("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
        ("broken.docx", b"PK\x03\x04" + bytes(600)),
        ("cut.pdf", b"%PDF-1.7\n1 0 obj"),
        ("zeros.txt", bytes(5000)),
    ],
)
def test_what_is_no_text_is_said(
    command: CommandLine, tmp_path: Path, name: str, data: bytes
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    assert_refused(command("outline", str(path), "--json"), name)


def test_a_file_over_the_limit_is_said(command: CommandLine, tmp_path: Path) -> None:
    huge = tmp_path / "huge.txt"
    with huge.open("wb") as file:
        file.truncate(10**12)  # a hole: only the first bytes may be read
    assert_refused(command("outline", str(huge)), "huge.txt")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_forbidden_file_is_said(command: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "closed.txt"
    path.write_text("x", encoding="utf-8")
    path.chmod(0)
    assert_refused(command("outline", str(path)), "Permission denied")


def test_an_address_without_a_server_is_said(command: CommandLine) -> None:
    assert_refused(command("outline", "http://127.0.0.1:9/report.txt"), "127.0.0.1:9")
    assert_refused(command("outline", "http://127.0.0.1:99999/report.txt"), "http and https")
    assert_refused(command("outline", "ftp://127.0.0.1/report.txt"), "http and https")


def test_a_nul_in_a_path_is_said(command: CommandLine) -> None:
    assert_refused(command("outline", "a\0b"), "null")


@pytest.mark.parametrize("day", ["2026-13-01", "2026-02-30", "20260720", "tomorrow", ""])
def test_a_wrong_day_is_said(command: CommandLine, day: str) -> None:
    assert_refused(command("preview", SAMPLE, "--on", day), "is not a day such as 2020-07-20")
    assert_refused(command("tasks", SAMPLE, "--on", day), "is not a day such as 2020-07-20")


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "2200-01-01", "9999-12-31"])
def test_a_day_beyond_all_calendars_is_said(command: CommandLine, day: str) -> None:
    assert_refused(command("preview", SAMPLE, "--on", day), "between 1900 and 2199")


def test_a_source_without_a_name_is_said(command: CommandLine) -> None:
    assert_refused(command("outline", ""), "SOURCE is empty")


def test_a_preview_needs_a_day(command: CommandLine) -> None:
    assert_refused(command("preview", SAMPLE), "--on")


def test_an_unknown_topic_is_said_with_the_known_ones(command: CommandLine) -> None:
    refused = command("preview", SAMPLE, "--on", "2026-07-20", "--topics", "flood,weather")
    assert_refused(refused, "weather is not among the topics: ")
    assert "election" in refused[2]


def test_an_unknown_language_is_said(command: CommandLine) -> None:
    refused = command("preview", SAMPLE, "--on", "2026-07-20", "--language", "fr")
    assert_refused(refused, "'fr' is not one of zh-Hans, zh-Hant, en")


@pytest.mark.parametrize(
    "arguments", [["nothing"], ["outline"], ["outline", SAMPLE, "more"], ["outline", "--quick"]]
)
def test_a_command_that_does_not_exist_is_said(command: CommandLine, arguments: list[str]) -> None:
    assert_refused(command(*arguments), "")


# --- tasks and figures ----------------------------------------------------------------------------


def test_tasks_have_the_keys_that_programs_rely_on(command: CommandLine) -> None:
    tasks = command.answer("tasks", SAMPLE, "--on", "2026-07-20")["tasks"]
    assert all(
        list(task)
        == [
            "address", "cite", "topic", "title", "quote", "start", "end", "expression", "kind",
            "from", "to", "owners", "reminders",
        ]
        for task in tasks
    )  # fmt: skip
    text = command.answer("outline", SAMPLE)["text"]
    assert all(text[task["start"] : task["end"]] == task["quote"] for task in tasks)


def test_the_sample_has_its_deadlines(command: CommandLine) -> None:
    tasks = command.answer("tasks", SAMPLE)["tasks"]
    ends = {task["expression"]: (task["kind"], task["from"], task["to"]) for task in tasks}
    assert ends["台汛期"] == ("season", "2026-07-16", "2026-10-15")
    assert ends["春节前"] == ("dated", None, "2027-02-05")
    assert ends["年底前"] == ("dated", None, "2026-12-31")
    assert ends["8月底前"] == ("dated", None, "2026-08-31")
    assert ends["9月30日前"][2] == "2026-09-30"


def test_what_the_sample_looks_back_on_is_no_task(command: CommandLine) -> None:
    tasks = command.answer("tasks", SAMPLE)["tasks"]
    past = [t for t in tasks if (t["address"] or "").startswith("1.1.")]
    assert [t["expression"] for t in past if t["reminders"]] == ["年底前"]


def test_tasks_for_people_name_the_next_reminders(command: CommandLine) -> None:
    code, out, _ = command("tasks", SAMPLE, "--on", "2026-07-20")
    assert code == 0
    assert "提醒：2026-07-20" in out


def test_figures_have_the_keys_that_programs_rely_on(command: CommandLine) -> None:
    figures = command.answer("figures", SAMPLE)["figures"]
    assert all(
        list(figure) == ["address", "quote", "start", "end", "value", "number", "unit", "measures"]
        and figure["value"] in figure["quote"]
        for figure in figures
    )
    numbers = {figure["value"]: figure["number"] for figure in figures}
    assert numbers["5300亩"] == 5300 if "5300亩" in numbers else 5300.0 in numbers.values()


# --- lookup ---------------------------------------------------------------------------------------


def test_a_lookup_finds_the_passage(command: CommandLine) -> None:
    found = command.answer("lookup", "防汛", SAMPLE)
    assert list(found) == ["query", "took_ms", "hits", "suggestions"]
    first = found["hits"][0]
    assert list(first) == [
        "report", "address", "cite", "heading", "quote", "start", "end", "score",
    ]  # fmt: skip
    assert first["address"] == "2.9"
    assert "防汛" in first["quote"]


def test_a_lookup_of_an_address_gives_that_section_first(command: CommandLine) -> None:
    assert command.answer("lookup", "二、5", SAMPLE)["hits"][0]["address"] == "1.2.5"


def test_a_lookup_that_finds_nothing_is_done_all_the_same(command: CommandLine) -> None:
    assert command.answer("lookup", "航天飞机", SAMPLE)["hits"] == []
    code, out, err = command("lookup", "航天飞机", SAMPLE)
    assert (code, err) == (0, "")
    assert "没有找到" in out


def test_a_question_may_begin_with_a_dash(command: CommandLine) -> None:
    for query in ("-防汛", "--防汛", "-5", "—防汛"):
        assert command.answer("lookup", query, SAMPLE)["query"] == query


@pytest.mark.parametrize("query", ["", "\u200b", "   ", "\u3000"])
def test_an_empty_question_is_said(command: CommandLine, query: str) -> None:
    assert_refused(command("lookup", query, SAMPLE), "QUERY")


@pytest.mark.parametrize("limit", ["0", "-1", "many"])
def test_a_wrong_limit_is_said(command: CommandLine, limit: str) -> None:
    assert_refused(command("lookup", "防汛", SAMPLE, "--limit", limit), "--limit")


def test_a_limit_is_kept(command: CommandLine) -> None:
    assert len(command.answer("lookup", "建设", SAMPLE, "--limit", "2")["hits"]) == 2


# --- preview --------------------------------------------------------------------------------------


def test_a_preview_is_what_a_reader_gets(command: CommandLine) -> None:
    shown = command.answer("preview", SAMPLE, "--on", "2026-07-20")
    assert list(shown) == ["on", "messages", "excerpt", "tasks", "figure"]
    assert list(shown["excerpt"]) == ["address", "cite", "quote", "start", "end"]
    assert any(task["expression"] == "台汛期" for task in shown["tasks"])
    text = command.answer("outline", SAMPLE)["text"]
    excerpt = shown["excerpt"]
    assert text[excerpt["start"] : excerpt["end"]] == excerpt["quote"]


def test_a_preview_of_the_last_week_before_the_feast_has_the_elections(
    command: CommandLine,
) -> None:
    shown = command.answer("preview", SAMPLE, "--on", "2027-01-29")
    assert [task["to"] for task in shown["tasks"]] == ["2027-02-05"]


def test_a_preview_is_narrowed_to_topics(command: CommandLine) -> None:
    shown = command.answer("preview", SAMPLE, "--on", "2026-07-20", "--topics", "election")
    assert not any(task["expression"] == "台汛期" for task in shown["tasks"])


def test_buttons_fit_and_have_one_meaning(command: CommandLine) -> None:
    for message in command.answer("preview", SAMPLE, "--on", "2026-07-20")["messages"]:
        for button in [button for row in message["buttons"] for button in row]:
            assert len(button) == 2
            assert len(button.get("data", "").encode()) <= 64


# --- the program ----------------------------------------------------------------------------------


def test_what_nobody_foresaw_is_said_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert failing.say(ValueError("line one\nline two")) == 1
    assert capsys.readouterr().err == (
        "error: ValueError: line one line two (unforeseen; POLICYBOT_DEBUG=1 shows where)\n"
    )


def test_where_it_failed_is_shown_on_request_and_never_a_secret(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POLICYBOT_DEBUG", "1")
    told = "http://127.0.0.1:8081/bot123456:AAF-secret_x/getMe, postgresql://office:p%40ss@host/db"
    with pytest.raises(OSError, match="secret_x") as raised:
        raise OSError(told)
    assert failing.say(raised.value) == 1
    said = capsys.readouterr().err
    assert said.startswith("Traceback")
    assert said.endswith(
        "error: http://127.0.0.1:8081/bot123456:…/getMe, postgresql://office:…@host/db\n"
    )
    assert "secret_x" not in said
    assert "p%40ss" not in said


def policybot(arguments: str, **environ: str) -> subprocess.CompletedProcess[bytes]:
    """A real process, in a shell."""
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", f"'{sys.executable}' -m bot {arguments}"],
        cwd=ROOT,
        env={**os.environ, **environ},
        capture_output=True,
        check=False,
        timeout=60,
    )


def test_a_reader_who_leaves_is_not_an_error_to_talk_about() -> None:
    left = policybot(f"outline {SAMPLE} --json | head -c 10")
    assert (left.stdout, left.stderr) == (b'{"title": ', b"")


def test_closed_streams_are_survived() -> None:
    assert policybot("outline - <&-").stderr == b"error: standard input is closed\n"
    assert policybot(f"outline {SAMPLE} >&-").stderr == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is full")
def test_a_full_disk_is_said_in_one_line() -> None:
    full = policybot(f"outline {SAMPLE} --json > /dev/full")
    assert (full.returncode, full.stderr.count(b"\n")) == (1, 1)
    assert full.stderr.startswith(b"error: ")


def test_output_is_utf8_wherever_it_runs() -> None:
    shown = policybot(f"outline {SAMPLE}", LC_ALL="C", PYTHONUTF8="0", PYTHONIOENCODING="ascii")
    assert "虚构示例" in shown.stdout.decode()


def test_a_name_that_is_no_utf8_does_no_harm(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/\xd4\xc6.txt"
    Path(os.fsdecode(path)).write_bytes(Path(SAMPLE).read_bytes())
    shown = subprocess.run(
        [sys.executable, "-m", "bot", "outline", path, "--json"],
        cwd=ROOT, capture_output=True, check=True, timeout=60,
    )  # fmt: skip
    assert json.loads(shown.stdout)["source"]["format"] == "txt"
