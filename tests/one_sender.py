"""A sender in a process of its own, to be killed: ``python -m tests.one_sender DATABASE API_URL``."""

import argparse
import asyncio
import signal
import sys
from datetime import UTC, datetime

from bot.delivery.gateway import Gateway
from bot.delivery.lease import Lease
from bot.delivery.limiter import Limiter, Rates
from bot.delivery.sender import Options, Sender
from bot.delivery.transport import Transport
from bot.domain.subscription import OfficeHours
from bot.storage.database import Database
from tests.processes import TOKEN


async def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("database")
    parser.add_argument("api_url")
    parser.add_argument("--per-second", type=float, default=1000)
    parser.add_argument("--read-s", type=float, default=5)
    parser.add_argument("--ttl-s", type=float, default=6)
    given = parser.parse_args()
    database = Database(given.database)
    transport = Transport(given.api_url, TOKEN, read_s=given.read_s)
    limiter = Limiter(Rates(per_second=given.per_second))
    sender = Sender(
        database,
        Gateway(transport, limiter),
        Lease(database, "sender:123456", ttl_s=given.ttl_s),
        lambda: datetime.now(UTC),  # noqa: TID251 -- a composition root
        Options(OfficeHours(quiet=None)),
    )
    loop = asyncio.get_running_loop()
    stops: set[asyncio.Task[None]] = set()
    loop.add_signal_handler(signal.SIGTERM, lambda: stops.add(loop.create_task(sender.stop())))
    sys.stdout.write("up\n")
    sys.stdout.flush()
    try:
        await sender.run()
    finally:
        await transport.close()
        await database.close()


if __name__ == "__main__":
    asyncio.run(main())
