"""What keeps failing outside chunks is counted, and shown where a person sees it."""

from alembic import op

from shared.service_kit.database.kit_ddl import create_task_failures

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make the table, and note since when a chunk is parked."""
    create_task_failures(op)
