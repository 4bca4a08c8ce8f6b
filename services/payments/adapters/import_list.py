"""The imports of accounts, newest first, with what those that wait would change."""

from typing import Any, Final

from sqlalchemy import text

from services.payments.adapters.tables import account_imports
from shared.service_kit.work import UnitOfWork

NEWEST: Final = 50
"""Imports that are listed."""

_NEWEST = account_imports.select().order_by(account_imports.c.proposed_at.desc(), account_imports.c.import_id)
_DIFFERENCES = text("""
WITH held AS (
  SELECT DISTINCT ON (p.case_no, p.programme) p.case_no, p.programme, a.method
  FROM payment_instructions p JOIN accounts a USING (account_id)
  WHERE p.kind = '*' ORDER BY p.case_no, p.programme, p.version DESC
), known AS (
  SELECT DISTINCT case_no, programme FROM case_months
)
SELECT count(*) FILTER (WHERE h.method IS NULL) AS added,
       count(*) FILTER (WHERE h.method IS NOT NULL) AS changed,
       count(*) FILTER (WHERE h.method = 'bank' AND a.method = 'cash') AS to_cash_desk,
       count(*) FILTER (WHERE k.case_no IS NULL) AS unknown,
       coalesce((array_agg(a.case_no ORDER BY a.case_no)
                 FILTER (WHERE k.case_no IS NULL))[1:100], '{}') AS unknown_cases
FROM accounts a
LEFT JOIN held h ON h.case_no = a.case_no AND h.programme = a.programme
LEFT JOIN known k ON k.case_no = a.case_no AND k.programme = a.programme
WHERE a.import_id = :import_id
""")


def list_imports(work: UnitOfWork) -> list[dict[str, Any]]:
    """The newest imports; of those that wait, how many accounts are new, replaced, or of no case that is known."""
    rows = work.session.execute(_NEWEST.limit(NEWEST)).mappings().all()
    return [{**row, "differences": None if row["approved_at"] else _differences(work, row)} for row in rows]


def _differences(work: UnitOfWork, row: Any) -> dict[str, Any]:
    return work.session.execute(_DIFFERENCES, {"import_id": row["import_id"]}).one()._asdict()
