"""Clear copies and ended sessions go when their period is over; the doors and their guards."""

from alembic import op

from shared.contracts.retention import COPIES, periods
from shared.service_kit.retention.ddl import create_retention, open_door

revision = "0005"
down_revision = "0004"

_SESSIONS = """
CREATE FUNCTION expire_sessions(at_most integer) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH old AS (
        SELECT session_id FROM sessions WHERE ended_at < cutoff('sessions')
        ORDER BY ended_at LIMIT at_most FOR UPDATE SKIP LOCKED
    ), gone AS (
        DELETE FROM sessions WHERE session_id IN (SELECT session_id FROM old) RETURNING 1
    )
    SELECT count(*) FROM gone
$$;
CREATE INDEX sessions_ended ON sessions (ended_at) WHERE ended_at IS NOT NULL;
"""


def upgrade() -> None:
    """Create periods, doors and guards."""
    create_retention(op, periods(*COPIES, "sessions"))
    op.execute(_SESSIONS)
    open_door(op, "expire_sessions(integer)")
