"""The tables of relatives liable for support (扶養義務者) and of the enquiries to them (扶養照会); only added to."""

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

from services.case_management.adapters.tables import metadata
from shared.approvals.tables import instant
from shared.service_kit.database.locks import declare
from shared.service_kit.encryption.sealing import Sealed

RELATIVE = declare("relatives.each")
"""Held for one relative while something about them is written."""


def _number() -> Column[int]:
    return Column("number", BigInteger, Identity(always=True), nullable=False)


def _of_entry(table: str) -> ForeignKeyConstraint:
    named, entry = ("relative_id", "detail_id"), ("relative_details.relative_id", "relative_details.detail_id")
    return ForeignKeyConstraint(named, entry, name=f"{table}_entry")


relatives = Table(
    "relatives",
    metadata,
    Column("relative_id", Uuid, primary_key=True),
    Column("case_no", Text, ForeignKey("cases.case_no"), nullable=False),
    Column("person_no", Text),
    Column("recorded_by", Text, nullable=False),
    instant("recorded_at"),
    _number(),
    Index("relatives_case", "case_no"),
)
"""Whose relative somebody is."""
relative_details = Table(
    "relative_details",
    metadata,
    Column("detail_id", Uuid, primary_key=True),
    Column("relative_id", Uuid, ForeignKey("relatives.relative_id"), nullable=False),
    Column("follows", Uuid),
    Column("relation", Text, nullable=False),
    Column("content", Text, nullable=False),
    Column("recorded_by", Text, nullable=False),
    instant("recorded_at"),
    _number(),
    UniqueConstraint("relative_id", "follows", name="relative_details_one_chain", postgresql_nulls_not_distinct=True),
    UniqueConstraint("relative_id", "detail_id", name="relative_details_in_chain"),
    ForeignKeyConstraint(
        ["relative_id", "follows"],
        ["relative_details.relative_id", "relative_details.detail_id"],
        name="relative_details_follow",
    ),
)
"""What a relative is called and where they live, sealed; the newest row holds."""
relative_proposals = Table(
    "relative_proposals",
    metadata,
    Column("proposal_id", Uuid, primary_key=True),
    Column("relative_id", Uuid, ForeignKey("relatives.relative_id"), nullable=False),
    Column("enquire", Boolean, nullable=False),
    Column("reason", Text),
    Column("words", Text),
    Column("proposer", Text, nullable=False),
    instant("proposed_at"),
    _number(),
    UniqueConstraint("proposal_id", "proposer", name="relative_proposals_proposer"),
    CheckConstraint("enquire = (reason IS NULL)", name="relative_proposals_reason"),
    Column("detail_id", Uuid, nullable=False),
    _of_entry("relative_proposals"),
    Index("relative_proposals_of", "relative_id"),
)
"""Whether to write to a relative as recorded by an entry, or why not, as a caseworker proposes."""
relative_decisions = Table(
    "relative_decisions",
    metadata,
    Column("proposal_id", Uuid, primary_key=True),
    Column("proposer", Text, nullable=False),
    Column("approver", Text, nullable=False),
    Column("agreed", Boolean, nullable=False),
    Column("words", Text),
    instant("decided_at"),
    ForeignKeyConstraint(
        ["proposal_id", "proposer"],
        ["relative_proposals.proposal_id", "relative_proposals.proposer"],
        name="relative_decisions_proposer",
    ),
    CheckConstraint("approver <> proposer", name="relative_decisions_two_people"),
)
"""What another person decided on a proposal."""
relative_letters = Table(
    "relative_letters",
    metadata,
    Column("letter_id", Uuid, primary_key=True),
    Column("relative_id", Uuid, ForeignKey("relatives.relative_id"), nullable=False),
    Column("proposal_id", Uuid, ForeignKey("relative_decisions.proposal_id"), nullable=False),
    Column("due_on", Date, nullable=False),
    Column("recorded_by", Text, nullable=False),
    instant("recorded_at"),
    _number(),
    Column("detail_id", Uuid, nullable=False),
    _of_entry("relative_letters"),
    Index("relative_letters_of", "relative_id"),
)
"""Letters that were printed, each by a decision and from an entry."""
relative_answers = Table(
    "relative_answers",
    metadata,
    Column("answer_id", Uuid, primary_key=True),
    Column("relative_id", Uuid, ForeignKey("relatives.relative_id"), nullable=False),
    Column("answered_on", Date, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("yen", BigInteger),
    Column("words", Text),
    Column("recorded_by", Text, nullable=False),
    instant("recorded_at"),
    _number(),
    CheckConstraint("(outcome = 'money') = (yen IS NOT NULL)", name="relative_answers_money"),
    CheckConstraint("yen > 0", name="relative_answers_yen"),
    Index("relative_answers_of", "relative_id"),
)
"""What came back: yen a month, things, a refusal, or nothing."""
DETAILS = Sealed("relative_details", ("detail_id",), ("content",))
PROPOSALS = Sealed("relative_proposals", ("proposal_id",), ("words",))
DECISIONS = Sealed("relative_decisions", ("proposal_id",), ("words",))
ANSWERS = Sealed("relative_answers", ("answer_id",), ("words",))
SEALED = (DETAILS, PROPOSALS, DECISIONS, ANSWERS)
"""What is sealed of relatives."""
