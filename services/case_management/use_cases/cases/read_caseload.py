"""The cases of a district (担当ケースの一覧, 索引簿): by the reading of the householder, as the caller may see them."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from services.case_management.adapters.entries import APPLICATION, standing
from services.case_management.adapters.intake_tables import application_entries
from services.case_management.adapters.residents import residents_named
from services.case_management.adapters.tables import decisions
from shared.access.grants import grants_of
from shared.access.records import Record, may_see
from shared.decisions.adapters.on_record import PERSON_FACT, READ
from shared.decisions.adapters.opened_cases import days_of_withdrawal
from shared.decisions.adapters.scope import case_records
from shared.decisions.domain.circumstances import CHARGE, Circumstance, as_known
from shared.japanese_text import fold_kana
from shared.money_and_time.months import month_of
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
    known = _members(work, records)
    heads = {case_no: _head(members) for case_no, members in known.items()}
    applications, withdrawals = _applications(work, records), days_of_withdrawal(work, decisions, records)
    applicants = _applicants(work, {number for case_no, number in applications.items() if case_no not in heads})
    named = residents_named(work, list(heads.values()))
    names = {case_no: (named[head].name, named[head].kana) for case_no, head in heads.items() if head in named}
    names |= {case_no: applicants[number] for case_no, number in applications.items() if number in applicants}
    load = [
        CaseOfLoad(
            case_no=case_no,
            person_no=heads.get(case_no, ""),
            name=names.get(case_no, ("", ""))[0],
            kana=names.get(case_no, ("", ""))[1],
            persons=len(known.get(case_no, ())),
            district=records[case_no].district,
            caseworker=records[case_no].caseworker,
            application_no=applications.get(case_no),
            withdrawn_on=withdrawals.get(case_no),
        )
        for case_no in sorted(heads.keys() | applications.keys())
    ]
    if load:
        persons = sorted({f"person:{case.person_no}" for case in load if case.person_no})
        asked = sorted(f"application:{number}" for number in applicants)
        work.look("caseload", [*(f"case:{case.case_no}" for case in load), *persons, *asked], purpose)
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


def _members(work: UnitOfWork, case_nos: Collection[str]) -> dict[str, list[Circumstance]]:
    """Who is in each case this month."""
    table = decisions.circumstances
    rows = work.connection.execute(
        select(*(table.c[name] for name in Circumstance.__dataclass_fields__)).where(
            table.c.case_no.in_(case_nos), table.c.fact == PERSON_FACT
        )
    )
    members: defaultdict[str, list[Circumstance]] = defaultdict(list)
    for known in as_known([Circumstance(*row) for row in rows], month_of(work.clock.today())):
        members[known.case_no].append(known)
    return members


def _head(members: Sequence[Circumstance]) -> str:
    first = min(members, key=lambda member: (member.data.get("relation") != "self", member.person_no or ""))
    return str(first.person_no)


def _applicants(work: UnitOfWork, application_nos: Collection[str]) -> dict[str, tuple[str, str]]:
    """Name and reading of who applied, as far as they are known."""
    entries = standing(work, APPLICATION, application_entries.c.application_no.in_(application_nos))
    asked = {entry.no: entry.content.get("applicant", {}) for entry in entries}
    return {number: (who.get("name") or "", who.get("kana") or "") for number, who in asked.items()}


def _applications(work: UnitOfWork, case_nos: Collection[str]) -> dict[str, str]:
    cases = decisions.cases.c
    rows = select(cases.case_no, cases.application_no).where(
        cases.case_no.in_(case_nos), cases.application_no.is_not(None)
    )
    return dict(work.connection.execute(rows).tuples().all())
