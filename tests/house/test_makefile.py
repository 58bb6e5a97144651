"""The words of the Makefile, on machines that lack something."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOOLS = ("sh", "bash", "sed", "touch", "echo", "env")

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")


def make(folder: Path, python: str, *words: str) -> subprocess.CompletedProcess[str]:
    """``make`` in a copy of the project, on a machine whose only Python is this script."""
    for name in ("Makefile", "pyproject.toml", ".constraints.txt"):
        shutil.copy(ROOT / name, folder)
    tools = folder / "tools"
    tools.mkdir()
    for tool in (*TOOLS, "make"):
        found = shutil.which(tool)
        if found:
            (tools / tool).symlink_to(found)
    script = tools / "python3"
    script.write_text(f"#!{shutil.which('sh')}\n{python}\n", encoding="utf-8")
    script.chmod(0o755)
    environ = {k: v for k, v in os.environ.items() if not k.startswith("MAKE")}
    return subprocess.run(
        ["make", *words], cwd=folder, env={**environ, "PATH": str(tools)},
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


def errors(done: subprocess.CompletedProcess[str]) -> list[str]:
    assert done.returncode != 0
    return [line for line in done.stderr.splitlines() if not line.startswith("make")]


def test_without_the_venv_module_it_says_what_to_install(tmp_path: Path) -> None:
    done = make(tmp_path, 'case "$2" in *venv*) exit 1;; *) exit 0;; esac', "test")
    assert errors(done) == ["error: python3 has no venv module (Debian: apt install python3-venv)"]


def test_without_a_new_python_it_says_which_is_needed(tmp_path: Path) -> None:
    done = make(tmp_path, "exit 1", "demo")
    assert errors(done) == ["error: Python 3.11 or newer is needed (Debian: apt install python3)"]


def test_every_word_is_explained(tmp_path: Path) -> None:
    done = make(tmp_path, "exit 1")
    words = [line.split("\t")[0] for line in done.stdout.splitlines()]
    assert words == [f"make {w}" for w in ("help", "demo", "test", "check", "bench", "soak")]
