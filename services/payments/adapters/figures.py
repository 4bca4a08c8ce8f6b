"""A month in figures: for the checks across services all of them, for the pages its sums alone."""

from typing import Any

from sqlalchemy import text

from services.payments.adapters.accounts.import_list import accounts_left_out
from services.payments.adapters.files.standings import UNKNOWN_NAMED, not_as_stored, unknown_files
from shared.service_kit.unit_of_work import UnitOfWork

_SUMS = text("""
SELECT d.entitled + h.yen AS entitled_yen, d.ordered AS ordered_yen, h.yen AS held_yen
FROM (
  SELECT coalesce(sum(entitled), 0)::bigint AS entitled, coalesce(sum(ordered), 0)::bigint AS ordered
  FROM due WHERE month = :month
) d, (
  SELECT coalesce(sum(e.yen), 0)::bigint AS yen
  FROM entitlements e JOIN case_months c USING (case_no, month, determination_id)
  WHERE e.state = 'held' AND e.month = :month
) h
""")
_MONTHS = text("""
SELECT month FROM case_months
UNION SELECT month FROM runs WHERE state IN ('approved', 'accepted', 'files_made')
ORDER BY month
""")
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


def month_sums(work: UnitOfWork, month: str) -> dict[str, Any]:
    """entitled_yen, ordered_yen and held_yen of a month: those of its figures, at a small part of their price."""
    return work.connection.execute(_SUMS, {"month": month}).one()._asdict()


def figures(work: UnitOfWork, month: str | None) -> dict[str, Any]:
    """The month's figures from this service's own rows, for the checks across services; all months without ``month``.

    ``to_order_yen`` is due and waits for a run; ``left_out`` counts what a run froze at its cut-off and did not order,
    of cases that nothing new was determined of and that share no person with another; ``completed_yen`` is what runs
    with their files made have ordered, ``approved_yen`` what approved runs have, those among them; ``overdue_runs``
    are approved and were not accepted before their payment date passed. ``unknown_files`` are the names of the first of
    the ``files_unknown`` that lie in the treasurer's folder and were not made here. ``accounts_left_out``, of no month,
    wait to be proposed to another pair of people. ``months`` are those of which a determination came, or a run was
    approved: a run that was only opened, or withdrawn, makes no month that is checked.
    """
    asked = {"month": month, "today": work.clock.today()}
    sums: dict[str, Any] = work.connection.execute(_FIGURES, asked).one()._asdict()
    months = work.connection.execute(_MONTHS).scalars().all()
    unknown = unknown_files(work, month)
    return {
        **sums,
        "files_not_as_stored": not_as_stored(work, month),
        "files_unknown": len(unknown),
        "unknown_files": unknown[:UNKNOWN_NAMED],
        "accounts_left_out": accounts_left_out(work),
        "months": [known for known in months if month in (None, known)],
    }
