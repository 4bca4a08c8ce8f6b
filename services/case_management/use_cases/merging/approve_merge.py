"""Approve a merge or its undoing (名寄せの決裁) as another person, by its hash; or take the proposal back."""

from uuid import UUID

from sqlalchemy import insert

from services.case_management.adapters.cases_of_people import record_of_resident
from services.case_management.adapters.merging.merges import Merge, merge_of
from services.case_management.adapters.merging.tables import MERGING, merge_approvals, merge_withdrawals
from services.case_management.use_cases.merging.both_numbers import refuse_unfit
from services.case_management.use_cases.merging.visible_merges import visible_merge
from shared.access.records import may_see
from shared.approvals.by_hash import approve_by_hash
from shared.approvals.tables import approval_values
from shared.approvals.two_people import Proposal
from shared.contracts.codes import TakenBack
from shared.contracts.facts.merging import MergeApproved, MergeWithdrawn
from shared.decisions.adapters.circumstances import lock_circumstances
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork


def approve_merge(work: UnitOfWork, person_no: str, merge_id: UUID, named_sha256: str) -> Merge:
    """Put a merge in force, or end one. No row of a person changes: the number that goes leads to the one that stays.

    Raises:
        Problem: not-found; wrong-state where it does not wait, or does not fit any more; same-person; content-moved.
    """
    MERGING.hold(work.connection)
    merge = _waiting(work, person_no, merge_id)
    proposal = Proposal(merge.proposer, merge.sha256)
    approval = approve_by_hash(work, proposal, named_sha256, lambda: merge.canonical_sha256)
    lock_circumstances(work)
    if merge.undoes is None:
        refuse_unfit(work, merge.goes, merge.stays)
    row = {"merge_id": merge_id, **approval_values(approval, work.clock.now())}
    work.connection.execute(insert(merge_approvals).values(row))
    event = MergeApproved(merge_id=merge_id, person_no=merge.stays, undoes=merge.undoes, **approval.people)
    work.fact(event, subject=f"person:{merge.goes}")
    return merge_of(work, person_no, merge_id)


def withdraw_merge(work: UnitOfWork, person_no: str, merge_id: UUID, reason: TakenBack) -> Merge:
    """Take a proposal back (取下げ), or return it to who proposed it (差戻し).

    Raises:
        Problem: not-found; wrong-state where it does not wait; not-permitted for another who may not approve it;
            invalid-input where the reason is the other one's.
    """
    MERGING.hold(work.connection)
    merge = _waiting(work, person_no, merge_id)
    is_approver = may_see(work, "merge.approve", record_of_resident(work, person_no))
    if merge.proposer != work.actor and not is_approver:
        raise Problem("not-permitted", detail="起案者だけが取り下げ、決裁者だけが差し戻せます")
    if (reason == "returned") != (merge.proposer != work.actor):
        raise Problem("invalid-input", field="reason", detail="自分の起案は取下げ、ほかの人の起案は差戻しです")
    row = {"merge_id": merge_id, "withdrawn_by": work.actor, "reason": reason, "withdrawn_at": work.clock.now()}
    work.connection.execute(insert(merge_withdrawals).values(**row))
    work.fact(MergeWithdrawn(merge_id=merge_id, reason=reason), subject=f"person:{merge.goes}")
    return merge_of(work, person_no, merge_id)


def _waiting(work: UnitOfWork, person_no: str, merge_id: UUID) -> Merge:
    merge = visible_merge(work, person_no, merge_id)
    if merge.state != "proposed":
        raise Problem("wrong-state", field="state", detail="この起案は、決裁か取下げが済んでいます")
    return merge
