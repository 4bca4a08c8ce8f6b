"""Relatives liable for support (扶養義務者): who they are, whether they are written to (扶養照会), what they answer."""

from uuid import UUID

from services.case_management.adapters.tables import decisions
from services.case_management.api.investigations.relative_schemas import (
    AnswerOfRelative,
    CorrectRelative,
    DecideEnquiry,
    EnquiryDecision,
    EnquiryProposalId,
    LetterId,
    LetterView,
    PrintLetter,
    ProposeEnquiry,
    RecordRelative,
    RelativeAnswerId,
    RelativeId,
    Relatives,
)
from services.case_management.use_cases.relatives import decide_enquiry as deciding
from services.case_management.use_cases.relatives import print_letter as printing
from services.case_management.use_cases.relatives import record_relative as recording
from services.case_management.use_cases.relatives.read_relatives import read_relatives
from shared.decisions.adapters.scope import case_record
from shared.decisions.api.schemas import PurposeQuery
from shared.service_kit.http.routing import Routes
from shared.service_kit.unit_of_work import UnitOfWork

routes = Routes("relatives")
_CASE = case_record(decisions)
_PATH = "/cases/<case_no>/relatives"
_RELATIVE = f"{_PATH}/<relative_id>"


@routes.post(_PATH, permission="relative.record", status=201, of=_CASE)
def record_relative(work: UnitOfWork, case_no: str, body: RecordRelative) -> RelativeId:
    """Keep a relative of a member."""
    recorded = recording.record_relative(work, case_no, body.person_no, body.relation, body.words)
    return RelativeId.model_validate(recorded)


@routes.get(_PATH, permission="relative.read", query=PurposeQuery, of=_CASE)
def list_relatives(work: UnitOfWork, case_no: str, query: PurposeQuery) -> Relatives:
    """The relatives of a case, each with how the enquiry stands."""
    return Relatives.of(read_relatives(work, case_no, query.purpose))


@routes.post(f"{_RELATIVE}/details", permission="relative.record", status=201, of=_CASE)
def correct_relative(work: UnitOfWork, case_no: str, relative_id: UUID, body: CorrectRelative) -> RelativeId:
    """Keep what a relative is called, and where they live, by now."""
    about = (body.follows, body.relation, body.words)
    return RelativeId.model_validate(recording.correct_relative(work, case_no, relative_id, *about))


@routes.post(f"{_RELATIVE}/proposals", permission="relative.record", status=201, of=_CASE)
def propose_enquiry(work: UnitOfWork, case_no: str, relative_id: UUID, body: ProposeEnquiry) -> EnquiryProposalId:
    """Propose to write to a relative, or not to for a reason."""
    return EnquiryProposalId(proposal_id=deciding.propose_enquiry(work, case_no, relative_id, **body.model_dump()))


@routes.post(f"{_RELATIVE}/proposals/<proposal_id>/decision", permission="relative.decide", of=_CASE)
def decide_enquiry(
    work: UnitOfWork, case_no: str, relative_id: UUID, proposal_id: UUID, body: DecideEnquiry
) -> EnquiryDecision:
    """Decide on a proposal of another person."""
    deciding.decide_enquiry(work, case_no, relative_id, proposal_id, agreed=body.agreed, words=body.words)
    return EnquiryDecision(proposal_id=proposal_id, agreed=body.agreed)


@routes.post(f"{_RELATIVE}/letters", permission="relative.print", status=201, of=_CASE)
def print_letter(work: UnitOfWork, case_no: str, relative_id: UUID, body: PrintLetter) -> LetterId:
    """Print the letter to a relative, where another person agreed to it."""
    return LetterId(letter_id=printing.print_letter(work, case_no, relative_id, body.due_on))


@routes.get(f"{_RELATIVE}/letters/<letter_id>", permission="relative.print", query=PurposeQuery, of=_CASE)
def read_letter(work: UnitOfWork, case_no: str, relative_id: UUID, letter_id: UUID, query: PurposeQuery) -> LetterView:
    """What a printed letter says."""
    letter = printing.read_letter(work, case_no, relative_id, letter_id, query.purpose)
    return LetterView.model_validate(letter)


@routes.post(f"{_RELATIVE}/answers", permission="relative.record", status=201, of=_CASE)
def record_answer(work: UnitOfWork, case_no: str, relative_id: UUID, body: AnswerOfRelative) -> RelativeAnswerId:
    """Keep what a relative answered."""
    return RelativeAnswerId(answer_id=recording.record_answer(work, case_no, relative_id, body.answer()))
