"""Print the letter to a relative (扶養照会書): never before another person agreed to write to them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, select

from services.case_management.adapters.investigations.relatives import relative_letters
from services.case_management.adapters.residents import residents_named
from services.case_management.adapters.tables import decisions
from services.case_management.domain.relatives import Decision
from services.case_management.use_cases.relatives.decide_enquiry import newest_proposal
from services.case_management.use_cases.relatives.read_relatives import detail_named, newest_detail
from services.case_management.use_cases.relatives.record_relative import require_relative
from shared.contracts.codes import RelativeRelation
from shared.contracts.facts.case_management import EnquiryPrinted
from shared.decisions.adapters.opened_cases import refuse_withdrawn
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Letter:
    """What a letter says. The household's own address stands in none: who is written to may be whom they fled from."""

    letter_id: UUID
    relative_name: str
    relative_address: str | None
    relation: RelativeRelation
    member_name: str | None
    due_on: date
    printed_by: str
    printed_at: datetime


def print_letter(work: UnitOfWork, case_no: str, relative_id: UUID, due_on: date) -> UUID:
    """Note that the letter is printed now, with the day by which to answer.

    Raises:
        Problem: not-found; enquiry-not-approved, also where the relative was recorded anew since it was proposed;
            invalid-input where the day lies behind, or no address is known; wrong-state where the application of the
            case was taken back.
    """
    require_relative(work, case_no, relative_id)
    refuse_withdrawn(work, decisions, case_no)
    proposal, entry = _require_approved(work, relative_id), newest_detail(work, relative_id)
    if proposal.detail_id != entry.detail_id:
        detail = "起案の後に、この扶養義務者の記録が変わりました。照会することを起案し直し、決裁を受けてください"
        raise Problem("enquiry-not-approved", field="state", detail=detail)
    if due_on < work.clock.today():
        raise Problem("invalid-input", field="due_on", detail="回答期限を業務日より前にはできません")
    if not entry.content.get("address"):
        raise Problem("invalid-input", field="address", detail="送り先の住所を先に記録してください")
    row = {"letter_id": uuid4(), "relative_id": relative_id, "proposal_id": proposal.proposal_id, "due_on": due_on}
    by = {"detail_id": entry.detail_id, "recorded_by": work.actor, "recorded_at": work.clock.now()}
    work.connection.execute(insert(relative_letters).values(**row, **by))
    event = EnquiryPrinted.model_validate(row)
    work.fact(event, subject=f"case:{case_no}")
    return event.letter_id


def read_letter(work: UnitOfWork, case_no: str, relative_id: UUID, letter_id: UUID, purpose: str) -> Letter:
    """Return what a letter said when it was printed; a look, refused where writing is not agreed to any more.

    Raises:
        Problem: not-found; enquiry-not-approved.
    """
    person_no = require_relative(work, case_no, relative_id)
    table = relative_letters.c
    of_relative = (table.letter_id == letter_id) & (table.relative_id == relative_id)
    letter = work.connection.execute(select(relative_letters).where(of_relative)).one_or_none()
    if letter is None:
        raise Problem("not-found", field="letter_id")
    _require_approved(work, relative_id)
    detail = detail_named(work, relative_id, letter.detail_id)
    work.look("enquiry_letter", [f"case:{case_no}", *([f"person:{person_no}"] if person_no else [])], purpose)
    members = residents_named(work, [person_no] if person_no else [])
    return Letter(
        letter_id,
        detail.content["name"],
        detail.content.get("address"),
        detail.relation,
        members[person_no].name if person_no in members else None,
        letter.due_on,
        letter.recorded_by,
        letter.recorded_at,
    )


def _require_approved(work: UnitOfWork, relative_id: UUID) -> Any:
    proposal = newest_proposal(work, relative_id)
    if proposal is None or not Decision(proposal.enquire, proposal.agreed).may_print:
        detail = "照会することを起案し、査察指導員の決裁を受けてください"
        raise Problem("enquiry-not-approved", field="state", detail=detail)
    return proposal
