"""The tables of deciding, made into each service's own metadata. All are append-only: state is which rows exist."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
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
from sqlalchemy.dialects.postgresql import JSONB

from shared.approvals.tables import approvals_table, instant
from shared.contracts.assistance import Programme
from shared.decisions.adapters.collective_tables import (
    collective_chunks_table,
    collective_completions_table,
    collective_left_out_table,
    collective_proposals_table,
    collective_refusals_table,
    collective_withdrawals_table,
    collectives_table,
)
from shared.decisions.adapters.import_tables import (
    import_confirmations_table,
    import_returns_table,
    import_rows_table,
    import_withdrawals_table,
    imports_table,
)

APPEND_ONLY: Final = (
    "imports",
    "import_rows",
    "import_approvals",
    "import_confirmations",
    "import_returns",
    "import_withdrawals",
    "cases",
    "case_shields",
    "case_withdrawals",
    "circumstances",
    "collectives",
    "collective_chunks",
    "collective_refusals",
    "collective_proposals",
    "collective_approvals",
    "collective_completions",
    "collective_left_out",
    "collective_withdrawals",
    "determinations",
    "determination_lines",
    "determination_approvals",
    "restrictions",
    "restriction_approvals",
)
"""Every table here, in the order in which one needs another; the runtime role may only read and insert."""


@dataclass(frozen=True, slots=True)
class DecisionTables:
    """The tables of one service's schema, and the programme (事業) that it decides."""

    programme: Programme
    imports: Table
    import_rows: Table
    import_approvals: Table
    import_confirmations: Table
    import_returns: Table
    import_withdrawals: Table
    cases: Table
    case_shields: Table
    case_withdrawals: Table
    circumstances: Table
    collectives: Table
    collective_chunks: Table
    collective_refusals: Table
    collective_proposals: Table
    collective_approvals: Table
    collective_completions: Table
    collective_left_out: Table
    collective_withdrawals: Table
    determinations: Table
    determination_lines: Table
    determination_approvals: Table
    restrictions: Table
    restriction_approvals: Table


def decision_tables(metadata: MetaData, programme: Programme) -> DecisionTables:
    """Declare all tables of deciding in ``metadata``."""
    return DecisionTables(
        programme=programme,
        imports=imports_table(metadata),
        import_rows=import_rows_table(metadata),
        import_approvals=approvals_table(metadata, "import"),
        import_confirmations=import_confirmations_table(metadata),
        import_returns=import_returns_table(metadata),
        import_withdrawals=import_withdrawals_table(metadata),
        cases=_cases(metadata),
        case_shields=_case_shields(metadata),
        case_withdrawals=_case_withdrawals(metadata),
        circumstances=_circumstances(metadata),
        collectives=collectives_table(metadata),
        collective_chunks=collective_chunks_table(metadata),
        collective_refusals=collective_refusals_table(metadata),
        collective_proposals=collective_proposals_table(metadata),
        collective_approvals=approvals_table(metadata, "collective"),
        collective_completions=collective_completions_table(metadata),
        collective_left_out=collective_left_out_table(metadata),
        collective_withdrawals=collective_withdrawals_table(metadata),
        determinations=_determinations(metadata),
        determination_lines=_determination_lines(metadata),
        determination_approvals=_determination_approvals(metadata),
        restrictions=_restrictions(metadata),
        restriction_approvals=approvals_table(metadata, "restriction"),
    )


def _cases(metadata: MetaData) -> Table:
    """Case numbers (ケース番号): on assistance from a ward's files, or under investigation since an application."""
    return Table(
        "cases",
        metadata,
        Column("case_no", Text, primary_key=True),
        Column("import_id", Uuid, ForeignKey("imports.import_id")),
        Column("application_no", Text),
        Column("opened_by", Text),
        Column("opened_on", Date),
        instant("recorded_at"),
        CheckConstraint("case_no ~ '^[0-9]{8}$'", name="cases_case_no"),
        CheckConstraint("(import_id IS NULL) = (application_no IS NOT NULL)", name="cases_from_somewhere"),
        CheckConstraint("(application_no IS NULL) = (opened_by IS NULL)", name="cases_opened_by"),
        CheckConstraint("(application_no IS NULL) = (opened_on IS NULL)", name="cases_opened_on"),
        UniqueConstraint("application_no", name="cases_one_an_application"),
    )


def _case_shields(metadata: MetaData) -> Table:
    """Cases that are shielded since their application says so (支援措置), before two people have restricted them."""
    return Table(
        "case_shields",
        metadata,
        Column("case_no", Text, ForeignKey("cases.case_no"), primary_key=True),
        Column("shielded_by", Text, nullable=False),
        instant("shielded_at"),
    )


def _case_withdrawals(metadata: MetaData) -> Table:
    """Cases whose application was taken back (取下げ) before anybody decided: nobody investigates them any more."""
    return Table(
        "case_withdrawals",
        metadata,
        Column("case_no", Text, ForeignKey("cases.case_no"), primary_key=True),
        Column("withdrawn_on", Date, nullable=False),
        Column("recorded_by", Text, nullable=False),
        instant("recorded_at"),
    )


