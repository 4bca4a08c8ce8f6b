"""The register of residents (宛名): entered and corrected by hand, and read with its history."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from services.case_management.adapters.cases_of_people import record_of_resident
from services.case_management.adapters.residents import Names, OtherName
from services.case_management.api.written import Line, PersonNo, Reading, ReceiptNo
from services.case_management.use_cases.residents.enter_resident import enter_resident, rename_resident
from services.case_management.use_cases.residents.read_resident import Resident, read_resident
from shared.contracts.codes import NameKind, ResidentReason
from shared.decisions.api.schemas import Answer, PurposeQuery
from shared.service_kit.http.routing import Routes
from shared.service_kit.unit_of_work import UnitOfWork

routes = Routes("residents")


class OtherNameBody(BaseModel):
    """A further name of a person."""

    kind: NameKind
    name: Line
    kana: Reading | None = None


class NamesBody(BaseModel):
    """What a person is called, and why the register says so from now on."""

    name: Line
    kana: Reading
    foreign_national: bool = False
    other_names: list[OtherNameBody] = Field(default=[], max_length=10)
    reason: ResidentReason

    def names(self) -> Names:
        """What the register keeps."""
        others = [OtherName(other.kind, other.name, other.kana) for other in self.other_names]
        return Names(self.name, self.kana, self.foreign_national, others)


class EnterResident(NamesBody):
    """A person who is not on the register; without a number they get one of its own (仮番号).

    Named with the application for which they are entered, they are shielded (支援措置) as long as that is.
    """

    person_no: PersonNo | None = None
    application_no: ReceiptNo | None = None


class RenameResident(NamesBody):
    """What a person is called by now, in place of the entry that its writer saw."""

    follows: Annotated[int, Field(ge=1, le=2**62)]


class PersonNumber(BaseModel):
    """The person number (宛名番号) of an entry."""

    person_no: str


class OtherNameView(Answer):
    """A further name of a person."""

    kind: NameKind
    name: str
    kana: str | None


class RegisterEntryView(Answer):
    """An entry of a person; nobody recorded what came by an import."""

    number: int
    name: str
    kana: str
    foreign_national: bool
    other_names: list[OtherNameView]
    recorded_by: str | None
    reason: ResidentReason | None
    recorded_at: datetime


class ResidentView(Answer):
    """A person of the register: all entries, oldest first (the last one holds), and the cases open to the caller.

    ``merged_into``: the number to use instead of this one (名寄せ); ``merged``: those in whose place this one is used.
    """

    person_no: str
    entries: list[RegisterEntryView]
    case_nos: list[str]
    merged_into: str | None
    merged: list[str]

    @classmethod
    def of(cls, resident: Resident) -> "ResidentView":
        """A person as they are shown."""
        entries = [
            RegisterEntryView(
                number=entry.number,
                name=entry.names.name,
                kana=entry.names.kana,
                foreign_national=entry.names.foreign_national,
                other_names=[OtherNameView.model_validate(other) for other in entry.names.other_names],
                recorded_by=entry.recorded_by,
                reason=entry.reason,
                recorded_at=entry.recorded_at,
            )
            for entry in resident.entries
        ]
        numbers = {"merged_into": resident.merged_into, "merged": list(resident.merged)}
        return cls(person_no=resident.person_no, entries=entries, case_nos=list(resident.case_nos), **numbers)


@routes.post("/residents", permission="resident.enter", status=201)
def enter_into_register(work: UnitOfWork, body: EnterResident) -> PersonNumber:
    """Enter a person into the register by hand."""
    numbers = {"person_no": body.person_no, "application_no": body.application_no}
    return PersonNumber(person_no=enter_resident(work, body.names(), body.reason, **numbers))


@routes.get("/residents/<person_no>", permission="resident.read", query=PurposeQuery, of=record_of_resident)
def read_register_entry(work: UnitOfWork, person_no: str, query: PurposeQuery) -> ResidentView:
    """A person of the register with all entries."""
    return ResidentView.of(read_resident(work, person_no, query.purpose))


@routes.post("/residents/<person_no>/entries", permission="resident.correct", status=201, of=record_of_resident)
def rename_in_register(work: UnitOfWork, person_no: str, body: RenameResident) -> PersonNumber:
    """Enter what a person is called by now; the entries before stay."""
    rename_resident(work, person_no, body.names(), body.reason, body.follows)
    return PersonNumber(person_no=person_no)
