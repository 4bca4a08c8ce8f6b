"""What is said at intake, in the words of who writes it: the content of consultations and applications, sealed."""

from pydantic import BaseModel, ConfigDict, Field

from services.case_management.api.written import Birth, Line, PersonNo, Reading, Telephone, Words
from shared.contracts.codes import AppliedBy, Paper


class _Content(BaseModel):
    """What is sealed of an entry."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class NamedPerson(_Content):
    """A person as somebody named them; nothing of it has to be known."""

    name: Line | None = None
    kana: Reading | None = None
    birth: Birth | None = None
    person_no: PersonNo | None = None
    relation: Line | None = None


class ConsultationContent(NamedPerson):
    """What a consultation says of a person, in the words of who held it; all of it may stay open."""

    address: Line | None = None
    telephone: Telephone | None = None
    household: Words | None = None
    statement: Words | None = None
    income: Words | None = None
    assets: Words | None = None
    debts: Words | None = None
    advice: Words | None = None
    opinion: Words | None = None
    why: Words | None = None


class ApplicationContent(_Content):
    """What an application says: for whom, where they are, why, and which papers are still missing (追完)."""

    applicant: NamedPerson
    applied_by: AppliedBy = "self"
    proxy: Line | None = None
    address: Line | None = None
    telephone: Telephone | None = None
    members: list[NamedPerson] = Field(default=[], max_length=40)
    reason: Words | None = None
    missing_papers: list[Paper] = Field(default=[], max_length=20)
    why: Words | None = None
