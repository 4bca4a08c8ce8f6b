"""The tables of acts that determine the office as one (一括決定). All are append-only: state is which rows exist."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Identity,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)

from shared.approvals.tables import instant


def collectives_table(metadata: MetaData) -> Table:
    """Acts that determine the office as one (一括決定), numbered in their order.

    Each is drafted on the circumstances up to ``known_number``; ``known_at`` is when that was, for people to read.
    """
    return Table(
        "collectives",
        metadata,
        Column("collective_id", Uuid, primary_key=True),
        Column("month", Text, nullable=False),
        Column("reason", Text, nullable=False),
        instant("known_at"),
        Column("proposer", Text, nullable=False),
        Column("correlation", Text, nullable=False),
        Column("number", BigInteger, Identity(always=True), nullable=False),
        Column("known_number", BigInteger, nullable=False),
        UniqueConstraint("collective_id", "proposer", name="collectives_proposer"),
        UniqueConstraint("number", name="collectives_number"),
        CheckConstraint("month ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'", name="collectives_month"),
        Index("collectives_of_month", "month"),
    )


def collective_chunks_table(metadata: MetaData) -> Table:
    """What each chunk came to; empty where a chunk was drafted before its population was counted."""
    return Table(
        "collective_chunks",
        metadata,
        Column("collective_id", Uuid, ForeignKey("collectives.collective_id"), nullable=False),
        Column("seq", Integer, nullable=False),
        Column("count", Integer, nullable=False),
        Column("yen", BigInteger, nullable=False),
        Column("sha256", Text, nullable=False),
        Column("on_assistance", Integer),
        Column("ended", Integer),
        Column("unchanged", Integer),
        Column("unchanged_yen", BigInteger),
        Column("refused", Integer),
        Column("left_out", Integer),
        PrimaryKeyConstraint("collective_id", "seq", name="collective_chunks_pkey"),
    )


def collective_refusals_table(metadata: MetaData) -> Table:
    """Cases that the rules could not determine; shown with the proposal."""
    return Table(
        "collective_refusals",
        metadata,
        Column("collective_id", Uuid, ForeignKey("collectives.collective_id"), nullable=False),
        Column("case_no", Text, ForeignKey("cases.case_no"), nullable=False),
        Column("type", Text, nullable=False),
        Column("field", Text, nullable=False),
        Column("detail", Text, nullable=False),
        PrimaryKeyConstraint("collective_id", "case_no", name="collective_refusals_pkey"),
    )


def collective_proposals_table(metadata: MetaData) -> Table:
    """What is to be approved, and what held in the month before, for comparison."""
    return Table(
        "collective_proposals",
        metadata,
        Column("collective_id", Uuid, ForeignKey("collectives.collective_id"), primary_key=True),
        Column("count", Integer, nullable=False),
        Column("yen", BigInteger, nullable=False),
        Column("sha256", Text, nullable=False),
        instant("proposed_at"),
        Column("last_month_cases", Integer),
        Column("last_month_yen", BigInteger),
    )


def collective_completions_table(metadata: MetaData) -> Table:
    """Acts that are carried out."""
    return Table(
        "collective_completions",
        metadata,
        Column("collective_id", Uuid, ForeignKey("collective_approvals.collective_id"), primary_key=True),
        instant("completed_at"),
    )


def collective_left_out_table(metadata: MetaData) -> Table:
    """Cases that stay out of an act since they are barred to its proposer or approver; another pair decides them."""
    return Table(
        "collective_left_out",
        metadata,
        Column("collective_id", Uuid, ForeignKey("collectives.collective_id"), nullable=False),
        Column("case_no", Text, ForeignKey("cases.case_no"), nullable=False),
        PrimaryKeyConstraint("collective_id", "case_no", name="collective_left_out_pkey"),
    )


def collective_withdrawals_table(metadata: MetaData) -> Table:
    """Acts that came to nothing: withdrawn by a person, or given up by the service since somebody was missing."""
    return Table(
        "collective_withdrawals",
        metadata,
        Column("collective_id", Uuid, ForeignKey("collectives.collective_id"), primary_key=True),
        Column("withdrawn_by", Text, nullable=False),
        instant("withdrawn_at"),
        Column("reason", Text, nullable=False),
    )
