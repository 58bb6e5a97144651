"""The command line in this process, for its tests."""

from pathlib import Path

import pytest

from tests.command_line import CommandLine


@pytest.fixture
def command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> CommandLine:
    """Commands typed in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return CommandLine(capsys)
