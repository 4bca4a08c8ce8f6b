"""Bodies, queries and answers of the operations that every deciding service has."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from shared.contracts.assistance import Programme
from shared.contracts.codes import (
    ActReason,
    ActState,
    DeterminationState,
    ImportKind,
    ImportState,
    ProposalState,
    RestrictionKind,
    TakenBack,
)
from shared.contracts.purposes import Purpose
from shared.service_kit.identity import claims

Month = Annotated[
    str, Field(pattern=r"^(19[5-9]|2[01][0-9])[0-9]-(0[1-9]|1[0-2])$", description='"YYYY-MM", of 1950 to 2199')
]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", description="SHA-256, hexadecimal")]
Day = Annotated[date, Field(ge=date(1900, 1, 1), le=date(2999, 12, 31), description="a day of the calendar")]
Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$", description="a code, never free text")]

Staff = claims.Staff


class Answer(BaseModel):
    """An answer, read from what a use case returns."""

    model_config = ConfigDict(from_attributes=True)


class Approve(BaseModel):
    """An approval (決裁) names by hash what it approves."""

    sha256: Sha256


class PurposeQuery(BaseModel):
    """A look: the purpose is recorded."""

    purpose: Purpose


class ImportProblem(Answer):
    """Why an import that was approved could not be loaded: a problem type, and what to do; never a value."""

    type: str
    detail: str
    returned_at: datetime


class ImportView(Answer):
    """An import (取込) and how far it is: a ward's cases, or a correction (訂正) of some that are on record.

    ``approving``: another person approved it, and it is being loaded; ``failed``: that stopped again and again and
    waits for an operator. Where it came back to ``proposed``, the ``problem`` says why.
    """

    import_id: UUID
    kind: ImportKind
    state: ImportState
    households: int
    persons: int
    rows: int
    sha256: str
    proposer: str
    approver: str | None
    correlation: str
    proposed_at: datetime
    approved_at: datetime | None
    problem: ImportProblem | None
    withdrawn_by: str | None


class Differences(Answer):
    """Cases that an import would change of what holds, as far as the caller may see them.

    added: not on record; changed: on record already (an import that is no correction cannot be approved with them);
    ended: no longer on assistance by the days that it names.
    """

    added: int
    changed: int
    ended: int


class ImportItem(ImportView):
    """An import in the list, and while it waits what it would change."""

    differences: Differences | None


class ImportList(Answer):
    """All imports that wait, then the newest, each newest first."""

    items: list[ImportItem]


class OpenCollective(BaseModel):
    """The office is to be determined as one act (一括決定)."""

    month: Month
    reason: ActReason


class Withdraw(BaseModel):
    """Why an act is taken back by its proposer, or returned by a head (``returned``)."""

    reason: TakenBack


class RefusedCase(Answer):
    """A case that the rules cannot determine: which field, never its value."""

    case_no: str
    type: str
    field: str
    detail: str


class CollectiveView(Answer):
    """A collective determination; ``yen`` is the month's sum over its determinations.

    ``undetermined`` counts the cases that the rules cannot determine; ``refused`` are those of them that the caller may
    see. ``on_assistance + ended = cases + unchanged + undetermined + left_out``: ``ended`` cases are brought to zero,
    ``left_out`` ones are barred to proposer or approver and wait for another pair. ``month_cases`` and ``month_yen``
    are what its cases come to once it is approved; beside them stands what the month before came to, and ``outlier``
    says that the two differ by more than a fifth. All are counted so far while it is drafted, and None where nothing
    was counted. ``barred_cases`` and ``barred_yen`` of a proposed act would stay out if the caller approved it today:
    they are barred to proposer or caller.
    """

    collective_id: UUID
    month: str
    reason: str
    state: ActState
    opened_at: datetime
    cases: int
    yen: int
    sha256: str | None
    proposer: str
    approver: str | None
    correlation: str
    undetermined: int
    refused: list[RefusedCase]
    on_assistance: int | None
    ended: int | None
    unchanged: int | None
    left_out: int | None
    month_cases: int | None
    month_yen: int | None
    last_month_cases: int | None
    last_month_yen: int | None
    outlier: bool
    barred_cases: int = 0
    barred_yen: int = 0


class CollectivesQuery(BaseModel):
    """Which month's acts; without a month those of any month that still wait for somebody or are under way.

    since: a month; beside what is open, all acts of it and of later months.
    """

    month: Month | None = None
    since: Month | None = None


class Collectives(Answer):
    """The collective determinations of a month, oldest first.

    ``undetermined`` is told to who asks for all since a month: of each month with an act that was carried out, and no
    open one, the cases on assistance that have no determination and are not barred to the caller; no month with none.
    """

    items: list[CollectiveView]
    undetermined: dict[str, int] = {}


class LookQuery(BaseModel):
    """A look at a case: the purpose is recorded; ``known_on`` asks what the office knew at the end of that day."""

    purpose: Purpose
    month: Month | None = None
    known_on: Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")] | None = None


class MemberView(Answer):
    """A member of a case: known by the person number (宛名番号); names only where the register is."""

    person_no: str
    name: str | None = None
    kana: str | None = None
    facts: dict[str, Any]


class CaseView(Answer):
    """A case as of a month, as known on a day; with ``application_no`` it is under investigation (調査中).

    With ``withdrawn_on`` it no longer is: the application was taken back (取下げ).
    """

    case_no: str
    application_no: str | None
    withdrawn_on: date | None
    programme: Programme
    month: str
    facts: dict[str, Any]
    members: list[MemberView]


class LineView(Answer):
    """One line of a determination, yen of the month, with its basis and inputs."""

    kind: str
    member: str | None
    yen: int
    basis: str
    inputs: dict[str, Any]
    trust: str


class DeterminationView(Answer):
    """A determination (決定) with its lines; kinds in yen of the month."""

    determination_id: UUID
    collective_id: UUID
    state: DeterminationState
    month: str
    standards: str
    kinds: dict[str, int]
    yen: int
    lines: list[LineView]
    warnings: list[dict[str, Any]]
    replaces: UUID | None
    replaced_by: UUID | None
    proposer: str
    approver: str | None
    drafted_at: datetime
    approved_at: datetime | None


class Determinations(Answer):
    """The determinations of a case, newest first."""

    case_no: str
    programme: Programme
    items: list[DeterminationView]


class ProposeRestriction(BaseModel):
    """Shield the persons of a case (支援措置), or bar one of the `staff` from it (親族等); days are included."""

    kind: RestrictionKind
    staff: Staff | None = None
    from_: Day = Field(alias="from")
    to: Day | None = None
    reason: Code


class Lift(BaseModel):
    """Lift a restriction from a day on."""

    from_: Day = Field(alias="from")
    reason: Code


class RestrictionView(Answer):
    """A restriction, or what lifts one; the approval names `sha256`."""

    restriction_id: UUID
    state: ProposalState
    case_no: str
    kind: RestrictionKind
    staff: str | None
    valid_from: date
    valid_to: date | None
    lifts: UUID | None
    reason: str
    sha256: str
    proposer: str
    approver: str | None
    proposed_at: datetime
    approved_at: datetime | None


class Restrictions(Answer):
    """The restrictions on a case, oldest first."""

    items: list[RestrictionView]


class OnDay(BaseModel):
    """Which day."""

    on: Day


class RestrictionOnDay(Answer):
    """A restriction that held on a day: by whom, whether the office knew it by the end of the day, and knows it now."""

    case_no: str
    kind: RestrictionKind
    staff: str | None
    valid_from: date
    valid_to: date | None
    proposer: str
    approver: str
    known_then: bool
    known_today: bool


class RestrictionsOnDay(Answer):
    """The restrictions that held on a day, by case."""

    items: list[RestrictionOnDay]


class AccessView(Answer):
    """The caller may see the case; what decides who may."""

    case_no: str
    programme: Programme
    district: str | None
    caseworker: str | None
    shielded: bool
