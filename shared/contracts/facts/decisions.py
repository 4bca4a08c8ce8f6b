"""Facts that both deciding services publish: collective acts (一括決定), determinations (決定), restrictions."""

from datetime import date
from uuid import UUID

from pydantic import Field

from shared.contracts.assistance import Kind, Programme
from shared.contracts.codes import ActReason, CircumstanceReason, GivenUp, RestrictionKind, TakenBack
from shared.contracts.facts.fact_data import FactData


class CollectiveOpened(FactData):
    """The office is to be determined as one act (一括決定)."""

    TYPE = "collective.opened.v1"
    collective_id: UUID
    month: str
    reason: ActReason


class DeterminationsProposed(FactData):
    """One chunk of a collective determination was drafted and proposed by machine."""

    TYPE = "determinations.proposed.v1"
    collective_id: UUID
    chunk: int
    count: int
    yen: int
    sha256: str


class CollectiveProposed(FactData):
    """All chunks are drafted: what the approval has to name."""

    TYPE = "collective.proposed.v1"
    collective_id: UUID
    month: str
    count: int
    yen: int
    sha256: str


class CollectiveApproved(FactData):
    """One approval by another person over all determinations that the hash names (決裁).

    ``count`` and ``yen`` are without the ``left_out`` ones of them, which are barred to one of the two people.
    """

    TYPE = "collective.approved.v1"
    collective_id: UUID
    month: str
    count: int
    yen: int
    sha256: str
    proposer: str
    approver: str
    left_out: int = 0


class CollectiveWithdrawn(FactData):
    """An act came to nothing before its approval: taken back by its proposer (取下げ), returned by a head (差戻し), or
    given up by the service since somebody on assistance had no outcome.
    """

    TYPE = "collective.withdrawn.v1"
    collective_id: UUID
    month: str
    reason: TakenBack | GivenUp


class Cover(FactData):
    """Days on which one person's need of one kind is met by a case."""

    TYPE = "cover.v1"
    person_no: str
    need: Kind
    from_: date = Field(alias="from")
    to: date


class DeterminationApproved(FactData):
    """A determination (決定): absolute yen by kind for one case and month, never a difference, never a payee."""

    TYPE = "determination.approved.v1"
    determination_id: UUID
    case_no: str
    programme: Programme
    month: str
    kinds: dict[Kind, int]
    covers: list[Cover]
    replaces: UUID | None = None
    proposer: str
    approver: str


class CircumstanceRecorded(FactData):
    """A fact of a case or of one of its members was recorded by hand: from which day, and what it corrects."""

    TYPE = "circumstance.recorded.v1"
    number: int
    person_no: str | None
    fact: str
    from_: date | None = Field(alias="from")
    to: date | None
    corrects: int | None
    reason: CircumstanceReason


class RestrictionProposed(FactData):
    """A restriction on a case, or its lifting, was proposed: shielded (支援措置), or barred to one of the staff."""

    TYPE = "restriction.proposed.v1"
    restriction_id: UUID
    kind: RestrictionKind
    lifts: UUID | None
    sha256: str


class RestrictionApproved(FactData):
    """Another person approved the restriction, or its lifting: it holds on its days."""

    TYPE = "restriction.approved.v1"
    restriction_id: UUID
    kind: RestrictionKind
    staff: str | None
    lifts: UUID | None
    from_: date = Field(alias="from")
    to: date | None
    proposer: str
    approver: str
