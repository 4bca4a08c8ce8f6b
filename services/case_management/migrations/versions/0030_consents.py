"""Consents (同意書), and the one on which a request rests."""

from alembic import op

from shared.service_kit.database.grants import grant

revision = "0030"
down_revision = "0029"

_FROZEN = """
CREATE TABLE IF NOT EXISTS consents (
    consent_id uuid PRIMARY KEY,
    case_no text NOT NULL REFERENCES cases,
    person_no text NOT NULL CONSTRAINT consents_person_no CHECK (person_no ~ '^[0-9]{10}$'),
    signed_on date NOT NULL,
    recorded_by text NOT NULL,
    recorded_at timestamptz NOT NULL,
    number bigint GENERATED ALWAYS AS IDENTITY
);
CREATE INDEX IF NOT EXISTS consents_case ON consents (case_no);

CREATE TABLE IF NOT EXISTS consent_withdrawals (
    consent_id uuid PRIMARY KEY REFERENCES consents,
    withdrawn_on date NOT NULL,
    recorded_by text NOT NULL,
    recorded_at timestamptz NOT NULL
);

ALTER TABLE investigations
    ADD COLUMN IF NOT EXISTS consent_id uuid REFERENCES consents,
    DROP CONSTRAINT IF EXISTS investigations_rests_on,
    ADD CONSTRAINT investigations_rests_on CHECK (consent_id IS NULL OR consent = 'held');
"""


def upgrade() -> None:
    """Create the tables, append-only; a request of before names a day alone."""
    op.execute(_FROZEN)
    for table in ("consents", "consent_withdrawals"):
        grant(op, table, "SELECT, INSERT")
