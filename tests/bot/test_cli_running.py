"""The commands that stay, as real processes: they start, say where they are, and end when told."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
Start = Callable[..., "Process"]


class Process:
    """``policybot`` with some words, in an empty folder."""

    def __init__(self, folder: Path, words: tuple[str, ...], environ: dict[str, str]) -> None:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("POLICYBOT_")}
        self._child = subprocess.Popen(
            [sys.executable, "-m", "bot", *words],
            cwd=folder,
            env={**kept, "PYTHONPATH": str(ROOT), **environ},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def said(self, pattern: str) -> str:
        """The first match in what it prints; waits for it."""
        assert self._child.stdout is not None
        for line in self._child.stdout:
            found = re.search(pattern, line)
            if found:
                return found[0]
        raise AssertionError(f"it ended without saying {pattern}")

    def told(self, number: signal.Signals) -> tuple[int, str]:
        """Its exit code and complaints after a signal."""
        self._child.send_signal(number)
        return self.ended()

    def ended(self) -> tuple[int, str]:
        """Its exit code and complaints when it ends by itself."""
        _, complaints = self._child.communicate(timeout=60)
        return self._child.returncode, complaints

    def close(self) -> None:
        if self._child.poll() is None:
            self._child.kill()
        self._child.wait()
        for stream in (self._child.stdout, self._child.stderr):
            if stream is not None:
                stream.close()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    started: list[Process] = []

    def begin(*words: str, **environ: str) -> Process:
        started.append(Process(tmp_path, words, environ))
        return started[-1]

    yield begin
    for process in started:
        process.close()


def test_the_sandbox_says_where_it_is_and_ends_when_told(start: Start) -> None:
    sandbox = start("sandbox", "--port", "0")
    assert sandbox.said(r"http://127\.0\.0\.1:\d+")
    code, complaints = sandbox.told(signal.SIGINT)
    assert (code, "Traceback" in complaints) == (0, False)


def test_the_demo_says_its_hour_and_ends_when_told(start: Start) -> None:
    demo = start("demo", "--port", "0")
    assert demo.said(r"http://127\.0\.0\.1:\d+")
    assert demo.said(r"2026-07-20 07:59")
    code, complaints = demo.told(signal.SIGTERM)
    assert (code, "Traceback" in complaints) == (0, False)


def test_a_port_in_use_is_said(start: Start) -> None:
    port = start("sandbox", "--port", "0").said(r"http://127\.0\.0\.1:\d+").rpartition(":")[2]
    for words in (("sandbox", "--port", port), ("demo", "--port", port)):
        code, complaints = start(*words).ended()
        assert (code, complaints.count("\n")) == (2, 1)
        assert complaints.startswith(f"error: port {port} cannot be used")


def test_a_token_is_checked_where_it_counts(start: Start) -> None:
    url = start("sandbox", "--port", "0", "--token", "5:right").said(r"http://127\.0\.0\.1:\d+")
    environ = {"POLICYBOT_TELEGRAM__API_URL": url, "POLICYBOT_TELEGRAM__TOKEN": "5:right"}
    assert start("check", "--online", **environ).said("令牌：可用，@.+")
    for words in (("check", "--online"), ("run",)):
        refused = start(*words, **{**environ, "POLICYBOT_TELEGRAM__TOKEN": "5:wrong"})
        code, complaints = refused.ended()
        last = complaints.splitlines()[-1]
        assert code == 2
        assert last.startswith("error: ")
        assert "Unauthorized" in last
        assert "wrong" not in complaints


def test_the_bot_prints_a_link_for_its_first_owner(start: Start) -> None:
    url = start("sandbox", "--port", "0").said(r"http://127\.0\.0\.1:\d+")
    bot = start("run", POLICYBOT_TELEGRAM__API_URL=url, POLICYBOT_TELEGRAM__TOKEN="5:any")
    assert bot.said(r"https://t\.me/\w+\?start=own_\S+")
    code, complaints = bot.told(signal.SIGTERM)
    assert (code, "Traceback" in complaints) == (0, False)
