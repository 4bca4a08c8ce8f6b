"""Circumstances are recorded by hand too."""

from alembic import op

from shared.decisions.adapters.ddl.by_hand import record_by_hand

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Let a circumstance name who recorded it, and why."""
    record_by_hand(op)
