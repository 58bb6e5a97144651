"""The catalogues: complete, alike in their holes, and agreed on what one msgid means."""

import ast
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import bot
import digests
from bot.texts import Texts, language_of

LANGUAGES = {"zh-Hans": "zh_Hans", "zh-Hant": "zh_Hant", "en": "en"}
LOCALES = Path(bot.__file__).parent / "locales"
SAID = {"_", "translate"}
REFUSED = {"RefusedError", "TimeUnclearError", "IntakeError"}
UNREAD = {"UnreadableError", "TooLargeError", "UnsupportedError"}
_HOLE = re.compile(r"\{[^{}]*\}")


def _catalogue(folder: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for path in sorted((LOCALES / folder).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file):
                if message.id:
                    known = found.setdefault(str(message.id), str(message.string))
                    assert known == message.string, f"{message.id!r} is said in two ways: {path}"
    return found


def _said() -> set[str]:
    """Every msgid in the source: what is translated, and the sentences of refusals."""
    words: set[str] = set()
    for package in (bot, digests):
        for path in sorted(Path(package.__file__ or "").parent.rglob("*.py")):
            if "sandbox" not in path.parts and "cli" not in path.parts:
                words |= set(_strings(ast.parse(path.read_text("utf-8"))))
    for path in sorted((Path(digests.__file__).parent / "templates").glob("*.html")):
        words |= set(re.findall(r"_\(\"([^\"]+)\"\)", path.read_text("utf-8")))
    return words


def _strings(tree: ast.Module) -> list[str]:
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        first = node.args[0]
        if name in SAID | REFUSED | UNREAD and isinstance(first, ast.Constant):
            found.append(first.value)
    return [word for word in found if isinstance(word, str)]


def test_the_catalogues_hold_the_same_msgids_and_none_is_empty() -> None:
    catalogues = {language: _catalogue(folder) for language, folder in LANGUAGES.items()}
    assert catalogues["zh-Hans"].keys() == catalogues["zh-Hant"].keys()
    assert catalogues["zh-Hans"].keys() == catalogues["en"].keys()
    for language, words in catalogues.items():
        assert [msgid for msgid, said in words.items() if not said.strip()] == [], language


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_translation_fills_the_holes_of_its_msgid(language: str) -> None:
    """English may leave a number out (“this comes near:”), Chinese says all of it."""
    for msgid, said in _catalogue(LANGUAGES[language]).items():
        asked, filled = set(_HOLE.findall(msgid)), set(_HOLE.findall(said))
        assert filled <= asked if language == "en" else filled == asked, msgid


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_the_bot_says_is_in_the_catalogue(language: str) -> None:
    missing = _said() - _catalogue(LANGUAGES[language]).keys()
    assert sorted(missing) == []


def test_our_own_words_shout_at_nobody() -> None:
    """product: no exclamation marks, no 必须 or 务必 of our own, no 逾期."""
    for folder in ("zh_Hans", "zh_Hant"):
        for msgid, said in _catalogue(folder).items():
            assert not re.search(r"！|必须|必須|务必|務必|逾期|恭喜", said), msgid


def test_a_word_missing_in_a_language_shows_its_msgid() -> None:
    assert Texts().translate("zh-Hans")("no such msgid") == "no such msgid"


def test_an_unknown_language_speaks_the_first_one() -> None:
    assert Texts().translate("fr")("Settings") == Texts().translate("zh-Hans")("Settings") == "设置"


@pytest.mark.parametrize(
    ("code", "language"),
    [("zh-hk", "zh-Hant"), ("zh_TW", "zh-Hant"), ("zh-cn", "zh-Hans"), ("en-US", "en"), ("", "en")],
)
def test_telegram_codes_lead_to_the_nearest_language(code: str, language: str) -> None:
    assert language_of(code, "en") == language
