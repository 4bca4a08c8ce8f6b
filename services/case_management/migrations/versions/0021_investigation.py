"""Investigations (調査): requests (法29条, 法28条), and what came after them."""

from alembic import op

from shared.service_kit.database.grants import grant

revision = "0021"
down_revision = "0020"

_SEALED = "~ '^sealed:[A-Za-z0-9+/]+=*$'"
_FROZEN = f"""
CREATE TABLE IF NOT EXISTS investigations (
    investigation_id uuid PRIMARY KEY,
    case_no text NOT NULL REFERENCES cases,
    person_no text,
    kind text NOT NULL,
    addressee text NOT NULL CONSTRAINT investigations_addressee_sealed CHECK (addressee {_SEALED}),
    asked text NOT NULL CONSTRAINT investigations_asked_sealed CHECK (asked {_SEALED}),
    sent_on date NOT NULL,
    due_on date NOT NULL,
    consent text NOT NULL,
    consent_on date,
    recorded_by text NOT NULL,
    recorded_at timestamptz NOT NULL,
    number bigint GENERATED ALWAYS AS IDENTITY,
    CONSTRAINT investigations_due CHECK (sent_on <= due_on),
    CONSTRAINT investigations_consent CHECK ((consent = 'held') = (consent_on IS NOT NULL))
);
CREATE INDEX IF NOT EXISTS investigations_case ON investigations (case_no);
CREATE INDEX IF NOT EXISTS investigations_due_on ON investigations (due_on);

CREATE TABLE IF NOT EXISTS investigation_entries (
    entry_id uuid PRIMARY KEY,
    investigation_id uuid NOT NULL REFERENCES investigations,
    kind text NOT NULL,
    happened_on date NOT NULL,
    reason text,
    words text CONSTRAINT investigation_entries_words_sealed CHECK (words {_SEALED}),
    recorded_by text NOT NULL,
    recorded_at timestamptz NOT NULL,
    number bigint GENERATED ALWAYS AS IDENTITY,
    CONSTRAINT investigation_entries_reason CHECK ((kind = 'closed') = (reason IS NOT NULL)),
    CONSTRAINT investigation_entries_answer CHECK (kind <> 'answered' OR words IS NOT NULL)
);
CREATE INDEX IF NOT EXISTS investigation_entries_of ON investigation_entries (investigation_id);
CREATE UNIQUE INDEX IF NOT EXISTS investigation_entries_closed_once
    ON investigation_entries (investigation_id) WHERE kind = 'closed';
"""


def upgrade() -> None:
    """Create the tables, append-only."""
    op.execute(_FROZEN)
    for table in ("investigations", "investigation_entries"):
        grant(op, table, "SELECT, INSERT")
