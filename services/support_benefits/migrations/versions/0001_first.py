"""The tables of deciding; the runtime role may read and append, nothing else."""

from alembic import op

from shared.decisions.adapters.ddl.first import create_decision_tables
from shared.service_kit.database.kit_ddl import create_kit_tables

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the room."""
    create_kit_tables(op)
    create_decision_tables(op)
