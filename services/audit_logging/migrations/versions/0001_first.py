"""Entries, openings, tiles and checkpoints; nothing of them is updated or deleted, by right and by trigger."""

import sqlalchemy as sa
from alembic import op

from shared.service_kit.database.grants import grant
from shared.service_kit.database.kit_ddl import create_kit_tables

revision = "0001"
down_revision = None

_REFUSE = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit log is append-only: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END
$$
"""


def upgrade() -> None:
    """Create the log."""
    create_kit_tables(op)
    _create_tables()
    op.execute(_REFUSE)
    for table in ("entries", "tiles", "checkpoints"):
        _refuse(table, "UPDATE OR DELETE OR TRUNCATE")
    _refuse("openings", "UPDATE")
    for table in ("entries", "openings", "tiles", "checkpoints"):
        grant(op, table, "SELECT, INSERT")


def _refuse(table: str, acts: str) -> None:
    trigger = f"CREATE TRIGGER {table}_append_only BEFORE {acts} ON {table}"
    op.execute(f"{trigger} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()")


def _create_tables() -> None:
    op.create_table(
        "entries",
        sa.Column("index", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("leaf_hash", sa.LargeBinary, nullable=False),
        sa.Column("leaf", sa.LargeBinary, nullable=False),
        sa.Column("producer", sa.Text, nullable=False),
        sa.Column("stream", sa.Text, nullable=False),
        sa.Column("epoch", sa.Text, nullable=False),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("fact_id", sa.Uuid, nullable=False, unique=True),
        sa.Column("appended_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("producer", "stream", "epoch", "number"),
    )
    op.create_table(
        "openings",
        sa.Column("entry_index", sa.BigInteger, sa.ForeignKey("entries.index"), primary_key=True, autoincrement=False),
        sa.Column("field", sa.Text, primary_key=True),
        sa.Column("salt", sa.LargeBinary, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
    )
    op.create_table(
        "tiles",
        sa.Column("level", sa.SmallInteger, primary_key=True, autoincrement=False),
        sa.Column("index", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("hashes", sa.LargeBinary, nullable=False),
        sa.Column("root", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "checkpoints",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("root", sa.LargeBinary, nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
    )
