"""Payment runs: opened, approved, accepted, handed over."""

import re
from dataclasses import asdict
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.payments.adapters.access_log import look_at_cases
from services.payments.adapters.deciding_services.populations import Populations, populations, populations_of_run
from services.payments.adapters.figures import month_sums
from services.payments.adapters.files.file_rows import cases_in_file, file_bytes
from services.payments.adapters.files.standings import Standing
from services.payments.adapters.runs.cash_desk import desk_payments, run_of
from services.payments.adapters.runs.open_runs import open_run_ids, unpaid_months
from services.payments.adapters.runs.views import run_view, run_views
from services.payments.api.imports import ApprovalBody
from services.payments.domain.run import is_within_reach
from services.payments.use_cases.files.receive_file import receive_file
from services.payments.use_cases.files.reissue_file import reissue_file
from services.payments.use_cases.runs.accept_disbursement import accept_disbursement
from services.payments.use_cases.runs.approve_run import approve_run
from services.payments.use_cases.runs.open_run import open_run
from services.payments.use_cases.runs.withdraw_run import withdraw_run
from shared.service_kit import Service
from shared.service_kit.http.idempotency import Answer
from shared.service_kit.http.routing import Routes
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork

routes = Routes("runs")
MONTH = r"^[12][0-9]{3}-(0[1-9]|1[0-2])$"


class OpenRun(BaseModel):
    """Which month is paid, and whether as its regular run (定例) or an extra one (随時)."""

    model_config = ConfigDict(extra="forbid")
    month: str = Field(pattern=MONTH)
    run_kind: Literal["regular", "extra"] = "regular"


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

    programme: str
    path: str
    records: int
    yen: int
    sha256: str
    written: bool
    standing: Standing
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
    programme: str
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
    run_kind: str
    payment_date: date
    overdue: bool
    state: str
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
    programme: str
    yen: int
    account: str
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


def _of_month(service: Service, body: OpenRun) -> Populations:
    if not is_within_reach(body.month, service.clock.today()):
        raise Problem("invalid-input", field="month", detail="支給できる月は、10年前から1年先までです")
    return populations(service, body.month)


def _of_run(service: Service, run_id: UUID, body: ApprovalBody) -> Populations:
    del body
    return populations_of_run(service, run_id)


@routes.get("/months/<month>/sums", permission="figures.read")
def get_month_sums(work: UnitOfWork, month: str) -> MonthSums:
    """The sums of a month that the page of a run shows beside it; they name nobody, and nothing is counted for them."""
    if not re.fullmatch(MONTH, month):
        raise Problem("invalid-input", field="month", detail="月は YYYY-MM の形で書いてください")
    return MonthSums(month=month, **month_sums(work, month))


@routes.post("/runs", permission="run.open", status=201, ask=_of_month)
def post_run(work: UnitOfWork, body: OpenRun, asked: Populations) -> RunView:
    """Open a run of a determined month; it is cut off once we have read all that was told by now."""
    run_id = open_run(work, body.month, body.run_kind, asked)
    work.wake("cut_off_runs")
    return RunView(**run_view(work, run_id))


@routes.get("/runs", permission="run.read", query=MonthQuery)
def get_runs(work: UnitOfWork, query: MonthQuery) -> RunList:
    """The runs of a month; without a month what is open."""
    if query.month is not None:
        return RunList(items=[RunView(**one) for one in run_views(work, query.month)])
    items = [RunView(**run_view(work, run_id)) for run_id in open_run_ids(work, query.since)]
    return RunList(items=items, unpaid_months=unpaid_months(work))


@routes.get("/runs/<run_id>", permission="run.read")
def get_run(work: UnitOfWork, run_id: UUID) -> RunView:
    """A run with its totals, files and people."""
    return RunView(**run_view(work, run_id))


@routes.get("/runs/<run_id>/desk", permission="account.read")
def get_run_desk(work: UnitOfWork, run_id: UUID) -> DeskList:
    """Who of a run is paid at the cash desk, and how each was paid last month; a look at all of them."""
    run = run_of(work, run_id)
    if run is None:
        raise Problem("not-found", field="run_id", detail="この支給処理はありません")
    items = [DeskItem(**asdict(one)) for one in desk_payments(work, run)]
    look_at_cases(work, "cash_desk", (one.case_no for one in items), "payments")
    return DeskList(items=items)


@routes.post("/runs/<run_id>/withdrawal", permission="run.withdraw")
def post_run_withdrawal(work: UnitOfWork, run_id: UUID) -> RunView:
    """Withdraw a run that nobody has approved, or an overdue one; its month may be opened again."""
    withdraw_run(work, run_id)
    return RunView(**run_view(work, run_id))


@routes.post("/runs/<run_id>/approval", permission="run.approve", approval=True, ask=_of_run)
def post_run_approval(work: UnitOfWork, run_id: UUID, body: ApprovalBody, asked: Populations) -> RunView:
    """Approve a run by its hash, where it pays all that its month was determined; accounts are frozen."""
    approve_run(work, run_id, body.sha256, asked)
    return RunView(**run_view(work, run_id))


@routes.post("/runs/<run_id>/acceptance", permission="disbursement.accept", approval=True)
def post_run_acceptance(work: UnitOfWork, run_id: UUID, body: ApprovalBody) -> RunView:
    """Accept the disbursement order (支出命令) by the hash that was approved."""
    accept_disbursement(work, run_id, body.sha256)
    work.wake("make_files")
    return RunView(**run_view(work, run_id))


@routes.get("/runs/<run_id>/files/<programme>", permission="file.read")
def get_run_file(work: UnitOfWork, run_id: UUID, programme: str) -> Answer:
    """The bank file as stored: every issue is the same bytes."""
    name, content = file_bytes(work, run_id, programme)
    look_at_cases(work, "bank_file", cases_in_file(work, run_id, programme), "disbursement", beside=f"run:{run_id}")
    headers = {"Content-Disposition": f'attachment; filename="{name.rsplit("/", 1)[-1]}"'}
    return Answer(content, "application/octet-stream", headers=headers)


@routes.post("/runs/<run_id>/files/<programme>/receipt", permission="file.receive")
def post_file_receipt(work: UnitOfWork, run_id: UUID, programme: str, body: ApprovalBody) -> RunView:
    """The treasurer has the bank file whose bytes have this hash (受領)."""
    receive_file(work, run_id, programme, body.sha256)
    return RunView(**run_view(work, run_id))


@routes.post("/runs/<run_id>/files/<programme>/reissue", permission="file.reissue")
def post_file_reissue(work: UnitOfWork, run_id: UUID, programme: str, body: ApprovalBody) -> RunView:
    """Issue the stored bytes again where the file in the folder is altered or gone (再発行)."""
    reissue_file(work, run_id, programme, body.sha256)
    work.wake("make_files")
    return RunView(**run_view(work, run_id))
