"""Telegram's own rules for text: entities by TDLib's parser, cleaning, trimming, limits.

tdjson parses the markup and finds links, mentions and commands; lengths, trimming and the cap on
entities are the server's and stand here. Offsets of entities count UTF-16 units, lengths of
messages count code points.
"""

import json
import re
from functools import lru_cache
from typing import Any

from bot.sandbox.refusals import Json, bad

RAW_BYTES = 32768
TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
ENTITY_LIMIT = 100

MODES: dict[str, Json] = {
    "html": {"@type": "textParseModeHTML"},
    "markdown": {"@type": "textParseModeMarkdown", "version": 1},
    "markdownv2": {"@type": "textParseModeMarkdown", "version": 2},
}
NAMES = {
    "Bold": "bold",
    "Italic": "italic",
    "Underline": "underline",
    "Strikethrough": "strikethrough",
    "Spoiler": "spoiler",
    "Code": "code",
    "Pre": "pre",
    "PreCode": "pre",
    "BlockQuote": "blockquote",
    "ExpandableBlockQuote": "expandable_blockquote",
    "TextUrl": "text_link",
    "MentionName": "text_mention",
    "CustomEmoji": "custom_emoji",
    "DateTime": "date_time",
    "Mention": "mention",
    "Hashtag": "hashtag",
    "Cashtag": "cashtag",
    "BotCommand": "bot_command",
    "Url": "url",
    "EmailAddress": "email",
    "PhoneNumber": "phone_number",
}
# found links and commands give way to these
OPAQUE = frozenset({"code", "pre", "text_link", "text_mention", "custom_emoji", "date_time"})
DETECTED = frozenset(
    {"mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number"}
)
GIVEN = frozenset(NAMES.values()) - DETECTED
_TRIGGER = re.compile(r"[/@#$.:]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
_REMOVED = re.compile("[\r\u202a-\u202e]")

Formatted = tuple[str, tuple[Json, ...]]


def units(text: str) -> int:
    """Length in UTF-16 code units.

    >>> units("a好🙂")
    4
    """
    return len(text) + sum(character > "\uffff" for character in text)


@lru_cache(maxsize=1)
def _execute() -> Any:
    import tdjson

    tdjson.td_execute(b'{"@type":"setLogVerbosityLevel","new_verbosity_level":0}')
    return tdjson.td_execute


def _ask(request: Json) -> Json:
    answer: Json = json.loads(_execute()(json.dumps(request).encode()))
    return answer


def text_of(text: str, parse_mode: str, entities: Any) -> Formatted:
    """A message's text, cleaned, with its entities."""
    if not text:
        raise bad("Message text is empty")
    plain, found = _formatted(text, parse_mode, entities)
    if not plain:
        raise bad("Text must be non-empty")
    if len(plain) > TEXT_LIMIT:
        raise bad("message is too long")
    return plain, found


def caption_of(text: str, parse_mode: str, entities: Any) -> Formatted:
    """A caption, which may be empty."""
    plain, found = _formatted(text, parse_mode, entities)
    if len(plain) > CAPTION_LIMIT:
        raise bad("message caption is too long")
    return plain, found


def _formatted(text: str, parse_mode: str, entities: Any) -> Formatted:
    mode = parse_mode.lower()
    if mode in {"", "none"}:
        if isinstance(entities, list) and entities:
            return _finished(text, tuple(_given(entities)))
        mode = ""
    return _parsed(text, mode)


@lru_cache(maxsize=1024)
def _parsed(text: str, mode: str) -> Formatted:
    """One text as one mode reads it; a broadcast asks thousands of times for the same."""
    if len(text.encode("utf-8", "surrogatepass")) > RAW_BYTES:
        raise bad("Text is too long")
    if not mode or not text:
        return _finished(text, ())
    if mode not in MODES:
        raise bad("Unsupported parse_mode")
    answer = _ask({"@type": "parseTextEntities", "text": text, "parse_mode": MODES[mode]})
    if answer["@type"] == "error":
        raise bad(answer["message"])
    return _finished(answer["text"], tuple(_named(answer["entities"])))


def _given(entities: list[Any]) -> list[Json]:
    """Entities that came ready made; types the server sets itself are left out."""
    kept = []
    for entity in entities:
        if not isinstance(entity, dict):
            raise bad("Can't parse MessageEntity: expected an Object")
        for name in ("offset", "length"):
            if not isinstance(entity.get(name), int):
                raise bad(f"Can't parse MessageEntity: Can't find field \"{name}\"")
        kind = entity.get("type")
        if kind == "text_mention" and not isinstance(entity.get("user"), dict):
            raise bad("Can't parse MessageEntity: Can't find field \"user\"")
        if kind in GIVEN:
            kept.append({key: value for key, value in entity.items() if value is not None})
    return kept


def _named(entities: list[Json]) -> list[Json]:
    """TDLib's entities under the Bot API's names."""
    named = []
    for entity in entities:
        kind = entity["type"]
        name = NAMES.get(kind["@type"].removeprefix("textEntityType"))
        if name is None:
            continue
        card: Json = {"type": name, "offset": entity["offset"], "length": entity["length"]}
        if name == "text_link":
            card["url"] = kind["url"]
        elif name == "text_mention":
            card["user"] = {"id": kind["user_id"]}
        elif name == "custom_emoji":
            card["custom_emoji_id"] = str(kind["custom_emoji_id"])
        elif name == "date_time":
            card["unix_time"] = kind["unix_time"]
        elif kind.get("language"):
            card["language"] = kind["language"]
        named.append(card)
    return named


def _finished(text: str, entities: tuple[Json, ...]) -> Formatted:
    text = _REMOVED.sub("", _CONTROL.sub(" ", text)) if not text.isprintable() else text
    total = units(text)
    for entity in entities:
        if entity["offset"] + entity["length"] > total:
            raise bad(
                f"Entity beginning at UTF-16 offset {entity['offset']} ends after the end of the"
                f" text at UTF-16 offset {entity['offset'] + entity['length']}"
            )
    text, entities = _trimmed(text, entities)
    found = detected(text)
    if found and entities:
        closed = [entity for entity in entities if entity["type"] in OPAQUE]
        found = tuple(one for one in found if not any(_touch(one, other) for other in closed))
    if found:
        entities = tuple(
            sorted((*entities, *found), key=lambda one: (one["offset"], -one["length"]))
        )
    return text, entities[:ENTITY_LIMIT]


def _trimmed(text: str, entities: tuple[Json, ...]) -> Formatted:
    end = text.rstrip()
    first = min((entity["offset"] for entity in entities), default=units(end))
    lead = len(end) - len(end.lstrip(" \n"))
    lead = min(lead, first)  # blanks are one unit each
    body = end[lead:]
    if body == text:
        return text, entities
    total = units(body)
    kept = []
    for entity in entities:
        start = entity["offset"] - lead
        length = min(entity["length"], total - start)
        if length > 0:
            kept.append({**entity, "offset": start, "length": length})
    return body, tuple(kept)


def detected(text: str) -> tuple[Json, ...]:
    """Links, mentions, commands, hashtags and the like that stand in a plain text."""
    if not _TRIGGER.search(text):
        return ()
    answer = _ask({"@type": "getTextEntities", "text": text})
    return tuple(_named(answer["entities"]))


def _touch(one: Json, other: Json) -> bool:
    starts = max(one["offset"], other["offset"])
    ends = min(one["offset"] + one["length"], other["offset"] + other["length"])
    return bool(starts < ends)
