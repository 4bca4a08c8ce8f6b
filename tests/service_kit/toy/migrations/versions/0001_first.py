"""Marks, and the kit's tables."""

import sqlalchemy as sa
from alembic import op

from shared.service_kit.database.grants import grant
from shared.service_kit.database.kit_ddl import create_kit_tables

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    create_kit_tables(op)
    op.create_table(
        "marks",
        sa.Column("fact_id", sa.UUID, primary_key=True),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("value", sa.BigInteger, sa.CheckConstraint("value >= 0"), nullable=False),
    )
    grant(op, "marks", "SELECT, INSERT")
