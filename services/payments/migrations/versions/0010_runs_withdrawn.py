"""A run that nobody approved can be withdrawn; a run knows what was told of its month, and whom it pays how."""

from alembic import op

from shared.service_kit.database.grants import grant

revision = "0010"
down_revision = "0009"

_STATES = "'opened', 'ordering', 'proposed', 'approved', 'accepted', 'files_made', 'withdrawn'"


def upgrade() -> None:
    """Add the state and the columns; one regular run a month, not counting those withdrawn."""
    op.execute("ALTER TABLE runs ADD COLUMN withdrawn_by TEXT, ADD COLUMN withdrawn_at timestamptz")
    for column in ("cases", "desk_cases", "moved_cases"):
        op.execute(f"ALTER TABLE runs ADD COLUMN {column} INTEGER")
    for column in ("desk_yen", "moved_yen"):
        op.execute(f"ALTER TABLE runs ADD COLUMN {column} BIGINT")
    op.execute("ALTER TABLE runs DROP CONSTRAINT run_state")
    op.execute(f"ALTER TABLE runs ADD CONSTRAINT run_state CHECK (state IN ({_STATES}))")
    op.execute(
        "ALTER TABLE runs ADD CONSTRAINT run_withdrawn CHECK ((state = 'withdrawn') = (withdrawn_by IS NOT NULL) "
        "AND (state = 'withdrawn') = (withdrawn_at IS NOT NULL))"
    )
    op.execute("DROP INDEX runs_one_regular")
    op.execute(
        "CREATE UNIQUE INDEX runs_one_regular ON runs (month) WHERE run_kind = 'regular' AND state <> 'withdrawn'"
    )
    for column in ("on_assistance", "determined", "acts_approved"):
        op.execute(f"ALTER TABLE run_positions ADD COLUMN {column} INTEGER")
    op.execute("CREATE INDEX determinations_month ON determinations (month, producer, number)")
    grant(op, "runs", "UPDATE (withdrawn_by, withdrawn_at, cases, desk_cases, desk_yen, moved_cases, moved_yen)")
