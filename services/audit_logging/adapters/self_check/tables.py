"""The daily self-check: the canary of a day, and what became of it."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Date, DateTime, ForeignKey, Identity, Table, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from services.audit_logging.adapters.log.tables import metadata

self_checks = Table(
    "self_checks",
    metadata,
    Column("day", Date, primary_key=True),
    Column("canary", Text, nullable=False, unique=True),
    Column("written_at", DateTime(timezone=True), nullable=False),
    Column("positions", JSONB, nullable=False),
)
"""The canary written on a day, and how far each producer had published by then."""

self_check_results = Table(
    "self_check_results",
    metadata,
    Column("day", Date, ForeignKey("self_checks.day"), primary_key=True),
    Column("at", DateTime(timezone=True), primary_key=True),
    Column("faults", ARRAY(Text), nullable=False),
    Column("figures", JSONB, nullable=False),
    Column("number", BigInteger, Identity(always=True), unique=True),
)
"""What was checked and what did not hold, numbered as it was made; a day that failed is tried again."""
