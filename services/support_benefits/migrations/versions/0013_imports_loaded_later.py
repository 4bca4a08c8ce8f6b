"""An approved import is loaded by the worker; one that nobody approved can be withdrawn."""

from alembic import op

from shared.decisions.adapters.ddl.first import load_imports_later

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Create what is confirmed, returned and withdrawn."""
    load_imports_later(op)
