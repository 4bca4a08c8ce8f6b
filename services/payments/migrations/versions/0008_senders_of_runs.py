"""A run keeps the office's own account (振込依頼人) that it was approved with: no later one is debited for it.

Runs that were approved before keep the account that counts now; that was the one their file would have been made of.
"""

from alembic import op

from shared.service_kit.database.grants import grant

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Make the table, and keep the senders of the runs that are approved and have no file yet."""
    op.execute(
        """
        CREATE TABLE run_senders (
            run_id UUID NOT NULL,
            sha256 TEXT NOT NULL,
            programme TEXT NOT NULL,
            import_id UUID NOT NULL,
            sender_name TEXT NOT NULL,
            PRIMARY KEY (run_id, sha256, programme),
            FOREIGN KEY(run_id) REFERENCES runs (run_id),
            CONSTRAINT run_senders_sender FOREIGN KEY(import_id, programme) REFERENCES senders (import_id, programme)
        )
        """
    )
    op.execute(
        """
        INSERT INTO run_senders (run_id, sha256, programme, import_id, sender_name)
        SELECT DISTINCT ON (r.run_id, s.programme) r.run_id, r.sha256, s.programme, s.import_id, s.sender_name
        FROM runs r CROSS JOIN senders s JOIN account_imports i ON i.import_id = s.import_id
        WHERE r.state IN ('approved', 'accepted') AND i.state = 'approved'
        ORDER BY r.run_id, s.programme, i.version DESC
        """
    )
    grant(op, "run_senders", "SELECT, INSERT")
