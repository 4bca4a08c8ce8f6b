"""That two numbers are two people can be taken back, by a record of its own."""

from alembic import op

revision = "0031"
down_revision = "0030"

_FROZEN = """
ALTER TABLE distinctions ADD COLUMN IF NOT EXISTS undoes uuid REFERENCES distinctions;
CREATE UNIQUE INDEX IF NOT EXISTS distinctions_undone_once ON distinctions (undoes);
"""


def upgrade() -> None:
    """Add the column."""
    op.execute(_FROZEN)
