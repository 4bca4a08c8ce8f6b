"""Every act is counted against the cases on assistance; it leaves out what is barred to its people, or is withdrawn."""

from alembic import op

from shared.decisions.adapters.ddl.first import count_acts

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Create what is counted, left out and withdrawn."""
    count_acts(op)
