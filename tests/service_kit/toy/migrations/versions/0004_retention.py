"""Clear copies go when their period is over."""

from alembic import op

from shared.contracts.retention import COPIES, periods
from shared.service_kit.retention.ddl import create_retention

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create periods, doors and guards."""
    create_retention(op, periods(*COPIES))