def _circumstances(metadata: MetaData) -> Table:
    return Table(
        "circumstances",
        metadata,
        Column("number", BigInteger, Identity(always=True), primary_key=True),
        Column("case_no", Text, ForeignKey("cases.case_no"), nullable=False),
        Column("person_no", Text),
        Column("fact", Text, nullable=False),
        Column("valid_from", Date),
        Column("valid_to", Date),
        instant("recorded_at"),
        Column("corrects", BigInteger, ForeignKey("circumstances.number")),
        Column("import_id", Uuid, ForeignKey("imports.import_id")),
        Column("recorded_by", Text),
        Column("reason", Text),
        Column("data", JSONB, nullable=False),
        CheckConstraint("valid_from <= valid_to", name="circumstances_period"),
        CheckConstraint("(import_id IS NULL) = (recorded_by IS NOT NULL)", name="circumstances_from_somewhere"),
        CheckConstraint("(recorded_by IS NULL) = (reason IS NULL)", name="circumstances_reason"),
        Index("circumstances_case", "case_no"),
        Index("circumstances_person", "person_no"),
        Index("circumstances_corrects", "corrects"),
    )


def _determinations(metadata: MetaData) -> Table:
    return Table(
        "determinations",
        metadata,
        Column("determination_id", Uuid, primary_key=True),
        Column("collective_id", Uuid, nullable=False),
        Column("case_no", Text, ForeignKey("cases.case_no"), nullable=False),
        Column("month", Text, nullable=False),
        Column("standards", Text, nullable=False),
        Column("kinds", JSONB, nullable=False),
        Column("covers", JSONB, nullable=False),
        Column("warnings", JSONB, nullable=False),
        Column("yen", BigInteger, nullable=False),
        Column("sha256", Text, nullable=False),
        Column("replaces", Uuid, ForeignKey("determinations.determination_id")),
        Column("proposer", Text, nullable=False),
        instant("drafted_at"),
        UniqueConstraint("determination_id", "proposer", name="determinations_proposer"),
        UniqueConstraint("collective_id", "case_no", "month", name="determinations_one_a_case"),
        ForeignKeyConstraint(
            ["collective_id", "proposer"],
            ["collectives.collective_id", "collectives.proposer"],
            name="determinations_by_proposer",
        ),
        Index("determinations_case", "case_no", "month"),
        Index("determinations_replaces", "replaces"),
    )


def _determination_lines(metadata: MetaData) -> Table:
    return Table(
        "determination_lines",
        metadata,
        Column("determination_id", Uuid, ForeignKey("determinations.determination_id"), nullable=False),
        Column("line_no", Integer, nullable=False),
        Column("kind", Text, nullable=False),
        Column("member", Text),
        Column("yen", BigInteger, nullable=False),
        Column("basis", Text, nullable=False),
        Column("inputs", JSONB, nullable=False),
        Column("trust", Text, nullable=False),
        PrimaryKeyConstraint("determination_id", "line_no", name="determination_lines_pkey"),
    )


def _determination_approvals(metadata: MetaData) -> Table:
    """One row a determination. What replaces the same one, or is the first of the same month, is approved once."""
    return Table(
        "determination_approvals",
        metadata,
        Column("determination_id", Uuid, primary_key=True),
        Column("proposer", Text, nullable=False),
        Column("approver", Text, nullable=False),
        instant("approved_at"),
        Column("case_no", Text, nullable=False),
        Column("month", Text, nullable=False),
        Column("replaces", Uuid),
        ForeignKeyConstraint(
            ["determination_id", "proposer"],
            ["determinations.determination_id", "determinations.proposer"],
            name="determination_approvals_proposer",
        ),
        CheckConstraint("approver <> proposer", name="determination_approvals_two_people"),
        UniqueConstraint(
            "case_no",
            "month",
            "replaces",
            name="determination_approvals_one_chain",
            postgresql_nulls_not_distinct=True,
        ),
        Index("determination_approvals_replaces", "replaces"),
        Index("determination_approvals_month", "month"),
    )


def _restrictions(metadata: MetaData) -> Table:
    """Who may not see a case (閲覧制限), and what lifts a restriction; in force once approved."""
    return Table(
        "restrictions",
        metadata,
        Column("restriction_id", Uuid, primary_key=True),
        Column("case_no", Text, ForeignKey("cases.case_no"), nullable=False),
        Column("kind", Text, nullable=False),
        Column("staff", Text),
        Column("valid_from", Date, nullable=False),
        Column("valid_to", Date),
        Column("lifts", Uuid, ForeignKey("restrictions.restriction_id")),
        Column("reason", Text, nullable=False),
        Column("proposer", Text, nullable=False),
        instant("proposed_at"),
        Column("sha256", Text, nullable=False),
        Column("number", BigInteger, Identity(always=True), nullable=False),
        UniqueConstraint("restriction_id", "proposer", name="restrictions_proposer"),
        CheckConstraint("valid_from <= valid_to", name="restrictions_period"),
        CheckConstraint("kind IN ('shielded', 'barred')", name="restrictions_kind"),
        CheckConstraint("(kind = 'barred') = (staff IS NOT NULL)", name="restrictions_staff"),
        Index("restrictions_case", "case_no"),
    )
