"""Relatives liable for support (扶養義務者), and enquiries to them (扶養照会) after another person's decision."""

from alembic import op

from shared.service_kit.database.grants import grant

revision = "0023"
down_revision = "0022"

_SEALED = "~ '^sealed:[A-Za-z0-9+/]+=*$'"
_TABLES = (
    "relatives",
    "relative_details",
    "relative_proposals",
    "relative_decisions",
    "relative_letters",
    "relative_answers",
)
_FROZEN = f"""
CREATE TABLE IF NOT EXISTS relatives (
    relative_id uuid PRIMARY KEY,
    case_no text NOT NULL REFERENCES cases,
    person_no text,
    recorded_by text NOT NULL,
    recorded_at timestamptz NOT NULL,
    number bigint GENERATED ALWAYS AS IDENTITY
);
CREATE INDEX IF NOT EXISTS relatives_case ON relatives (case_no);

CREATE TABLE IF NOT EXISTS relative_details (
    detail_id uuid PRIMARY KEY,
    relative_id uuid NOT NULL REFERENCES relatives,
    follows uuid,
    relation text NOT NULL,
    content text NOT NULL CONSTRAINT relative_details_content_sealed CHECK (content {_SEALED}),
    recorded_by text NOT NULL,
    recorded_at timestamptz NOT NULL,
    number bigint GENERATED ALWAYS AS IDENTITY,
    CONSTRAINT relative_details_one_chain UNIQUE NULLS NOT DISTINCT (relative_id, follows),
    CONSTRAINT relative_details_in_chain UNIQUE (relative_id, detail_id),
    CONSTRAINT relative_details_follow FOREIGN KEY (relative_id, follows)
        REFERENCES relative_details (relative_id, detail_id)
);

CREATE TABLE IF NOT EXISTS relative_proposals (
    proposal_id uuid PRIMARY KEY,
    relative_id uuid NOT NULL REFERENCES relatives,
    enquire boolean NOT NULL,
    reason text,
    words text CONSTRAINT relative_proposals_words_sealed CHECK (words {_SEALED}),
    proposer text NOT NULL,
    proposed_at timestamptz NOT NULL,
    number bigint GENERATED ALWAYS AS IDENTITY,
    CONSTRAINT relative_proposals_proposer UNIQUE (proposal_id, proposer),
    CONSTRAINT relative_proposals_reason CHECK (enquire = (reason IS NULL))
);
CREATE INDEX IF NOT EXISTS relative_proposals_of ON relative_proposals (relative_id);

CREATE TABLE IF NOT EXISTS relative_decisions (
    proposal_id uuid PRIMARY KEY,
    proposer text NOT NULL,
    approver text NOT NULL,
    agreed boolean NOT NULL,
    words text CONSTRAINT relative_decisions_words_sealed CHECK (words {_SEALED}),
    decided_at timestamptz NOT NULL,
    CONSTRAINT relative_decisions_proposer FOREIGN KEY (proposal_id, proposer)
        REFERENCES relative_proposals (proposal_id, proposer),
    CONSTRAINT relative_decisions_two_people CHECK (approver <> proposer)
);

CREATE TABLE IF NOT EXISTS relative_letters (
    letter_id uuid PRIMARY KEY,
    relative_id uuid NOT NULL REFERENCES relatives,
    proposal_id uuid NOT NULL REFERENCES relative_decisions,
    due_on date NOT NULL,
    recorded_by text NOT NULL,
    recorded_at timestamptz NOT NULL,
    number bigint GENERATED ALWAYS AS IDENTITY
);
CREATE INDEX IF NOT EXISTS relative_letters_of ON relative_letters (relative_id);

CREATE TABLE IF NOT EXISTS relative_answers (
    answer_id uuid PRIMARY KEY,
    relative_id uuid NOT NULL REFERENCES relatives,
    answered_on date NOT NULL,
    outcome text NOT NULL,
    yen bigint CONSTRAINT relative_answers_yen CHECK (yen > 0),
    words text CONSTRAINT relative_answers_words_sealed CHECK (words {_SEALED}),
    recorded_by text NOT NULL,
    recorded_at timestamptz NOT NULL,
    number bigint GENERATED ALWAYS AS IDENTITY,
    CONSTRAINT relative_answers_money CHECK ((outcome = 'money') = (yen IS NOT NULL))
);
CREATE INDEX IF NOT EXISTS relative_answers_of ON relative_answers (relative_id);
"""


def upgrade() -> None:
    """Create the tables, append-only."""
    op.execute(_FROZEN)
    for table in _TABLES:
        grant(op, table, "SELECT, INSERT")
