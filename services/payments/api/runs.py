"""Payment runs: opened, approved, accepted, handed over."""

import re
from dataclasses import asdict
from uuid import UUID

from services.payments.adapters.access_log import look_at_cases
from services.payments.adapters.deciding_services.populations import Populations, populations, populations_of_run
from services.payments.adapters.figures import month_sums
from services.payments.adapters.files.file_rows import cases_in_file, file_bytes
from services.payments.adapters.runs.cash_desk import desk_payments, run_of
from services.payments.adapters.runs.open_runs import open_run_ids, unpaid_months
from services.payments.adapters.runs.views import run_view, run_views
from services.payments.api.schemas import (
    MONTH,
    ApprovalBody,
    DeskItem,
    DeskList,
    MonthQuery,
    MonthSums,
    OpenRun,
    RunList,
    RunView,
)
from services.payments.domain.run import is_within_reach
from services.payments.use_cases.files.receive_file import receive_file
from services.payments.use_cases.files.reissue_file import reissue_file
from services.payments.use_cases.runs.accept_disbursement import accept_disbursement
from services.payments.use_cases.runs.approve_run import approve_run
from services.payments.use_cases.runs.open_run import open_run
from services.payments.use_cases.runs.withdraw_run import withdraw_run
from shared.service_kit.http.idempotency import Answer
from shared.service_kit.http.routing import Routes
from shared.service_kit.identity.access_tokens import Caller
from shared.service_kit.problems import Problem
from shared.service_kit.runtime import Runtime
from shared.service_kit.unit_of_work import UnitOfWork

routes = Routes("runs")


def _of_month(runtime: Runtime, caller: Caller, body: OpenRun) -> Populations:
    del caller
    if not is_within_reach(body.month, runtime.clock.today()):
        raise Problem("invalid-input", field="month", detail="支給できる月は、10年前から1年先までです")
    return populations(runtime, body.month)


def _of_run(runtime: Runtime, caller: Caller, run_id: UUID, body: ApprovalBody) -> Populations:
    del caller, body
    return populations_of_run(runtime, run_id)


@routes.get("/months/<month>/sums", permission="figures.read")
def read_month_sums(work: UnitOfWork, month: str) -> MonthSums:
    """The sums of a month that the page of a run shows beside it; they name nobody, and nothing is counted for them."""
    if not re.fullmatch(MONTH, month):
        raise Problem("invalid-input", field="month", detail="月は YYYY-MM の形で書いてください")
    return MonthSums(month=month, **month_sums(work, month))


@routes.post("/runs", permission="run.open", status=201, ask=_of_month)
def open_run_of_month(work: UnitOfWork, body: OpenRun, asked: Populations) -> RunView:
    """Open a run of a determined month; it is cut off once we have read all that was told by now."""
    run_id = open_run(work, body.month, body.run_kind, asked)
    work.wake("cut_off_runs")
    return RunView(**run_view(work, run_id))


@routes.get("/runs", permission="run.read", query=MonthQuery)
def list_runs(work: UnitOfWork, query: MonthQuery) -> RunList:
    """The runs of a month; without a month what is open."""
    if query.month is not None:
        return RunList(items=[RunView(**view) for view in run_views(work, query.month)])
    items = [RunView(**run_view(work, run_id)) for run_id in open_run_ids(work, query.since)]
    return RunList(items=items, unpaid_months=unpaid_months(work))


@routes.get("/runs/<run_id>", permission="run.read")
def read_run(work: UnitOfWork, run_id: UUID) -> RunView:
    """A run with its totals, files and people."""
    return RunView(**run_view(work, run_id))


@routes.get("/runs/<run_id>/desk", permission="account.read")
def read_run_desk(work: UnitOfWork, run_id: UUID) -> DeskList:
    """Who of a run is paid at the cash desk, and how each was paid last month; a look at all of them."""
    run = run_of(work, run_id)
    if run is None:
        raise Problem("not-found", field="run_id", detail="この支給処理はありません")
    items = [DeskItem(**asdict(payment)) for payment in desk_payments(work, run)]
    look_at_cases(work, "cash_desk", (payment.case_no for payment in items), "payments")
    return DeskList(items=items)


@routes.post("/runs/<run_id>/withdrawal", permission="run.withdraw")
def take_back_run(work: UnitOfWork, run_id: UUID) -> RunView:
    """Withdraw a run that nobody has approved, or an overdue one; its month may be opened again."""
    withdraw_run(work, run_id)
    return RunView(**run_view(work, run_id))


@routes.post("/runs/<run_id>/approval", permission="run.approve", approval=True, ask=_of_run)
def approve_proposed_run(work: UnitOfWork, run_id: UUID, body: ApprovalBody, asked: Populations) -> RunView:
    """Approve a run by its hash, where it pays all that its month was determined; accounts are frozen."""
    approve_run(work, run_id, body.sha256, asked)
    return RunView(**run_view(work, run_id))


@routes.post("/runs/<run_id>/acceptance", permission="disbursement.accept", approval=True)
def accept_run(work: UnitOfWork, run_id: UUID, body: ApprovalBody) -> RunView:
    """Accept the disbursement order (支出命令) by the hash that was approved."""
    accept_disbursement(work, run_id, body.sha256)
    work.wake("make_files")
    return RunView(**run_view(work, run_id))


@routes.get("/runs/<run_id>/files/<programme>", permission="file.read")
def read_run_file(work: UnitOfWork, run_id: UUID, programme: str) -> Answer:
    """The bank file as stored: every issue is the same bytes."""
    name, content = file_bytes(work, run_id, programme)
    look_at_cases(work, "bank_file", cases_in_file(work, run_id, programme), "disbursement", beside=f"run:{run_id}")
    headers = {"Content-Disposition": f'attachment; filename="{name.rsplit("/", 1)[-1]}"'}
    return Answer(content, "application/octet-stream", headers=headers)


@routes.post("/runs/<run_id>/files/<programme>/receipt", permission="file.receive")
def receive_run_file(work: UnitOfWork, run_id: UUID, programme: str, body: ApprovalBody) -> RunView:
    """The treasurer has the bank file whose bytes have this hash (受領)."""
    receive_file(work, run_id, programme, body.sha256)
    return RunView(**run_view(work, run_id))


@routes.post("/runs/<run_id>/files/<programme>/reissue", permission="file.reissue")
def reissue_run_file(work: UnitOfWork, run_id: UUID, programme: str, body: ApprovalBody) -> RunView:
    """Issue the stored bytes again where the file in the folder is altered or gone (再発行)."""
    reissue_file(work, run_id, programme, body.sha256)
    work.wake("make_files")
    return RunView(**run_view(work, run_id))
