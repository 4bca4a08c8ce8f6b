"""Facts that the rooms tell one another, version in the type. Ids, codes and amounts; never a name or an account.

Yen are whole yen. Months are "YYYY-MM", days "YYYY-MM-DD" (Asia/Tokyo business dates). A field is added with a
default; anything else is a new class with the next version.
"""

from datetime import date, datetime
from typing import ClassVar, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from shared.contracts.assistance import Kind, Programme
from shared.contracts.purposes import Assigned, Emergency, Purpose


class FactData(BaseModel):
    """Data of one fact; ``TYPE`` is its CloudEvents type with the version."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
    TYPE: ClassVar[str]


class ImportProposed(FactData):
    """A file of the office was handed in and found without fault; nothing is loaded yet."""

    TYPE = "import.proposed.v1"
    import_id: UUID
    rows: int
    sha256: str


class ImportRefused(FactData):
    """An import was refused: how many faults of each kind (a code), and the records on which the answer said something.

    ``more``: there were more faults than are counted.
    """

    TYPE = "import.refused.v1"
    counts: dict[str, int]
    more: bool = False
    subjects: list[str] = []


class ImportConfirmed(FactData):
    """Another person approved the import by its hash; it is loaded next, or returned."""

    TYPE = "import.confirmed.v1"
    import_id: UUID
    rows: int
    sha256: str
    proposer: str
    approver: str


class ImportReturned(FactData):
    """An import that was confirmed could not be loaded (a problem type): it waits for an approval again."""

    TYPE = "import.returned.v1"
    import_id: UUID
    reason: str


class ImportApproved(FactData):
    """Another person approved the import by its hash, and it was loaded.

    ``rows`` is without the ``left_out`` ones of them, which are barred to one of the two people.
    """

    TYPE = "import.approved.v1"
    import_id: UUID
    rows: int
    left_out: int = 0
    sha256: str
    proposer: str
    approver: str


class ImportWithdrawn(FactData):
    """An import was taken back before it was approved: by its proposer, or returned by another person."""

    TYPE = "import.withdrawn.v1"
    import_id: UUID
    reason: str


class CollectiveOpened(FactData):
    """The office is to be determined as one act (一括決定)."""

    TYPE = "collective.opened.v1"
    collective_id: UUID
    month: str
    reason: str


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
    reason: str


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


class RunOpened(FactData):
    """A payment run (支給) was opened; positions are what each producer had told by then."""

    TYPE = "run.opened.v1"
    run_id: UUID
    month: str
    run_kind: str
    positions: dict[str, int]


class RunCutOff(FactData):
    """The run is frozen at its cut-off (締め)."""

    TYPE = "run.cut_off.v1"
    run_id: UUID
    count: int
    yen: int
    sha256: str


class OrdersMade(FactData):
    """One chunk of orders (支払決定) was made."""

    TYPE = "orders.made.v1"
    run_id: UUID
    chunk: int
    count: int
    yen: int
    sha256: str


class RunProposed(FactData):
    """All orders of the run are made: what the approval has to name."""

    TYPE = "run.proposed.v1"
    run_id: UUID
    count: int
    yen: int
    sha256: str


class RunWithdrawn(FactData):
    """A run that nobody had approved was taken back (取下げ): the orders that it gave up, and their canonical rows."""

    TYPE = "run.withdrawn.v1"
    run_id: UUID
    month: str
    run_kind: str
    count: int
    yen: int
    sha256: str


class RunApproved(FactData):
    """Another person approved the run by its hash; accounts are frozen, the 支出命令 is issued."""

    TYPE = "run.approved.v1"
    run_id: UUID
    count: int
    yen: int
    sha256: str
    proposer: str
    approver: str


class DisbursementAccepted(FactData):
    """The treasurer (会計管理者) accepted the disbursement order (支出命令)."""

    TYPE = "disbursement.accepted.v1"
    run_id: UUID
    count: int
    yen: int
    sha256: str
    treasurer: str


class FileMade(FactData):
    """A bank file (総合振込) of one programme was made and inspected by the independent reader."""

    TYPE = "file.made.v1"
    run_id: UUID
    programme: Programme
    records: int
    yen: int
    sha256: str


class FileReadBack(FactData):
    """What stands in the treasurer's folder under a file's name is no longer what was found there before.

    ``standing``: ``as_stored``, ``altered``, ``missing``, or ``taken`` by the treasurer; ``sha256`` is the stored one.
    """

    TYPE = "file.read_back.v1"
    run_id: UUID
    programme: Programme
    sha256: str
    standing: str


class FileReceived(FactData):
    """The treasurer has the file whose bytes have this hash (受領)."""

    TYPE = "file.received.v1"
    run_id: UUID
    programme: Programme
    sha256: str
    treasurer: str


class FileReissued(FactData):
    """A person had the stored bytes handed over again (再発行): the same hash, the next issue."""

    TYPE = "file.reissued.v1"
    run_id: UUID
    programme: Programme
    sha256: str
    issue: int


class EntitlementHeld(FactData):
    """An entitlement overlaps another case's cover of the same person and need: held, ordered by nobody."""

    TYPE = "entitlement.held.v1"
    determination_id: UUID
    case_no: str
    month: str
    kind: Kind
    yen: int
    person_no: str
    other_case_no: str


