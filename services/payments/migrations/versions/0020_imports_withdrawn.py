"""An import of accounts can be withdrawn, and knows up to which version accounts were decided when it was made."""

from alembic import op

from shared.service_kit.database.grants import grant

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Add the state and the columns; imports that are there knew what was approved by their day."""
    op.execute(
        "ALTER TABLE account_imports ADD COLUMN IF NOT EXISTS withdrawn_by TEXT, "
        "ADD COLUMN IF NOT EXISTS withdrawn_at timestamptz, ADD COLUMN IF NOT EXISTS known_version INTEGER"
    )
    op.execute(
        "UPDATE account_imports i SET known_version = (SELECT coalesce(max(o.version), 0) FROM account_imports o "
        "WHERE o.approved_at <= i.proposed_at AND o.import_id <> i.import_id) "
        "WHERE i.known_version IS NULL"
    )
    op.execute("ALTER TABLE account_imports ALTER COLUMN known_version SET NOT NULL")
    op.execute(
        "ALTER TABLE account_imports DROP CONSTRAINT IF EXISTS import_state, "
        "DROP CONSTRAINT IF EXISTS import_withdrawn, "
        "ADD CONSTRAINT import_state CHECK (state IN ('proposed', 'approved', 'withdrawn')), "
        "ADD CONSTRAINT import_withdrawn CHECK ((state = 'withdrawn') = (withdrawn_by IS NOT NULL) "
        "AND (state = 'withdrawn') = (withdrawn_at IS NOT NULL))"
    )
    grant(op, "account_imports", "UPDATE (withdrawn_by, withdrawn_at)")
