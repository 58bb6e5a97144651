"""What a reader with certain choices gets on a day, ready for the outbox."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

import digests
from bot.storage.pushes import Variant


class Shelf(Protocol):
    """What the editor needs of the library."""

    def pushed_on(self, day: date, *, member: bool) -> Sequence[digests.Edition]:
        """The reports still valid on a day, those for the public only or also the office's own."""


class Words(Protocol):
    """What the editor needs of the texts."""

    def translate(self, language: str) -> Callable[[str], str]:
        """The translator of a language."""


@dataclass(frozen=True, slots=True)
class Order:
    """A reader's wishes on one day, as far as they decide what is in the message."""

    on: date
    language: str
    topics: tuple[str, ...]
    muted: frozenset[str]
    read: frozenset[str]
    excerpt: bool
    member: bool


@dataclass(frozen=True, slots=True)
class Issue:
    """The message of a day, and what counts as read after it."""

    variant: Variant
    read: frozenset[str]


class Editor:
    """Composes through ``digests``; equal wishes are composed once per tick."""

    def __init__(self, shelf: Shelf, words: Words) -> None:
        self._shelf = shelf
        self._words = words

    def issue(self, order: Order) -> Issue | None:
        """The day's message; None when there is nothing to say."""
        editions = self._shelf.pushed_on(order.on, member=order.member)
        if not editions:
            return None
        digest = digests.compose(
            editions,
            order.on,
            topics=frozenset(order.topics) or None,
            read=order.read,
            muted=order.muted,
            excerpt=order.excerpt,
        )
        pages = digests.render_digest(digest, self._words.translate(order.language))
        if not pages:
            return None
        parts = [{"method": "sendMessage", "body": page_body(page)} for page in pages]
        why = {
            "sections": [digest.reading] if digest.reading else [],
            "tasks": [
                f"{digests.report_key(line.report)}:{digests.task_key(line.task)}"
                for line in digest.lines
            ],
            "on": order.on.isoformat(),
        }
        return Issue(Variant(_key(parts), parts, why), digests.read_after(order.read, digest))


def page_body(page: digests.Page) -> dict[str, Any]:
    """A page as the body of sendMessage, without chat_id."""
    body: dict[str, Any] = {
        "text": page.html,
        "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": True},
    }
    if page.buttons:
        keyboard = [[_button(button) for button in row] for row in page.buttons]
        body["reply_markup"] = {"inline_keyboard": keyboard}
    return body


def _button(button: digests.Button) -> dict[str, Any]:
    if button.url is not None:
        return {"text": button.text, "url": button.url}
    if button.copy is not None:
        return {"text": button.text, "copy_text": {"text": button.copy}}
    return {"text": button.text, "callback_data": button.data}


def _key(parts: list[dict[str, Any]]) -> str:
    content = json.dumps(parts, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()[:32]
