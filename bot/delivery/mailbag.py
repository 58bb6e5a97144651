"""Variants ready for the wire: each body is encoded once, however many chats get it."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.delivery.transport import encode
from bot.domain.message import About, Lane, PushKind
from bot.storage import pushes

KEPT = 2000


@dataclass(frozen=True, slots=True)
class Letter:
    """One variant: (method, the body's bytes after the chat id) per part, and what it is about."""

    parts: tuple[tuple[str, bytes], ...]
    topics: frozenset[str]
    tasks: frozenset[str]
    has_excerpt: bool

    def body(self, part: int, chat_id: int) -> tuple[str, bytes]:
        """Method and JSON body for one chat."""
        method, rest = self.parts[part]
        return method, b'{"chat_id":%d%b' % (chat_id, rest)

    def about(self, kind: PushKind, lane: Lane) -> About:
        """What it is about, for the last look before it leaves."""
        return About(kind, lane, self.topics, self.tasks, self.has_excerpt)


class Mailbag:
    """The letters of the pushes under way; the least used leave first."""

    def __init__(self, *, paid: bool = False) -> None:
        self._paid = paid
        self._letters: OrderedDict[int, Letter] = OrderedDict()

    async def load(self, connection: AsyncConnection, ids: Iterable[int]) -> None:
        """Fetch the letters that are not there yet."""
        wanted = set(ids)
        for number in wanted & self._letters.keys():
            self._letters.move_to_end(number)
        missing = sorted(wanted - self._letters.keys())
        if missing:
            for row in await pushes.variants_of(connection, missing):
                self._letters[row["id"]] = self._letter(row)
        while len(self._letters) > KEPT:
            self._letters.popitem(last=False)

    def __getitem__(self, variant_id: int) -> Letter:
        return self._letters[variant_id]

    def _letter(self, row: Mapping[str, Any]) -> Letter:
        parts, why = row["parts"], row["why"]
        return Letter(
            tuple((part["method"], self._encoded(part["body"])) for part in parts),
            frozenset(why.get("topics", ())),
            frozenset(why.get("tasks", ())),
            bool(why.get("sections", True)),
        )

    def _encoded(self, body: Mapping[str, Any]) -> bytes:
        whole = {key: value for key, value in body.items() if key != "chat_id"}
        if self._paid:
            whole["allow_paid_broadcast"] = True
        return b"," + encode(whole)[1:] if whole else b"}"
