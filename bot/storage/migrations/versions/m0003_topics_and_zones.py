"""Topics of forums, and an index of those who live in another zone."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("chats", sa.Column("thread_id", sa.BigInteger(), nullable=True))
    op.create_index(
        "ix_chats_zone",
        "chats",
        ["zone", "id"],
        unique=False,
        sqlite_where=sa.text("zone <> ''"),
        postgresql_where=sa.text("zone <> ''"),
    )
