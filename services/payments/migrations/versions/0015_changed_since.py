"""A run knows how many cases changed after they were determined."""

from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Add the count; empty where a run was opened before."""
    op.execute("ALTER TABLE run_positions ADD COLUMN IF NOT EXISTS changed_since INTEGER")
