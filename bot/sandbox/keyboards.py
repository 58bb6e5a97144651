"""``reply_markup``: checked as the server checks it, and in the shape messages show it."""

import json
import re
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from bot.sandbox.refusals import Json, bad

DATA_BYTES = 64
COPY_CHARACTERS = 256
MARKUP_BYTES = 10_000
STYLES = frozenset({"", "default", "primary", "danger", "success"})
# when several are given the first of these is taken
KINDS = (
    "url",
    "callback_data",
    "callback_game",
    "pay",
    "switch_inline_query",
    "switch_inline_query_chosen_chat",
    "switch_inline_query_current_chat",
    "login_url",
    "web_app",
    "copy_text",
)
MARKUP_FIELDS = (
    "keyboard",
    "is_persistent",
    "resize_keyboard",
    "one_time_keyboard",
    "input_field_placeholder",
    "selective",
    "remove_keyboard",
    "force_reply",
)


def parse(raw: Any) -> Json | None:
    """The markup, or None when there is none."""
    if raw is None or raw == "":
        return None
    return _parse_text(raw if isinstance(raw, str) else json.dumps(raw))  # most are asked for again


@lru_cache(maxsize=1024)
def _parse_text(raw: str) -> Json | None:
    try:
        value = json.loads(raw)
    except ValueError:
        raise bad("Can't parse reply keyboard markup JSON object") from None
    return _checked(value)


def inline(markup: Json | None) -> Json | None:
    """The part that a Message shows: inline keyboards only."""
    return markup if markup and "inline_keyboard" in markup else None


def _checked(value: Any) -> Json | None:
    if not isinstance(value, dict):
        raise bad("Object expected as reply markup")
    shown = {name: value[name] for name in MARKUP_FIELDS if name in value}
    keyboard = _reply_rows(value.get("keyboard"))
    if keyboard:
        return shown | {"keyboard": keyboard}
    rows = [row for row in _inline_rows(value.get("inline_keyboard")) if row]
    if rows:
        markup = {"inline_keyboard": rows}
        if len(json.dumps(markup, ensure_ascii=False).encode()) > MARKUP_BYTES:
            raise bad("reply markup is too long")
        return markup
    return shown if value.get("remove_keyboard") or value.get("force_reply") else None


def _reply_rows(rows: Any) -> list[list[Json]]:
    if rows is None:
        return []
    if not isinstance(rows, list):
        raise bad('Field "keyboard" must be of type Array')
    if not all(isinstance(row, list) for row in rows):
        raise bad('Field "keyboard" must be an Array of Arrays')
    return [[_reply_button(button) for button in row] for row in rows if row]


def _inline_rows(rows: Any) -> list[list[Json]]:
    if rows is None:
        return []
    if not isinstance(rows, list):
        raise bad('Field "inline_keyboard" must be of type Array')
    if not all(isinstance(row, list) for row in rows):
        raise bad('Field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays')
    return [[_inline_button(button) for button in row] for row in rows]


def _reply_button(button: Any) -> Json:
    if isinstance(button, str):
        return {"text": button}
    if not isinstance(button, dict):
        raise bad("Can't parse keyboard button: KeyboardButton must be a String or an Object")
    if not isinstance(button.get("text"), str):
        raise bad("Can't parse keyboard button: Can't find field \"text\"")
    if not button["text"].strip():
        raise bad("Keyboard button text must be non-empty")
    return {key: value for key, value in button.items() if value is not None}


def _inline_button(button: Any) -> Json:
    failed = "Can't parse inline keyboard button: "
    if not isinstance(button, dict):
        raise bad(failed + "InlineKeyboardButton must be an Object")
    if not isinstance(button.get("text"), str):
        raise bad(failed + 'Can\'t find field "text"')
    if str(button.get("style") or "").lower() not in STYLES:
        raise bad(failed + "invalid button style specified")
    kind = next((name for name in KINDS if _is_set(button, name)), None)
    if kind is None:
        raise bad(failed + "Text buttons are unallowed in the inline keyboard")
    if not button["text"].strip():
        raise bad("Inline keyboard button text must be non-empty")
    _check_kind(kind, button[kind])
    shown = {"text": button["text"], kind: button[kind]}
    return shown | {
        name: button[name] for name in ("style", "icon_custom_emoji_id") if button.get(name)
    }


def _is_set(button: Json, name: str) -> bool:
    value = button.get(name)
    if name in {"url", "callback_data"}:
        return bool(value)
    return value is not None and value is not False


def _check_kind(kind: str, value: Any) -> None:
    if kind == "callback_data":
        if not isinstance(value, str) or len(value.encode()) > DATA_BYTES:
            raise bad("BUTTON_DATA_INVALID")
    elif kind == "url":
        check_url(str(value))
    elif kind == "web_app":
        url = value.get("url") if isinstance(value, dict) else ""
        if not str(url).startswith("https://"):
            raise bad(
                f"inline keyboard button Web App URL '{url}' is invalid: Only HTTPS links are"
                " allowed"
            )
    elif kind == "copy_text":
        text = value.get("text") if isinstance(value, dict) else None
        if not isinstance(text, str) or not 1 <= len(text) <= COPY_CHARACTERS:
            raise bad("BUTTON_COPY_TEXT_INVALID")


def check_url(url: str) -> None:
    """Whether a URL may stand in a button."""
    try:
        parts = urlsplit(url if "://" in url or url.startswith("tg:") else f"http://{url}")
        host = parts.hostname or ""
        why = ""
    except ValueError:
        parts, host, why = urlsplit(""), "", "Wrong HTTP URL"
    if parts.scheme in {"tg", "ton"} and not why:
        return
    if not why and parts.scheme not in {"http", "https"}:
        why = "Unsupported URL protocol"
    if not why and ("." not in host or any(blank in url.strip() for blank in " \n\t")):
        why = "Wrong HTTP URL"
    if why:
        raise bad(f"inline keyboard button URL '{url}' is invalid: {why}")


def is_start_parameter(text: str) -> bool:
    """What may follow ``?start=``.

    >>> is_start_parameter("h_ab12cd34_10_20"), is_start_parameter("二、5")
    (True, False)
    """
    return re.fullmatch(r"[A-Za-z0-9_-]{1,64}", text) is not None
