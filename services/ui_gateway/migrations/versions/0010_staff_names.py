"""The names of the staff (職員の氏名), as the identity provider names them."""

from alembic import op

from shared.service_kit.database.grants import grant

revision = "0010"
down_revision = "0009"

_FROZEN = """
CREATE TABLE IF NOT EXISTS staff_names (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    staff text NOT NULL,
    name text NOT NULL,
    known_at timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS staff_names_staff ON staff_names (staff, number);
"""


def upgrade() -> None:
    """Create the table, append-only: a former name stays."""
    op.execute(_FROZEN)
    grant(op, "staff_names", "SELECT, INSERT")
