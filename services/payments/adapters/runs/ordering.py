"""The statements that order money: each moves ``due`` and writes its rows in one statement."""

from typing import Any
from uuid import UUID

from sqlalchemy import text

from shared.contracts.codes import RunKind
from shared.service_kit.database.locks import declare
from shared.service_kit.unit_of_work import UnitOfWork

_SNAPSHOT = text("""
INSERT INTO run_entitled (run_id, case_no, month, kind, entitled)
SELECT :run_id, case_no, month, kind, entitled FROM due
WHERE month = :month AND entitled > ordered - claimed
ORDER BY case_no, month, kind
RETURNING case_no, month, kind, entitled
""")
_RANGES = text("""
SELECT min(case_no) AS first, max(case_no) AS last FROM (
  SELECT case_no, (dense_rank() OVER (ORDER BY case_no) - 1) / :size AS part FROM run_entitled WHERE run_id = :run_id
) cut GROUP BY part ORDER BY part
""")
_ORDER = text("""
WITH wanted AS (
  SELECT d.case_no, d.month, d.kind, d.programme,
         least(s.entitled, d.entitled) - (d.ordered - d.claimed) AS yen
  FROM due d JOIN run_entitled s USING (case_no, month, kind)
  WHERE s.run_id = :run_id AND s.case_no BETWEEN :first AND :last
  ORDER BY d.case_no, d.month, d.kind
  FOR UPDATE OF d
), moved AS (
  UPDATE due d SET ordered = d.ordered + w.yen, version = d.version + 1
  FROM wanted w
  WHERE d.case_no = w.case_no AND d.month = w.month AND d.kind = w.kind AND w.yen > 0
  RETURNING d.case_no, d.month, d.kind, d.programme, w.yen
)
INSERT INTO orders (order_id, run_id, case_no, month, kind, programme, yen)
SELECT gen_random_uuid(), :run_id, case_no, month, kind, programme, yen FROM moved
ORDER BY case_no, month, kind
RETURNING case_no, month, kind, yen
""")

Row = tuple[str, str, str, int]
"""Case number, month, kind, yen."""


def snapshot(work: UnitOfWork, run_id: UUID, month: str) -> list[Row]:
    """Freeze what is entitled and not yet ordered for ``month``; returns the rows in order."""
    rows = work.connection.execute(_SNAPSHOT, {"run_id": run_id, "month": month}).all()
    return sorted((row.case_no, row.month, row.kind, row.entitled) for row in rows)


def ranges(work: UnitOfWork, run_id: UUID, size: int) -> list[dict[str, str]]:
    """Ranges of case numbers that hold ``size`` cases of the snapshot each; one empty range where it is empty."""
    rows = work.connection.execute(_RANGES, {"run_id": run_id, "size": size}).all()
    return [{"first": row.first, "last": row.last} for row in rows] or [{"first": "", "last": ""}]


def order_range(work: UnitOfWork, run_id: UUID, first: str, last: str) -> list[Row]:
    """Order for the cases ``first`` to ``last`` what the run may: up to the smaller of entitled then and now.

    Rows of ``due`` are locked before they are read, so that two runs at once never order the same yen; the CHECK on
    ``due`` and the unique key on ``orders`` are the net.
    """
    rows = work.connection.execute(_ORDER, {"run_id": run_id, "first": first, "last": last}).all()
    return sorted((row.case_no, row.month, row.kind, row.yen) for row in rows)


_NEXT_NUMBER = text("SELECT coalesce(max(number), 0) + 1 FROM runs WHERE month = :month")
_RUNS_OF_A_MONTH = declare("payments.runs")
_REGULAR = text("SELECT count(*) FROM runs WHERE month = :month AND run_kind = 'regular' AND state <> 'withdrawn'")

_PAYS_NOBODY = text("""
SELECT count(*) FROM runs WHERE month = :month AND orders = 0
AND (state = 'proposed' OR run_kind = 'extra' AND state IN ('opened', 'ordering'))
""")


def next_number(work: UnitOfWork, month: str) -> int:
    """The number of the next run of a month, from 1; runs of a month are opened one at a time."""
    _RUNS_OF_A_MONTH.each(month).hold(work.connection)
    return int(work.connection.execute(_NEXT_NUMBER, {"month": month}).scalar_one())


def has_regular(work: UnitOfWork, month: str, run_kind: RunKind) -> bool:
    """True where a regular run is asked for and the month has one."""
    count: Any = work.connection.execute(_REGULAR, {"month": month}).scalar_one()
    return run_kind == "regular" and count > 0


def has_one_that_pays_nobody(work: UnitOfWork, month: str) -> bool:
    """True where a run of the month waits with nothing to pay, or an extra one of which that is not known yet."""
    return bool(work.connection.execute(_PAYS_NOBODY, {"month": month}).scalar_one())
