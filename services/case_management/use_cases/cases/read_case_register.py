"""The register of case numbers (ケース番号登載簿): the cases that were opened, with the application of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from services.case_management.adapters.householders import householders
from services.case_management.adapters.tables import decisions
from services.case_management.use_cases.intake.read_consultations import MOST_DAYS
from shared.access.records import may_see
from shared.contracts.permissions import FINDABLE
from shared.decisions.adapters.scope import case_records
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class OpenedCase:
    """A line of the register; `name` is that of the householder, or of who applied."""

    case_no: str
    application_no: str
    opened_by: str
    opened_on: date
    name: str
    district: str | None
    caseworker: str | None


def read_case_register(work: UnitOfWork, first: date, last: date, purpose: str) -> Sequence[OpenedCase]:
    """Return the cases opened in a span of days by number, as far as the caller may see them; one look at all.

    Raises:
        Problem: invalid-input where the span is longer than a year, or ends before it begins.
    """
    if last < first or (last - first).days >= MOST_DAYS:
        raise Problem("invalid-input", field="to", detail="期間は1年以内で指定してください")
    cases = decisions.cases.c
    rows = work.connection.execute(
        select(cases.case_no, cases.application_no, cases.opened_by, cases.opened_on)
        .where(cases.opened_on.between(first, last))
        .order_by(cases.case_no)
    ).all()
    records = case_records(work, decisions, [row.case_no for row in rows])
    seen = [(row, records[row.case_no]) for row in rows if may_see(work, FINDABLE, records[row.case_no])]
    known = householders(work, [row.case_no for row, _ in seen])
    if seen:
        subjects = sorted({head.subject for head in known.values()})
        work.look("cases", [*(f"case:{row.case_no}" for row, _ in seen), *subjects], purpose)
    names = {case_no: head.name for case_no, head in known.items()}
    return [
        OpenedCase(
            **row._mapping, name=names.get(row.case_no, ""), district=record.district, caseworker=record.caseworker
        )
        for row, record in seen
    ]
