"""An Idempotency-Key is its sender's own: nobody can use up another's."""

from alembic import op

from shared.service_kit.database.kit_ddl import give_keys_to_their_senders

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the key unique for its sender."""
    give_keys_to_their_senders(op)
