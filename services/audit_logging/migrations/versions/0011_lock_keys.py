"""Locks of the database's own functions get the keys that the service's locks have: 63 bits that nobody can aim at."""

from alembic import op

from shared.service_kit.database.locks import key_in_sql

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Put the key in the place of its 32 bits; all else stays as it is."""
    of = "SELECT pg_get_functiondef('delete_openings'::regproc)"
    before = str(op.get_bind().exec_driver_sql(of).scalar_one())
    after = before.replace("hashtext('audit_logging.deletion')", key_in_sql("audit_logging.deletion"))
    if key_in_sql("audit_logging.deletion") not in after:
        raise RuntimeError("delete_openings takes no lock")
    op.get_bind().exec_driver_sql(after)
