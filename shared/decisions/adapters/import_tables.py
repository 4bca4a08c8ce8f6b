"""The tables of imports (取込): handed in, confirmed by another person, loaded by the worker, returned or withdrawn."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB

from shared.approvals.tables import instant


def imports_table(metadata: MetaData) -> Table:
    """What was handed in; a correction names the circumstance up to which it was compared, ``known_number``."""
    return Table(
        "imports",
        metadata,
        Column("import_id", Uuid, primary_key=True),
        Column("proposer", Text, nullable=False),
        instant("proposed_at"),
        Column("correlation", Text, nullable=False),
        Column("files", JSONB, nullable=False),
        Column("households", Integer, nullable=False),
        Column("persons", Integer, nullable=False),
        Column("rows", Integer, nullable=False),
        Column("sha256", Text, nullable=False),
        Column("known_number", BigInteger),
        UniqueConstraint("import_id", "proposer", name="imports_proposer"),
    )


def import_rows_table(metadata: MetaData) -> Table:
    """Validated facts that wait for approval (取込待ち)."""
    return Table(
        "import_rows",
        metadata,
        Column("import_id", Uuid, ForeignKey("imports.import_id"), nullable=False),
        Column("row_no", Integer, nullable=False),
        Column("case_no", Text, nullable=False),
        Column("person_no", Text),
        Column("fact", Text, nullable=False),
        Column("valid_from", Date),
        Column("valid_to", Date),
        Column("data", JSONB, nullable=False),
        PrimaryKeyConstraint("import_id", "row_no", name="import_rows_pkey"),
    )


def import_confirmations_table(metadata: MetaData) -> Table:
    """That another person approves an import by its hash; the worker loads it, or it is returned. Tried anew: the next
    ``attempt``.
    """
    return Table(
        "import_confirmations",
        metadata,
        Column("import_id", Uuid, nullable=False),
        Column("attempt", Integer, nullable=False),
        Column("proposer", Text, nullable=False),
        Column("approver", Text, nullable=False),
        instant("confirmed_at"),
        Column("sha256", Text, nullable=False),
        PrimaryKeyConstraint("import_id", "attempt", name="import_confirmations_pkey"),
        ForeignKeyConstraint(
            ["import_id", "proposer"],
            ["imports.import_id", "imports.proposer"],
            name="import_confirmations_proposer",
        ),
        CheckConstraint("approver <> proposer", name="import_confirmations_two_people"),
    )


def import_returns_table(metadata: MetaData) -> Table:
    """That an import which was confirmed could not be loaded, and why: it waits for an approval again."""
    return Table(
        "import_returns",
        metadata,
        Column("import_id", Uuid, nullable=False),
        Column("attempt", Integer, nullable=False),
        instant("returned_at"),
        Column("type", Text, nullable=False),
        Column("detail", Text, nullable=False),
        PrimaryKeyConstraint("import_id", "attempt", name="import_returns_pkey"),
        ForeignKeyConstraint(
            ["import_id", "attempt"],
            ["import_confirmations.import_id", "import_confirmations.attempt"],
            name="import_returns_confirmation",
        ),
    )


def import_withdrawals_table(metadata: MetaData) -> Table:
    """Imports that were taken back before they were approved."""
    return Table(
        "import_withdrawals",
        metadata,
        Column("import_id", Uuid, ForeignKey("imports.import_id"), primary_key=True),
        Column("withdrawn_by", Text, nullable=False),
        instant("withdrawn_at"),
        Column("reason", Text, nullable=False),
    )
