"""The documents are under test: what README and config.example.toml say is so."""

import re
import tomllib
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import typer

from bot import settings
from bot.cli import COMMANDS, app, main

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
INSIDE = (ROOT / "bot" / "README.md").read_text(encoding="utf-8")
EXAMPLE = (ROOT / "config.example.toml").read_text(encoding="utf-8")
NAMES = [name for name, _ in COMMANDS]


def options_of(name: str) -> dict[str, Any]:
    """A command's parameters by what is typed: --json, source."""
    command: Any = typer.main.get_command(app)
    found: dict[str, Any] = {}
    for parameter in command.commands[name].params:
        typed = parameter.opts if parameter.param_type_name == "option" else [parameter.name]
        found |= dict.fromkeys(typed, parameter)
    return found


@pytest.mark.parametrize("name", NAMES)
def test_every_command_is_helped(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([name, "--help"]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith(f"Usage: policybot {name} ")
    unexplained = [o for o, p in options_of(name).items() if o != "--help" and not p.help]
    assert unexplained == []


@pytest.mark.parametrize("name", NAMES)
def test_every_command_is_in_the_table_with_its_options(name: str) -> None:
    row = re.search(rf"^\| `policybot {name}`.*$", README, re.MULTILINE)
    assert row
    told = set(re.findall(r"--[a-z][a-z-]+", row[0].replace("\\|", "/").split("|")[1]))
    known = {option for option in options_of(name) if option.startswith("--")}
    assert told == known - {"--help", "--config"}


@pytest.mark.parametrize("document", [README, INSIDE], ids=["README", "bot/README"])
def test_every_command_that_is_named_exists(document: str) -> None:
    named = set(re.findall(r"policybot ([a-z]+)\b", document))
    assert named - {"add", *NAMES} == set()


def test_every_command_of_the_chat_is_in_the_readme() -> None:
    from bot.handlers import COMMANDS as CHAT

    told = set(
        re.findall(
            r"(?<![\w/.])/([a-z]+)\b(?!/)", README.split("## In the chat")[1].split("## ")[0]
        )
    )
    assert told == set(CHAT)


def test_the_examples_in_the_readme_run(capsys: pytest.CaptureFixture[str]) -> None:
    examples = re.findall(r"^policybot (.+)$", README, re.MULTILINE)
    assert examples
    for example in examples:
        words = [str(ROOT / w) if w.startswith("digests/") else w for w in example.split()]
        assert main(words) == 0, example
        assert capsys.readouterr().out


def test_every_word_of_make_that_is_named_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    words = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    named = set(re.findall(r"`make ([a-z]+)", README + INSIDE)) | {"demo", "test", "check"}
    assert named - words == set()


def test_every_path_that_is_named_exists() -> None:
    linked = re.findall(r"\]\((?!https?:)([^)#]+)\)", README)
    linked += re.findall(r'src="([^"]+)"', README)
    assert [path for path in linked if not (ROOT / path).exists()] == []


def test_the_floor_plans_name_what_is_there() -> None:
    plan = README.split("```\ndigests/ ")[1].split("```")[0]
    rooms = {"digests": plan.split("bot/")[0], "bot": plan.split("bot/")[1].split("tests/")[0]}
    for package, text in rooms.items():
        for line in re.findall(r"(?m)^  (\S.+?) {2,}\S.*$|^  (\S+)$", text):
            for room in line[0].split():
                assert there(package, room), f"README: {package}/{room}"
        told = re.findall(r"(?m)^    ([a-z_]+)/? {2,}\S", __import__(package).__doc__ or "")
        assert told
        assert [room for room in told if not there(package, room)] == []


def there(package: str, room: str) -> bool:
    return (ROOT / package / room).is_dir() or (ROOT / package / f"{room}.py").is_file()


def test_every_setting_is_in_the_example_with_its_default() -> None:
    document = tomllib.loads(EXAMPLE)
    told = {(section, key) for section, values in document.items() for key in values}
    known = {(s, f.name) for s, kind in settings.SECTIONS.items() for f in fields(kind)}
    assert told == known
    assert settings.load(ROOT / "config.example.toml", {}) == settings.Settings()


def test_every_setting_is_used() -> None:
    sources = [p for p in (ROOT / "bot").rglob("*.py") if p.name != "settings.py"]
    code = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    keys = [f.name for kind in settings.SECTIONS.values() for f in fields(kind)]
    assert [key for key in keys if not re.search(rf"\.{key}\b", code)] == []


def test_every_setting_of_the_example_is_explained() -> None:
    for paragraph in re.split(r"(?m)^(?=\[)", EXAMPLE)[1:]:
        section, *lines = paragraph.splitlines()
        assert lines[0].startswith("#"), section


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    wanted += project["optional-dependencies"]["postgres"]
    names = {re.split(r"[\[<>=~; ]", requirement)[0] for requirement in wanted}
    told = INSIDE.lower()
    families = {"policy-digest-bot": "", "pytest-asyncio": "asyncio", "pytest-xdist": "xdist"}
    families |= {"types-lxml": "lxml"}
    assert [name for name in sorted(names) if families.get(name, name).lower() not in told] == []


def test_every_dependency_is_used() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    modules = {"python-telegram-bot": "telegram", "sqlalchemy[asyncio]": "sqlalchemy"}
    unseen = {"aiosqlite", "tzdata"}  # sqlalchemy's driver; the zones where the system has none
    sources = [*(ROOT / "bot").rglob("*.py"), *(ROOT / "digests").rglob("*.py")]
    code = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    names = {re.split(r"[<>=~; ]", one)[0] for one in project["dependencies"]} - unseen
    imported = {name: modules.get(name, name).replace("-", "_") for name in names}
    unused = [n for n, m in imported.items() if not re.search(rf"(?:import|from) {m}\b", code)]
    assert unused == []


def test_every_dependency_is_pinned_without_an_address() -> None:
    lines = (ROOT / ".constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if not line.startswith("#")]
    pin = re.compile(r"[A-Za-z0-9_.-]+==[0-9][0-9A-Za-z.+!]*")
    assert [line for line in pins if not pin.fullmatch(line)] == []
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    folded = {re.sub(r"[-_.]+", "-", line.split("==")[0]).lower() for line in pins}
    wanted = [re.split(r"[\[<>=~; ]", r)[0].lower() for r in project["dependencies"]]
    assert [name for name in wanted if name not in folded] == []
