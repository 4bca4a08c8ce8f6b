"""The cases of a district (担当ケースの一覧, 索引簿): by the reading of the householder, as the caller may see them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from services.case_management.adapters.householders import householders
from services.case_management.adapters.tables import decisions
from shared.access.grants import grants_of
from shared.access.records import Record, may_see
from shared.decisions.adapters.on_record import READ
from shared.decisions.adapters.opened_cases import days_of_withdrawal
from shared.decisions.adapters.scope import case_records
from shared.decisions.domain.circumstances import CHARGE
from shared.japanese_text import fold_kana
from shared.service_kit.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class CaseOfLoad:
    """A case with its householder (世帯主), or who is named first; `application_no`: it is not on assistance.

    Before anybody is a member it has the name of who applied, and no `person_no`.
    It is under investigation, or its application was taken back (`withdrawn_on`).
    """

    case_no: str
    person_no: str
    name: str
    kana: str
    persons: int
    district: str | None
    caseworker: str | None
    application_no: str | None
    withdrawn_on: date | None


@dataclass(frozen=True, slots=True)
class Caseload:
    """The cases of some districts; of none where nobody named one and the caller has none."""

    districts: Sequence[str]
    items: Sequence[CaseOfLoad]


def read_caseload(work: UnitOfWork, district: str | None, purpose: str) -> Caseload:
    """Return the cases of a district, or of all that are the caller's own, with somebody in them this month.

    A case that was opened for an application is there before anybody is a member of it: under who applied.
    """
    districts = {district} if district else _own_districts(work)
    records = _open_to_the_caller(work, districts)
    withdrawals = days_of_withdrawal(work, decisions, records)
    known = householders(work, records)
    load = [
        CaseOfLoad(
            case_no=case_no,
            person_no=head.person_no,
            name=head.name,
            kana=head.kana,
            persons=head.persons,
            district=records[case_no].district,
            caseworker=records[case_no].caseworker,
            application_no=head.application_no,
            withdrawn_on=withdrawals.get(case_no),
        )
        for case_no, head in known.items()
    ]
    if load:
        seen = sorted({head.subject for head in known.values()})
        work.look("caseload", [*(f"case:{case_no}" for case_no in known), *seen], purpose)
    load.sort(key=lambda case: (fold_kana(case.kana) or "\uffff", case.case_no))
    return Caseload(sorted(districts), load)


def _own_districts(work: UnitOfWork) -> set[str]:
    grants = grants_of(work.caller, READ, work.runtime.permissions) if work.caller else []
    return {district for grant in grants for district in grant.charge.districts}


def _open_to_the_caller(work: UnitOfWork, districts: Collection[str]) -> dict[str, Record]:
    """The cases that are of the districts today."""
    circumstances = decisions.circumstances
    charged = select(circumstances.c.case_no).where(
        circumstances.c.fact == CHARGE, circumstances.c.data["district"].astext.in_(districts)
    )
    records = case_records(work, decisions, work.connection.scalars(charged.distinct()).all())
    return {
        case_no: record
        for case_no, record in records.items()
        if record.district in districts and may_see(work, READ, record)
    }
