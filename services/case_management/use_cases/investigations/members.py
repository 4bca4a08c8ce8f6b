"""Who belongs, or belonged, to the household of a case."""

from sqlalchemy import select

from services.case_management.adapters.tables import decisions
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
