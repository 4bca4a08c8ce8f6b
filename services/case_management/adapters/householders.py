"""By whom a case is known: its householder (世帯主), or who is named first; before anybody is a member, who applied."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from services.case_management.adapters.entries import APPLICATION, standing
from services.case_management.adapters.intake_tables import application_entries
from services.case_management.adapters.residents import residents_named
from services.case_management.adapters.tables import decisions
from shared.decisions.adapters.on_record import PERSON_FACT
from shared.decisions.domain.circumstances import Circumstance, as_known
from shared.money_and_time.months import month_of
from shared.service_kit.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Householder:
    """Name and reading ("" where nobody knows them), how many are members this month, and the application of the case.

    `person_no` is "" where it is the applicant.
    """

    person_no: str
    name: str
    kana: str
    persons: int
    application_no: str | None

    @property
    def subject(self) -> str:
        """Whom a look at the name has seen."""
        return f"person:{self.person_no}" if self.person_no else f"application:{self.application_no}"


def householders(work: UnitOfWork, case_nos: Collection[str]) -> Mapping[str, Householder]:
    """Return the householders of the cases that have a member this month, or were opened for an application.

    Who asks has seen to it that the caller may see these cases, and records the look.
    """
    members, applications = _members(work, case_nos), _applications(work, case_nos)
    heads = {case_no: _head(known) for case_no, known in members.items()}
    applicants = _applicants(work, {number for case_no, number in applications.items() if case_no not in heads})
    named = residents_named(work, list(heads.values()))
    names = {case_no: (named[head].name, named[head].kana) for case_no, head in heads.items() if head in named}
    names |= {case_no: applicants[number] for case_no, number in applications.items() if number in applicants}
    return {
        case_no: Householder(
            heads.get(case_no, ""),
            *names.get(case_no, ("", "")),
            persons=len(members.get(case_no, ())),
            application_no=applications.get(case_no),
        )
        for case_no in sorted(heads.keys() | applications.keys())
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
