"""All tables, in one MetaData, for both databases. Alembic migrations create them.

Instants are UTC, kept as milliseconds since 1970 (``Instant``); local days are ISO text dates
(``Day``); wall times are "HH:MM". Enumerations are kept as their text values.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def milliseconds(moment: datetime) -> int:
    """Since 1970, exact and rounded down: a moment that has come is never kept as one ahead."""
    return (moment - _EPOCH) // _MILLISECOND


class Instant(sa.types.TypeDecorator[datetime]):
    """Aware datetime <-> milliseconds since 1970 UTC: sortable, the same on both databases."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> int | None:  # noqa: ARG002
        return None if value is None else milliseconds(value)

    def process_result_value(self, value: int | None, dialect: Any) -> datetime | None:  # noqa: ARG002
        return None if value is None else datetime.fromtimestamp(value / 1000, UTC)


class Day(sa.types.TypeDecorator[date]):
    """Local calendar day <-> ISO text."""

    impl = sa.String(10)
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: Any) -> str | None:  # noqa: ARG002
        return None if value is None else value.isoformat()

    def process_result_value(self, value: str | None, dialect: Any) -> date | None:  # noqa: ARG002
        return None if value is None else date.fromisoformat(value)


# INTEGER PRIMARY KEY is SQLite's rowid; BIGINT there would not count up by itself
Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# ---- readers -------------------------------------------------------------------------------

chats = sa.Table(
    "chats",
    metadata,
    sa.Column("id", Key, primary_key=True, autoincrement=False),  # Telegram's chat id
    sa.Column("kind", sa.String(16), nullable=False),  # private group supergroup channel
    sa.Column("state", sa.String(16), nullable=False),  # active stopped suspended
    sa.Column("reason", sa.String(32), nullable=False, default=""),  # why suspended: blocked …
    sa.Column("language", sa.String(8), nullable=False, default="zh-Hans"),
    sa.Column("role", sa.String(16), nullable=False, default=""),  # village town department …
    sa.Column("topics", sa.Text, nullable=False, default=""),  # sorted ids joined by ","; "" = all
    sa.Column("days", sa.String(16), nullable=False, default="daily"),  # workdays weekly reminders
    sa.Column("weekday", sa.Integer, nullable=False, default=0),  # 0 = Monday, for weekly
    sa.Column("hour", sa.String(5), nullable=False, default="08:00"),
    sa.Column("zone", sa.String(64), nullable=False, default=""),  # "" = the office's
    sa.Column("paused_until", Day),  # first day on which it goes on; null = not paused
    sa.Column("muted", sa.Text, nullable=False, default=""),  # task keys, sorted, joined by ","
    sa.Column("reading_id", sa.Integer, nullable=False, default=0),  # what was read this cycle
    sa.Column("due_at", Instant),  # next digest; null = none is due (stopped, suspended)
    sa.Column("due_on", Day),  # its local date: no day twice
    sa.Column("served_on", Day),  # last local day whose digest was planned or found empty
    sa.Column("joined_at", Instant, nullable=False),
    sa.Column("changed_at", Instant, nullable=False),
    sa.Column("thread_id", sa.BigInteger),  # topic of a forum in which it was set up
    sa.Index("ix_chats_due", "due_at", "id"),
    # small: who lives elsewhere is awake in the office's night
    sa.Index(
        "ix_chats_zone",
        "zone",
        "id",
        sqlite_where=sa.text("zone <> ''"),
        postgresql_where=sa.text("zone <> ''"),
    ),
)

readings = sa.Table(  # interned sets of sections read, so that a chat holds one number
    "readings",
    metadata,
    sa.Column("id", Key, primary_key=True),
    sa.Column("sha256", sa.String(64), nullable=False, unique=True),
    sa.Column("read", sa.JSON, nullable=False),  # ["<report id>:<address>", …], sorted
)

# ---- reports -------------------------------------------------------------------------------

