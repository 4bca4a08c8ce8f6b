"""The tables of what was determined and is due."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Identity,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import DATERANGE

from services.payments.adapters.tables.base import instant, metadata

determinations = Table(
    "determinations",
    metadata,
    Column("determination_id", Uuid, primary_key=True),
    Column("fact_id", Uuid, nullable=False, unique=True),
    Column("case_no", Text, nullable=False),
    Column("programme", Text, nullable=False),
    Column("month", Text, nullable=False),
    Column("replaces", Uuid),
    Column("producer", Text, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("correlation", Text, nullable=False),
    instant("taken_at", needed=True),
)
"""Determinations as published by the services that own them. Append-only."""

case_months = Table(
    "case_months",
    metadata,
    Column("case_no", Text, primary_key=True),
    Column("month", Text, primary_key=True),
    Column("programme", Text, nullable=False),
    Column("determination_id", Uuid, ForeignKey("determinations.determination_id"), nullable=False),
    Column("version", Integer, nullable=False),
)
"""The determination that counts now for a case and month."""

entitlements = Table(
    "entitlements",
    metadata,
    Column("fact_id", Uuid, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("determination_id", Uuid, ForeignKey("determinations.determination_id"), nullable=False),
    Column("case_no", Text, nullable=False),
    Column("month", Text, nullable=False),
    Column("programme", Text, nullable=False),
    Column("yen", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    UniqueConstraint("determination_id", "kind", name="entitlements_determination_kind"),
    CheckConstraint("yen > 0", name="entitlement_yen"),
    CheckConstraint("state IN ('entitled', 'held')", name="entitlement_state"),
)
"""Cash benefit by determination and kind; held ones are ordered by nobody. Only ``state`` ever changes."""

coverage = Table(
    "coverage",
    metadata,
    Column("coverage_id", BigInteger, Identity(), primary_key=True),
    Column("person_no", BigInteger, nullable=False),
    Column("need", Integer, nullable=False),
    Column("days", DATERANGE, nullable=False),
    Column("case_no", Text, nullable=False),
    Column("month", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("determination_id", Uuid, ForeignKey("determinations.determination_id"), nullable=False),
    Column("state", Text, nullable=False),
    CheckConstraint("state IN ('open', 'held', 'closed')", name="coverage_state"),
)
"""Who covers which need of whom on which days; an exclusion constraint allows one open row a person, need and day."""

due = Table(
    "due",
    metadata,
    Column("case_no", Text, primary_key=True),
    Column("month", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("programme", Text, nullable=False),
    Column("entitled", BigInteger, nullable=False),
    Column("ordered", BigInteger, nullable=False),
    Column("overpaid", BigInteger, nullable=False),
    Column("claimed", BigInteger, nullable=False),
    Column("version", Integer, nullable=False),
    CheckConstraint("entitled >= 0 AND ordered >= 0 AND overpaid >= 0 AND claimed >= 0", name="due_not_negative"),
    CheckConstraint("ordered <= entitled + overpaid + claimed", name="due_never_above_entitled"),
)
"""The one row that guards a case, month and kind (domain/due.py)."""
