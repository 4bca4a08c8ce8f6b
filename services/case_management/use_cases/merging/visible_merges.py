"""Proposals of which the caller may see both people."""

from uuid import UUID

from services.case_management.adapters.cases_of_people import record_of_resident
from services.case_management.adapters.merging.merges import Merge, merge_of, merges_of
from services.case_management.use_cases.merging.find_candidates import READ
from shared.access.records import may_see
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork


def visible_merge(work: UnitOfWork, person_no: str, merge_id: UUID) -> Merge:
    """Return a proposal that names a number, of which the caller may see the other one too.

    Raises:
        Problem: not-found.
    """
    merge = merge_of(work, person_no, merge_id)
    other = merge.stays if merge.goes == person_no else merge.goes
    if not may_see(work, READ, record_of_resident(work, other)):
        raise Problem("not-found", field="merge_id")
    return merge


def visible_merges(work: UnitOfWork, person_no: str) -> list[Merge]:
    """Return the proposals that name a number, of which the caller may see the other one too, oldest first."""
    merges = merges_of(work, person_no)
    others = {number for merge in merges for number in (merge.goes, merge.stays)} - {person_no}
    visible = {number for number in others if may_see(work, READ, record_of_resident(work, number))}
    return [merge for merge in merges if visible & {merge.goes, merge.stays}]
