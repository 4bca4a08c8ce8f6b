"""A decision to write to a relative (扶養照会), and a letter, are about the relative as recorded by one entry.

What is there already is about the entry that was the newest one at its time.
"""

from typing import Final

from alembic import op

revision = "0025"
down_revision = "0024"

_FROZEN: Final = (
    "ALTER TABLE relative_proposals ADD COLUMN IF NOT EXISTS detail_id uuid",
    "ALTER TABLE relative_letters ADD COLUMN IF NOT EXISTS detail_id uuid",
    """
UPDATE relative_proposals p SET detail_id = (
    SELECT d.detail_id FROM relative_details d WHERE d.relative_id = p.relative_id
    ORDER BY d.recorded_at <= p.proposed_at DESC, d.recorded_at DESC, d.number DESC LIMIT 1)
WHERE p.detail_id IS NULL""",
    """
UPDATE relative_letters l SET detail_id = (
    SELECT d.detail_id FROM relative_details d WHERE d.relative_id = l.relative_id
    ORDER BY d.recorded_at <= l.recorded_at DESC, d.recorded_at DESC, d.number DESC LIMIT 1)
WHERE l.detail_id IS NULL""",
    """
ALTER TABLE relative_proposals
    ALTER COLUMN detail_id SET NOT NULL,
    DROP CONSTRAINT IF EXISTS relative_proposals_entry,
    ADD CONSTRAINT relative_proposals_entry FOREIGN KEY (relative_id, detail_id)
        REFERENCES relative_details (relative_id, detail_id)""",
    """
ALTER TABLE relative_letters
    ALTER COLUMN detail_id SET NOT NULL,
    DROP CONSTRAINT IF EXISTS relative_letters_entry,
    ADD CONSTRAINT relative_letters_entry FOREIGN KEY (relative_id, detail_id)
        REFERENCES relative_details (relative_id, detail_id)""",
)


def upgrade() -> None:
    """Add the column to both tables and fill it."""
    for statement in _FROZEN:
        op.execute(statement)
