"""Locks of the database's own functions get the keys that the service's locks have: 63 bits that nobody can aim at."""

from alembic import op

from shared.service_kit.database.locks import key_in_sql

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Put the key in the place of its 32 bits; all else stays as it is."""
    of = "SELECT pg_get_functiondef('one_duty_a_day'::regproc)"
    before = str(op.get_bind().exec_driver_sql(of).scalar_one())
    after = before.replace("hashtext('assignments:' || NEW.person)", key_in_sql("assignments", "NEW.person"))
    if key_in_sql("assignments", "NEW.person") not in after:
        raise RuntimeError("one_duty_a_day takes no lock")
    op.get_bind().exec_driver_sql(after)
