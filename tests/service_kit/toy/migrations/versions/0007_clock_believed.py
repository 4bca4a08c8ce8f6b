"""Nothing goes by a clock that jumped ahead, and nothing stays for a character that text has not."""

from alembic import op

from shared.service_kit.retention.ddl import believe_no_clock_that_jumped

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Let the doors of retention believe a clock that this service has seen go on."""
    believe_no_clock_that_jumped(op)
