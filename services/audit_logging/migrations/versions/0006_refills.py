"""Refills from the published log: the owner writes them, and nobody changes them."""

from alembic import op

from shared.service_kit.database.grants import grant

revision = "0006"
down_revision = "0005"

_TABLE = """
CREATE TABLE refills (
    first bigint PRIMARY KEY REFERENCES entries,
    last bigint NOT NULL REFERENCES entries,
    root bytea NOT NULL,
    refilled_at timestamptz NOT NULL,
    CONSTRAINT refill_in_order CHECK (first <= last)
);
CREATE TRIGGER refills_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON refills
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""


def upgrade() -> None:
    """Create the table; the service may only read it: it cannot explain away an opening that is missing."""
    op.execute(_TABLE)
    grant(op, "refills", "SELECT")
