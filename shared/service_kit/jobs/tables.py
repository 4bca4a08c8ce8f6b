"""Work in chunks, and what failed outside of them."""

from sqlalchemy import Column, DateTime, Integer, MetaData, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData()

chunks = Table(
    "chunks",
    metadata,
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
    metadata,
    Column("task", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("since", DateTime(timezone=True), nullable=False),
    Column("tried_at", DateTime(timezone=True), nullable=False),
)
"""What failed outside chunks, a row until it succeeds: a scheduled task, or with a subject one effect."""
