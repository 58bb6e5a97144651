"""Variants ready for the wire: each body is encoded once, however many chats get it."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.delivery.transport import encode
from bot.domain import bundle
from bot.domain.message import About, Lane, PushKind
from bot.storage import pushes

KEPT = 2000
Key = tuple[int, int]  # variant, part


@dataclass(frozen=True, slots=True)
class Call:
    """A method and the bytes of its body but for the address; ``shared``: the body, if others
    may stand in the same message.
    """

    method: str
    rest: bytes
    shared: Mapping[str, Any] | None = None

    def to(self, chat_id: int, thread_id: int | None) -> bytes:
        """The body for one chat, or for one topic of a forum."""
        if thread_id is None:
            return b'{"chat_id":%d%b' % (chat_id, self.rest)
        return b'{"chat_id":%d,"message_thread_id":%d%b' % (chat_id, thread_id, self.rest)


@dataclass(frozen=True, slots=True)
class Letter:
    """One variant: the call of each part, and what it is about."""

    parts: tuple[Call, ...]
    topics: frozenset[str]
    tasks: frozenset[str]
    has_excerpt: bool

    def about(self, kind: PushKind, lane: Lane) -> About:
        """What it is about, for the last look before it leaves."""
        return About(kind, lane, self.topics, self.tasks, self.has_excerpt)


class Mailbag:
    """The letters of the pushes under way; the least used leave first."""

    def __init__(self, *, paid: bool = False) -> None:
        self._paid = paid
        self._letters: OrderedDict[int, Letter] = OrderedDict()
        self._bundles: OrderedDict[tuple[Key, ...], tuple[int, Call]] = OrderedDict()

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

    def call(self, key: Key) -> Call:
        """The call of one part of a variant."""
        variant_id, part = key
        return self._letters[variant_id].parts[part]

    def bundle(self, keys: tuple[Key, ...]) -> tuple[int, Call]:
        """How many of the first parts go into one message, and its call; encoded once."""
        known = self._bundles.get(keys)
        if known is None:
            bodies = [self.call(key).shared or {} for key in keys]
            count = bundle.fitting(bodies)
            one = self.call(keys[0]) if count == 1 else self._call(bundle.join(bodies[:count]))
            known = self._bundles[keys] = count, one
            if len(self._bundles) > KEPT:
                self._bundles.popitem(last=False)
        return known

    def _letter(self, row: Mapping[str, Any]) -> Letter:
        parts, why = row["parts"], row["why"]
        return Letter(
            tuple(self._call(part["body"], part["method"]) for part in parts),
            frozenset(why.get("topics", ())),
            frozenset(why.get("tasks", ())),
            bool(why.get("sections", True)),
        )

    def _call(self, body: Mapping[str, Any], method: str = "sendMessage") -> Call:
        whole = {key: value for key, value in body.items() if key != "chat_id"}
        shared = dict(whole) if bundle.may_share(method, whole) else None
        if self._paid:
            whole["allow_paid_broadcast"] = True
        return Call(method, b"," + encode(whole)[1:] if whole else b"}", shared)
