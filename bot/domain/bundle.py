"""Messages that waited through one night for one reader -> one message.

Only text shares a message; a photo, a document or a keyboard below the screen comes by itself. The
words, their formatting and their buttons stay as each was approved, in the order in which they came
due, a thin line between them. What does not fit any more goes into the next message: a cut between
two messages always lies where one of the messages ends.
"""

import html
import re
from collections.abc import Mapping, Sequence
from typing import Any

import digests
from bot.domain.content import visible

LIMIT = 4096  # UTF-16 units that a reader sees
MOST_BYTES = 32_768  # with markup, before Telegram reads it
MOST_ENTITIES = 100  # Telegram ignores further ones without a word
MOST_BUTTONS = 100
BETWEEN = "\n\n———\n\n"
_SHARED = frozenset({"text", "parse_mode", "link_preview_options", "reply_markup"})
_OPENING_TAG = re.compile(r"<[a-zA-Z]")

Body = Mapping[str, Any]


def may_share(method: str, body: Body) -> bool:
    """Whether a message may stand in one with others.

    >>> may_share("sendMessage", {"text": "a"}), may_share("sendPhoto", {"photo": "x"})
    (True, False)
    """
    return (
        method == "sendMessage"
        and body.keys() <= _SHARED
        and body.get("parse_mode", "HTML") == "HTML"
        and body.get("reply_markup", {}).keys() <= {"inline_keyboard"}
    )


def fitting(bodies: Sequence[Body]) -> int:
    """How many of the first messages fit into one; the first always does."""
    count = 1
    while count < len(bodies) and _fits(join(bodies[: count + 1])):
        count += 1
    return count


def join(bodies: Sequence[Body]) -> dict[str, Any]:
    """One message that says what all of them say.

    >>> join([{"text": "1 < 2"}, {"text": "<b>3</b>", "parse_mode": "HTML"}])["text"].split()
    ['1', '&lt;', '2', '———', '<b>3</b>']
    """
    rows = [row for body in bodies for row in _rows(body)]
    joined: dict[str, Any] = {
        "text": BETWEEN.join(_html(body) for body in bodies),
        "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": True},
    }
    if rows:
        joined["reply_markup"] = {"inline_keyboard": rows}
    return joined


def _fits(body: Body) -> bool:
    text = body["text"]
    return (
        digests.utf16_length(visible(text)) <= LIMIT
        and len(text.encode()) <= MOST_BYTES
        and len(_OPENING_TAG.findall(text)) <= MOST_ENTITIES
        and sum(len(row) for row in _rows(body)) <= MOST_BUTTONS
    )


def _html(body: Body) -> str:
    text = str(body["text"]).strip()
    return text if body.get("parse_mode") == "HTML" else html.escape(text, quote=False)


def _rows(body: Body) -> list[list[dict[str, Any]]]:
    return list(body.get("reply_markup", {}).get("inline_keyboard", []))
