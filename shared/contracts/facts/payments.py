"""Facts that payments publishes: runs (支給), orders (支払決定), bank files (総合振込), held entitlements."""

from uuid import UUID

from shared.contracts.assistance import Kind, Programme
from shared.contracts.codes import NotedStanding, RunKind
from shared.contracts.facts.fact_data import FactData


class RunOpened(FactData):
    """A payment run (支給) was opened; positions are what each producer had told by then."""

    TYPE = "run.opened.v1"
    run_id: UUID
    month: str
    run_kind: RunKind
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
    run_kind: RunKind
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
    standing: NotedStanding


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
