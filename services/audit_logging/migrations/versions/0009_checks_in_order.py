"""Results of the self-check are numbered as they are made: a clock that was ahead leaves none that stays the newest."""

from alembic import op

from shared.service_kit.database.grants import grant

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Number them; those that are there in the order of their time."""
    op.execute("ALTER TABLE self_check_results DISABLE TRIGGER USER")
    op.execute("ALTER TABLE self_check_results ADD number bigint")
    op.execute(
        "UPDATE self_check_results r SET number = n.number FROM ("
        "SELECT day, at, row_number() OVER (ORDER BY at, day) AS number FROM self_check_results"
        ") n WHERE (n.day, n.at) = (r.day, r.at)"
    )
    op.execute("ALTER TABLE self_check_results ALTER number SET NOT NULL")
    op.execute("ALTER TABLE self_check_results ALTER number ADD GENERATED ALWAYS AS IDENTITY, ADD UNIQUE (number)")
    op.execute(
        "SELECT setval(pg_get_serial_sequence('self_check_results', 'number'), max(number)) FROM self_check_results "
        "HAVING count(*) > 0"
    )
    op.execute("ALTER TABLE self_check_results ENABLE TRIGGER USER")
    grant(op, "self_check_results", "SELECT, INSERT")
