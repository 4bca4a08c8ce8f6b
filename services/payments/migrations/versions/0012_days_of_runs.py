"""A posting has the day on which its run was accepted, and the fiscal year (会計年度) of its month.

What was posted before keeps its day: the ledger is not rewritten.
"""

from alembic import op

from shared.service_kit.database.grants import grant

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Add the columns; the fiscal year of a run is that of its month, from April on."""
    op.execute("ALTER TABLE runs ADD COLUMN accepted_on DATE")
    op.execute(
        "UPDATE runs SET accepted_on = (accepted_at AT TIME ZONE 'Asia/Tokyo')::date WHERE accepted_at IS NOT NULL"
    )
    op.execute("ALTER TABLE postings ADD COLUMN fiscal_year INTEGER")
    op.execute(
        "UPDATE postings p SET fiscal_year = left(r.month, 4)::integer - (right(r.month, 2) < '04')::integer "
        "FROM runs r WHERE r.run_id = p.run_id"
    )
    op.execute("ALTER TABLE postings ALTER COLUMN fiscal_year SET NOT NULL")
    for column in ("refused", "left_out", "waiting"):
        op.execute(f"ALTER TABLE run_positions ADD COLUMN {column} INTEGER")
    op.execute("ALTER TABLE run_positions ADD COLUMN ended_yen BIGINT")
    grant(op, "runs", "UPDATE (accepted_on)")
