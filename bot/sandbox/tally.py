"""What was delivered to whom, how often, and what was refused and why."""

from collections import Counter
from dataclasses import dataclass, field

from bot.sandbox.refusals import Json


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

    def card(self, *, chats: bool = True) -> Json:
        card: Json = {"totals": self.totals(), "refused": dict(self.refused)}
        if chats:
            card["chats"] = {
                str(chat_id): {
                    "delivered": entry.count,
                    "duplicates": entry.duplicates,
                    "first": round(entry.first, 3),
                    "last": round(entry.last, 3),
                }
                for chat_id, entry in self.chats.items()
            }
        return card
