"""Options that several commands share, and what they are read into."""

import os
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.sources import standard_input
from bot.errors import UsageError

if TYPE_CHECKING:
    import digests
    from bot.settings import Settings

DEFAULT_CONFIG = Path("config.toml")


def _day(text: str) -> date:
    try:
        day = datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 -- a day has no zone
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a day such as 2020-07-20") from None
    _check_year(day, text)
    return day


def _check_year(day: date, text: str) -> None:
    if not 1900 <= day.year < 2200:  # noqa: PLR2004 -- what calendars are made for
        raise typer.BadParameter(f"{text!r} is not between 1900 and 2199")


def _language(text: str) -> str:
    from bot.settings import LANGUAGES

    if text not in LANGUAGES:
        raise typer.BadParameter(f"{text!r} is not one of {', '.join(LANGUAGES)}")
    return text


def moment(text: str) -> datetime:
    """A moment in ISO form, with or without its zone."""
    try:
        given = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(
            f"{text!r} is not a moment such as 2020-07-20T08:30 or 2020-07-20T08:30+08:00"
        ) from None
    _check_year(given, text)
    return given


Source = Annotated[
    str, typer.Argument(metavar="SOURCE", help="A path, a URL, or - for standard input")
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object")]
Day = Annotated[
    date | None, typer.Option("--on", parser=_day, metavar="DATE", help="As seen from this day")
]
RequiredDay = Annotated[
    date, typer.Option("--on", parser=_day, metavar="DATE", help="The day, such as 2020-07-20")
]
Topics = Annotated[
    str | None, typer.Option(metavar="A,B", help="Only these topics, such as flood,election")
]
Language = Annotated[
    str, typer.Option(parser=_language, metavar="LANGUAGE", help="zh-Hans, zh-Hant or en")
]
Config = Annotated[
    Path | None, typer.Option(metavar="PATH", help="The config file (config.toml if it exists)")
]


def settings(config: Path | None, database: str | None = None) -> "Settings":
    """The settings from --config, else POLICYBOT_CONFIG, else config.toml if it exists."""
    from bot.settings import CONFIG_VARIABLE, load

    environ = dict(os.environ)
    if database is not None:
        environ["POLICYBOT_DATABASE__URL"] = database
    named = config or (Path(environ[CONFIG_VARIABLE]) if CONFIG_VARIABLE in environ else None)
    found = load(named or (DEFAULT_CONFIG if DEFAULT_CONFIG.exists() else None), environ)
    _adopt(found)
    return found


def _adopt(settings: "Settings") -> None:
    """The office's own topics, seasons and region, for everything that this process reads."""
    office = settings.office
    if not (office.topics or office.seasons or office.region):
        return
    import digests
    from bot.errors import SettingsError

    for key, adopt in (("topics", digests.adopt_topics), ("seasons", digests.adopt_seasons)):
        path = getattr(office, key)
        try:
            adopt(Path(path).read_text("utf-8-sig") if path else "")
        except OSError as error:
            raise SettingsError(f"office.{key}: cannot read {path}: {error.strerror}") from None
        except (digests.KnowledgeError, UnicodeDecodeError) as error:
            raise SettingsError(f"office.{key}: {path}: {error}") from None
    try:
        digests.adopt_region(office.region)
    except digests.KnowledgeError as error:
        raise SettingsError(f"office.region: {error}") from None


def limits(settings: "Settings") -> "digests.Limits":
    """How much of a report is read."""
    import digests

    size, characters = settings.reports.max_megabytes, settings.reports.max_characters
    return digests.Limits(bytes=round(size * 1_000_000), characters=characters)


def token_is_missing() -> UsageError:
    """What to say where a token is needed and there is none."""
    return UsageError(
        "telegram.token is missing: set POLICYBOT_TELEGRAM__TOKEN, or token in config.toml "
        "(@BotFather gives one); policybot demo needs none"
    )


def text(given: str) -> str:
    """TEXT, or what standard input holds where it is ``-``."""
    try:
        words = standard_input().decode() if given == "-" else given
    except UnicodeDecodeError:
        raise UsageError("standard input is not UTF-8 text") from None
    if not words.strip():
        raise UsageError("TEXT is empty: there is nothing to send")
    return words.strip()


def topics(given: str | None) -> frozenset[str] | None:
    """Topic ids from ``a,b``; None means all. An unknown one is an error that lists the known."""
    if given is None:
        return None
    import digests

    known = [topic.id for topic in digests.topics()]
    chosen = tuple(dict.fromkeys(word.strip() for word in given.split(",") if word.strip()))
    unknown = [word for word in chosen if word not in known]
    if unknown or not chosen:
        raise typer.BadParameter(
            f"{', '.join(unknown) or repr(given)} is not among the topics: {', '.join(known)}",
            param_hint="--topics",
        )
    return frozenset(chosen)
