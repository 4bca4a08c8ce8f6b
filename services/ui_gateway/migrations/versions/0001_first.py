"""Sessions and logins that are under way; tokens in them are sealed with the browser's cookie."""

import sqlalchemy as sa
from alembic import op

from shared.service_kit.database.grants import grant
from shared.service_kit.database.kit_ddl import create_kit_tables

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the gateway's tables."""
    create_kit_tables(op)
    op.create_table(
        "sessions",
        sa.Column("session_id", sa.Uuid, primary_key=True),
        sa.Column("cookie_sha256", sa.LargeBinary, nullable=False, unique=True),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("message", sa.Text),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("end_reason", sa.Text),
        sa.CheckConstraint("(ended_at IS NULL) = (end_reason IS NULL)", name="sessions_end_with_reason"),
    )
    op.create_table(
        "logins",
        sa.Column("cookie_sha256", sa.LargeBinary, primary_key=True),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
    )
    grant(op, "sessions", "SELECT, INSERT, UPDATE")
    grant(op, "logins", "SELECT, INSERT, DELETE")
