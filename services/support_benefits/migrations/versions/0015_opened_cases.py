"""Cases may be opened for an application."""

from alembic import op

from shared.decisions.adapters.ddl.by_hand import open_cases

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Let a case name the application it was opened for."""
    open_cases(op)
