"""The tables of deciding and the register of residents; the runtime role may read and append, nothing else."""

from alembic import op

from shared.decisions.adapters.ddl.first import create_decision_tables
from shared.service_kit.database.grants import grant
from shared.service_kit.database.kit_ddl import create_kit_tables

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the room."""
    create_kit_tables(op)
    create_decision_tables(op)
    op.execute("""
        CREATE TABLE residents (
            number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            person_no text NOT NULL,
            name text NOT NULL,
            kana text NOT NULL,
            foreign_national boolean NOT NULL,
            import_id uuid NOT NULL REFERENCES imports,
            recorded_at timestamptz NOT NULL
        )""")
    op.execute("CREATE INDEX residents_person ON residents (person_no, number)")
    grant(op, "residents", "SELECT, INSERT")
