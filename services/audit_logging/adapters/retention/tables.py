"""Deletions of openings, their approvals and notices, what remains of each entry, and the holds that stop them."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import ARRAY

from services.audit_logging.adapters.log.tables import metadata

deletions = Table(
    "deletions",
    metadata,
    Column("deletion_id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("before", DateTime(timezone=True), nullable=False),
    Column("months", Integer, nullable=False),
    Column("first", BigInteger, nullable=False),
    Column("last", BigInteger, nullable=False),
    Column("count", BigInteger, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("proposer", Text, nullable=False),
    Column("proposed_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("deletion_id", "proposer", "sha256"),
)
"""What was proposed: which class, taken before when, under how many months; and what fell under it."""

deletion_approvals = Table(
    "deletion_approvals",
    metadata,
    Column("deletion_id", Uuid, primary_key=True),
    Column("sha256", Text, nullable=False),
    Column("proposer", Text, nullable=False),
    Column("approver", Text, nullable=False),
    Column("approved_at", DateTime(timezone=True), nullable=False),
    ForeignKeyConstraint(
        ("deletion_id", "proposer", "sha256"), ("deletions.deletion_id", "deletions.proposer", "deletions.sha256")
    ),
)

deletion_notices = Table(
    "deletion_notices",
    metadata,
    Column("deletion_id", Uuid, ForeignKey("deletion_approvals.deletion_id"), primary_key=True),
    Column("fact_id", Uuid, nullable=False, unique=True),
    Column("count", BigInteger, nullable=False),
    Column("held", BigInteger, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("events_until", Date),
    Column("backups_until", Date),
    Column("told_at", DateTime(timezone=True), nullable=False),
)
"""What went, as the notice in the log says it."""

deleted_entries = Table(
    "deleted_entries",
    metadata,
    Column("index", BigInteger, ForeignKey("entries.index"), primary_key=True, autoincrement=False),
    Column("deletion_id", Uuid, ForeignKey("deletion_approvals.deletion_id"), nullable=False),
)
"""The tombstone of an entry's opening. The door alone writes it; without one, a missing opening is a fault."""

holds = Table(
    "holds",
    metadata,
    Column("hold_id", Uuid, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("subjects", ARRAY(Text), nullable=False),
    Column("first_day", Date),
    Column("last_day", Date),
    Column("placed_by", Text, nullable=False),
    Column("placed_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("hold_id", "placed_by"),
)
"""Stops deletion: of entries that name one of the subjects, on days of acts (Asia/Tokyo); empty means any."""

hold_ends = Table(
    "hold_ends",
    metadata,
    Column("hold_id", Uuid, primary_key=True),
    Column("placed_by", Text, nullable=False),
    Column("ended_by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("ended_at", DateTime(timezone=True), nullable=False),
    ForeignKeyConstraint(("hold_id", "placed_by"), ("holds.hold_id", "holds.placed_by")),
)
