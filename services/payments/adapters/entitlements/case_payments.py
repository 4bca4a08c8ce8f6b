"""What a case is entitled to, what was ordered for it, and its transfers."""

from typing import Any

from sqlalchemy import text

from services.payments.adapters.sealed import ACCOUNTS
from shared.service_kit.unit_of_work import UnitOfWork

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


def case_payments(work: UnitOfWork, case_no: str) -> dict[str, Any]:
    """What a case is entitled to, what was ordered, and its transfers."""
    entitled = work.connection.execute(_CASE_ENTITLED, {"case_no": case_no}).all()
    transfers = work.unseal(ACCOUNTS, work.connection.execute(_CASE_TRANSFERS, {"case_no": case_no}).mappings())
    return {
        "case_no": case_no,
        "entitlements": [row._asdict() for row in entitled],
        "transfers": [{**row, "account_end": (row["account_number"] or "")[-3:] or None} for row in transfers],
    }
