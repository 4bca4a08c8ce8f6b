"""Sessions, logins that have begun, and the kit's tables."""

import sqlalchemy as sa
from alembic import op

from shared.service_kit.schema import create_kit_tables, grant

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    create_kit_tables(op)
    instant = sa.DateTime(timezone=True)
    op.create_table(
        "sessions",
        sa.Column("session_id", sa.UUID, primary_key=True),
        sa.Column("cookie_sha256", sa.Text, nullable=False, unique=True),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("roles", sa.ARRAY(sa.Text), nullable=False),
        sa.Column("token", sa.Text, nullable=False),
        sa.Column("csrf", sa.Text, nullable=False),
        sa.Column("began_at", instant, nullable=False),
        sa.Column("seen_at", instant, nullable=False),
        sa.Column("token_until", instant, nullable=False),
        sa.Column("ended_at", instant),
    )
    op.create_table(
        "logins",
        sa.Column("state", sa.Text, primary_key=True),
        sa.Column("verifier", sa.Text, nullable=False),
        sa.Column("nonce", sa.Text, nullable=False),
        sa.Column("return_to", sa.Text, nullable=False),
        sa.Column("at", instant, nullable=False),
    )
    grant(op, "sessions", "SELECT, INSERT, UPDATE")
    grant(op, "logins", "SELECT, INSERT, DELETE")
