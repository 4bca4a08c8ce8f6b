"""Who is entered into the register for an application is seen as that is, until they have a case."""

from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    """Let an entry of the register name the application for which it was made."""
    op.execute("ALTER TABLE residents ADD COLUMN IF NOT EXISTS application_no text REFERENCES applications")
