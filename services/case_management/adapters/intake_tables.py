"""The tables of intake: consultations and applications, each a head with entries of which the newest holds."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)

from services.case_management.adapters.tables import decisions, metadata
from shared.approvals.tables import instant

_NUMBER = "~ '^[0-9]{10}$'"


def entries_table(of: str, *columns: Column[Any]) -> Table:
    """Entries of a record: each follows the one before, and only one entry follows another."""
    return Table(
        f"{of}_entries",
        metadata,
        Column("entry_id", Uuid, primary_key=True),
        Column(f"{of}_no", Text, ForeignKey(f"{of}s.{of}_no"), nullable=False),
        Column("follows", Uuid),
        Column("change", Text, nullable=False),
        *columns,
        Column("content", Text, nullable=False),
        Column("recorded_by", Text, nullable=False),
        instant("recorded_at"),
        Column("number", BigInteger, Identity(always=True), nullable=False),
        UniqueConstraint(f"{of}_no", "follows", name=f"{of}_entries_one_chain", postgresql_nulls_not_distinct=True),
        UniqueConstraint(f"{of}_no", "entry_id", name=f"{of}_entries_in_chain"),
        ForeignKeyConstraint(
            [f"{of}_no", "follows"],
            [f"{of}_entries.{of}_no", f"{of}_entries.entry_id"],
            name=f"{of}_entries_follow",
        ),
        CheckConstraint("(follows IS NULL) = (change = 'first')", name=f"{of}_entries_change"),
        Index(f"{of}_entries_number", "number"),
    )


def _whose() -> tuple[Column[Any], ...]:
    return Column("shielded", Boolean, nullable=False), Column("district", Text)


consultations = Table(
    "consultations",
    metadata,
    Column("consultation_no", Text, primary_key=True),
    Column("opened_by", Text, nullable=False),
    instant("opened_at"),
    CheckConstraint(f"consultation_no {_NUMBER}", name="consultations_no"),
)
"""Receipt numbers (受付番号): the fiscal year and a number without a gap."""
consultation_entries = entries_table(
    "consultation",
    Column("held_on", Date, nullable=False),
    Column("channel", Text, nullable=False),
    Column("matter", Text, nullable=False),
    Column("result", Text, nullable=False),
    Column("wish_to_apply", Boolean, nullable=False),
    Column("form_handed", Boolean, nullable=False),
    *_whose(),
)
"""What was said and seen at a consultation; the words are sealed."""
consultation_opinions = Table(
    "consultation_opinions",
    metadata,
    Column("opinion_id", Uuid, primary_key=True),
    Column("entry_id", Uuid, ForeignKey("consultation_entries.entry_id"), nullable=False),
    Column("words", Text, nullable=False),
    Column("recorded_by", Text, nullable=False),
    instant("recorded_at"),
    Column("number", BigInteger, Identity(always=True), nullable=False),
    Index("consultation_opinions_entry", "entry_id"),
)
"""What supervisors (査察指導員) said of an entry."""

applications = Table(
    "applications",
    metadata,
    Column("application_no", Text, primary_key=True),
    Column("consultation_no", Text, ForeignKey("consultations.consultation_no")),
    Column("opened_by", Text, nullable=False),
    instant("opened_at"),
    CheckConstraint(f"application_no {_NUMBER}", name="applications_no"),
    Index("applications_consultation", "consultation_no"),
)
"""Receipt numbers of applications (申請書受理番号)."""
application_entries = entries_table(
    "application",
    Column("programme", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("ground", Text, nullable=False),
    Column("form", Text, nullable=False),
    Column("legal_basis", Text, nullable=False),
    Column("present_location", Boolean, nullable=False),
    Column("applied_on", Date, nullable=False),
    Column("received_on", Date, nullable=False),
    Column("case_no", Text),
    *_whose(),
)
"""What was applied for, when and how; who applied is sealed."""
application_delays = Table(
    "application_delays",
    metadata,
    Column("delay_id", Uuid, primary_key=True),
    Column("application_no", Text, ForeignKey("applications.application_no"), nullable=False),
    Column("reason", Text, nullable=False),
    Column("words", Text),
    Column("recorded_by", Text, nullable=False),
    instant("recorded_at"),
    Column("number", BigInteger, Identity(always=True), nullable=False),
    Index("application_delays_of", "application_no"),
)
"""Why deciding takes more than 14 days; the notice has to say it (法24条6項)."""
application_withdrawals = Table(
    "application_withdrawals",
    metadata,
    Column("application_no", Text, ForeignKey("applications.application_no"), primary_key=True),
    Column("withdrawn_on", Date, nullable=False),
    Column("words", Text),
    Column("recorded_by", Text, nullable=False),
    instant("recorded_at"),
)
"""Taken back by the applicant (取下げ)."""
Index(
    "circumstances_birth",
    decisions.circumstances.c.data["birth_date"].astext,
    postgresql_where=decisions.circumstances.c.fact == "person",
)
