"""Logins of the identity provider behind sessions, and the logout tokens that were taken: each is taken once."""

import sqlalchemy as sa
from alembic import op

from shared.service_kit.database.grants import grant

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Name the provider's login in a session; remember logout tokens."""
    op.add_column("sessions", sa.Column("sid", sa.Text))
    op.create_index("sessions_by_sid", "sessions", ["sid"], postgresql_where=sa.text("ended_at IS NULL"))
    op.create_table(
        "logout_tokens",
        sa.Column("jti", sa.Text, primary_key=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
    )
    grant(op, "logout_tokens", "SELECT, INSERT, DELETE")
