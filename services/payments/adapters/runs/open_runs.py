"""What of paying still waits for somebody, whatever the month."""

from typing import Any

from sqlalchemy import text

from services.payments.domain.run import OPEN
from shared.money_and_time.months import Month
from shared.service_kit.unit_of_work import UnitOfWork

_OPEN_RUNS = text("""
SELECT r.run_id FROM runs r
WHERE r.state = ANY(:states)
  OR r.month >= :since
  OR r.state = 'files_made'
  AND EXISTS (SELECT FROM bank_files f WHERE f.run_id = r.run_id AND f.received_at IS NULL)
ORDER BY r.month, r.number
""")
_UNPAID = text("""
SELECT DISTINCT d.month FROM due d
WHERE d.entitled + d.overpaid + d.claimed > d.ordered
  AND (NOT EXISTS (SELECT FROM runs r WHERE r.month = d.month AND r.run_kind = 'regular' AND r.state <> 'withdrawn')
       OR NOT EXISTS (SELECT FROM runs r WHERE r.month = d.month AND r.state = ANY(:states)))
ORDER BY d.month
""")


def open_run_ids(work: UnitOfWork, since: Month | None = None) -> list[Any]:
    """Runs of any month that nobody has finished or withdrawn, or whose files nobody received; oldest month first.

    Args:
        since: with it all runs of that month and of later ones too.
    """
    return list(work.connection.execute(_OPEN_RUNS, {"states": sorted(OPEN), "since": since}).scalars())


def unpaid_months(work: UnitOfWork) -> list[Month]:
    """Months of which something is owed that no run pays, oldest first.

    No regular run (定例) is there, or it is done and what was determined since waits for an extra one (随時).
    """
    return list(work.connection.execute(_UNPAID, {"states": sorted(OPEN)}).scalars())
