"""What people and checks are shown: a run, its files, a case's payments, the month's figures."""

from typing import Any
from uuid import UUID

from sqlalchemy import select, text

from services.payments.adapters.import_list import accounts_left_out
from services.payments.adapters.populations import sources
from services.payments.adapters.sealed import ACCOUNTS, FILES
from services.payments.adapters.standings import (
    UNKNOWN_NAMED,
    FileRow,
    files_of,
    not_as_stored,
    standing_of,
    unknown_files,
)
from services.payments.adapters.tables import bank_files
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
_IN_FILE = text("""
SELECT DISTINCT case_no FROM transfers
WHERE run_id = :run_id AND programme = :programme AND channel = 'bank' AND state = 'in_file'
""")
_CASE_ENTITLED = text("""
SELECT e.month, e.kind, e.programme, e.yen, e.state,
       coalesce(d.ordered, 0) AS ordered, coalesce(d.overpaid, 0) AS overpaid, coalesce(d.claimed, 0) AS claimed
FROM case_months c
JOIN entitlements e USING (case_no, month, determination_id)
LEFT JOIN due d USING (case_no, month, kind)
WHERE c.case_no = :case_no ORDER BY e.month DESC, e.kind
""")
_CASE_TRANSFERS = text("""
SELECT t.transfer_id, t.run_id, r.month, r.run_kind, r.payment_date, t.channel, t.yen, t.state,
       a.bank_name, a.branch_name, a.account_id, a.account_number
FROM transfers t JOIN runs r USING (run_id)
LEFT JOIN accounts a ON a.account_id = t.account_id AND t.channel = 'bank'
WHERE t.case_no = :case_no ORDER BY r.payment_date DESC, t.transfer_id
""")
_MONTHS = text("SELECT month FROM case_months UNION SELECT month FROM runs ORDER BY month")
_FIGURES = text("""
WITH effective AS (
  SELECT o.order_id, r.state,
         o.yen - coalesce((SELECT sum(w.yen) FROM withdrawals w WHERE w.order_id = o.order_id), 0) AS yen
  FROM orders o JOIN runs r USING (run_id) WHERE CAST(:month AS text) IS NULL OR o.month = :month
), owed AS (
  SELECT coalesce(sum(entitled), 0)::bigint AS entitled, coalesce(sum(overpaid), 0)::bigint AS overpaid,
         coalesce(sum(claimed), 0)::bigint AS claimed,
         coalesce(sum(greatest(0, entitled - (ordered - claimed))), 0)::bigint AS to_order
  FROM due WHERE CAST(:month AS text) IS NULL OR month = :month
), left_out AS (
  SELECT count(*) AS rows FROM runs r JOIN run_entitled s USING (run_id)
  JOIN due d ON (d.case_no, d.month, d.kind) = (s.case_no, s.month, s.kind)
  WHERE (CAST(:month AS text) IS NULL OR r.month = :month)
    AND r.state IN ('proposed', 'approved', 'accepted', 'files_made')
    AND least(s.entitled, d.entitled) > d.ordered - d.claimed
    AND NOT EXISTS (SELECT FROM determinations n JOIN run_positions p USING (producer)
                    WHERE p.run_id = r.run_id AND n.case_no = d.case_no AND n.month = d.month AND n.number > p.position)
    AND NOT EXISTS (SELECT FROM coverage v JOIN coverage o ON o.person_no = v.person_no AND o.case_no <> v.case_no
                    WHERE v.case_no = d.case_no)
), sent AS (
  SELECT t.channel, t.state, t.yen FROM transfers t JOIN runs r USING (run_id)
  WHERE t.state <> 'withdrawn' AND (CAST(:month AS text) IS NULL OR r.month = :month)
), current AS (
  SELECT e.state, e.yen FROM case_months c JOIN entitlements e USING (case_no, month, determination_id)
  WHERE CAST(:month AS text) IS NULL OR c.month = :month
), files AS (
  SELECT f.yen, f.records FROM bank_files f JOIN runs r USING (run_id)
  WHERE CAST(:month AS text) IS NULL OR r.month = :month
)
SELECT
  (SELECT count(*) FROM case_months WHERE CAST(:month AS text) IS NULL OR month = :month) AS cases,
  (SELECT coalesce(sum(yen), 0) FROM effective)::bigint AS ordered_yen,
  (SELECT count(*) FROM effective WHERE yen > 0) AS orders,
  (SELECT coalesce(sum(yen) FILTER (WHERE state IN ('approved', 'accepted', 'files_made')), 0) FROM effective)::bigint
   AS approved_yen,
  (SELECT coalesce(sum(yen) FILTER (WHERE state = 'files_made'), 0) FROM effective)::bigint AS completed_yen,
  owed.entitled AS due_entitled_yen, owed.overpaid AS overpaid_yen, owed.claimed AS claimed_yen,
  owed.to_order AS to_order_yen,
  (SELECT rows FROM left_out) AS left_out,
  (SELECT count(*) FROM runs WHERE run_kind = 'regular' AND orders = 0
   AND state IN ('approved', 'accepted', 'files_made') AND (CAST(:month AS text) IS NULL OR month = :month))
   AS empty_runs,
  (SELECT count(*) FROM runs WHERE state = 'approved' AND payment_date < :today
   AND (CAST(:month AS text) IS NULL OR month = :month)) AS overdue_runs,
  (SELECT coalesce(sum(yen), 0) FROM current)::bigint AS entitled_yen,
  (SELECT coalesce(sum(yen), 0) FROM current WHERE state = 'held')::bigint AS held_yen,
  (SELECT coalesce(sum(yen), 0) FROM sent WHERE channel = 'bank')::bigint AS bank_yen,
  (SELECT coalesce(sum(yen), 0) FROM sent WHERE channel = 'cash')::bigint AS cash_desk_yen,
  (SELECT coalesce(sum(yen), 0) FROM sent WHERE channel = 'set_off')::bigint AS set_off_yen,
  (SELECT coalesce(sum(yen), 0) FROM sent WHERE channel = 'internal')::bigint AS internal_yen,
  (SELECT coalesce(sum(yen), 0) FROM sent WHERE state = 'in_file')::bigint AS in_file_yen,
  (SELECT count(*) FROM sent) AS transfers,
  (SELECT count(*) FROM files) AS files,
  (SELECT coalesce(sum(records), 0) FROM files)::bigint AS file_records,
  (SELECT coalesce(sum(yen), 0) FROM files)::bigint AS file_yen,
  (SELECT coalesce(sum(p.yen), 0) FROM postings p JOIN runs r USING (run_id)
   WHERE starts_with(p.debit, 'benefit:') AND (CAST(:month AS text) IS NULL OR r.month = :month))::bigint
   AS ledger_yen,
  (SELECT count(DISTINCT case_no) FROM case_months WHERE CAST(:month AS text) IS NULL OR month = :month) AS cases,
  (SELECT coalesce(array_agg(DISTINCT month ORDER BY month), '{}') FROM case_months) AS months,
  (SELECT count(*) FROM due WHERE ordered > entitled + overpaid + claimed) AS over_ordered,
  (SELECT count(*) FROM (SELECT order_id FROM transfer_orders WHERE live GROUP BY order_id HAVING count(*) > 1) twice)
   AS double_live_transfers
FROM owed
""")


