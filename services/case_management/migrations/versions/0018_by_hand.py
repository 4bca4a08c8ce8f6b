"""Circumstances are recorded by hand too."""

from alembic import op

from shared.decisions.adapters.ddl.by_hand import record_by_hand

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Let a circumstance name who recorded it, and why."""
    record_by_hand(op)
