"""The tables of deciding as the first migration of a service makes them. A released version is never changed."""

from typing import Any, Final

from shared.service_kit.database.grants import grant

_APPROVALS: Final = """
CREATE TABLE {what}_approvals (
    {what}_id uuid PRIMARY KEY,
    proposer text NOT NULL,
    approver text NOT NULL,
    approved_at timestamptz NOT NULL,
    sha256 text NOT NULL,
    CONSTRAINT {what}_approvals_proposer FOREIGN KEY ({what}_id, proposer) REFERENCES {what}s ({what}_id, proposer),
    CONSTRAINT {what}_approvals_two_people CHECK (approver <> proposer)
)"""

_V1: Final = (
    """
CREATE TABLE imports (
    import_id uuid PRIMARY KEY,
    proposer text NOT NULL,
    proposed_at timestamptz NOT NULL,
    correlation text NOT NULL,
    files jsonb NOT NULL,
    households integer NOT NULL,
    persons integer NOT NULL,
    rows integer NOT NULL,
    sha256 text NOT NULL,
    CONSTRAINT imports_proposer UNIQUE (import_id, proposer)
)""",
    """
CREATE TABLE import_rows (
    import_id uuid NOT NULL REFERENCES imports,
    row_no integer NOT NULL,
    case_no text NOT NULL,
    person_no text,
    fact text NOT NULL,
    valid_from date,
    valid_to date,
    data jsonb NOT NULL,
    CONSTRAINT import_rows_pkey PRIMARY KEY (import_id, row_no)
)""",
    _APPROVALS.format(what="import"),
    """
CREATE TABLE cases (
    case_no text PRIMARY KEY CONSTRAINT cases_case_no CHECK (case_no ~ '^[0-9]{8}$'),
    import_id uuid NOT NULL REFERENCES imports,
    recorded_at timestamptz NOT NULL
)""",
    """
CREATE TABLE circumstances (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    case_no text NOT NULL REFERENCES cases,
    person_no text,
    fact text NOT NULL,
    valid_from date,
    valid_to date,
    recorded_at timestamptz NOT NULL,
    corrects bigint REFERENCES circumstances,
    import_id uuid REFERENCES imports,
    data jsonb NOT NULL,
    CONSTRAINT circumstances_period CHECK (valid_from <= valid_to)
)""",
    "CREATE INDEX circumstances_case ON circumstances (case_no)",
    "CREATE INDEX circumstances_person ON circumstances (person_no)",
    "CREATE INDEX circumstances_corrects ON circumstances (corrects)",
    """
CREATE TABLE collectives (
    collective_id uuid PRIMARY KEY,
    month text NOT NULL CONSTRAINT collectives_month CHECK (month ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'),
    reason text NOT NULL,
    known_at timestamptz NOT NULL,
    proposer text NOT NULL,
    correlation text NOT NULL,
    CONSTRAINT collectives_proposer UNIQUE (collective_id, proposer)
)""",
    "CREATE INDEX collectives_of_month ON collectives (month)",
    """
CREATE TABLE collective_chunks (
    collective_id uuid NOT NULL REFERENCES collectives,
    seq integer NOT NULL,
    count integer NOT NULL,
    yen bigint NOT NULL,
    sha256 text NOT NULL,
    CONSTRAINT collective_chunks_pkey PRIMARY KEY (collective_id, seq)
)""",
    """
CREATE TABLE collective_refusals (
    collective_id uuid NOT NULL REFERENCES collectives,
    case_no text NOT NULL REFERENCES cases,
    type text NOT NULL,
    field text NOT NULL,
    detail text NOT NULL,
    CONSTRAINT collective_refusals_pkey PRIMARY KEY (collective_id, case_no)
)""",
    """
CREATE TABLE collective_proposals (
    collective_id uuid PRIMARY KEY REFERENCES collectives,
    count integer NOT NULL,
    yen bigint NOT NULL,
    sha256 text NOT NULL,
    proposed_at timestamptz NOT NULL
)""",
    _APPROVALS.format(what="collective"),
    """
CREATE TABLE collective_completions (
    collective_id uuid PRIMARY KEY REFERENCES collective_approvals,
    completed_at timestamptz NOT NULL
)""",
    """
CREATE TABLE determinations (
    determination_id uuid PRIMARY KEY,
    collective_id uuid NOT NULL,
    case_no text NOT NULL REFERENCES cases,
    month text NOT NULL,
    standards text NOT NULL,
    kinds jsonb NOT NULL,
    covers jsonb NOT NULL,
    warnings jsonb NOT NULL,
    yen bigint NOT NULL,
    sha256 text NOT NULL,
    replaces uuid REFERENCES determinations,
    proposer text NOT NULL,
    drafted_at timestamptz NOT NULL,
    CONSTRAINT determinations_proposer UNIQUE (determination_id, proposer),
    CONSTRAINT determinations_one_a_case UNIQUE (collective_id, case_no, month),
    CONSTRAINT determinations_by_proposer
        FOREIGN KEY (collective_id, proposer) REFERENCES collectives (collective_id, proposer)
)""",
    "CREATE INDEX determinations_case ON determinations (case_no, month)",
    "CREATE INDEX determinations_replaces ON determinations (replaces)",
    """
CREATE TABLE determination_lines (
    determination_id uuid NOT NULL REFERENCES determinations,
    line_no integer NOT NULL,
    kind text NOT NULL,
    member text,
    yen bigint NOT NULL,
    basis text NOT NULL,
    inputs jsonb NOT NULL,
    trust text NOT NULL,
    CONSTRAINT determination_lines_pkey PRIMARY KEY (determination_id, line_no)
)""",
    """
CREATE TABLE determination_approvals (
    determination_id uuid PRIMARY KEY,
    proposer text NOT NULL,
    approver text NOT NULL,
    approved_at timestamptz NOT NULL,
    case_no text NOT NULL,
    month text NOT NULL,
    replaces uuid,
    CONSTRAINT determination_approvals_proposer
        FOREIGN KEY (determination_id, proposer) REFERENCES determinations (determination_id, proposer),
    CONSTRAINT determination_approvals_two_people CHECK (approver <> proposer),
    CONSTRAINT determination_approvals_one_chain UNIQUE NULLS NOT DISTINCT (case_no, month, replaces)
)""",
    "CREATE INDEX determination_approvals_replaces ON determination_approvals (replaces)",
)