def run_view(work: UnitOfWork, run_id: UUID) -> dict[str, Any]:
    """A run with its positions and files.

    Raises:
        Problem: not-found.
    """
    row = work.session.execute(_RUN, {"run_id": run_id}).one_or_none()
    if row is None:
        raise Problem("not-found", field="run_id", detail="この支給処理はありません")
    return _run(work, row)


def run_views(work: UnitOfWork, month: str) -> list[dict[str, Any]]:
    """All runs of a month, in the order in which they were opened."""
    return [_run(work, row) for row in work.session.execute(_MONTH, {"month": month}).all()]


def _run(work: UnitOfWork, row: Any) -> dict[str, Any]:
    told = sources(work, row.run_id)
    last = _last_month(work, row)
    files = [_file(work, one) for one in files_of(work, run_id=row.run_id)]
    return {
        **row._asdict(),
        "positions": {one["producer"]: one["position"] for one in told},
        "sources": told,
        "files": files,
        "overdue": is_overdue(row.state, row.payment_date, work.clock.today()),
        "last_month": last or None,
        "outlier": bool(last) and outlies(row.yen, row.cases or 0, last["yen"], last["cases"]),
        "desk": _desk(row),
    }


def _file(work: UnitOfWork, file: FileRow) -> dict[str, Any]:
    """A file as it stands in the folder now; the path is the one that we gave it, wherever a link there leads."""
    folder = work.settings.files_dir
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
    found = work.session.execute(_LAST_MONTH, {"month": previous_month(row.month)}).one_or_none()
    return dict(found._asdict()) if found else {}


