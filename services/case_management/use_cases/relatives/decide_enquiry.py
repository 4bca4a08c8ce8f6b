"""Propose and decide whether a relative is written to (扶養照会の要否): another person decides than who proposed."""

from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, select

from services.case_management.adapters.investigations.relatives import (
    DECISIONS,
    PROPOSALS,
    relative_decisions,
    relative_proposals,
)
from services.case_management.adapters.tables import decisions
from services.case_management.use_cases.relatives.read_relatives import newest_detail
from services.case_management.use_cases.relatives.record_relative import require_relative
from shared.contracts.between_fields import enquiry_faults
from shared.contracts.codes import EnquiryExclusion
from shared.contracts.facts.case_management import EnquiryDecided, EnquiryProposed
from shared.decisions.adapters.opened_cases import refuse_withdrawn
from shared.service_kit.problems import Problem, refuse_faults
from shared.service_kit.unit_of_work import UnitOfWork


def propose_enquiry(
    work: UnitOfWork,
    case_no: str,
    relative_id: UUID,
    *,
    enquire: bool,
    reason: EnquiryExclusion | None,
    words: str | None,
) -> UUID:
    """Propose to write to a relative as recorded by now, or not to for a reason; undecided, it bars printing.

    Raises:
        Problem: not-found; invalid-input where reason and proposal do not go together, or another reason has no words;
            wrong-state where the application of the case was taken back.
    """
    require_relative(work, case_no, relative_id)
    refuse_withdrawn(work, decisions, case_no)
    refuse_faults(enquiry_faults({"enquire": enquire, "reason": reason, "words": words}))
    row = {
        "proposal_id": uuid4(),
        "relative_id": relative_id,
        "detail_id": newest_detail(work, relative_id).detail_id,
        "enquire": enquire,
        "reason": reason,
        "words": words,
        "proposer": work.actor,
        "proposed_at": work.clock.now(),
    }
    work.connection.execute(insert(relative_proposals).values(**work.seal(PROPOSALS, [row])[0]))
    event = EnquiryProposed(relative_id=relative_id, proposal_id=row["proposal_id"], enquire=enquire, reason=reason)
    work.fact(event, subject=f"case:{case_no}")
    return event.proposal_id


def decide_enquiry(
    work: UnitOfWork, case_no: str, relative_id: UUID, proposal_id: UUID, *, agreed: bool, words: str | None
) -> None:
    """Agree to the newest proposal, or return it (差戻し).

    Raises:
        Problem: not-found; same-person where it is one's own; content-moved where a newer one stands, or whom it would
            write to is recorded otherwise by now; wrong-state where it is decided already.
    """
    require_relative(work, case_no, relative_id)
    proposal = _require_undecided(work, relative_id, proposal_id)
    if agreed and proposal.enquire and proposal.detail_id != newest_detail(work, relative_id).detail_id:
        detail = "起案の後に、この扶養義務者の記録が変わりました。差し戻して、起案し直してください"
        raise Problem("content-moved", field="proposal_id", detail=detail)
    row = {
        "proposal_id": proposal_id,
        "proposer": proposal.proposer,
        "approver": work.actor,
        "agreed": agreed,
        "words": words,
        "decided_at": work.clock.now(),
    }
    work.connection.execute(insert(relative_decisions).values(**work.seal(DECISIONS, [row])[0]))
    event = EnquiryDecided(
        relative_id=relative_id,
        proposal_id=proposal_id,
        enquire=proposal.enquire,
        agreed=agreed,
        proposer=proposal.proposer,
        approver=work.actor,
    )
    work.fact(event, subject=f"case:{case_no}")


def _require_undecided(work: UnitOfWork, relative_id: UUID, proposal_id: UUID) -> Any:
    proposal = newest_proposal(work, relative_id)
    if proposal is None:
        raise Problem("not-found", field="proposal_id")
    if proposal.proposal_id != proposal_id:
        raise Problem("content-moved", field="proposal_id", detail="新しい起案があります。画面を開き直してください")
    if proposal.agreed is not None:
        raise Problem("wrong-state", field="state", detail="この起案は、すでに決裁されています")
    if proposal.proposer == work.actor:
        raise Problem("same-person", detail="自分の起案は、別の人が決裁します")
    return proposal


def newest_proposal(work: UnitOfWork, relative_id: UUID) -> Any:
    """Return the newest proposal about a relative with what was decided on it; None where there is none."""
    proposals, decided = relative_proposals.c, relative_decisions.c
    return work.connection.execute(
        select(proposals.proposal_id, proposals.detail_id, proposals.enquire, proposals.proposer, decided.agreed)
        .outerjoin(relative_decisions, decided.proposal_id == proposals.proposal_id)
        .where(proposals.relative_id == relative_id)
        .order_by(proposals.number.desc())
        .limit(1)
    ).one_or_none()
