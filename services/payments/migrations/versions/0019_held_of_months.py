"""What is held of a month is found without reading what is not."""

from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Make the index of the few that are held."""
    op.execute("CREATE INDEX IF NOT EXISTS entitlements_held ON entitlements (month) WHERE state = 'held'")
