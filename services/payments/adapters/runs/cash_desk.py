"""Who is paid at the cash desk (窓口払) since no account can be paid into, and how they were paid the month before."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text

from services.payments.adapters.runs.payees import payee_lines
from services.payments.domain.run import UNSENT
from shared.money_and_time.months import previous_month
from shared.service_kit.unit_of_work import UnitOfWork

_FROZEN = text("""
SELECT t.case_no, t.programme, t.yen,
       CASE a.method WHEN 'bank' THEN 'closed' WHEN 'cash' THEN 'cash' ELSE 'none' END AS account
FROM transfers t LEFT JOIN accounts a USING (account_id)
WHERE t.run_id = :run_id AND t.channel = 'cash' AND t.state <> 'withdrawn'
ORDER BY t.case_no, t.programme, t.transfer_id
""")
_LAST_MONTH = text("""
SELECT t.case_no, t.programme, min(t.channel) AS channel
FROM transfers t JOIN runs r USING (run_id)
WHERE r.month = :month AND t.state IN ('in_file', 'at_desk') AND t.case_no = ANY (:cases)
GROUP BY t.case_no, t.programme
""")


DeskLine = tuple[str, str, int, str]
"""Case number, programme, yen, and why no account is paid into: ``none``, ``cash`` or ``closed``."""


@dataclass(frozen=True, slots=True)
class DeskPayment:
    """One case at the cash desk: whole yen.

    Attributes:
        account: ``none`` where none is known, ``cash`` where the case is to be paid so, ``closed`` where its bank or
            branch is none any more on the payment date.
        last_month: ``bank`` or ``cash``; None where the case was not paid.
    """

    case_no: str
    programme: str
    yen: int
    account: str
    last_month: str | None

    @property
    def moved(self) -> bool:
        """True for who was paid by bank last month, and has no account now: a mistyped account file looks so."""
        return self.account != "cash" and self.last_month == "bank"


def desk_payments(work: UnitOfWork, run: Any) -> list[DeskPayment]:
    """Cases of a run at the cash desk, in the order of case numbers: as frozen, or as instructions are now."""
    if run.state not in UNSENT - {"approved"}:
        rows = [tuple(row) for row in work.connection.execute(_FROZEN, {"run_id": run.run_id})]
    else:
        rows = [
            (payee.line.case_no, payee.line.programme, payee.line.yen, payee.account)
            for payee in payee_lines(work, run)
            if payee.line.channel == "cash"
        ]
    return with_last_month(work, run.month, rows)


def with_last_month(work: UnitOfWork, month: str, rows: Iterable[DeskLine]) -> list[DeskPayment]:
    """The same with how each case was paid in the month before ``month``; bank, where it was both."""
    kept = list(rows)
    asked = {"month": previous_month(month), "cases": [case_no for case_no, *_ in kept]}
    ways = {(row.case_no, row.programme): row.channel for row in work.connection.execute(_LAST_MONTH, asked)}
    return [DeskPayment(*row, last_month=ways.get(row[:2])) for row in kept]


def run_of(work: UnitOfWork, run_id: UUID) -> Any:
    """Month and state of a run; None where there is none."""
    query = text("SELECT run_id, month, state, payment_date FROM runs WHERE run_id = :run_id")
    return work.connection.execute(query, {"run_id": run_id}).one_or_none()
