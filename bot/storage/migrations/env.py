"""Alembic runs this; the connection comes from ``Database.migrate``."""

from alembic import context

from bot.storage.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,  # SQLite can, though Alembic thinks otherwise
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