class EntitlementReleased(FactData):
    """A held entitlement stands again: what it overlapped is no longer covered by the other case."""

    TYPE = "entitlement.released.v1"
    determination_id: UUID
    case_no: str
    month: str
    kind: Kind
    yen: int


class OrderWithdrawn(FactData):
    """Yen of an order that was not sent were taken back, since the entitlement fell."""

    TYPE = "order.withdrawn.v1"
    run_id: UUID
    case_no: str
    month: str
    kind: Kind
    yen: int


class RunCompleted(FactData):
    """All files of a run are handed over and its postings made; count and yen are those of the postings to benefits."""

    TYPE = "run.completed.v1"
    run_id: UUID
    count: int
    yen: int
    sha256: str


class ParkedReleased(FactData):
    """An operator let what was parked go on: facts of one subject (``count`` were applied), or a piece of a job."""

    TYPE = "parked.released.v1"
    parked_id: UUID
    subject: str
    count: int


class EpochBegun(FactData):
    """A service was restored and tells a stream in a new epoch, after its number ``after``.

    What it had told beyond that number in the epoch ``before`` is no longer its own.
    """

    TYPE = "epoch.begun.v1"
    stream: str
    epoch: str
    before: str
    after: int


class EpochAdopted(FactData):
    """A reader goes on with a producer's new epoch after the number ``after``: up to there both have the same facts.

    ``lost`` facts that it took beyond, in the epoch ``before``, are no longer known to the producer.
    """

    TYPE = "epoch.adopted.v1"
    producer: str
    stream: str
    epoch: str
    before: str
    after: int
    lost: int


class Look(FactData):
    """One answer that showed records of persons: all its subjects and the purpose."""

    TYPE = "look.v1"
    what: str
    subjects: list[str]
    purpose: Purpose
    break_glass: UUID | None = None


class Refusal(FactData):
    """A request that was refused: permission, problem, and the record where it is known; ``count`` told as one."""

    TYPE = "refusal.v1"
    method: str
    route: str
    permission: str
    problem: str
    subject: str = ""
    why: str = ""
    count: int = 1


class BreakGlass(FactData):
    """A person opened a record out of their scope in an emergency (緊急閲覧); the words of the reason stay behind."""

    TYPE = "break_glass.v1"
    break_glass_id: UUID
    subject: str
    reason: Emergency
    until: datetime


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


class RestrictionProposed(FactData):
    """A restriction on a case, or its lifting, was proposed: shielded (支援措置), or barred to one of the staff."""

    TYPE = "restriction.proposed.v1"
    restriction_id: UUID
    kind: str
    lifts: UUID | None
    sha256: str


class RestrictionApproved(FactData):
    """Another person approved the restriction, or its lifting: it holds on its days."""

    TYPE = "restriction.approved.v1"
    restriction_id: UUID
    kind: str
    staff: str | None
    lifts: UUID | None
    from_: date = Field(alias="from")
    to: date | None
    proposer: str
    approver: str


class AccessExported(FactData):
    """Who could do what on a day was exported: how many rows, and their SHA-256."""

    TYPE = "access.exported.v1"
    on: date
    format: str
    rows: int
    sha256: str


class CopiesExpired(FactData):
    """Clear copies of one room went since their period was over: how many rows of each kind."""

    TYPE = "copies.expired.v1"
    counts: dict[str, int]


class RetentionSet(FactData):
    """The office set how many months something is kept (保存期間)."""

    TYPE = "retention.set.v1"
    name: str
    months: int
    before: int | None


