"""The configured database, opened for the length of one command."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from bot.settings import Settings
    from bot.storage.database import Database

_T = TypeVar("_T")


def with_database(
    settings: "Settings", work: Callable[["Database"], Awaitable[_T]], *, migrate: bool = True
) -> _T:
    """Do some work on the database, its tables up to date unless said otherwise."""

    async def opened() -> _T:
        async with _database(settings, migrate=migrate) as database:
            return await work(database)

    import asyncio

    return asyncio.run(opened())


@asynccontextmanager
async def _database(settings: "Settings", *, migrate: bool) -> AsyncIterator["Database"]:
    from bot.storage.database import Database

    database = Database(settings.database.url)
    try:
        if migrate:
            await database.migrate()
        yield database
    finally:
        await database.close()
