"""An import may correct cases that are on record."""

from alembic import op

from shared.decisions.adapters.ddl.first import let_imports_correct

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Let an import name what it was compared with."""
    let_imports_correct(op)
