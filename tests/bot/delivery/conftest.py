"""Delivery tests run on both databases."""

import pytest

from bot.storage.database import Database
from tests.databases import database, postgres, template, url
from tests.office import Office

__all__ = ["database", "postgres", "template", "url"]


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)
