"""Details of persons (本人情報): addresses, contacts, papers, work and school, with their days."""

from alembic import op

from shared.service_kit.database.grants import grant

revision = "0020"
down_revision = "0019"

_FROZEN = """
CREATE TABLE IF NOT EXISTS person_details (
    detail_id uuid PRIMARY KEY,
    person_no text NOT NULL,
    fact text NOT NULL,
    kind text NOT NULL,
    valid_from date,
    valid_to date,
    expires_on date,
    protected boolean NOT NULL,
    corrects uuid REFERENCES person_details,
    content text NOT NULL
        CONSTRAINT person_details_content_sealed CHECK (content ~ '^sealed:[A-Za-z0-9+/]+=*$'),
    reason text NOT NULL,
    recorded_by text NOT NULL,
    recorded_at timestamptz NOT NULL,
    number bigint GENERATED ALWAYS AS IDENTITY,
    CONSTRAINT person_details_corrected_once UNIQUE (corrects),
    CONSTRAINT person_details_period CHECK (valid_from <= valid_to),
    CONSTRAINT person_details_expiry CHECK (expires_on IS NULL OR fact = 'certificate'),
    CONSTRAINT person_details_protected CHECK (NOT protected OR fact IN ('address', 'contact'))
);
CREATE INDEX IF NOT EXISTS person_details_person ON person_details (person_no, number);
CREATE INDEX IF NOT EXISTS person_details_expires ON person_details (expires_on)
"""


def upgrade() -> None:
    """Make the table; the runtime role reads and adds."""
    op.execute(_FROZEN)
    grant(op, "person_details", "SELECT, INSERT")
