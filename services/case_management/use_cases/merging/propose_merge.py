"""Propose that two numbers are one person (名寄せの起案), or to undo that; nothing is in force yet."""

from uuid import UUID

from services.case_management.adapters.merging.merges import Merge, in_order, waiting_merges, write_merge
from services.case_management.adapters.merging.tables import MERGING
from services.case_management.use_cases.merging.both_numbers import refuse_unfit, require_both
from services.case_management.use_cases.merging.visible_merges import visible_merge
from shared.contracts.facts.merging import MergeProposed
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork


def propose_merge(work: UnitOfWork, goes: str, stays: str, words: str) -> Merge:
    """Propose that one number goes and another one stays, with why in words.

    Raises:
        Problem: not-found; invalid-input where it is one number; wrong-state where one of them was merged already, the
            one that goes is in a household, or a proposal of the two waits.
    """
    MERGING.hold(work.connection)
    require_both(work, goes, stays, field="stays")
    refuse_unfit(work, goes, stays)
    if any(in_order(merge.goes, merge.stays) == in_order(goes, stays) for merge in waiting_merges(work)):
        raise Problem("wrong-state", field="stays", detail="この二つの番号には、決裁を待つ起案があります")
    return _published(work, write_merge(work, goes, stays, None, words))


def propose_undo(work: UnitOfWork, person_no: str, merge_id: UUID, words: str) -> Merge:
    """Propose that both numbers of a merge stand for themselves again, with why in words.

    Raises:
        Problem: not-found; wrong-state where it is not in force, or an undoing waits.
    """
    MERGING.hold(work.connection)
    merge = visible_merge(work, person_no, merge_id)
    if merge.undoes or merge.state != "approved":
        raise Problem("wrong-state", field="state", detail="決裁された名寄せだけを取り消せます")
    if any(waiting.undoes == merge_id for waiting in waiting_merges(work)):
        raise Problem("wrong-state", field="state", detail="この名寄せの取消しは、決裁を待っています")
    return _published(work, write_merge(work, merge.goes, merge.stays, merge_id, words))


def _published(work: UnitOfWork, merge: Merge) -> Merge:
    event = MergeProposed(merge_id=merge.merge_id, person_no=merge.stays, undoes=merge.undoes, sha256=merge.sha256)
    work.fact(event, subject=f"person:{merge.goes}")
    return merge
