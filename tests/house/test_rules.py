"""The rules of the house, where a linter does not know them."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted([*(ROOT / "digests").rglob("*.py"), *(ROOT / "bot").rglob("*.py")])
TOP_LEVEL = {
    "README.md", "pyproject.toml", "config.example.toml", "bot", "digests", "tests",
    "LICENSE", "Makefile", "Dockerfile", "compose.yaml",
}  # fmt: skip
REGISTRIES = re.compile(
    "|".join(["pypi" + r"\.org", "python" + "hosted", "npm" + r"js\.", r"deb\." + "debian"])
)
MACHINE = re.compile(r"(?<![\w.])/(?:work|farm|root|home/\w+)/[\w.]")
VAGUE = {"utils", "util", "helpers", "helper", "common", "core", "base", "manager", "misc"}


def tracked() -> list[Path]:
    """The files of the project, as git knows them."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False, text=True
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def texts() -> list[tuple[str, str]]:
    found = []
    for path in tracked():
        try:
            found.append((str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")))
        except UnicodeDecodeError:
            continue
    return found


def test_the_top_level_stays_as_it_is() -> None:
    names = {path.relative_to(ROOT).parts[0] for path in tracked()}
    assert {name for name in names if not name.startswith(".")} - TOP_LEVEL == set()


def test_no_file_names_a_registry_or_a_place_on_somebodys_machine() -> None:
    bad = [
        f"{name}: {found[0]}"
        for name, text in texts()
        for found in [REGISTRIES.search(text) or MACHINE.search(text)]
        if found
    ]
    assert bad == []


def test_names_say_what_is_inside() -> None:
    assert [path for path in SOURCES if path.stem in VAGUE or path.parent.name in VAGUE] == []


@pytest.mark.parametrize("folder", ["digests", "bot/storage", "bot/domain"])
def test_what_is_public_is_explained(folder: str) -> None:
    silent = []
    for path in sorted((ROOT / folder).rglob("*.py")):
        if "migrations" in path.parts:  # Alembic's own names
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if not ast.get_docstring(tree) and tree.body:
            silent.append(path.name)
        silent += [
            f"{path.name}:{node.name}"
            for node in tree.body
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
            and not node.name.startswith("_")
            and not ast.get_docstring(node)
        ]
    assert silent == []


def test_every_module_says_what_it_is() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in SOURCES
        if path.read_text(encoding="utf-8").strip()
        and not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert silent == []


def loaded_by(statement: str) -> set[str]:
    """The top-level modules that a fresh Python has after a statement."""
    shown = subprocess.run(
        [sys.executable, "-c", f"{statement}\nimport sys\nprint(*sys.modules)"],
        cwd=ROOT, capture_output=True, check=True, text=True, timeout=60,
    )  # fmt: skip
    return {name.partition(".")[0] for name in shown.stdout.splitlines()[-1].split()}


HEAVY = {
    "aiohttp", "alembic", "babel", "holidays", "httpx", "jinja2", "lxml",
    "opencc", "pypdfium2", "sqlalchemy", "tantivy", "tdjson", "telegram", "apscheduler",
    "charset_normalizer", "xlsxwriter", "rich",
}  # fmt: skip


@pytest.mark.parametrize("module", ["digests", "bot.cli"])
def test_start_up_waits_for_nothing_heavy(module: str) -> None:
    assert loaded_by(f"import {module}") & HEAVY == set()


def test_help_waits_for_nothing_heavy() -> None:
    assert (
        loaded_by("from bot.cli import main\nmain(['--help'])") & (HEAVY | {"asyncio", "digests"})
        == set()
    )
