"""The tables of the register of assignments. All are append-only: state is which rows exist."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
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


def proposals_table(metadata: MetaData) -> Table:
    """What was proposed as one, for one approval by its hash."""
    return Table(
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


def assignments_table(metadata: MetaData) -> Table:
    """Assignments as proposed; in force once there is a row of approval."""
    return Table(
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


def approvals_table(metadata: MetaData) -> Table:
    """Approved by another administrator, who is not the person; a trigger refuses a second duty on one day."""
    return Table(
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


def ends_table(metadata: MetaData) -> Table:
    """Early ends; of several the earliest last day counts."""
    return Table(
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


def matrices_table(metadata: MetaData) -> Table:
    """The matrix of permissions whenever it changed: what a role could do on a past day."""
    return Table(
        "access_matrices",
        metadata,
        Column("number", BigInteger, Identity(always=True), primary_key=True),
        Column("recorded_at", DateTime(timezone=True), nullable=False),
        Column("sha256", Text, nullable=False),
        Column("matrix", JSONB, nullable=False),
    )
