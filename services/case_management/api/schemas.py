"""Bodies, queries and answers of the register of assignments, and the query of who could do what."""

from datetime import date, datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BaseModel, Field, model_validator

from services.case_management.adapters.assignments import Entry, ProposalEntries
from services.case_management.use_cases.propose_assignments import Requested
from services.case_management.use_cases.read_assignments import HeldOn
from shared.contracts.assistance import Programme
from shared.contracts.codes import ProposalState
from shared.contracts.purposes import Assigned
from shared.decisions.api.schemas import Answer, Code, Day, Staff

District = Annotated[str, Field(pattern=r"^[0-9]{2}$", description="district (地区), two digits")]


class AssignmentItem(BaseModel):
    """A role with districts and programmes, or the person for whom this one stands in; days are included."""

    person: Staff
    role: Code | None = None
    districts: list[District] = []
    programmes: list[Programme] = []
    stands_in_for: Staff | None = None
    from_: Day = Field(alias="from")
    to: Day | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.role is None) == (self.stands_in_for is None):
            raise ValueError("either a role, or stands_in_for")
        if self.stands_in_for is not None and (self.districts or self.programmes):
            raise ValueError("a substitution has the districts and programmes of the other person")
        return self

    def requested(self) -> Requested:
        """What it asks for."""
        return Requested(
            self.person, self.role, self.districts, self.programmes, self.stands_in_for, self.from_, self.to
        )


class ProposeAssignments(BaseModel):
    """What is proposed as one."""

    reason: Assigned
    items: list[AssignmentItem] = Field(min_length=1, max_length=500)


class EndAssignment(BaseModel):
    """An early end; without `last_day` at once."""

    reason: Assigned
    last_day: Day | None = None


class AssignmentView(BaseModel):
    """An assignment; `last_day` is the last on any part of which it is held, `ended_at` where it was ended at once."""

    assignment_id: UUID
    proposal_id: UUID
    person: str
    duty: str
    role: str | None
    districts: list[str]
    programmes: list[str]
    stands_in_for: str | None
    valid_from: date
    valid_to: date | None
    last_day: date | None
    ended_at: datetime | None
    proposer: str
    approver: str | None
    approved_at: datetime | None

    @classmethod
    def of(cls, entry: Entry) -> Self:
        """An entry of the register as it is shown."""
        assignment = entry.assignment
        stopped = [end.at for end in assignment.ends if end.at_once and end.last_day == assignment.last_day]
        return cls(
            assignment_id=assignment.assignment_id,
            proposal_id=entry.proposal_id,
            person=assignment.person,
            duty=assignment.duty,
            role=assignment.role,
            districts=list(assignment.districts),
            programmes=list(assignment.programmes),
            stands_in_for=assignment.stands_in_for,
            valid_from=assignment.valid_from,
            valid_to=assignment.valid_to,
            last_day=assignment.last_day,
            ended_at=min(stopped, default=None),
            proposer=entry.proposer,
            approver=entry.approver,
            approved_at=entry.approved_at,
        )


class Assignments(BaseModel):
    """Assignments, oldest first."""

    items: list[AssignmentView]


class ProposalView(BaseModel):
    """A proposal and how far it is; the approval names `sha256`."""

    proposal_id: UUID
    state: ProposalState
    reason: str
    sha256: str
    proposer: str
    approver: str | None
    proposed_at: datetime
    items: list[AssignmentView]

    @classmethod
    def of(cls, proposal: ProposalEntries) -> Self:
        """A proposal as it is shown."""
        proposed, approver = proposal.proposed, proposal.approver
        return cls(
            proposal_id=proposed.proposal_id,
            state="approved" if approver else "proposed",
            reason=proposed.reason,
            sha256=proposed.sha256,
            proposer=proposed.proposer,
            approver=approver,
            proposed_at=proposed.proposed_at,
            items=[AssignmentView.of(entry) for entry in proposal.entries],
        )


class Proposals(BaseModel):
    """Proposals that wait for approval, oldest first."""

    items: list[ProposalView]


class ChargeView(BaseModel):
    """One role and what it reaches; `stands_in_for` names the person whose it is, where it is by substitution."""

    role: str
    districts: list[str]
    programmes: list[str]
    stands_in_for: list[str]


class HeldView(BaseModel):
    """What a person holds at the end of a day (now, where it is today): what the identity provider puts into tokens.

    `charges` say what each role reaches; the lists beside it hold all of it together. `last_day` is the last on which
    it is so: a token does not outlive it.
    """

    person: str
    on: date
    roles: list[str]
    districts: list[str]
    programmes: list[str]
    stands_in_for: list[str]
    charges: list[ChargeView]
    last_day: date | None

    @classmethod
    def of(cls, held_on: HeldOn) -> Self:
        """What is held as it is shown."""
        held = held_on.held
        charges = [
            ChargeView(
                role=str(assignment.role),
                districts=list(assignment.districts),
                programmes=list(assignment.programmes),
                stands_in_for=[other] if other else [],
            )
            for assignment, other in held.charges
        ]
        return cls(
            person=held_on.person,
            on=held_on.on,
            roles=held.roles,
            districts=held.districts,
            programmes=held.programmes,
            stands_in_for=held.stands_in_for,
            charges=charges,
            last_day=held.last_day,
        )


class OnQuery(BaseModel):
    """Which day; today unless named."""

    on: date | None = None


class CaseworkerView(Answer):
    """A caseworker with the districts of which they are in charge, now or from a later day on."""

    person: str
    districts: list[str]


class Caseworkers(BaseModel):
    """The caseworkers to whom a case may go, by id; empty while the register names none."""

    items: list[CaseworkerView]


class ListQuery(BaseModel):
    """Whose assignments, held on which day, as known at the end of which day; all of each unless named."""

    person: Staff | None = None
    on: date | None = None
    known_on: Day | None = None


class AccessQuery(BaseModel):
    """Which day, and in which form."""

    on: Day
    format: Literal["json", "csv"] = "json"
