"""What payments is sent and answers with. Yen are whole yen, months "YYYY-MM"."""

from datetime import date, datetime
from typing import Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from shared.contracts.assistance import Kind, Programme
from shared.contracts.codes import (
    AccountImportState,
    Channel,
    DeskReason,
    EntitlementState,
    FileStanding,
    RunKind,
    RunState,
    TakenBack,
    TransferState,
)
from shared.contracts.purposes import Purpose

MONTH: Final = r"^[12][0-9]{3}-(0[1-9]|1[0-2])$"


class ApprovalBody(BaseModel):
    """The SHA-256 of what is approved, as it was shown."""

    model_config = ConfigDict(extra="forbid")
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class Withdraw(BaseModel):
    """Why an import is taken back by its proposer, or returned by a head of accounting (``returned``)."""

    model_config = ConfigDict(extra="forbid")
    reason: TakenBack


class ImportView(BaseModel):
    """An import of accounts.

    left_out: accounts of cases that are barred to one of its two people (除斥), as far as the caller may know of them:
    its approval does not cover them, and another pair decides them. remainder_of: the import whose ones it decides.
    """

    import_id: UUID
    state: AccountImportState
    rows: int
    left_out: int
    remainder_of: UUID | None
    sha256: str
    proposer: str
    approver: str | None
    proposed_at: datetime
    approved_at: datetime | None
    withdrawn_by: str | None


class Differences(BaseModel):
    """Accounts that an import would change of what holds.

    added: of cases without one; changed: of cases that have one; to_cash_desk: from an account to the cash desk;
    unknown: of cases of which nothing was determined under their programme, the first hundred in ``unknown_cases``.
    """

    added: int
    changed: int
    to_cash_desk: int
    unknown: int
    unknown_cases: list[str]


class ImportItem(ImportView):
    """An import in the list; while it waits with what it would change."""

    differences: Differences | None


class ImportList(BaseModel):
    """All imports that wait, then the newest, each newest first."""

    items: list[ImportItem]


class OpenRun(BaseModel):
    """Which month is paid, and whether as its regular run (定例) or an extra one (随時)."""

    model_config = ConfigDict(extra="forbid")
    month: str = Field(pattern=MONTH)
    run_kind: RunKind = "regular"


class MonthQuery(BaseModel):
    """A month "YYYY-MM"; without it what of any month still waits for somebody.

    since: a month; beside what is open, all runs of it and of later months.
    """

    month: str | None = Field(None, pattern=MONTH)
    since: str | None = Field(None, pattern=MONTH)


class FileView(BaseModel):
    """A bank file (総合振込): records counts data records.

    standing: how it stands in the treasurer's folder, read there just now (``taken``: gone, and the treasurer has it;
    ``stuck``: its hand-over failed several times, for the ``reason``, a code). issue: 2 and more after a re-issue.
    """

    programme: Programme
    path: str
    records: int
    yen: int
    sha256: str
    written: bool
    standing: FileStanding
    reason: str | None
    issue: int
    received_by: str | None
    received_at: datetime | None


class SourceView(BaseModel):
    """What a run is made of, by deciding service.

    position: how far it had told when the run was opened; reached: how far we have read it, which the cut-off (締め)
    waits for. on_assistance, determined, acts_approved: what it said of the month then (cases, cases, collective acts);
    refused, left_out, waiting: cases that are not determined and not paid; ended_yen: in force for cases that ended;
    changed_since: cases that changed after they were determined, and are paid by what was known before;
    taken: cases of which a determination of the month has come to us; parked: cases of which one came that could not be
    applied, and no other.
    """

    producer: str
    programme: Programme
    position: int
    reached: int
    on_assistance: int | None
    determined: int | None
    acts_approved: int | None
    refused: int | None
    left_out: int | None
    waiting: int | None
    ended_yen: int | None
    changed_since: int | None
    taken: int
    parked: int


class LastMonth(BaseModel):
    """The regular run of the month before; yen by way of paying."""

    run_id: UUID
    month: str
    orders: int
    cases: int
    yen: int
    bank_yen: int
    cash_yen: int


class DeskView(BaseModel):
    """Cases at the cash desk for want of an account that can be paid into; moved: those paid by bank last month."""

    cases: int
    yen: int
    moved_cases: int
    moved_yen: int


class RunView(BaseModel):
    """A run: yen by way of paying, and what its approval has to name.

    parked_below: facts up to its positions that could not be applied; later: determinations told after them;
    overdue: its payment date has passed and nobody has accepted it: nobody can, and it is withdrawn.
    parked_chunks: pieces of its work that failed too often and wait for a person; outlier: yen or cases differ from
    last month by more than a fifth.
    """

    run_id: UUID
    month: str
    number: int
    run_kind: RunKind
    payment_date: date
    overdue: bool
    state: RunState
    positions: dict[str, int]
    sources: list[SourceView]
    cases: int | None
    last_month: LastMonth | None
    outlier: bool
    desk: DeskView | None
    parked_below: int
    later: int
    parked_chunks: int
    orders: int
    yen: int
    bank_yen: int
    cash_yen: int
    set_off_yen: int
    internal_yen: int
    sha256: str | None
    files: list[FileView]
    proposer: str
    approver: str | None
    treasurer: str | None
    withdrawn_by: str | None
    correlation: str
    trace_id: str
    opened_at: datetime
    cut_off_at: datetime | None
    proposed_at: datetime | None
    approved_at: datetime | None
    accepted_at: datetime | None
    files_made_at: datetime | None
    withdrawn_at: datetime | None


class DeskItem(BaseModel):
    """One case at the cash desk; last_month: ``bank``, ``cash`` or null.

    account: ``none``, ``cash`` (by instruction), or ``closed``: its bank or branch is none on the payment date.
    """

    case_no: str
    programme: Programme
    yen: int
    account: DeskReason
    last_month: str | None


class DeskList(BaseModel):
    """Cases at the cash desk, in the order of case numbers."""

    items: list[DeskItem]


class MonthSums(BaseModel):
    """A month in whole yen over all runs: entitled (the held of it too), ordered less what was withdrawn, and held."""

    month: str
    entitled_yen: int
    ordered_yen: int
    held_yen: int


class RunList(BaseModel):
    """Runs of a month; without a month the open ones, with the months that are owed and that no run pays."""

    items: list[RunView]
    unpaid_months: list[str] = []


class PurposeQuery(BaseModel):
    """Why somebody looks."""

    purpose: Purpose


class EntitlementView(BaseModel):
    """Yen of one month and kind as the newest determination grants it; held ones are ordered by nobody."""

    month: str
    kind: Kind
    programme: Programme
    yen: int
    state: EntitlementState
    ordered: int
    overpaid: int
    claimed: int


class TransferView(BaseModel):
    """One attempt to pay; an account is shown by its last three digits."""

    transfer_id: UUID
    run_id: UUID
    month: str
    run_kind: RunKind
    payment_date: date
    channel: Channel
    yen: int
    state: TransferState
    bank_name: str | None
    branch_name: str | None
    account_end: str | None


class CasePayments(BaseModel):
    """Entitlements and transfers of a case, newest first."""

    case_no: str
    entitlements: list[EntitlementView]
    transfers: list[TransferView]
