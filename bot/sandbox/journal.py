"""The calls of late, for the inspector and for tests; bounded in number and in bytes."""

import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.sandbox.refusals import Json

KEEP_CALLS = 50_000
KEEP_BYTES = 64 * 1024 * 1024


@dataclass(slots=True)
class Entry:
    n: int
    at: float
    method: str
    params: Json
    status: int
    answer: bytes
    took_s: float
    bot_id: int
    note: str = ""

    def card(self) -> Json:
        answer: Any = None
        if self.answer:
            answer = json.loads(self.answer)
        return {
            "n": self.n,
            "at": datetime.fromtimestamp(self.at, UTC).isoformat(),
            "method": self.method,
            "params": _readable(self.params),
            "status": self.status,
            "answer": answer,
            "took_ms": round(self.took_s * 1000, 2),
            "bot": self.bot_id,
            **({"note": self.note} if self.note else {}),
        }


def _readable(params: Json) -> Json:
    """Parameters as sent, but JSON inside a form shown as JSON."""
    shown: Json = {}
    for name, value in params.items():
        shown[name] = value
        if isinstance(value, str) and value[:1] in {"{", "["}:
            try:
                shown[name] = json.loads(value)
            except ValueError:
                continue
    return shown


class Journal:
    def __init__(self, keep: int = KEEP_CALLS, keep_bytes: int = KEEP_BYTES) -> None:
        self._entries: deque[Entry] = deque()
        self._keep = keep
        self._keep_bytes = keep_bytes
        self._bytes = 0
        self.count = 0
        self.listener: Callable[[Entry], None] | None = None

    def add(self, entry: Entry) -> None:
        self.count += 1
        entry.n = self.count
        self._entries.append(entry)
        self._bytes += len(entry.answer)
        while len(self._entries) > self._keep or self._bytes > self._keep_bytes:
            self._bytes -= len(self._entries.popleft().answer)
        if self.listener is not None:
            self.listener(entry)

    def since(self, n: int, method: str = "", limit: int = 0, until: int = 0) -> list[Json]:
        """Entries after number ``n`` up to ``until``, oldest first; the last ``limit`` of them."""
        wanted = method.lower()
        found: list[Json] = []
        for entry in reversed(self._entries):
            if until and entry.n > until:
                continue
            if entry.n <= n or (limit and len(found) >= limit):
                break
            if not wanted or entry.method.lower() == wanted:
                found.append(entry.card())
        return found[::-1]
