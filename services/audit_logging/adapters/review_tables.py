"""Unusual looks as found, and what reviewers said of them. Neither is ever changed."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import ARRAY

from services.audit_logging.adapters.tables import metadata

findings = Table(
    "findings",
    metadata,
    Column("finding_id", Uuid, primary_key=True),
    Column("rule", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("day", Date, nullable=False),
    Column("concerned", ARRAY(Text), nullable=False),
    Column("subject", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("entries", ARRAY(BigInteger), nullable=False),
    Column("found_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("rule", "key"),
)
"""Looks that somebody should look into: by which rule, why (Japanese), whose, and the entries behind it."""

reviews = Table(
    "reviews",
    metadata,
    Column("review_id", Uuid, primary_key=True),
    Column("finding_id", Uuid, ForeignKey("findings.finding_id", ondelete="CASCADE"), nullable=False),
    Column("concerned", ARRAY(Text), nullable=False),
    Column("reviewer", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    CheckConstraint("reviewer <> ALL (concerned)", name="not_ones_own_looks"),
)
"""What a reviewer found, in a code and in words; nobody reviews looks of their own."""
