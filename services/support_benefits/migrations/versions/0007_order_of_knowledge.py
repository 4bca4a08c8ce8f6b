"""The order of acts is a number of its own, not a clock's; and each act names the circumstances that it knew."""

from alembic import op

from shared.decisions.adapters.ddl.first import order_knowledge

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Number what is there in the order in which it came in."""
    order_knowledge(op)
