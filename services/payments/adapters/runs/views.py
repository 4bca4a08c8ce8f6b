"""What people are shown of a run and its files."""

from typing import Any
from uuid import UUID

from sqlalchemy import text

from services.payments.adapters.deciding_services.populations import sources
from services.payments.adapters.files.standings import (
    FileRow,
    files_of,
    standing_of,
)
from services.payments.domain.run import is_overdue
from shared.decisions.domain.outlier import outlies
from shared.money_and_time.months import previous_month
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork

_RUNS = """
SELECT r.*, (SELECT count(*) FROM determinations d JOIN run_positions p USING (producer)
             WHERE p.run_id = r.run_id AND d.month = r.month AND d.number > p.position) AS later,
       (SELECT count(*) FROM chunks WHERE job_id = r.run_id::text AND state = 'parked') AS parked_chunks
FROM runs r
"""
_LAST_MONTH = text("""
SELECT run_id, month, orders, coalesce(cases, 0) AS cases, yen, bank_yen, cash_yen FROM runs
WHERE month = :month AND run_kind = 'regular' AND state IN ('approved', 'accepted', 'files_made')
""")
_RUN = text(_RUNS + " WHERE r.run_id = :run_id")
_MONTH = text(_RUNS + " WHERE r.month = :month ORDER BY r.number")


def run_view(work: UnitOfWork, run_id: UUID) -> dict[str, Any]:
    """A run with its positions and files.

    Raises:
        Problem: not-found.
    """
    row = work.connection.execute(_RUN, {"run_id": run_id}).one_or_none()
    if row is None:
        raise Problem("not-found", field="run_id", detail="この支給処理はありません")
    return _run(work, row)


def run_views(work: UnitOfWork, month: str) -> list[dict[str, Any]]:
    """All runs of a month, in the order in which they were opened."""
    return [_run(work, row) for row in work.connection.execute(_MONTH, {"month": month}).all()]


def _run(work: UnitOfWork, row: Any) -> dict[str, Any]:
    positions = sources(work, row.run_id)
    last = _last_month(work, row)
    files = [_file(work, file) for file in files_of(work, run_id=row.run_id)]
    return {
        **row._asdict(),
        "positions": {source["producer"]: source["position"] for source in positions},
        "sources": positions,
        "files": files,
        "overdue": is_overdue(row.state, row.payment_date, work.clock.today()),
        "last_month": last or None,
        "outlier": bool(last) and outlies(row.yen, row.cases or 0, last["yen"], last["cases"]),
        "desk": _desk(row),
    }


def _file(work: UnitOfWork, file: FileRow) -> dict[str, Any]:
    """A file as it stands in the folder now; the path is the one that we gave it, wherever a link there leads."""
    folder = work.runtime.settings.files_dir
    return {
        "programme": file.programme,
        "path": str(folder.resolve() / file.name),
        "records": file.records,
        "yen": file.yen,
        "sha256": file.sha256,
        "written": file.written_at is not None,
        "standing": standing_of(folder, file),
        "reason": file.reason,
        "issue": file.issue,
        "received_by": file.received_by,
        "received_at": file.received_at,
    }


def _last_month(work: UnitOfWork, row: Any) -> dict[str, Any]:
    """The regular run of the month before a regular run that is proposed; empty where there is none."""
    if row.run_kind != "regular" or row.proposed_at is None:
        return {}
    run = work.connection.execute(_LAST_MONTH, {"month": previous_month(row.month)}).one_or_none()
    return dict(run._asdict()) if run else {}


def _desk(row: Any) -> dict[str, int] | None:
    names = {"cases": row.desk_cases, "yen": row.desk_yen, "moved_cases": row.moved_cases, "moved_yen": row.moved_yen}
    return None if row.desk_cases is None else names
