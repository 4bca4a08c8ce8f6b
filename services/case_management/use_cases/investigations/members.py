"""Who belongs, or belonged, to the household of a case."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from services.case_management.adapters.tables import decisions
from shared.decisions.adapters.on_record import PERSON_FACT
from shared.decisions.domain.circumstances import Circumstance, uncorrected
from shared.decisions.use_cases.cases.read_circumstances import all_of_case
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork


def require_member(work: UnitOfWork, case_no: str, person_no: str | None) -> None:
    """Refuse a person who never was a member of the household; nobody named is the household as a whole.

    Raises:
        Problem: invalid-input.
    """
    if person_no is None:
        return
    facts = decisions.circumstances.c
    of_member = (facts.case_no == case_no) & (facts.person_no == person_no) & (facts.fact == "person")
    if work.connection.scalar(select(facts.number).where(of_member).limit(1)) is None:
        raise Problem("invalid-input", field="person_no", detail="この世帯の人の宛名番号を選んでください")


def members_on(work: UnitOfWork, case_no: str, day: date) -> set[str | None]:
    """The members of the household on a day."""
    of_day = [fact for fact in _memberships(work, case_no) if fact.valid_from is None or fact.valid_from <= day]
    return {fact.person_no for fact in of_day if fact.valid_to is None or fact.valid_to >= day}


def last_day_of(work: UnitOfWork, case_no: str, person_no: str) -> date:
    """The last day of who is, or was, a member of the household; open for who is one for good."""
    own = (fact for fact in _memberships(work, case_no) if fact.person_no == person_no)
    return max((fact.valid_to or date.max for fact in own), default=date.max)


def _memberships(work: UnitOfWork, case_no: str) -> Sequence[Circumstance]:
    return [fact for fact in uncorrected(all_of_case(work, decisions, case_no)) if fact.fact == PERSON_FACT]