_FIRST: Final = (
    "imports",
    "import_rows",
    "import_approvals",
    "cases",
    "circumstances",
    "collectives",
    "collective_chunks",
    "collective_refusals",
    "collective_proposals",
    "collective_approvals",
    "collective_completions",
    "determinations",
    "determination_lines",
    "determination_approvals",
)
_RESTRICTIONS: Final = ("restrictions", "restriction_approvals")
_V2: Final = (
    """
CREATE TABLE restrictions (
    restriction_id uuid PRIMARY KEY,
    case_no text NOT NULL REFERENCES cases,
    kind text NOT NULL,
    staff text,
    valid_from date NOT NULL,
    valid_to date,
    lifts uuid REFERENCES restrictions,
    reason text NOT NULL,
    proposer text NOT NULL,
    proposed_at timestamptz NOT NULL,
    sha256 text NOT NULL,
    CONSTRAINT restrictions_proposer UNIQUE (restriction_id, proposer),
    CONSTRAINT restrictions_period CHECK (valid_from <= valid_to),
    CONSTRAINT restrictions_kind CHECK (kind IN ('shielded', 'barred')),
    CONSTRAINT restrictions_staff CHECK ((kind = 'barred') = (staff IS NOT NULL))
)""",
    "CREATE INDEX restrictions_case ON restrictions (case_no)",
    _APPROVALS.format(what="restriction"),
)


_ORDER: Final = (
    """
ALTER TABLE collectives
    ADD COLUMN IF NOT EXISTS number bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT collectives_number UNIQUE,
    ADD COLUMN IF NOT EXISTS known_number bigint""",
    """
UPDATE collectives SET known_number =
    (SELECT coalesce(max(c.number), 0) FROM circumstances c WHERE c.recorded_at <= collectives.known_at)""",
    "ALTER TABLE collectives ALTER COLUMN known_number SET NOT NULL",
    "ALTER TABLE restrictions ADD COLUMN IF NOT EXISTS number bigint GENERATED ALWAYS AS IDENTITY",
)


