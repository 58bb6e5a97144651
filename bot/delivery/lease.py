"""The right to send and to plan, held by one process per token.

The database's clock decides who holds it; whether *we* still do is judged on this host by a clock
that also runs while the process or the machine sleeps, from the moment before we asked. A process
that was frozen therefore knows, before its next request, that its time is over.
"""

import logging
import time
import uuid

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import LeaseLostError, StorageError
from bot.storage import leases
from bot.storage.database import Database

log = logging.getLogger(__name__)

TTL_S = 6.0  # taken over within 10 s of a crash: expiry, a look every second, one transaction
RENEW_S = 2.0
MARGIN_S = 0.5  # a request that is already on its way when the lease ends


def awake_or_not() -> float:
    """Seconds that also pass while the machine sleeps, where the system counts them."""
    boottime = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if boottime is None else time.clock_gettime(boottime)


class Lease:
    """One name, one holder; ``epoch`` is the term's number, 0 = never held."""

    def __init__(self, database: Database, name: str, *, ttl_s: float = TTL_S) -> None:
        self._database = database
        self._name = name
        self._holder = uuid.uuid4().hex
        self._ttl_s = ttl_s
        self._good_until = 0.0
        self.epoch = 0

    def holds(self) -> bool:
        """Whether it is certainly ours at this moment."""
        return awake_or_not() < self._good_until

    @property
    def renew_s(self) -> float:
        """How often to renew it, or to look whether it has become free."""
        return min(RENEW_S, self._ttl_s / 3)

    async def take(self) -> bool:
        """Take it if it is free, renew it if it is ours."""
        asked = awake_or_not()
        try:
            epoch = await self._database.transact(
                lambda c: leases.take(c, self._name, self._holder, self._ttl_s), first=True
            )
        except StorageError as error:
            log.warning("the lease could not be renewed: %s", error)
            return False
        if epoch is None:
            self._good_until = 0.0
            return False
        self.epoch = epoch
        self._good_until = asked + self._ttl_s - MARGIN_S
        return True

    async def confirm(self, connection: AsyncConnection) -> None:
        """Still ours, in the transaction that relies on it, or LeaseLostError."""
        if not await leases.held(connection, self._name, self._holder, self.epoch):
            self._good_until = 0.0
            raise LeaseLostError("another process sends now")

    async def give_back(self) -> None:
        """Let another process take over at once."""
        if self.holds():
            self._good_until = 0.0
            await self._database.transact(lambda c: leases.give_back(c, self._name, self._holder))
