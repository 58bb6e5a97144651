"""What was delivered to whom, how often, and what was refused and why."""

import asyncio
import json
from collections import Counter
from dataclasses import dataclass, field

from bot.sandbox.refusals import Json

PAUSE_EVERY = 1000


@dataclass(slots=True)
class Delivered:
    count: int = 0
    duplicates: int = 0
    first: float = 0.0
    last: float = 0.0
    seen: set[int] = field(default_factory=set)


class Tally:
    def __init__(self) -> None:
        self.chats: dict[int, Delivered] = {}
        self.refused: Counter[str] = Counter()
        self.delivered = 0
        self.duplicates = 0
        self.edited = 0
        self.deleted = 0

    def clear(self) -> None:
        self.__init__()  # type: ignore[misc]  # a fresh tally is what clear means

    def count(self, chat_id: int, fingerprint: int, now: float) -> None:
        """One message has reached ``chat_id``; equal fingerprints there are duplicates."""
        entry = self.chats.get(chat_id)
        if entry is None:
            entry = self.chats[chat_id] = Delivered(first=now)
        entry.count += 1
        entry.last = now
        self.delivered += 1
        if fingerprint in entry.seen:
            entry.duplicates += 1
            self.duplicates += 1
        else:
            entry.seen.add(fingerprint)

    def totals(self) -> Json:
        return {
            "delivered": self.delivered,
            "duplicates": self.duplicates,
            "chats": len(self.chats),
            "refused": self.refused.total(),
            "edited": self.edited,
            "deleted": self.deleted,
        }

    async def text(self, *, chats: bool = True) -> str:
        """All as JSON; a hundred thousand chats are written with pauses for others' calls."""
        head = json.dumps({"totals": self.totals(), "refused": dict(self.refused)})
        if not chats:
            return head
        pieces: list[str] = []
        for number, (chat_id, entry) in enumerate(list(self.chats.items())):
            pieces.append(
                f'"{chat_id}":{{"delivered":{entry.count},"duplicates":{entry.duplicates},'
                f'"first":{entry.first:.3f},"last":{entry.last:.3f}}}'
            )
            if number % PAUSE_EVERY == PAUSE_EVERY - 1:
                await asyncio.sleep(0)
        return f'{head[:-1]},"chats":{{{",".join(pieces)}}}}}'
