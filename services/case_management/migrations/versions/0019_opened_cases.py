"""Cases are opened for applications; residents (宛名) are entered by hand."""

from typing import Final

from alembic import op

from shared.decisions.adapters.ddl.by_hand import open_cases

revision = "0019"
down_revision = "0018"

_SEALED: Final = "~ '^sealed:[A-Za-z0-9+/]+=*$'"
_RESIDENTS: Final = (
    """
ALTER TABLE residents
    ALTER COLUMN import_id DROP NOT NULL,
    ADD COLUMN IF NOT EXISTS other_names text,
    ADD COLUMN IF NOT EXISTS entry_id uuid,
    ADD COLUMN IF NOT EXISTS recorded_by text,
    ADD COLUMN IF NOT EXISTS reason text""",
    """
ALTER TABLE residents
    ADD COLUMN IF NOT EXISTS source_id uuid NOT NULL GENERATED ALWAYS AS (coalesce(import_id, entry_id)) STORED""",
    f"""
ALTER TABLE residents
    DROP CONSTRAINT IF EXISTS residents_from_somewhere,
    DROP CONSTRAINT IF EXISTS residents_recorded_by,
    DROP CONSTRAINT IF EXISTS residents_reason,
    DROP CONSTRAINT IF EXISTS residents_entry,
    DROP CONSTRAINT IF EXISTS residents_other_names_sealed,
    ADD CONSTRAINT residents_from_somewhere CHECK ((import_id IS NULL) = (entry_id IS NOT NULL)),
    ADD CONSTRAINT residents_recorded_by CHECK ((entry_id IS NULL) = (recorded_by IS NULL)),
    ADD CONSTRAINT residents_reason CHECK ((entry_id IS NULL) = (reason IS NULL)),
    ADD CONSTRAINT residents_entry UNIQUE (entry_id),
    ADD CONSTRAINT residents_other_names_sealed CHECK (other_names {_SEALED})""",
)


def upgrade() -> None:
    """Let a case name its application, and an entry of the register who made it."""
    open_cases(op)
    for statement in _RESIDENTS:
        op.execute(statement)
