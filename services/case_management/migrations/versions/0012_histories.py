"""Positions in streams name a history, so that a restored producer is seen; facts set aside keep their order."""

from alembic import op

from shared.service_kit.streams.history_ddl import create_history

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Give facts, heads and cursors a history, and make the tables of what is taken and what is lost."""
    create_history(op)
