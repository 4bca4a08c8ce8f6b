"""Say that two numbers are two people (別人), though they share signs."""

from uuid import UUID

from services.case_management.adapters.merging.merged import merged_numbers
from services.case_management.adapters.merging.merges import in_order, write_distinction
from services.case_management.adapters.merging.tables import MERGING
from services.case_management.use_cases.merging.both_numbers import require_both
from shared.contracts.facts.merging import PeopleDistinguished
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork


def distinguish(work: UnitOfWork, person_no: str, other: str, words: str) -> UUID:
    """Record that two numbers are two people, with why in words: the pair is no candidate any more.

    Raises:
        Problem: not-found; invalid-input where it is one number; wrong-state where they are merged.
    """
    MERGING.hold(work.connection)
    require_both(work, person_no, other, field="other")
    merged = merged_numbers(work, [person_no, other])
    if merged.number(person_no) == merged.number(other):
        raise Problem("wrong-state", field="other", detail="名寄せされた番号です。先に名寄せを取り消してください")
    distinction_id = write_distinction(work, in_order(person_no, other), words)
    fact = PeopleDistinguished(distinction_id=distinction_id, person_no=other)
    work.fact(fact, subject=f"person:{person_no}")
    return distinction_id
