"""Intake: consultations (面接相談) and applications (申請); who can be found, and by what."""

from alembic import op

from shared.service_kit.database.grants import grant

revision = "0017"
down_revision = "0016"

_SEALED = "~ '^sealed:[A-Za-z0-9+/]+=*$'"
_TABLES = (
    "consultations",
    "consultation_entries",
    "consultation_opinions",
    "applications",
    "application_entries",
    "application_delays",
    "application_withdrawals",
)
_FROZEN = f"""
CREATE TABLE IF NOT EXISTS consultations (
    consultation_no text PRIMARY KEY CONSTRAINT consultations_no CHECK (consultation_no ~ '^[0-9]{{10}}$'),
    opened_by text NOT NULL,
    opened_at timestamptz NOT NULL
);

CREATE TABLE IF NOT EXISTS consultation_entries (
    entry_id uuid PRIMARY KEY,
    consultation_no text NOT NULL REFERENCES consultations,
    follows uuid,
    change text NOT NULL,
    held_on date NOT NULL,
    channel text NOT NULL,
    matter text NOT NULL,
    result text NOT NULL,
    wish_to_apply boolean NOT NULL,
    form_handed boolean NOT NULL,
    shielded boolean NOT NULL,
    district text,
    content text NOT NULL CONSTRAINT consultation_entries_content_sealed CHECK (content {_SEALED}),
    recorded_by text NOT NULL,
    recorded_at timestamptz NOT NULL,
    number bigint GENERATED ALWAYS AS IDENTITY,
    CONSTRAINT consultation_entries_one_chain UNIQUE NULLS NOT DISTINCT (consultation_no, follows),
    CONSTRAINT consultation_entries_change CHECK ((follows IS NULL) = (change = 'first')),
    CONSTRAINT consultation_entries_in_chain UNIQUE (consultation_no, entry_id),
    CONSTRAINT consultation_entries_follow FOREIGN KEY (consultation_no, follows)
        REFERENCES consultation_entries (consultation_no, entry_id)
);
CREATE INDEX IF NOT EXISTS consultation_entries_number ON consultation_entries (number);

CREATE TABLE IF NOT EXISTS consultation_opinions (
    opinion_id uuid PRIMARY KEY,
    entry_id uuid NOT NULL REFERENCES consultation_entries,
    words text NOT NULL CONSTRAINT consultation_opinions_words_sealed CHECK (words {_SEALED}),
    recorded_by text NOT NULL,
    recorded_at timestamptz NOT NULL,
    number bigint GENERATED ALWAYS AS IDENTITY
);
CREATE INDEX IF NOT EXISTS consultation_opinions_entry ON consultation_opinions (entry_id);

CREATE TABLE IF NOT EXISTS applications (
    application_no text PRIMARY KEY CONSTRAINT applications_no CHECK (application_no ~ '^[0-9]{{10}}$'),
    consultation_no text REFERENCES consultations,
    opened_by text NOT NULL,
    opened_at timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS applications_consultation ON applications (consultation_no);

CREATE TABLE IF NOT EXISTS application_entries (
    entry_id uuid PRIMARY KEY,
    application_no text NOT NULL REFERENCES applications,
    follows uuid,
    change text NOT NULL,
    programme text NOT NULL,
    kind text NOT NULL,
    ground text NOT NULL,
    form text NOT NULL,
    legal_basis text NOT NULL,
    present_location boolean NOT NULL,
    applied_on date NOT NULL,
    received_on date NOT NULL,
    case_no text,
    shielded boolean NOT NULL,
    district text,
    content text NOT NULL CONSTRAINT application_entries_content_sealed CHECK (content {_SEALED}),
    recorded_by text NOT NULL,
    recorded_at timestamptz NOT NULL,
    number bigint GENERATED ALWAYS AS IDENTITY,
    CONSTRAINT application_entries_one_chain UNIQUE NULLS NOT DISTINCT (application_no, follows),
    CONSTRAINT application_entries_change CHECK ((follows IS NULL) = (change = 'first')),
    CONSTRAINT application_entries_in_chain UNIQUE (application_no, entry_id),
    CONSTRAINT application_entries_follow FOREIGN KEY (application_no, follows)
        REFERENCES application_entries (application_no, entry_id)
);
CREATE INDEX IF NOT EXISTS application_entries_number ON application_entries (number);

CREATE TABLE IF NOT EXISTS application_delays (
    delay_id uuid PRIMARY KEY,
    application_no text NOT NULL REFERENCES applications,
    reason text NOT NULL,
    words text CONSTRAINT application_delays_words_sealed CHECK (words {_SEALED}),
    recorded_by text NOT NULL,
    recorded_at timestamptz NOT NULL,
    number bigint GENERATED ALWAYS AS IDENTITY
);
CREATE INDEX IF NOT EXISTS application_delays_of ON application_delays (application_no);

CREATE TABLE IF NOT EXISTS application_withdrawals (
    application_no text PRIMARY KEY REFERENCES applications,
    withdrawn_on date NOT NULL,
    words text CONSTRAINT application_withdrawals_words_sealed CHECK (words {_SEALED}),
    recorded_by text NOT NULL,
    recorded_at timestamptz NOT NULL
);

CREATE INDEX IF NOT EXISTS circumstances_birth ON circumstances ((data ->> 'birth_date')) WHERE fact = 'person';
"""


def upgrade() -> None:
    """Create the tables, append-only."""
    op.execute(_FROZEN)
    for table in _TABLES:
        grant(op, table, "SELECT, INSERT")
