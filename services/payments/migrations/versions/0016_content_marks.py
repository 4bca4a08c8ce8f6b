"""A proposed run keeps the mark of the stored rows that its hash was made of; its approval looks for them again.

A run that was proposed before has none: its rows are opened and hashed anew.
"""

from alembic import op

from shared.service_kit.database.grants import grant

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Add the column."""
    op.execute("ALTER TABLE runs ADD COLUMN IF NOT EXISTS content_mark TEXT")
    grant(op, "runs", "UPDATE (content_mark)")
