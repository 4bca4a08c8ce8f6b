"""Facts that case_management publishes for the whole office: who of the staff has which role, when (担当)."""

from datetime import date
from uuid import UUID

from pydantic import Field

from shared.contracts.codes import ExportFormat
from shared.contracts.facts.fact_data import FactData
from shared.contracts.purposes import Assigned


class AssignmentsProposed(FactData):
    """Assignments of staff (職員の担当) were proposed as one: what the approval has to name."""

    TYPE = "assignments.proposed.v1"
    proposal_id: UUID
    count: int
    reason: Assigned
    sha256: str


class AssignmentApproved(FactData):
    """A person of the staff has a role from a day on, or stands in for another (代行), by two other people."""

    TYPE = "assignment.approved.v1"
    assignment_id: UUID
    person: str
    duty: str
    role: str | None
    districts: list[str]
    programmes: list[str]
    stands_in_for: str | None
    from_: date = Field(alias="from")
    to: date | None
    proposer: str
    approver: str


class AssignmentEnded(FactData):
    """An assignment ends early: after its last day, or at once."""

    TYPE = "assignment.ended.v1"
    assignment_id: UUID
    person: str
    last_day: date
    at_once: bool
    reason: Assigned


class AccessExported(FactData):
    """Who could do what on a day was exported: how many rows, and their SHA-256."""

    TYPE = "access.exported.v1"
    on: date
    format: ExportFormat
    rows: int
    sha256: str
