"""The kit's own tables, the same in every room's database, and the rights of its runtime role."""

from typing import Any

from sqlalchemy import BigInteger, Column, Date, DateTime, Identity, Integer, LargeBinary, MetaData, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB, UUID

kit_metadata = MetaData()

outbox = Table(
    "outbox",
    kit_metadata,
    Column("row_id", BigInteger, primary_key=True, autoincrement=True),
    Column("stream", Text, nullable=False),
    Column("fact_id", UUID(as_uuid=True), nullable=False),
    Column("subject", Text, nullable=False),
    Column("body", Text, nullable=False),
)
"""Facts of committed work that have no number yet."""

events = Table(
    "events",
    kit_metadata,
    Column("stream", Text, primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("fact_id", UUID(as_uuid=True), nullable=False, unique=True),
    Column("subject", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("before", LargeBinary, nullable=False),
)
"""The streams: numbered without gaps, append-only; `before` is the history up to the fact before (`history`)."""

stream_heads = Table(
    "stream_heads",
    kit_metadata,
    Column("stream", Text, primary_key=True),
    Column("epoch", Text, nullable=False),
    Column("number", BigInteger, nullable=False, server_default=text("0")),
    Column("published", BigInteger, nullable=False, server_default=text("0")),
    Column("history", LargeBinary, nullable=False, server_default=text("decode(repeat('00', 32), 'hex')")),
)

cursors = Table(
    "cursors",
    kit_metadata,
    Column("producer", Text, primary_key=True),
    Column("stream", Text, primary_key=True),
    Column("epoch", Text, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("history", LargeBinary),
)
"""How far this room has taken each stream, and which history that was; null until a first page names it."""

parked = Table(
    "parked",
    kit_metadata,
    Column("fact_id", UUID(as_uuid=True), primary_key=True),
    Column("producer", Text, nullable=False),
    Column("stream", Text, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("subject", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("parked_at", DateTime(timezone=True), nullable=False),
    Column("released_at", DateTime(timezone=True)),
    Column("released_by", Text),
    Column("place", BigInteger, Identity(), nullable=False),
)
"""`place` is the order in which facts were set aside: numbers begin again in a new epoch, and clocks go back."""

idempotency = Table(
    "idempotency",
    kit_metadata,
    Column("actor", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("request_sha256", Text, nullable=False),
    Column("status", Integer, nullable=False),
    Column("content_type", Text, nullable=False),
    Column("body", LargeBinary),
    Column("at", DateTime(timezone=True), nullable=False),
)
"""Answers to writing requests; a key is its sender's own, so that nobody can use up another's.

Key and hash are kept for ever, the body until its period is over.
"""

chunks = Table(
    "chunks",
    kit_metadata,
    Column("job", Text, primary_key=True),
    Column("job_id", Text, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("payload", JSONB, nullable=False),
    Column("state", Text, nullable=False, server_default=text("'open'")),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("error", Text),
    Column("actor", Text, nullable=False),
    Column("correlation", Text, nullable=False),
    Column("traceparent", Text, nullable=False),
    Column("parked_at", DateTime(timezone=True)),
)
"""Work in chunks: open, done, or parked where a person sees it."""

task_failures = Table(
    "task_failures",
    kit_metadata,
    Column("task", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("since", DateTime(timezone=True), nullable=False),
    Column("tried_at", DateTime(timezone=True), nullable=False),
)
"""What failed outside chunks, a row until it succeeds: a scheduled task, or with a subject one effect."""

break_glass = Table(
    "break_glass",
    kit_metadata,
    Column("break_glass_id", UUID(as_uuid=True), primary_key=True),
    Column("actor", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("words", Text),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("until", DateTime(timezone=True), nullable=False),
)
"""Emergency access (緊急閲覧): one person, one record, a short while; append-only but for words that expire."""

step_ups = Table(
    "step_ups",
    kit_metadata,
    Column("step_up_id", Text, primary_key=True),
    Column("sha256", Text, primary_key=True),
    Column("actor", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)
"""Confirmations by which something was approved: each serves once; append-only."""

history_metadata = MetaData()
taken = Table(
    "taken",
    history_metadata,
    Column("producer", Text, primary_key=True),
    Column("stream", Text, primary_key=True),
    Column("first", BigInteger, primary_key=True, autoincrement=False),
    Column("before", LargeBinary, nullable=False),
    Column("ids", LargeBinary, nullable=False),
)
"""What this room has taken of each stream: of each page its first number, the history before it, 16 bytes a fact."""

lost_facts = Table(
    "lost_facts",
    history_metadata,
    Column("fact_id", UUID(as_uuid=True), primary_key=True),
    Column("producer", Text, nullable=False),
    Column("stream", Text, nullable=False),
    Column("epoch", Text, nullable=False),
    Column("number", BigInteger, nullable=False),
)
"""Facts that this room has taken and their restored producer no longer knows; append-only."""

sealing_metadata = MetaData()
data_keys = Table(
    "data_keys",
    sealing_metadata,
    Column("key_no", Integer, primary_key=True, autoincrement=False),
    Column("wrapped_by", Text, primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False),
)
"""Data keys of sealed fields, each wrapped by a key that is in no database; the highest number seals; append-only."""

retention_metadata = MetaData()
retention_periods = Table(
    "retention_periods",
    retention_metadata,
    Column("name", Text, primary_key=True),
    Column("months", Integer),
    Column("least", Integer, nullable=False),
    Column("most", Integer),
)
"""How long this room keeps what (保存期間); the owner alone writes it. Made by `retention.ddl`."""

clock_days = Table("clock_days", retention_metadata, Column("day", Date, primary_key=True))
"""Days on which this room looked at the clock of the database; one that jumped has none lately. A door writes it."""

readers = Table(
    "readers",
    retention_metadata,
    Column("stream", Text, primary_key=True),
    Column("reader", Text, primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)
"""What each reader of a stream has taken, as it said when it asked for more."""

_ACCESS = (break_glass, step_ups)
_RIGHTS = {
    "outbox": "SELECT, INSERT, DELETE",
    "events": "SELECT, INSERT",
    "stream_heads": "SELECT, UPDATE",
    "cursors": "SELECT, INSERT, UPDATE",
    "parked": "SELECT, INSERT, UPDATE",
    "idempotency": "SELECT, INSERT",
    "chunks": "SELECT, INSERT, UPDATE",
}
STREAMS = ("facts", "looks")
_TASK_FAILURES = """
CREATE TABLE IF NOT EXISTS task_failures (
    task text NOT NULL,
    subject text NOT NULL,
    failures integer NOT NULL,
    reason text NOT NULL,
    since timestamptz NOT NULL,
    tried_at timestamptz NOT NULL,
    PRIMARY KEY (task, subject)
);
ALTER TABLE chunks ADD COLUMN IF NOT EXISTS parked_at timestamptz;
"""


def create_kit_tables(op: Any) -> None:
    """Create the kit's tables in a room's first migration and grant its runtime role what it needs."""
    kit_metadata.create_all(op.get_bind(), [kit_metadata.tables[name] for name in _RIGHTS])
    op.execute("CREATE INDEX events_subject ON events (subject)")
    op.execute("CREATE INDEX outbox_stream ON outbox (stream, row_id)")
    op.execute("CREATE INDEX chunks_open ON chunks (job, job_id, seq) WHERE state = 'open'")
    op.execute("CREATE INDEX parked_open ON parked (producer, stream, subject) WHERE released_at IS NULL")
    for stream in STREAMS:
        op.execute(f"INSERT INTO stream_heads (stream, epoch) VALUES ('{stream}', gen_random_uuid()::text)")  # noqa: S608
    for table, rights in _RIGHTS.items():
        grant(op, table, rights)


def create_access_tables(op: Any) -> None:
    """Create what emergency access and approvals leave behind; append-only."""
    kit_metadata.create_all(op.get_bind(), _ACCESS)
    op.execute("CREATE INDEX break_glass_living ON break_glass (actor, subject, until)")
    for table in _ACCESS:
        grant(op, table.name, "SELECT, INSERT")


def create_data_keys(op: Any) -> None:
    """Create the table of keys in a room that has sealed fields; append-only."""
    sealing_metadata.create_all(op.get_bind())
    grant(op, data_keys.name, "SELECT, INSERT")


def give_keys_to_their_senders(op: Any) -> None:
    """Make an Idempotency-Key unique for its sender; a room made by a later kit has it so already."""
    op.execute("ALTER TABLE idempotency DROP CONSTRAINT idempotency_pkey, ADD PRIMARY KEY (actor, key)")


def create_task_failures(op: Any) -> None:
    """Create the table of what failed outside chunks; a chunk tells since when it is parked."""
    op.execute(_TASK_FAILURES)
    grant(op, "task_failures", "SELECT, INSERT, UPDATE, DELETE")


def grant(op: Any, table: str, rights: str) -> None:
    """Grant the room's runtime role ``rights`` on ``table`` and use of its sequences, and nothing more."""
    role = runtime_role(op)
    op.execute(f'GRANT {rights} ON "{table}" TO "{role}"')
    owned = op.get_bind().exec_driver_sql(
        "SELECT s.relname FROM pg_class s JOIN pg_depend d ON d.objid = s.oid AND d.classid = 'pg_class'::regclass "
        "JOIN pg_class t ON t.oid = d.refobjid WHERE s.relkind = 'S' AND t.relname = %s",
        (table,),
    )
    for (sequence,) in owned.all():
        op.execute(f'GRANT USAGE, SELECT ON SEQUENCE "{sequence}" TO "{role}"')


def runtime_role(op: Any) -> str:
    """The runtime role of the room whose owner migrates."""
    return str(op.get_bind().exec_driver_sql("SELECT current_user").scalar_one()).removesuffix("_owner") + "_runtime"
