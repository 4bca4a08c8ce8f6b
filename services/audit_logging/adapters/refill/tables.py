"""Refills from the published log: which entries came back without their openings."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, DateTime, ForeignKey, LargeBinary, Table

from services.audit_logging.adapters.log.tables import metadata

refills = Table(
    "refills",
    metadata,
    Column("first", BigInteger, ForeignKey("entries.index"), primary_key=True, autoincrement=False),
    Column("last", BigInteger, ForeignKey("entries.index"), nullable=False),
    Column("root", LargeBinary, nullable=False),
    Column("refilled_at", DateTime(timezone=True), nullable=False),
)
"""Entries from `first` to `last` as they were published, under the root that they led to. The owner alone writes it."""
