"""Two numbers of one person (名寄せ): proposals, approvals, what was taken back, and who are two people after all."""

from alembic import op

from shared.service_kit.database.grants import grant

revision = "0029"
down_revision = "0028"

_SEALED = "~ '^sealed:[A-Za-z0-9+/]+=*$'"
_TABLES = ("merges", "merge_approvals", "merge_withdrawals", "distinctions")
_FROZEN = f"""
CREATE TABLE IF NOT EXISTS merges (
    merge_id uuid PRIMARY KEY,
    goes text NOT NULL,
    stays text NOT NULL,
    undoes uuid REFERENCES merges,
    words text NOT NULL CONSTRAINT merges_words_sealed CHECK (words {_SEALED}),
    proposer text NOT NULL,
    proposed_at timestamptz NOT NULL,
    sha256 text NOT NULL,
    number bigint GENERATED ALWAYS AS IDENTITY,
    CONSTRAINT merges_proposer UNIQUE (merge_id, proposer),
    CONSTRAINT merges_two_numbers CHECK (goes <> stays)
);
CREATE INDEX IF NOT EXISTS merges_goes ON merges (goes);
CREATE INDEX IF NOT EXISTS merges_stays ON merges (stays);
CREATE INDEX IF NOT EXISTS merges_undoes ON merges (undoes);

CREATE TABLE IF NOT EXISTS merge_approvals (
    merge_id uuid PRIMARY KEY,
    proposer text NOT NULL,
    approver text NOT NULL,
    approved_at timestamptz NOT NULL,
    sha256 text NOT NULL,
    CONSTRAINT merge_approvals_proposer FOREIGN KEY (merge_id, proposer) REFERENCES merges (merge_id, proposer),
    CONSTRAINT merge_approvals_two_people CHECK (approver <> proposer)
);

CREATE TABLE IF NOT EXISTS merge_withdrawals (
    merge_id uuid PRIMARY KEY REFERENCES merges,
    withdrawn_by text NOT NULL,
    reason text NOT NULL,
    withdrawn_at timestamptz NOT NULL
);

CREATE TABLE IF NOT EXISTS distinctions (
    distinction_id uuid PRIMARY KEY,
    low text NOT NULL,
    high text NOT NULL,
    words text NOT NULL CONSTRAINT distinctions_words_sealed CHECK (words {_SEALED}),
    recorded_by text NOT NULL,
    recorded_at timestamptz NOT NULL,
    number bigint GENERATED ALWAYS AS IDENTITY,
    CONSTRAINT distinctions_in_order CHECK (low < high)
);
CREATE INDEX IF NOT EXISTS distinctions_low ON distinctions (low);
CREATE INDEX IF NOT EXISTS distinctions_high ON distinctions (high);
"""


def upgrade() -> None:
    """Create the tables, append-only."""
    op.execute(_FROZEN)
    for table in _TABLES:
        grant(op, table, "SELECT, INSERT")
