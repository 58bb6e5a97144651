"""The bot's own words in each language: gettext catalogues, compiled in memory.

A language's catalogue is every ``bot/locales/<language>/*.po`` together. msgids are short English
sentences; a word that is missing in a catalogue shows its msgid (a test makes sure none is).
"""

import gettext
import io
from collections.abc import Callable
from functools import cache
from importlib.resources import files

from bot.domain.subscription import LANGUAGES

Translate = Callable[[str], str]

_FOLDERS = {"zh-Hans": "zh_Hans", "zh-Hant": "zh_Hant", "en": "en"}
_TRADITIONAL = ("zh-hant", "zh-tw", "zh-hk", "zh-mo")


class Texts:
    """All catalogues; each is compiled when it is first asked for."""

    def translate(self, language: str) -> Translate:
        """The translator of a language; the first language for an unknown one."""
        return _catalogue(language if language in LANGUAGES else LANGUAGES[0]).gettext


def language_of(code: str | None, default: str = LANGUAGES[0]) -> str:
    """Telegram's language code of a user -> the language to begin in.

    >>> language_of("zh-TW"), language_of("zh-hans"), language_of("en-GB"), language_of(None)
    ('zh-Hant', 'zh-Hans', 'en', 'zh-Hans')
    """
    folded = (code or "").lower().replace("_", "-")
    if folded.startswith(_TRADITIONAL):
        return "zh-Hant"
    if folded.startswith("zh"):
        return "zh-Hans"
    return "en" if folded.startswith("en") else default


@cache
def _catalogue(language: str) -> gettext.GNUTranslations:
    from babel.messages.catalog import Catalog
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    whole = Catalog(charset="utf-8")
    for path in sorted(
        (files("bot") / "locales" / _FOLDERS[language]).iterdir(), key=lambda path: path.name
    ):
        if path.name.endswith(".po"):
            for message in read_po(io.BytesIO(path.read_bytes()), charset="utf-8"):
                if message.id:
                    whole[message.id] = message
    compiled = io.BytesIO()
    write_mo(compiled, whole)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
