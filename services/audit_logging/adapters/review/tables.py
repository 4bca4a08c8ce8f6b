"""Unusual looks as found, and what reviewers said of them. Neither is ever changed."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import ARRAY

from services.audit_logging.adapters.log.tables import metadata

findings = Table(
    "findings",
    metadata,
    Column("finding_id", Uuid, primary_key=True),
    Column("number", BigInteger, Identity(always=True), unique=True),
    Column("rule", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("day", Date, nullable=False),
    Column("concerned", ARRAY(Text), nullable=False),
    Column("subject", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("found_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("rule", "key"),
)
"""Looks that somebody should look into: by which rule, why (Japanese), and whose they are."""

finding_entries = Table(
    "finding_entries",
    metadata,
    Column("finding_id", Uuid, ForeignKey("findings.finding_id", ondelete="CASCADE"), primary_key=True),
    Column("index", BigInteger, ForeignKey("entries.index"), primary_key=True, autoincrement=False),
)
"""The entries behind a finding; what comes late is added."""

reviews = Table(
    "reviews",
    metadata,
    Column("review_id", Uuid, primary_key=True),
    Column("finding_id", Uuid, ForeignKey("findings.finding_id", ondelete="CASCADE"), nullable=False),
    Column("concerned", ARRAY(Text), nullable=False),
    Column("reviewer", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("through", BigInteger, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    ForeignKeyConstraint(
        ("finding_id", "through"), ("finding_entries.finding_id", "finding_entries.index"), ondelete="CASCADE"
    ),
    CheckConstraint("reviewer <> ALL (concerned)", name="not_ones_own_looks"),
)
"""What a reviewer found, in a code and in words, of the entries up to `through`; nobody reviews looks of their own."""
