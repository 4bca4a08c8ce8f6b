"""The tables of this service, all append-only: those of deciding, the registers of residents (宛名) and assignments."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    Date,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB

from shared.decisions.adapters.tables import decision_tables

metadata = MetaData()
decisions = decision_tables(metadata, "public_assistance")
assignment_proposals = Table(
    "assignment_proposals",
    metadata,
    Column("proposal_id", Uuid, primary_key=True),
    Column("proposer", Text, nullable=False),
    Column("proposed_at", DateTime(timezone=True), nullable=False),
    Column("reason", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("correlation", Text, nullable=False),
    Column("number", BigInteger, Identity(always=True), nullable=False),
    UniqueConstraint("proposal_id", "proposer", name="assignment_proposals_proposer"),
)
"""What was proposed as one, for one approval by its hash."""
assignments = Table(
    "assignments",
    metadata,
    Column("assignment_id", Uuid, primary_key=True),
    Column("proposal_id", Uuid, nullable=False),
    Column("place", Integer, nullable=False),
    Column("proposer", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("duty", Text, nullable=False),
    Column("role", Text),
    Column("districts", JSONB, nullable=False),
    Column("programmes", JSONB, nullable=False),
    Column("stands_in_for", Text),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
    ForeignKeyConstraint(
        ["proposal_id", "proposer"],
        ["assignment_proposals.proposal_id", "assignment_proposals.proposer"],
        name="assignments_by_proposer",
    ),
    UniqueConstraint("assignment_id", "proposer", "person", name="assignments_proposed"),
    CheckConstraint("proposer <> 'person:' || person", name="assignments_of_another"),
    CheckConstraint("valid_from <= valid_to", name="assignments_period"),
    CheckConstraint("(role IS NULL) = (stands_in_for IS NOT NULL)", name="assignments_role_or_substitution"),
    CheckConstraint("stands_in_for <> person", name="assignments_not_for_oneself"),
    Index("assignments_person_from", "person", "valid_from"),
    Index("assignments_of_proposal", "proposal_id", "place"),
)
"""Assignments as proposed; in force once there is a row of approval."""
assignment_approvals = Table(
    "assignment_approvals",
    metadata,
    Column("assignment_id", Uuid, primary_key=True),
    Column("proposer", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("approver", Text, nullable=False),
    Column("approved_at", DateTime(timezone=True), nullable=False),
    Column("sha256", Text, nullable=False),
    Column("number", BigInteger, Identity(always=True), nullable=False),
    ForeignKeyConstraint(
        ["assignment_id", "proposer", "person"],
        ["assignments.assignment_id", "assignments.proposer", "assignments.person"],
        name="assignment_approvals_proposed",
    ),
    CheckConstraint("approver <> proposer", name="assignment_approvals_two_people"),
    CheckConstraint("approver <> 'person:' || person", name="assignment_approvals_of_another"),
)
"""Approved by another administrator, who is not the person; a trigger refuses a second duty on one day."""
assignment_ends = Table(
    "assignment_ends",
    metadata,
    Column("number", BigInteger, Identity(always=True), primary_key=True),
    Column("assignment_id", Uuid, ForeignKey("assignment_approvals.assignment_id"), nullable=False),
    Column("last_day", Date, nullable=False),
    Column("at_once", Boolean, nullable=False),
    Column("reason", Text, nullable=False),
    Column("ended_by", Text, nullable=False),
    Column("ended_at", DateTime(timezone=True), nullable=False),
    Index("assignment_ends_of", "assignment_id"),
)
"""Early ends; of several the earliest last day counts."""
access_matrices = Table(
    "access_matrices",
    metadata,
    Column("number", BigInteger, Identity(always=True), primary_key=True),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    Column("sha256", Text, nullable=False),
    Column("matrix", JSONB, nullable=False),
)
"""The matrix of permissions whenever it changed: what a role could do on a past day."""

residents = Table(
    "residents",
    metadata,
    Column("number", BigInteger, Identity(always=True), primary_key=True),
    Column("person_no", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("kana", Text, nullable=False),
    Column("foreign_national", Boolean, nullable=False),
    Column("other_names", Text),
    Column("import_id", Uuid, ForeignKey("imports.import_id")),
    Column("entry_id", Uuid),
    Column("source_id", Uuid, Computed("coalesce(import_id, entry_id)", persisted=True), nullable=False),
    Column("recorded_by", Text),
    Column("reason", Text),
    Column("application_no", Text, ForeignKey("applications.application_no")),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    CheckConstraint("(import_id IS NULL) = (entry_id IS NOT NULL)", name="residents_from_somewhere"),
    CheckConstraint("(entry_id IS NULL) = (recorded_by IS NULL)", name="residents_recorded_by"),
    CheckConstraint("(entry_id IS NULL) = (reason IS NULL)", name="residents_reason"),
    UniqueConstraint("entry_id", name="residents_entry"),
    Index("residents_person", "person_no", "number"),
)
"""Append-only: of several entries of a person number (宛名番号) the newest holds."""
