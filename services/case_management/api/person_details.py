"""Details of persons (本人情報): recorded and corrected by hand, read as of a day and as known on a day."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.case_management.adapters.cases_of_people import record_of_member, record_of_resident
from services.case_management.api.written import Line, Words
from services.case_management.use_cases.residents.read_details import read_details, reveal_detail
from services.case_management.use_cases.residents.record_detail import EnteredDetail, record_detail
from shared.contracts.codes import DetailFact, DetailKind, ResidentReason
from shared.contracts.purposes import Purpose
from shared.decisions.api.schemas import Answer, Day, PurposeQuery
from shared.service_kit.http.routing import Routes
from shared.service_kit.unit_of_work import UnitOfWork

routes = Routes("person_details")


class DetailContent(BaseModel):
    """What is typed of a detail: the address, number, employer or school; number and grade of a paper; a note."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    text: Line
    number: Line | None = None
    grade: Line | None = None
    note: Words | None = None


class RecordDetail(BaseModel):
    """A detail with the days on which it holds; with ``corrects`` it takes the place of that one.

    ``protected`` (秘匿): its words are shown to nobody who reads the list.
    """

    fact: DetailFact
    kind: DetailKind
    from_: Day | None = Field(default=None, alias="from")
    to: Day | None = None
    expires_on: Day | None = None
    protected: bool = False
    content: DetailContent
    corrects: UUID | None = None
    reason: ResidentReason

    def entered(self) -> EnteredDetail:
        """What was entered."""
        return EnteredDetail(
            fact=self.fact,
            kind=self.kind,
            valid_from=self.from_,
            valid_to=self.to,
            expires_on=self.expires_on,
            protected=self.protected,
            content=self.content.model_dump(exclude_none=True),
            corrects=self.corrects,
            reason=self.reason,
        )


class DetailId(BaseModel):
    """The id of a detail."""

    detail_id: UUID


class DetailsQuery(BaseModel):
    """As of which day (today), known at the end of which day (now), and why."""

    purpose: Purpose
    day: Day | None = None
    known_on: Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")] | None = None


class DetailView(Answer):
    """A detail; without ``content`` it is protected."""

    detail_id: UUID
    fact: DetailFact
    kind: DetailKind
    valid_from: date | None
    valid_to: date | None
    expires_on: date | None
    protected: bool
    corrects: UUID | None
    content: dict[str, Any] | None
    recorded_by: str
    recorded_at: datetime
    reason: ResidentReason


class DetailsView(Answer):
    """All details of a person, oldest first, and the ids of those that hold on the day."""

    day: date
    items: list[DetailView]
    holding: list[UUID]


_PATH = "/residents/<person_no>/details"


@routes.post(_PATH, permission="resident.correct", status=201, of=record_of_resident)
def record_person_detail(work: UnitOfWork, person_no: str, body: RecordDetail) -> DetailId:
    """Record a detail of a person, or correct one."""
    return DetailId(detail_id=record_detail(work, person_no, body.entered()))


@routes.get(_PATH, permission="resident.read", query=DetailsQuery, of=record_of_resident)
def read_person_details(work: UnitOfWork, person_no: str, query: DetailsQuery) -> DetailsView:
    """The details of a person as of a day, as known on a day; the words of protected ones stay out."""
    return DetailsView.model_validate(read_details(work, person_no, query.purpose, query.day, query.known_on))


@routes.get(f"{_PATH}/<detail_id>", permission="address.reveal", query=PurposeQuery, of=record_of_member)
def reveal_person_detail(work: UnitOfWork, person_no: str, detail_id: UUID, query: PurposeQuery) -> DetailView:
    """One detail with its words, also where they are protected."""
    return DetailView.model_validate(reveal_detail(work, person_no, detail_id, query.purpose))
