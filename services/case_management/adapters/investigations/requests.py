"""The tables of investigations (調査): requests, and what came after each; only added to."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Identity,
    Index,
    Table,
    Text,
    Uuid,
    text,
)

from services.case_management.adapters.tables import metadata
from shared.approvals.tables import instant
from shared.service_kit.encryption.sealing import Sealed

investigations = Table(
    "investigations",
    metadata,
    Column("investigation_id", Uuid, primary_key=True),
    Column("case_no", Text, ForeignKey("cases.case_no"), nullable=False),
    Column("person_no", Text),
    Column("kind", Text, nullable=False),
    Column("addressee", Text, nullable=False),
    Column("asked", Text, nullable=False),
    Column("sent_on", Date, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("consent", Text, nullable=False),
    Column("consent_on", Date),
    Column("consent_id", Uuid, ForeignKey("consents.consent_id")),
    Column("recorded_by", Text, nullable=False),
    instant("recorded_at"),
    Column("number", BigInteger, Identity(always=True), nullable=False),
    CheckConstraint("sent_on <= due_on", name="investigations_due"),
    CheckConstraint("(consent = 'held') = (consent_on IS NOT NULL)", name="investigations_consent"),
    CheckConstraint("consent_id IS NULL OR consent = 'held'", name="investigations_rests_on"),
    Index("investigations_case", "case_no"),
    Index("investigations_due_on", "due_on"),
)
"""Whom the office asked about a member of a household, resting on whose consent; name and question are sealed."""
investigation_entries = Table(
    "investigation_entries",
    metadata,
    Column("entry_id", Uuid, primary_key=True),
    Column("investigation_id", Uuid, ForeignKey("investigations.investigation_id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("happened_on", Date, nullable=False),
    Column("reason", Text),
    Column("words", Text),
    Column("recorded_by", Text, nullable=False),
    instant("recorded_at"),
    Column("number", BigInteger, Identity(always=True), nullable=False),
    CheckConstraint("(kind = 'closed') = (reason IS NOT NULL)", name="investigation_entries_reason"),
    CheckConstraint("kind <> 'answered' OR words IS NOT NULL", name="investigation_entries_answer"),
    Index("investigation_entries_of", "investigation_id"),
    Index(
        "investigation_entries_closed_once",
        "investigation_id",
        unique=True,
        postgresql_where=text("kind = 'closed'"),
    ),
)
"""A reminder, an answer with what it says, or the end without one."""
REQUESTS = Sealed("investigations", ("investigation_id",), ("addressee", "asked"))
ENTRIES = Sealed("investigation_entries", ("entry_id",), ("words",))
SEALED = (REQUESTS, ENTRIES)
"""What is sealed of investigations."""
