"""A declaration (申告書) that is due again and again says how often."""

from alembic import op

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    """Let a task have a rhythm."""
    op.execute("ALTER TABLE task_entries ADD COLUMN IF NOT EXISTS rhythm text")
    op.execute(
        "ALTER TABLE task_entries DROP CONSTRAINT IF EXISTS task_entries_rhythm, "
        "ADD CONSTRAINT task_entries_rhythm CHECK (rhythm IS NULL OR covers_from IS NOT NULL)"
    )