reports = sa.Table(
    "reports",
    metadata,
    sa.Column("id", Key, primary_key=True),
    sa.Column("key", sa.String(12), nullable=False, unique=True),  # short, for callback data
    sa.Column("sha256", sa.String(64), nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("issued_on", Day),
    sa.Column("state", sa.String(16), nullable=False),  # draft published withdrawn replaced
    sa.Column("publicity", sa.String(16), nullable=False),  # public members undecided
    sa.Column("publish_at", Instant),
    sa.Column("valid_until", Day),
    sa.Column("replaced_by", sa.BigInteger),
    sa.Column("parsed", sa.LargeBinary, nullable=False),  # the Report as compressed JSON
    sa.Column("added_by", sa.BigInteger),
    sa.Column("added_at", Instant, nullable=False),
    sa.Column("changed_at", Instant, nullable=False),  # replicas refresh their index by it
)

tasks = sa.Table(
    "tasks",
    metadata,
    sa.Column("id", Key, primary_key=True),
    sa.Column("report_id", sa.BigInteger, sa.ForeignKey("reports.id"), nullable=False),
    sa.Column("key", sa.String(16), nullable=False),  # stable within the report, for buttons
    sa.Column("state", sa.String(16), nullable=False),  # proposed accepted dropped done revoked
    sa.Column("task", sa.JSON, nullable=False),  # digests.Task as its public JSON
    sa.Column("note", sa.Text, nullable=False, default=""),  # 本单位补注
    sa.Column("changed_by", sa.BigInteger),
    sa.Column("changed_at", Instant, nullable=False),
    sa.UniqueConstraint("report_id", "key"),
)

handlings = sa.Table(  # 摘发管理: what may be pushed, only looked up, or not shown at all
    "handlings",
    metadata,
    sa.Column("report_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("start", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("end", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("handling", sa.String(16), nullable=False),  # pushed asked hidden
    sa.Column("decided_by", sa.BigInteger),
    sa.Column("decided_at", Instant, nullable=False),
)

# ---- the office ----------------------------------------------------------------------------

admins = sa.Table(
    "admins",
    metadata,
    sa.Column("user_id", Key, primary_key=True, autoincrement=False),
    sa.Column("role", sa.String(16), nullable=False),  # owner editor viewer
    sa.Column("granted_by", sa.BigInteger),
    sa.Column("granted_at", Instant, nullable=False),
)

invites = sa.Table(  # one-time links; only the hash is kept
    "invites",
    metadata,
    sa.Column("sha256", sa.String(64), primary_key=True),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("expires_at", Instant, nullable=False),
    sa.Column("used_by", sa.BigInteger),
    sa.Column("created_by", sa.BigInteger),
)

audits = sa.Table(
    "audits",
    metadata,
    sa.Column("id", Key, primary_key=True),
    sa.Column("at", Instant, nullable=False),
    sa.Column("user_id", sa.BigInteger),  # null = the program or the operator's command line
    sa.Column("act", sa.String(64), nullable=False),
    sa.Column("subject", sa.String(128), nullable=False, default=""),
    sa.Column("detail", sa.JSON, nullable=False),
)

drafts = sa.Table(  # what a dialogue has gathered so far; survives a restart
    "drafts",
    metadata,
    sa.Column("chat_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("user_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("content", sa.JSON, nullable=False),
    sa.Column("changed_at", Instant, nullable=False),
)

broadcasts = sa.Table(  # what an admin wants sent; each time it goes out is a push
    "broadcasts",
    metadata,
    sa.Column("id", Key, primary_key=True),
    sa.Column("state", sa.String(16), nullable=False),  # bot.domain.broadcast.BroadcastState
    sa.Column("content", sa.JSON, nullable=False),  # {"parts": [{"method", "body"}…], "text": …}
    sa.Column("audience", sa.JSON, nullable=False),  # bot.domain.subscription.Audience
    sa.Column("recurrence", sa.JSON),  # null = once
    sa.Column("send_at", Instant),  # the next (or only) time
    sa.Column("not_after_s", sa.Integer, nullable=False),  # seconds after send_at
    sa.Column("on_unknown", sa.String(8), nullable=False),
    sa.Column("lane", sa.Integer, nullable=False),
    sa.Column("bound_sha256", sa.String(64), nullable=False, default=""),  # what was approved
    sa.Column("round", sa.Integer, nullable=False, default=0),  # how often it was submitted
    sa.Column("stage", sa.Integer, nullable=False, default=0),  # stages of review passed in it
    sa.Column("created_by", sa.BigInteger),
    sa.Column("approved_by", sa.BigInteger),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("changed_at", Instant, nullable=False),
    sa.Index("ix_broadcasts_due", "state", "send_at"),
)

reviews = sa.Table(  # who submitted, approved or sent back a broadcast, each submission a round
    "reviews",
    metadata,
    sa.Column("broadcast_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("round", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("stage", sa.Integer, primary_key=True, autoincrement=False),  # 0 = the author
    sa.Column("verdict", sa.String(16), nullable=False),  # submitted approved returned
    sa.Column("user_id", sa.BigInteger),
    sa.Column("name", sa.String(32), nullable=False, default=""),  # masked: 王×
    sa.Column("reason", sa.Text, nullable=False, default=""),
    sa.Column("sha256", sa.String(64), nullable=False),  # what they saw
    sa.Column("at", Instant, nullable=False),
)

cards = sa.Table(  # the messages under which an admin watches a broadcast; they edit themselves
    "cards",
    metadata,
    sa.Column("broadcast_id", Key, primary_key=True, autoincrement=False),
    sa.Column("chat_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("message_id", sa.BigInteger, nullable=False),
    sa.Column("shown", sa.Text, nullable=False, default=""),  # hash of what it shows
)

halts = sa.Table(  # "stop everything": while a row is here nothing is planned or sent
    "halts",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),  # always 1
    sa.Column("by", sa.BigInteger),
    sa.Column("at", Instant, nullable=False),
)

queries = sa.Table(  # counts of look-ups that found nothing; never with a person
    "queries",
    metadata,
    sa.Column("folded", sa.String(64), primary_key=True),
    sa.Column("times", sa.Integer, nullable=False),
    sa.Column("last_on", Day, nullable=False),
)

synonyms = sa.Table(  # the operator's own, beside digests/synonyms.toml
    "synonyms",
    metadata,
    sa.Column("said", sa.String(64), primary_key=True),
    sa.Column("written", sa.String(64), primary_key=True),
    sa.Column("added_by", sa.BigInteger),
    sa.Column("added_at", Instant, nullable=False),
)

# ---- delivery ------------------------------------------------------------------------------

pushes = sa.Table(  # one occasion on which something goes out to many
    "pushes",
    metadata,
    sa.Column("id", Key, primary_key=True),
    sa.Column("kind", sa.String(16), nullable=False),  # digest broadcast notice
    sa.Column("key", sa.String(80), nullable=False),  # unique: no occasion is planned twice
    sa.Column("title", sa.Text, nullable=False, default=""),
    sa.Column("broadcast_id", sa.BigInteger),
    sa.Column("lane", sa.Integer, nullable=False),
    # bot.domain.message.PushState
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("reason", sa.Text, nullable=False, default=""),  # why it was stopped
    sa.Column("not_before", Instant, nullable=False),
    sa.Column("not_after", Instant, nullable=False),
    sa.Column("on_unknown", sa.String(8), nullable=False),
    sa.Column("cursor", sa.BigInteger),  # last chat id planned; null = from the start
    sa.Column("pivot", sa.BigInteger, nullable=False, default=0),  # chat whose turn comes first
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("ended_at", Instant),
    sa.Column("sums", sa.JSON),  # counts per state and reason, once the rows are folded away
    sa.UniqueConstraint("kind", "key"),
)

variants = sa.Table(  # what is sent, stored once, not per row
    "variants",
    metadata,
    sa.Column("id", Key, primary_key=True),
    sa.Column("push_id", sa.BigInteger, sa.ForeignKey("pushes.id"), nullable=False),
    sa.Column("key", sa.String(64), nullable=False),
    sa.Column("parts", sa.JSON, nullable=False),  # [{"method": "sendMessage", "body": {…}}, …]
    sa.Column("why", sa.JSON, nullable=False),  # for /why and the record: sections, tasks
    sa.UniqueConstraint("push_id", "key"),
)

outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("push_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("chat_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("part", sa.Integer, primary_key=True, autoincrement=False),  # from 0
    sa.Column("variant_id", sa.BigInteger, nullable=False),
    sa.Column("state", sa.String(8), nullable=False),
    sa.Column("reason", sa.String(32), nullable=False, default=""),
    sa.Column("turn", sa.Integer, nullable=False),  # order within the push; a retry goes back
    sa.Column("not_before", Instant, nullable=False),  # raised by a retry
    sa.Column("not_after", Instant, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False, default=0),
    sa.Column("epoch", sa.Integer, nullable=False, default=0),  # of the lease that claimed it
    sa.Column("message_id", sa.BigInteger),
    sa.Column("changed_at", Instant, nullable=False),
    # small ones: a row is in them only while it waits or is under way
    sa.Index(
        "ix_outbox_queued",
        "push_id",
        "turn",
        "chat_id",
        "part",
        sqlite_where=sa.text("state = 'queued'"),
        postgresql_where=sa.text("state = 'queued'"),
    ),
    sa.Index(
        "ix_outbox_sending",
        "push_id",
        "epoch",
        sqlite_where=sa.text("state = 'sending'"),
        postgresql_where=sa.text("state = 'sending'"),
    ),
    sqlite_with_rowid=False,
)

receipts = sa.Table(  # 已阅: one row per push and chat, however often the button is tapped
    "receipts",
    metadata,
    sa.Column("push_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("chat_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("at", Instant, nullable=False),
)

followups = sa.Table(  # what an admin does to a push afterwards: takes it back, or reminds once
    "followups",
    metadata,
    sa.Column("push_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.String(16), primary_key=True),  # recall nudge
    sa.Column("planned", sa.Integer, nullable=False),  # messages it is about
    sa.Column("begun_by", sa.BigInteger),
    sa.Column("begun_at", Instant, nullable=False),
    sa.Column("ended_at", Instant),
)

followed = sa.Table(  # what became of each message of a follow-up
    "followed",
    metadata,
    sa.Column("push_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.String(16), primary_key=True),
    sa.Column("chat_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("part", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("outcome", sa.String(16), nullable=False),
    sa.Column("at", Instant, nullable=False),
)

leases = sa.Table(
    "leases",
    metadata,
    sa.Column("name", sa.String(64), primary_key=True),  # "sender:<bot id>"
    sa.Column("holder", sa.String(64), nullable=False),
    sa.Column("epoch", sa.Integer, nullable=False),
    sa.Column("expires_at", Instant, nullable=False),
)

pauses = sa.Table(  # absolute "not before" after a 429, kept across restarts
    "pauses",
    metadata,
    sa.Column("scope", sa.String(32), primary_key=True),  # "bot" or a chat id
    sa.Column("until", Instant, nullable=False),
)

updates = sa.Table(  # handlers are idempotent by update_id; a webhook answers after storing
    "updates",
    metadata,
    sa.Column("update_id", Key, primary_key=True, autoincrement=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("done", sa.Boolean, nullable=False),
    sa.Column("body", sa.JSON(none_as_null=True)),  # only until it is handled
    sa.Index(
        "ix_updates_left",
        "at",
        sqlite_where=sa.text("NOT done"),
        postgresql_where=sa.text("NOT done"),
    ),
)