class DeletionProposed(FactData):
    """Openings of the log were proposed for deletion: those taken before a day; what the approval has to name."""

    TYPE = "deletion.proposed.v1"
    deletion_id: UUID
    kind: str
    before: date
    months: int
    first: int
    last: int
    count: int
    sha256: str


class DeletionApproved(FactData):
    """Another person approved the deletion by its hash."""

    TYPE = "deletion.approved.v1"
    deletion_id: UUID
    kind: str
    count: int
    sha256: str
    proposer: str
    approver: str


class OpeningsDeleted(FactData):
    """The notice of a deletion: who approved which entries under which rule, what went, and when the last copies go.

    ``count`` entries from index ``first`` to ``last`` can no longer be opened; ``sha256`` is that of the deletion's id
    and their canonical rows; ``held`` were approved and stayed, since a hold came between. Producers keep their
    events until ``events_until`` at the latest, backups of today live until ``backups_until``.
    """

    TYPE = "openings.deleted.v1"
    deletion_id: UUID
    kind: str
    before: date
    months: int
    first: int
    last: int
    count: int
    held: int
    sha256: str
    events_until: date | None
    backups_until: date | None
    proposer: str
    approver: str


class HoldPlaced(FactData):
    """A hold stops the deletion of what it covers: by subjects, by days, or by both; empty covers all."""

    TYPE = "hold.placed.v1"
    hold_id: UUID
    reason: str
    subjects: list[str]
    first_day: date | None
    last_day: date | None


class HoldEnded(FactData):
    """Another person ended a hold."""

    TYPE = "hold.ended.v1"
    hold_id: UUID
    reason: str


class LookReviewed(FactData):
    """A reviewer said of an unusual look (点検) what it was, by a code; the words stay in the log's table."""

    TYPE = "look.reviewed.v1"
    review_id: UUID
    finding_id: UUID
    rule: str
    concerned: list[str]
    outcome: str
    through: int


class LogExported(FactData):
    """Who looked at whom was exported from the log for the privacy board: rows, and the SHA-256 of the file."""

    TYPE = "log.exported.v1"
    first_day: date
    last_day: date
    person_no: str | None
    rows: int
    sha256: str


class LogRefilled(FactData):
    """The log's database had been restored to an earlier day, and was given back what it had published.

    Entries from index ``first`` to ``last`` are as they were published, under this ``root`` (base64); their openings
    were lost.
    """

    TYPE = "log.refilled.v1"
    first: int
    last: int
    root: str


class LogCanary(FactData):
    """What the log writes into itself once a business day, to see that it reads back what was written."""

    TYPE = "log.canary.v1"
    canary: UUID


class Login(FactData):
    """A person began a session at the gateway."""

    TYPE = "login.v1"
    session_id: UUID


class Logout(FactData):
    """A session ended: by the person, by idleness or by its absolute limit."""

    TYPE = "logout.v1"
    session_id: UUID
    reason: str


FACTS: Final[dict[str, type[FactData]]] = {
    fact.TYPE: fact
    for fact in (
        ImportProposed,
        ImportRefused,
        ImportConfirmed,
        ImportReturned,
        ImportApproved,
        ImportWithdrawn,
        CollectiveOpened,
        DeterminationsProposed,
        CollectiveProposed,
        CollectiveApproved,
        CollectiveWithdrawn,
        DeterminationApproved,
        RunOpened,
        RunCutOff,
        OrdersMade,
        RunProposed,
        RunWithdrawn,
        RunApproved,
        DisbursementAccepted,
        FileMade,
        FileReadBack,
        FileReceived,
        FileReissued,
        EntitlementHeld,
        EntitlementReleased,
        OrderWithdrawn,
        RunCompleted,
        ParkedReleased,
        EpochBegun,
        EpochAdopted,
        Look,
        Refusal,
        BreakGlass,
        AssignmentsProposed,
        AssignmentApproved,
        AssignmentEnded,
        RestrictionProposed,
        RestrictionApproved,
        AccessExported,
        CopiesExpired,
        RetentionSet,
        DeletionProposed,
        DeletionApproved,
        OpeningsDeleted,
        HoldPlaced,
        HoldEnded,
        LookReviewed,
        LogExported,
        LogRefilled,
        LogCanary,
        Login,
        Logout,
    )
}
