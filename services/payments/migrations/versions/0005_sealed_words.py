"""The words of emergency access are sealed; what is on record is sealed here."""

from alembic import context, op

from shared.access.emergencies import seal_emergencies

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Seal what is there, and want all that comes sealed."""
    seal_emergencies(op, "payments", context.config.attributes["settings"])
