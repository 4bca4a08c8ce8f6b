"""Documents (添付) at what they prove: sealed, never overwritten, withdrawn by a row."""

from alembic import op

from shared.service_kit.database.grants import grant

revision = "0024"
down_revision = "0023"

_SEALED = "~ '^sealed:[A-Za-z0-9+/]+=*$'"
_FROZEN = f"""
CREATE TABLE IF NOT EXISTS attachments (
    attachment_id uuid PRIMARY KEY,
    case_no text NOT NULL REFERENCES cases,
    proves text NOT NULL,
    proves_id text,
    content_type text NOT NULL,
    size integer NOT NULL CONSTRAINT attachments_size CHECK (size > 0 AND size <= 10485760),
    sha256 text NOT NULL,
    name text NOT NULL CONSTRAINT attachments_name_sealed CHECK (name {_SEALED}),
    content bytea NOT NULL,
    recorded_by text NOT NULL,
    recorded_at timestamptz NOT NULL,
    number bigint GENERATED ALWAYS AS IDENTITY,
    CONSTRAINT attachments_proves CHECK ((proves = 'case') = (proves_id IS NULL)),
    CONSTRAINT attachments_content_sealed CHECK (octet_length(content) = size + 31)
);
CREATE INDEX IF NOT EXISTS attachments_case ON attachments (case_no);

CREATE TABLE IF NOT EXISTS attachment_withdrawals (
    attachment_id uuid PRIMARY KEY REFERENCES attachments,
    reason text NOT NULL,
    words text CONSTRAINT attachment_withdrawals_words_sealed CHECK (words {_SEALED}),
    recorded_by text NOT NULL,
    recorded_at timestamptz NOT NULL
);
"""


def upgrade() -> None:
    """Create the tables, append-only; what is sealed does not compress."""
    op.execute(_FROZEN)
    op.execute("ALTER TABLE attachments ALTER COLUMN content SET STORAGE EXTERNAL")
    for table in ("attachments", "attachment_withdrawals"):
        grant(op, table, "SELECT, INSERT")
