"""Cases (ケース): opened for an application, handed over to who is in charge, and the register of their numbers."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, Field

from services.case_management.adapters.charges import Charge
from services.case_management.adapters.entries import APPLICATION, record_of
from services.case_management.adapters.tables import decisions
from services.case_management.api.intake_schemas import SpanQuery
from services.case_management.api.residents import NamesBody
from services.case_management.api.schemas import District
from services.case_management.api.written import PersonNo
from services.case_management.use_cases.cases.add_member import NewResident, add_member
from services.case_management.use_cases.cases.hand_over_case import HandOver, hand_over_case
from services.case_management.use_cases.cases.open_case import open_case
from services.case_management.use_cases.cases.read_case_register import read_case_register
from services.case_management.use_cases.cases.read_caseload import read_caseload
from shared.contracts.codes import CircumstanceReason
from shared.contracts.purposes import Purpose
from shared.decisions.adapters.scope import case_record
from shared.decisions.api.circumstance_schemas import Cells, CircumstanceNumber
from shared.decisions.api.schemas import Answer, Day, Staff
from shared.decisions.use_cases.cases.record_circumstance import Entered
from shared.service_kit.http.routing import Routes
from shared.service_kit.unit_of_work import UnitOfWork

routes = Routes("opened_cases")


class OpenCase(BaseModel):
    """Who will be in charge of the case: the district, and the caseworker where that is settled."""

    district: District
    caseworker: Staff | None = None


class OpenedCaseNo(BaseModel):
    """The number of the case that was opened."""

    case_no: str


class HandOverCase(BaseModel):
    """To whom the case goes, and from which day on; ``seen``: the newest circumstance that the writer saw."""

    district: District
    caseworker: Staff | None = None
    from_: Day = Field(alias="from")
    seen: Annotated[int, Field(ge=0, le=2**62)]


class AddMember(BaseModel):
    """Who becomes a member, from which day on, with the cells of fact ``person`` (docs/data/).

    Either the number of somebody on the register, or ``resident``: who is entered with it, under ``person_no`` where
    the ward gave one.
    """

    person_no: PersonNo | None = None
    resident: NamesBody | None = None
    from_: Day | None = Field(default=None, alias="from")
    cells: Cells
    reason: CircumstanceReason
    seen: Annotated[int, Field(ge=0, le=2**62)]

    def entered(self) -> Entered:
        """The fact that makes a member."""
        return Entered(self.person_no, "person", self.from_, None, self.cells, None, self.reason, self.seen)

    def new(self) -> NewResident | None:
        """Who is entered into the register with it."""
        return NewResident(self.resident.names(), self.resident.reason) if self.resident else None


class AddedMember(Answer):
    """The member, and the number of the circumstance that says so."""

    person_no: str
    number: int


class OpenedCaseView(Answer):
    """A line of the register of case numbers."""

    case_no: str
    application_no: str
    opened_by: str
    opened_on: date
    name: str
    district: str | None
    caseworker: str | None


class CaseloadQuery(BaseModel):
    """Of which district, and why it is looked at."""

    district: District | None = None
    purpose: Purpose


class CaseOfLoadView(Answer):
    """A case with its householder."""

    case_no: str
    person_no: str
    name: str
    kana: str
    persons: int
    district: str | None
    caseworker: str | None
    application_no: str | None
    withdrawn_on: date | None


class CaseloadView(Answer):
    """The cases of some districts, by the reading of the householder."""

    districts: list[str]
    items: list[CaseOfLoadView]


class CaseRegister(BaseModel):
    """The cases opened in a span of days, by number."""

    items: list[OpenedCaseView]


@routes.post("/applications/<application_no>/case", permission="case.open", status=201, of=record_of(APPLICATION))
def open_case_for(work: UnitOfWork, application_no: str, body: OpenCase) -> OpenedCaseNo:
    """Give an application its case number; the case is under investigation from now on."""
    return OpenedCaseNo(case_no=open_case(work, application_no, Charge(body.district, body.caseworker)))


@routes.get("/cases", permission="case.list", query=SpanQuery)
def list_opened_cases(work: UnitOfWork, query: SpanQuery) -> CaseRegister:
    """The register of case numbers (ケース番号登載簿)."""
    items = read_case_register(work, query.from_, query.to, query.purpose)
    return CaseRegister(items=[OpenedCaseView.model_validate(item) for item in items])


@routes.get("/caseload", permission="case.list", query=CaseloadQuery)
def list_caseload(work: UnitOfWork, query: CaseloadQuery) -> CaseloadView:
    """The cases of a district by the reading of the householder (索引簿); without one those of the caller's own."""
    return CaseloadView.model_validate(read_caseload(work, query.district, query.purpose))


@routes.post("/cases/<case_no>/members", permission="circumstance.record", status=201, of=case_record(decisions))
def add_member_of(work: UnitOfWork, case_no: str, body: AddMember) -> AddedMember:
    """Add a member to a household, somebody of the register or entered with it."""
    return AddedMember.model_validate(add_member(work, case_no, body.entered(), body.new()))


@routes.post("/cases/<case_no>/charges", permission="case.hand_over", status=201, of=case_record(decisions))
def hand_over(work: UnitOfWork, case_no: str, body: HandOverCase) -> CircumstanceNumber:
    """Put somebody in charge of a case from a day on."""
    over = HandOver(Charge(body.district, body.caseworker), body.from_, body.seen)
    return CircumstanceNumber(number=hand_over_case(work, case_no, over))
