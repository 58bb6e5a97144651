"""The calls of late, for the inspector and for tests; bounded in number and in bytes."""

import asyncio
import itertools
import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.sandbox.refusals import Json

KEEP_CALLS = 50_000
KEEP_BYTES = 64 * 1024 * 1024
PAUSE_EVERY = 200


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

    def text(self) -> str:
        """The entry as JSON; the answer is JSON already."""
        head = {
            "n": self.n,
            "at": datetime.fromtimestamp(self.at, UTC).isoformat(),
            "method": self.method,
            "params": _readable(self.params),
            "status": self.status,
            "took_ms": round(self.took_s * 1000, 2),
            "bot": self.bot_id,
            **({"note": self.note} if self.note else {}),
        }
        answer = self.answer.decode() or "null"
        return f'{json.dumps(head, ensure_ascii=False)[:-1]}, "answer": {answer}}}'


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

    async def text(self, since: int, method: str = "", limit: int = 0, until: int = 0) -> str:
        """``{"calls": […]}`` after number ``since`` up to ``until``; the last ``limit`` of them.

        Thousands are written with pauses, so that the bot's own calls need not wait.
        """
        wanted = method.lower()
        found: list[str] = []
        for number, entry in enumerate(self._after(since, until)):
            if limit and len(found) >= limit:
                break
            if not wanted or entry.method.lower() == wanted:
                found.append(entry.text())
            if number % PAUSE_EVERY == PAUSE_EVERY - 1:
                await asyncio.sleep(0)
        return f'{{"calls":[{",".join(reversed(found))}]}}'

    def _after(self, since: int, until: int) -> list[Entry]:
        """Newest first; numbers are consecutive, so the place of each is known."""
        first = self.count - len(self._entries) + 1
        start = max(since + 1 - first, 0)
        stop = min(until - first + 1, len(self._entries)) if until else len(self._entries)
        return list(itertools.islice(self._entries, start, max(stop, start)))[::-1]
