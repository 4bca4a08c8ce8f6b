"""A consent that was recorded by mistake ends without a day on which anybody took it back."""

from alembic import op

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    """Let the day be none."""
    op.execute("ALTER TABLE consent_withdrawals ALTER COLUMN withdrawn_on DROP NOT NULL")
