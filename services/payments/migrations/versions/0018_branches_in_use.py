"""Which banks and branches are in use is asked at each proposal and approval of a run."""

from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Make the index along which each pair is found once."""
    op.execute("CREATE INDEX IF NOT EXISTS accounts_branch ON accounts (bank_code, branch_code) WHERE method = 'bank'")
