"""Payments knows whose case is barred to whom: restrictions as told, and the accounts that an approval left out."""

from alembic import op

from shared.service_kit.database.grants import grant

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Make the tables, and let an import name the one whose remainder it is."""
    op.execute(
        """
        CREATE TABLE IF NOT EXISTS restrictions (
            fact_id UUID NOT NULL,
            producer TEXT NOT NULL,
            restriction_id UUID NOT NULL,
            case_no TEXT NOT NULL,
            kind TEXT NOT NULL,
            staff TEXT,
            valid_from DATE NOT NULL,
            valid_to DATE,
            lifts UUID,
            PRIMARY KEY (fact_id)
        )
        """
    )
    op.execute("CREATE INDEX IF NOT EXISTS restrictions_staff ON restrictions (staff)")
    op.execute(
        """
        CREATE TABLE IF NOT EXISTS import_left_out (
            account_id UUID NOT NULL,
            import_id UUID NOT NULL,
            case_no TEXT NOT NULL,
            PRIMARY KEY (account_id),
            FOREIGN KEY(account_id) REFERENCES accounts (account_id),
            FOREIGN KEY(import_id) REFERENCES account_imports (import_id)
        )
        """
    )
    op.execute("CREATE INDEX IF NOT EXISTS import_left_out_import ON import_left_out (import_id)")
    op.execute(
        "ALTER TABLE account_imports ADD COLUMN IF NOT EXISTS remainder_of UUID REFERENCES account_imports (import_id)"
    )
    grant(op, "restrictions", "SELECT, INSERT")
    grant(op, "import_left_out", "SELECT, INSERT")
