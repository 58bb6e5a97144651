"""config.toml + environment -> frozen settings; what is unknown or of the wrong kind is an error.

The key ``per_second`` of ``[limits]`` is ``POLICYBOT_LIMITS__PER_SECOND`` in the environment, which
wins. A secret may stand in a file of its own, named by ``POLICYBOT_TELEGRAM__TOKEN_FILE``. Every
setting is described in config.example.toml; tests/house compares the two.
"""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import time
from pathlib import Path
from typing import Any, get_type_hints

from bot.errors import SettingsError

PREFIX = "POLICYBOT_"
CONFIG_VARIABLE = "POLICYBOT_CONFIG"
NO_SETTINGS = (CONFIG_VARIABLE, "POLICYBOT_DEBUG")  # where settings stand; how failures are told
LANGUAGES = ("zh-Hans", "zh-Hant", "en")
# Telegram allows 1,000 a second to a bot that pays; a Bot API server of one's own sets its limits
FASTEST = 1_000_000
LARGEST = 1000
_ADDRESS = r"https?://[^\s/?#]+(/[^\s?#]*)?"
_RATE = "more than 0 and at most 1000000"
_SIZE = "more than 0 and at most 1000"


def _setting(
    default: Any, right: Callable[[Any], bool], expected: str, *, secret: bool = False
) -> Any:
    """A setting with a rule: ``right`` tells a lawful value, ``expected`` says what would be."""
    rule = {"right": right, "expected": expected, "secret": secret}
    return field(default=default, repr=not secret, metadata=rule)


def _matches(pattern: str) -> Callable[[str], bool]:
    return lambda text: re.fullmatch(pattern, text, re.ASCII) is not None


def _at_least_one(number: int) -> bool:
    return number >= 1


def _a_rate(number: float) -> bool:
    return 0 < number <= FASTEST


def _zone_exists(name: str) -> bool:
    from zoneinfo import ZoneInfo

    try:
        ZoneInfo(name)
    except (OSError, ValueError, KeyError):  # ZoneInfoNotFoundError is a KeyError
        return False
    return True


@dataclass(frozen=True, slots=True)
class Telegram:
    """The bot's account and how it is reached."""

    token: str = _setting(
        "",
        _matches(r"(\d+:\S+)?"),
        "a token as @BotFather gives it: digits, a colon, letters",
        secret=True,
    )
    api_url: str = _setting(
        "https://api.telegram.org",
        _matches(_ADDRESS),
        "an address such as https://api.telegram.org",
    )
    owners: tuple[int, ...] = ()
    webhook_url: str = _setting(
        "", _matches(f"({_ADDRESS})?"), "an address such as https://bot.example.org/webhook"
    )
    webhook_secret: str = _setting(
        "", _matches(r"[A-Za-z0-9_-]{0,256}"), "made of A-Z a-z 0-9 _ -, at most 256", secret=True
    )


@dataclass(frozen=True, slots=True)
class Database:
    """Where everything is kept."""

    url: str = _setting(
        "sqlite:///var/policybot.db",
        _matches(r"(sqlite|postgres|postgresql)(\+\w+)?:.+"),
        "sqlite:///path or postgresql://user:password@host/name",
        secret=True,
    )


@dataclass(frozen=True, slots=True)
class Limits:
    """How fast Telegram lets this bot send."""

    per_second: float = _setting(30.0, _a_rate, _RATE)
    per_chat_per_second: float = _setting(1.0, _a_rate, _RATE)
    per_chat_burst: int = _setting(3, _at_least_one, "1 or more")
    per_group_per_minute: int = _setting(20, _at_least_one, "1 or more")
    paid_broadcast: bool = False


@dataclass(frozen=True, slots=True)
class Push:
    """When the daily digest leaves, and what happens to a message that may have arrived."""

    hour: time = time(8, 0)
    not_after: time = time(12, 0)
    quiet_hours: tuple[time, time] | None = (time(21, 0), time(7, 0))
    on_unknown: str = _setting(
        "leave", lambda word: word in {"leave", "resend"}, '"leave" or "resend"'
    )
    two_person: bool = False
    review_stages: int = _setting(0, lambda number: number in range(4), "0, 1, 2 or 3")


