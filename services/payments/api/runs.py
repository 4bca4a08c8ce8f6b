"""Payment runs: opened, approved, accepted, handed over."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.payments.adapters.open_work import open_run_ids, unpaid_months
from services.payments.adapters.views import file_bytes, run_view, run_views
from services.payments.api.imports import ApprovalBody
from services.payments.use_cases.accept_disbursement import accept_disbursement
from services.payments.use_cases.approve_run import approve_run
from services.payments.use_cases.open_run import open_run
from shared.service_kit.answers import Answer
from shared.service_kit.web import Routes
from shared.service_kit.work import UnitOfWork

routes = Routes("runs")
MONTH = r"^[0-9]{4}-(0[1-9]|1[0-2])$"


class OpenRun(BaseModel):
    """Which month is paid, and whether as its regular run (定例) or an extra one (随時)."""

    model_config = ConfigDict(extra="forbid")
    month: str = Field(pattern=MONTH)
    run_kind: Literal["regular", "extra"] = "regular"


class MonthQuery(BaseModel):
    """A month "YYYY-MM"; without it what of any month still waits for somebody."""

    month: str | None = Field(None, pattern=MONTH)


class FileView(BaseModel):
    """A bank file (総合振込): records counts data records."""

    programme: str
    path: str
    records: int
    yen: int
    sha256: str
    written: bool


class RunView(BaseModel):
    """A run: yen by way of paying, and what its approval has to name.

    parked_below: facts up to its positions that could not be applied; later: determinations told after them;
    parked_chunks: pieces of its work that failed too often and wait for a person.
    """

    run_id: UUID
    month: str
    number: int
    run_kind: str
    payment_date: date
    state: str
    positions: dict[str, int]
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
    correlation: str
    trace_id: str
    opened_at: datetime
    cut_off_at: datetime | None
    proposed_at: datetime | None
    approved_at: datetime | None
    accepted_at: datetime | None
    files_made_at: datetime | None


class RunList(BaseModel):
    """Runs of a month; without a month the open ones, with the months that are owed and that no regular run pays."""

    items: list[RunView]
    unpaid_months: list[str] = []


@routes.post("/runs", permission="run.open", status=201)
def post_run(work: UnitOfWork, body: OpenRun) -> RunView:
    """Open a run; it is cut off once we have read all that was told by now."""
    return RunView(**run_view(work, open_run(work, body.month, body.run_kind)))


@routes.get("/runs", permission="run.read", query=MonthQuery)
def get_runs(work: UnitOfWork, query: MonthQuery) -> RunList:
    """The runs of a month; without a month what is open."""
    if query.month is not None:
        return RunList(items=[RunView(**one) for one in run_views(work, query.month)])
    items = [RunView(**run_view(work, run_id)) for run_id in open_run_ids(work)]
    return RunList(items=items, unpaid_months=unpaid_months(work))


@routes.get("/runs/<run_id>", permission="run.read")
def get_run(work: UnitOfWork, run_id: UUID) -> RunView:
    """A run with its totals, files and people."""
    return RunView(**run_view(work, run_id))


@routes.post("/runs/<run_id>/approval", permission="run.approve", approval=True)
def post_run_approval(work: UnitOfWork, run_id: UUID, body: ApprovalBody) -> RunView:
    """Approve a run by its hash; accounts are frozen."""
    approve_run(work, run_id, body.sha256)
    return RunView(**run_view(work, run_id))


@routes.post("/runs/<run_id>/acceptance", permission="disbursement.accept", approval=True)
def post_run_acceptance(work: UnitOfWork, run_id: UUID, body: ApprovalBody) -> RunView:
    """Accept the disbursement order (支出命令) by the hash that was approved."""
    accept_disbursement(work, run_id, body.sha256)
    return RunView(**run_view(work, run_id))


@routes.get("/runs/<run_id>/files/<programme>", permission="file.read")
def get_run_file(work: UnitOfWork, run_id: UUID, programme: str) -> Answer:
    """The bank file as stored: every issue is the same bytes."""
    name, content = file_bytes(work, run_id, programme)
    work.look("bank_file", [f"run:{run_id}", f"programme:{programme}"], "disbursement")
    headers = {"Content-Disposition": f'attachment; filename="{name.rsplit("/", 1)[-1]}"'}
    return Answer(content, "application/octet-stream", headers=headers)
