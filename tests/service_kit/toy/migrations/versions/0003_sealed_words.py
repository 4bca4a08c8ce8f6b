"""The words of emergency access are sealed; what is on record is sealed here."""

from alembic import context, op

from shared.access.emergencies import seal_emergencies
from shared.service_kit.database.kit_ddl import create_data_keys

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the keys, and want all that comes sealed."""
    create_data_keys(op)
    seal_emergencies(op, "payments", context.config.attributes["settings"])
