"""What came of a login or confirmation, for a browser that comes back with it a second time."""

import sqlalchemy as sa
from alembic import op

from shared.service_kit.database.grants import grant

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Keep a login for its ten minutes after it was used, with its outcome."""
    op.add_column("logins", sa.Column("used_at", sa.DateTime(timezone=True)))
    op.add_column("logins", sa.Column("outcome", sa.LargeBinary))
    grant(op, "logins", "UPDATE (used_at, outcome)")
