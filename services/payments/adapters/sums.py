"""The sums of a month for its pages, read from the rows that guard it: no order and no determination is counted."""

from typing import Any

from sqlalchemy import text

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


def month_sums(work: UnitOfWork, month: str) -> dict[str, Any]:
    """entitled_yen, ordered_yen and held_yen of a month: those of its figures, at a small part of their price."""
    return work.session.execute(_SUMS, {"month": month}).one()._asdict()
