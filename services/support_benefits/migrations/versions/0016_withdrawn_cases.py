"""A case whose application was taken back is investigated no more."""

from alembic import op

from shared.decisions.adapters.ddl.by_hand import withdraw_cases

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Let a case say that its application was taken back."""
    withdraw_cases(op)
