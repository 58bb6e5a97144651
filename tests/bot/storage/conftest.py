"""Every storage test runs on both databases."""

from tests.databases import database, postgres, template, url

__all__ = ["database", "postgres", "template", "url"]
