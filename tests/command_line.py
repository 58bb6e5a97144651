"""The command line in this process: what a command prints, and what it refuses."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.cli import main

ROOT = Path(__file__).parents[1]
SAMPLE = str(ROOT / "digests" / "samples" / "yunlan.txt")

Result = tuple[int, str, str]


class CommandLine:
    """Called with the words of a command: its exit code, what it printed, what it complained of."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *words: str) -> Result:
        code = main(words)
        printed = self._capsys.readouterr()
        return code, printed.out, printed.err

    def answer(self, *words: str) -> Any:
        """The one JSON object that a command prints."""
        code, out, err = self(*words, "--json")
        assert (code, err) == (0, "")
        assert out.count("\n") == 1
        return json.loads(out)


def assert_refused(result: Result, said: str) -> None:
    """One line ``error: …`` that says something, nothing printed, exit 2."""
    code, out, err = result
    assert (code, out) == (2, "")
    assert err.startswith("error: ")
    assert err.count("\n") == 1
    assert said in err
