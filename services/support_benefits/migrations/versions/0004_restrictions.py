"""Restrictions on cases (閲覧制限), proposed and approved by two people."""

from alembic import op

from shared.decisions.adapters.ddl.first import create_restriction_tables

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create the tables."""
    create_restriction_tables(op)
