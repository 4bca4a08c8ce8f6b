"""How the newest self-checks went, as figures of operation."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from prometheus_client import Gauge

from services.audit_logging.adapters.self_check.checks import last_good, newest_check, newest_result
from shared.service_kit.unit_of_work import UnitOfWork

FAULTS: Final = Gauge("kurashi_log_self_check_faults", "Faults that the newest daily self-check of the log found")
AGE: Final = Gauge("kurashi_log_self_check_age_seconds", "Time since a daily self-check of the log last found no fault")


def measure_checks(work: UnitOfWork) -> None:
    """Measure how many faults the newest check found, and how long ago one found none."""
    result, good = newest_result(work.connection), last_good(work.connection)
    canary = newest_check(work.connection, work.clock.today())
    FAULTS.set(len(result.faults) if result else 0)
    since: datetime | None = good.at if good else canary.written_at if canary else None
    AGE.set((work.clock.now() - since).total_seconds() if since else 0)
