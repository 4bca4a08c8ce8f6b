"""Clear copies go when their period is over; the doors and their guards."""

from alembic import op

from shared.contracts.retention import COPIES, periods
from shared.service_kit.retention.ddl import create_retention

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Create periods, doors and guards."""
    create_retention(op, periods(*COPIES))