@dataclass(frozen=True, slots=True)
class Office:
    """Who runs this bot, as readers see it."""

    name: str = ""
    phone: str = ""
    timezone: str = _setting("Asia/Shanghai", _zone_exists, 'a time zone such as "Asia/Shanghai"')
    wordlist: str = ""
    topics: str = ""
    seasons: str = ""
    region: str = ""
    language: str = _setting(
        "zh-Hans", lambda language: language in LANGUAGES, f"one of {', '.join(LANGUAGES)}"
    )


@dataclass(frozen=True, slots=True)
class Reports:
    """What is accepted as a report."""

    max_megabytes: float = _setting(20.0, lambda size: 0 < size <= LARGEST, _SIZE)
    max_characters: int = _setting(5_000_000, _at_least_one, "1 or more")
    seconds: float = _setting(30.0, lambda seconds: 0 < seconds <= LARGEST, _SIZE)


@dataclass(frozen=True, slots=True)
class Web:
    """What other programs ask for: health, metrics, webhook, calendar; port 0: off."""

    host: str = "127.0.0.1"
    port: int = _setting(0, lambda port: port in range(2**16), "a port, 0 to 65535")
    public_url: str = _setting(
        "", _matches(f"({_ADDRESS})?"), "an address such as https://bot.example.org"
    )


@dataclass(frozen=True, slots=True)
class Data:
    """Where derived files (the search index) stand; they can be deleted at any time."""

    folder: str = "var"


@dataclass(frozen=True, slots=True)
class Retention:
    """After how many days what is no longer needed is deleted."""

    outbox_days: int = _setting(90, _at_least_one, "1 or more")
    audit_days: int = _setting(730, _at_least_one, "1 or more")


@dataclass(frozen=True, slots=True)
class Settings:
    """All of it; one attribute for each ``[section]``."""

    telegram: Telegram = field(default_factory=Telegram)
    database: Database = field(default_factory=Database)
    limits: Limits = field(default_factory=Limits)
    push: Push = field(default_factory=Push)
    office: Office = field(default_factory=Office)
    reports: Reports = field(default_factory=Reports)
    web: Web = field(default_factory=Web)
    data: Data = field(default_factory=Data)
    retention: Retention = field(default_factory=Retention)


SECTIONS: dict[str, type] = {
    name: kind for name, kind in get_type_hints(Settings).items() if isinstance(kind, type)
}


def load(path: Path | None, environ: Mapping[str, str]) -> Settings:
    """Read the file (None: defaults only), then the environment over it, then check the whole."""
    given: dict[str, dict[str, Any]] = {name: {} for name in SECTIONS}
    if path is not None:
        _from_file(path, given)
    _from_environment(environ, given)
    settings = Settings(**{name: kind(**given[name]) for name, kind in SECTIONS.items()})
    _check(settings)
    return settings


def _from_file(path: Path, given: dict[str, dict[str, Any]]) -> None:
    for section, values in _document(path).items():
        if section not in SECTIONS:
            raise SettingsError(
                f"config {path}: unknown section [{section}]{_meant(section, SECTIONS)}"
            )
        if not isinstance(values, dict):
            raise SettingsError(f"config {path}: {section} must be a section, [{section}]")
        for key, value in values.items():
            kind = _kind(section, key)
            if kind is None:
                meant = _meant(key, get_type_hints(SECTIONS[section]))
                raise SettingsError(f"config {path}: unknown key {section}.{key}{meant}")
            given[section][key] = _from_toml(f"{section}.{key}", value, kind)


