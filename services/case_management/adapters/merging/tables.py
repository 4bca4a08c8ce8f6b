"""The tables of merging (名寄せ), append-only: no row of a person is touched, a number that goes points to another."""

from typing import Final

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Identity,
    Index,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)

from services.case_management.adapters.tables import metadata
from shared.approvals.tables import approvals_table, instant
from shared.service_kit.database.locks import declare
from shared.service_kit.encryption.sealing import Sealed

MERGING: Final = declare("merging")
"""Held by whoever proposes or decides: what one approves holds when the next one asks."""
merges = Table(
    "merges",
    metadata,
    Column("merge_id", Uuid, primary_key=True),
    Column("goes", Text, nullable=False),
    Column("stays", Text, nullable=False),
    Column("undoes", Uuid, ForeignKey("merges.merge_id")),
    Column("words", Text, nullable=False),
    Column("proposer", Text, nullable=False),
    instant("proposed_at"),
    Column("sha256", Text, nullable=False),
    Column("number", BigInteger, Identity(always=True), nullable=False),
    UniqueConstraint("merge_id", "proposer", name="merges_proposer"),
    CheckConstraint("goes <> stays", name="merges_two_numbers"),
    Index("merges_goes", "goes"),
    Index("merges_stays", "stays"),
    Index("merges_undoes", "undoes"),
)
"""That two numbers are one person, and which stays, as proposed; with `undoes`, that they are not after all."""
merge_approvals = approvals_table(metadata, "merge")
"""Approved by another person: in force until an undoing is approved too."""
merge_withdrawals = Table(
    "merge_withdrawals",
    metadata,
    Column("merge_id", Uuid, ForeignKey("merges.merge_id"), primary_key=True),
    Column("withdrawn_by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    instant("withdrawn_at"),
)
"""Proposals that were taken back (取下げ) or returned (差戻し) before anybody approved them."""
distinctions = Table(
    "distinctions",
    metadata,
    Column("distinction_id", Uuid, primary_key=True),
    Column("low", Text, nullable=False),
    Column("high", Text, nullable=False),
    Column("undoes", Uuid, ForeignKey("distinctions.distinction_id")),
    Column("words", Text, nullable=False),
    Column("recorded_by", Text, nullable=False),
    instant("recorded_at"),
    Column("number", BigInteger, Identity(always=True), nullable=False),
    CheckConstraint("low < high", name="distinctions_in_order"),
    Index("distinctions_low", "low"),
    Index("distinctions_high", "high"),
    Index("distinctions_undone_once", "undoes", unique=True),
)
"""Pairs of numbers that are two people, though they share signs (別人); with `undoes`, that this was said wrongly."""
MERGES: Final = Sealed("merges", ("merge_id",), ("words",))
DISTINCTIONS: Final = Sealed("distinctions", ("distinction_id",), ("words",))
SEALED: Final = (MERGES, DISTINCTIONS)