def order_knowledge(op: Any) -> None:
    """Number acts and restrictions in their order, and tell of each act up to which circumstance it knew."""
    for statement in _ORDER:
        op.execute(statement)


_COUNTED: Final = (
    """
ALTER TABLE collective_chunks
    ADD COLUMN IF NOT EXISTS on_assistance integer,
    ADD COLUMN IF NOT EXISTS ended integer,
    ADD COLUMN IF NOT EXISTS unchanged integer,
    ADD COLUMN IF NOT EXISTS unchanged_yen bigint,
    ADD COLUMN IF NOT EXISTS refused integer,
    ADD COLUMN IF NOT EXISTS left_out integer""",
    """
ALTER TABLE collective_proposals
    ADD COLUMN IF NOT EXISTS last_month_cases integer,
    ADD COLUMN IF NOT EXISTS last_month_yen bigint""",
    "CREATE INDEX IF NOT EXISTS determination_approvals_month ON determination_approvals (month)",
    """
CREATE TABLE IF NOT EXISTS collective_left_out (
    collective_id uuid NOT NULL REFERENCES collectives,
    case_no text NOT NULL REFERENCES cases,
    CONSTRAINT collective_left_out_pkey PRIMARY KEY (collective_id, case_no)
)""",
    """
CREATE TABLE IF NOT EXISTS collective_withdrawals (
    collective_id uuid PRIMARY KEY REFERENCES collectives,
    withdrawn_by text NOT NULL,
    withdrawn_at timestamptz NOT NULL,
    reason text NOT NULL
)""",
)


def count_acts(op: Any) -> None:
    """Count every act against the cases on assistance, and let it leave cases out or be withdrawn."""
    for statement in _COUNTED:
        op.execute(statement)
    for table in ("collective_left_out", "collective_withdrawals"):
        grant(op, table, "SELECT, INSERT")


def let_imports_correct(op: Any) -> None:
    """Let an import be a correction, compared with the circumstances up to a number."""
    op.execute("ALTER TABLE imports ADD COLUMN IF NOT EXISTS known_number bigint")


_LOADED_LATER: Final = (
    """
CREATE TABLE IF NOT EXISTS import_confirmations (
    import_id uuid NOT NULL,
    attempt integer NOT NULL,
    proposer text NOT NULL,
    approver text NOT NULL,
    confirmed_at timestamptz NOT NULL,
    sha256 text NOT NULL,
    CONSTRAINT import_confirmations_pkey PRIMARY KEY (import_id, attempt),
    CONSTRAINT import_confirmations_proposer
        FOREIGN KEY (import_id, proposer) REFERENCES imports (import_id, proposer),
    CONSTRAINT import_confirmations_two_people CHECK (approver <> proposer)
)""",
    """
CREATE TABLE IF NOT EXISTS import_returns (
    import_id uuid NOT NULL,
    attempt integer NOT NULL,
    returned_at timestamptz NOT NULL,
    type text NOT NULL,
    detail text NOT NULL,
    CONSTRAINT import_returns_pkey PRIMARY KEY (import_id, attempt),
    CONSTRAINT import_returns_confirmation
        FOREIGN KEY (import_id, attempt) REFERENCES import_confirmations (import_id, attempt)
)""",
    """
CREATE TABLE IF NOT EXISTS import_withdrawals (
    import_id uuid PRIMARY KEY REFERENCES imports,
    withdrawn_by text NOT NULL,
    withdrawn_at timestamptz NOT NULL,
    reason text NOT NULL
)""",
)


def load_imports_later(op: Any) -> None:
    """Let the worker load an approved import, or return it; and let one be withdrawn that nobody approved."""
    for statement in _LOADED_LATER:
        op.execute(statement)
    for table in ("import_confirmations", "import_returns", "import_withdrawals"):
        grant(op, table, "SELECT, INSERT")


def create_decision_tables(op: Any) -> None:
    """Make version 1 of the tables and let the runtime role read and insert, never change or delete."""
    for statement in _V1:
        op.execute(statement)
    for table in _FIRST:
        grant(op, table, "SELECT, INSERT")


def create_restriction_tables(op: Any) -> None:
    """Make the tables of restrictions on cases, in a later migration."""
    for statement in _V2:
        op.execute(statement)
    for table in _RESTRICTIONS:
        grant(op, table, "SELECT, INSERT")