def _document(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise SettingsError(f"config {path}: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise SettingsError(f"config {path}: not UTF-8 text") from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"config {path}: {error}") from None


def _from_environment(environ: Mapping[str, str], given: dict[str, dict[str, Any]]) -> None:
    for variable in sorted(environ):
        if not variable.startswith(PREFIX) or variable in NO_SETTINGS:
            continue
        section, _, key = variable.removeprefix(PREFIX).lower().partition("__")
        text = environ[variable]
        if key.removesuffix("_file") in _secrets(section) and key.endswith("_file"):
            key = key.removesuffix("_file")
            if f"{PREFIX}{section}__{key}".upper() in environ:
                raise SettingsError(f"{variable}: give the secret or its file, not both")
            text = _read_secret(variable, text)
        kind = _kind(section, key)
        if kind is None:
            raise SettingsError(
                f"unknown environment variable {variable}{_meant(variable, variables())}"
            )
        given[section][key] = _from_text(variable, text, kind)


def variables() -> list[str]:
    """Every environment variable that sets something."""
    return [
        f"{PREFIX}{section}__{key.name}".upper()
        for section, kind in SECTIONS.items()
        for key in fields(kind)
    ]


def _secrets(section: str) -> set[str]:
    kind = SECTIONS.get(section)
    return {f.name for f in fields(kind) if f.metadata.get("secret")} if kind else set()


def _read_secret(variable: str, path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8 text"
        raise SettingsError(f"{variable}: cannot read {path}: {reason}") from None


def _kind(section: str, key: str) -> object:
    kind = SECTIONS.get(section)
    return get_type_hints(kind).get(key) if kind else None


def _meant(word: str, known: Mapping[str, object] | list[str]) -> str:
    import difflib

    close = difflib.get_close_matches(word, list(known), n=1)
    return f" (did you mean {close[0]}?)" if close else ""


# --- one value ------------------------------------------------------------------------------------


def _hour(text: str) -> time:
    if not re.fullmatch(r"\d{1,2}:\d{2}", text.strip()):
        raise ValueError(text)
    hour, minute = text.strip().split(":")
    return time(int(hour), int(minute))


def _quiet(text: str) -> tuple[time, time] | None:
    if text.strip().lower() in {"", "none", "off", "no", "false"}:
        return None
    start, end = map(_hour, re.split(r"\s*[-–—~]\s*", text.strip()))
    return None if start == end else (start, end)


def _flag(text: str) -> bool:
    return {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}[
        text.strip().lower()
    ]


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.split(r"[,\s]+", text.strip("[] ")) if part)


_READERS: dict[object, tuple[Callable[[str], object], str]] = {
    str: (str, "text"),
    int: (int, "a whole number"),
    float: (float, "a number"),
    bool: (_flag, "true or false"),
    time: (_hour, 'a time such as "08:00"'),
    tuple[int, ...]: (_numbers, "a list of numbers such as [12345, 67890]"),
    tuple[time, time] | None: (_quiet, 'a span such as "21:00-07:00", or "none"'),
}


def _from_text(name: str, text: str, kind: object) -> object:
    read, expected = _READERS[kind]
    try:
        return read(text)
    except (ValueError, KeyError):
        raise SettingsError(f"{name}: {text!r} is not {expected}") from None


def _from_toml(name: str, value: object, kind: object) -> object:
    _, expected = _READERS[kind]
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if kind is time and isinstance(value, time):
        return value
    if kind == tuple[int, ...] and isinstance(value, list) and all(type(i) is int for i in value):
        return tuple(value)
    if isinstance(kind, type) and type(value) is kind:
        return value
    if kind == (tuple[time, time] | None) and isinstance(value, list | bool) and value is not True:
        value = "-".join(map(str, value or []))  # ["21:00", "07:00"], [] and false are plain too
    if isinstance(value, str) and kind in (time, tuple[time, time] | None):
        return _from_text(name, value, kind)
    raise SettingsError(f"{name}: {value!r} is not {expected}")


# --- the whole ------------------------------------------------------------------------------------


def _check(settings: Settings) -> None:
    for section, kind in SECTIONS.items():
        for rule in fields(kind):
            value = getattr(getattr(settings, section), rule.name)
            if rule.metadata and not rule.metadata["right"](value):
                shown = "this" if rule.metadata["secret"] else repr(value)
                raise SettingsError(
                    f"{section}.{rule.name}: {shown} is not {rule.metadata['expected']}"
                )
    for wrong, said in _together(settings):
        if wrong:
            raise SettingsError(said)


def _together(settings: Settings) -> list[tuple[bool, str]]:
    """What one setting asks of another: whether it is wrong, and what to say then."""
    telegram, push = settings.telegram, settings.push
    return [
        (
            push.not_after <= push.hour,
            f"push.not_after: {push.not_after:%H:%M} is not after push.hour ({push.hour:%H:%M})",
        ),
        (
            bool(telegram.webhook_url) and not settings.web.port,
            "web.port: 0 is not a port for telegram.webhook_url to reach",
        ),
        (
            bool(telegram.webhook_url) and not telegram.webhook_secret,
            "telegram.webhook_secret is missing: telegram.webhook_url needs one",
        ),
    ]
