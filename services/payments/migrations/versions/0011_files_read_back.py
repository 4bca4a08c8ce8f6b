"""A bank file is placed once, is read back where it lies, is received by the treasurer, and can be issued again."""

from alembic import op

from shared.service_kit.database.grants import grant

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Lease by a number alone, and the columns of what happens to a file after it was made."""
    op.execute("ALTER TABLE bank_files DROP COLUMN leased_until")
    op.execute(
        "ALTER TABLE bank_files ADD COLUMN prepared INTEGER, ADD COLUMN issue INTEGER NOT NULL DEFAULT 1, "
        "ADD COLUMN standing TEXT, ADD COLUMN received_by TEXT, ADD COLUMN received_at timestamptz"
    )
    op.execute(
        "ALTER TABLE bank_files ADD CONSTRAINT bank_file_standing "
        "CHECK (standing IN ('as_stored', 'altered', 'missing', 'taken'))"
    )
    op.execute(
        "ALTER TABLE bank_files ADD CONSTRAINT bank_file_received CHECK ((received_by IS NULL) = (received_at IS NULL))"
    )
    grant(op, "bank_files", "UPDATE (prepared, issue, standing, received_by, received_at)")
