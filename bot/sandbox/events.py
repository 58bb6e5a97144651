"""What has just happened, told to the pages that watch. Nobody watching: nothing is made."""

import asyncio
import json
from collections import deque

from bot.sandbox.refusals import Json

BACKLOG = 2000


class Watcher:
    """One page; when it falls behind it is told to load everything anew."""

    def __init__(self) -> None:
        self._waiting: deque[Json] = deque()
        self._woken = asyncio.Event()
        self._lost = False

    def tell(self, event: Json) -> None:
        if len(self._waiting) >= BACKLOG:
            self._waiting.clear()
            self._lost = True
        self._waiting.append(event)
        self._woken.set()

    async def next(self, timeout_s: float) -> str:
        """The next events as a block of an event stream; a comment when there were none."""
        try:
            await asyncio.wait_for(self._woken.wait(), timeout_s)
        except TimeoutError:
            return ": still here\n\n"
        await asyncio.sleep(0.03)  # gather: a page need not be told a thousand times a second
        self._woken.clear()
        events = [{"type": "resync"}] if self._lost else list(self._waiting)
        self._lost = False
        self._waiting.clear()
        return f"data: {json.dumps(events, ensure_ascii=False)}\n\n"


class Events:
    def __init__(self) -> None:
        self._watchers: list[Watcher] = []

    def __bool__(self) -> bool:
        return bool(self._watchers)

    def watch(self) -> Watcher:
        watcher = Watcher()
        self._watchers.append(watcher)
        return watcher

    def leave(self, watcher: Watcher) -> None:
        if watcher in self._watchers:
            self._watchers.remove(watcher)

    def tell(self, kind: str, **what: object) -> None:
        for watcher in self._watchers:
            watcher.tell({"type": kind, **what})
