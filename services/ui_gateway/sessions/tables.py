"""The gateway's tables."""

from sqlalchemy import CheckConstraint, Column, DateTime, LargeBinary, MetaData, Table, Text, Uuid

metadata = MetaData()

sessions = Table(
    "sessions",
    metadata,
    Column("session_id", Uuid, primary_key=True),
    Column("cookie_sha256", LargeBinary, nullable=False, unique=True),
    Column("actor", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("message", Text),
    Column("began_at", DateTime(timezone=True), nullable=False),
    Column("seen_at", DateTime(timezone=True), nullable=False),
    Column("ended_at", DateTime(timezone=True)),
    Column("end_reason", Text),
    CheckConstraint("(ended_at IS NULL) = (end_reason IS NULL)", name="sessions_end_with_reason"),
)
"""Sessions; ``message`` is what the last act did, shown once."""

logins = Table(
    "logins",
    metadata,
    Column("cookie_sha256", LargeBinary, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("began_at", DateTime(timezone=True), nullable=False),
)
"""Logins under way: each is used once."""