def _desk(row: Any) -> dict[str, int] | None:
    names = {"cases": row.desk_cases, "yen": row.desk_yen, "moved_cases": row.moved_cases, "moved_yen": row.moved_yen}
    return None if row.desk_cases is None else names


def file_bytes(work: UnitOfWork, run_id: UUID, programme: str) -> tuple[str, bytes]:
    """Name and stored bytes of a bank file: a re-issue is the same file, byte for byte.

    Raises:
        Problem: not-found.
    """
    row = work.session.execute(
        select(bank_files.c.run_id, bank_files.c.programme, bank_files.c.name, bank_files.c.content).where(
            bank_files.c.run_id == run_id,
            bank_files.c.programme == programme,
        ),
    ).one_or_none()
    if row is None:
        raise Problem("not-found", field="programme", detail="この振込ファイルはまだありません")
    return row.name, work.unseal(FILES, [row._mapping])[0]["content"]


def cases_in_file(work: UnitOfWork, run_id: UUID, programme: str) -> list[str]:
    """The cases whose payees stand in a bank file, with name and whole account."""
    return list(work.session.execute(_IN_FILE, {"run_id": run_id, "programme": programme}).scalars())


def case_payments(work: UnitOfWork, case_no: str) -> dict[str, Any]:
    """What a case is entitled to, what was ordered, and its transfers."""
    entitled = work.session.execute(_CASE_ENTITLED, {"case_no": case_no}).all()
    transfers = work.unseal(ACCOUNTS, work.session.execute(_CASE_TRANSFERS, {"case_no": case_no}).mappings())
    return {
        "case_no": case_no,
        "entitlements": [row._asdict() for row in entitled],
        "transfers": [{**row, "account_end": (row["account_number"] or "")[-3:] or None} for row in transfers],
    }


def figures(work: UnitOfWork, month: str | None) -> dict[str, Any]:
    """The month's figures from this room's own rows, for the checks across rooms; all months without ``month``.

    ``to_order_yen`` is due and waits for a run; ``left_out`` counts what a run froze at its cut-off and did not order,
    of cases that nothing new was determined of and that share no person with another; ``completed_yen`` is what runs
    with their files made have ordered, ``approved_yen`` what approved runs have, those among them; ``overdue_runs``
    are approved and were not accepted before their payment date passed. ``unknown_files`` are the names of the first of
    the ``files_unknown`` that lie in the treasurer's folder and were not made here. ``accounts_left_out``, of no month,
    wait to be proposed to another pair of people.
    """
    asked = {"month": month, "today": work.clock.today()}
    found: dict[str, Any] = work.session.execute(_FIGURES, asked).one()._asdict()
    months = work.session.execute(_MONTHS).scalars().all()
    unknown = unknown_files(work, month)
    return {
        **found,
        "files_not_as_stored": not_as_stored(work, month),
        "files_unknown": len(unknown),
        "unknown_files": unknown[:UNKNOWN_NAMED],
        "accounts_left_out": accounts_left_out(work),
        "months": [one for one in months if month in (None, one)],
    }
