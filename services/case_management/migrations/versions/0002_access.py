"""Emergency access and the confirmations behind approvals."""

from alembic import op

from shared.access.tables import create_access_tables

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the kit's tables of access."""
    create_access_tables(op)
