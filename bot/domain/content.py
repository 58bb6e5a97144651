"""What a broadcast sends: an admin's text, photo or document -> the calls that carry it.

A content is plain JSON, ``{"text": …, "parts": [{"method", "body"}, …]}``, bodies without chat_id:
it is kept in a row, hashed for an approval, and posted to each chat as it is.
"""

from collections.abc import Mapping
from typing import Any

import digests
from bot.errors import RefusedError

MAX_CAPTION = 1024
MAX_TEXT = 3900  # visible characters, with room for what counts double
MAX_PARTS = 10

_MEDIA = {"photo": "sendPhoto", "document": "sendDocument"}
Content = dict[str, Any]


def plain_content(text: str) -> Content:
    """Words typed on a command line: nothing in them is markup."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return html_content(escaped)


def html_content(html: str, media: Mapping[str, str] | None = None) -> Content:
    """Formatted text, or a photo or document (its file_id) with a caption."""
    if not html.strip() and not media:
        raise RefusedError("There is no text yet. Please send the text first.")
    if not media:
        return {"text": html, "parts": [_text_part(piece) for piece in split(html)]}
    kind, file_id = media["kind"], media["file_id"]
    body: dict[str, Any] = {kind: file_id}
    rest: list[dict[str, Any]] = []
    if html.strip():
        if len(visible(html)) <= MAX_CAPTION:
            body |= {"caption": html, "parse_mode": "HTML"}
        else:  # too long for a caption: the text follows its picture
            rest = [_text_part(piece) for piece in split(html)]
    parts = [{"method": _MEDIA[kind], "body": body}, *rest]
    return {"text": html, "media": dict(media), "parts": parts}


def with_receipt(content: Content, note: str, button: str, receipt: Mapping[str, str]) -> Content:
    """The same with a line of our own below and a button; ``receipt`` holds its token and deadline.

    The line joins the last message where there is room, else it comes by itself.
    """
    parts = [{**part, "body": dict(part["body"])} for part in content["parts"]]
    body = parts[-1]["body"]
    name, most = ("text", MAX_TEXT) if "text" in body else ("caption", MAX_CAPTION)
    joined = "\n\n".join(words for words in (body.get(name, ""), note) if words)
    if len(visible(joined)) <= most:
        body |= {name: joined, "parse_mode": "HTML"}
    else:
        parts.append(_text_part(note))
    key = {"text": button, "callback_data": f"k:{receipt['token']}"}
    parts[-1]["body"]["reply_markup"] = {"inline_keyboard": [[key]]}
    return {**content, "parts": parts, "receipt": dict(receipt)}


def split(html: str) -> tuple[str, ...]:
    """Pieces within Telegram's limits."""
    pieces = tuple(digests.split_html(html.strip()))
    if len(pieces) > MAX_PARTS:
        raise RefusedError("The text is too long: it would take more than ten messages.")
    return pieces


def _text_part(piece: str) -> dict[str, Any]:
    return {
        "method": "sendMessage",
        "body": {
            "text": piece,
            "parse_mode": "HTML",
            "link_preview_options": {"is_disabled": True},
        },
    }


def visible(html: str) -> str:
    """The words a reader sees, without markup.

    >>> visible("<b>1 &lt; 2</b>")
    '1 < 2'
    """
    import html as entities
    import re

    return entities.unescape(re.sub(r"<[^>]*>", "", html))
