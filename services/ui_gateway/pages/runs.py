"""A payment run: its totals, files and people, and the acts of those who decide it."""

from uuid import UUID

from services.ui_gateway.clients import payments
from services.ui_gateway.clients.identity import Approval
from services.ui_gateway.clients.payments import Figures, Run
from services.ui_gateway.pages import labels
from services.ui_gateway.pages.board import RUNS_IN_MOTION
from services.ui_gateway.routing.page_request import PageRequest
from services.ui_gateway.routing.page_routing import Pages
from services.ui_gateway.routing.results import ActResult, Download, PageResult
from shared.money_and_time.eras import format_era, format_era_month
from shared.money_and_time.months import first_day
from shared.service_kit.problems import Problem

pages = Pages()


def of_run(request: PageRequest, run_id: UUID, **parts: str) -> str:
    """Acts of a run belong to the journey that opened it."""
    return payments.run(request.client("payments"), run_id).correlation


@pages.get("/runs/<uuid:run_id>", permission="run.read")
def show_run(request: PageRequest, run_id: UUID) -> PageResult:
    """The run with its totals, who decided it, its files and its trace."""
    run = payments.run(request.client("payments"), run_id)
    figures = _figures(request, run)
    body = {**run.raw(), "month_figures": figures.raw() if figures else None}
    return PageResult("run.html", {"run": run, "figures": figures}, body)


def run_to_approve(request: PageRequest, run_id: UUID) -> Approval:
    """The run as the sent hash names it."""
    return _confirmed(request, run_id, "支払の決裁")


def disbursement_to_accept(request: PageRequest, run_id: UUID) -> Approval:
    """The disbursement order as the sent hash names it."""
    return _confirmed(request, run_id, "支出命令の確認")


@pages.act("/runs/<uuid:run_id>/approval", permission="run.approve", correlation=of_run, confirms=run_to_approve)
def approve_run(request: PageRequest, run_id: UUID) -> ActResult:
    """Approve the run that the hash names."""
    run = payments.decide_run(request.client("payments"), run_id, "approval", request.sent_field("sha256"), request.key)
    message = f"支払を決裁しました({run.orders:,}件 {run.yen:,}円)。次は会計管理者による支出命令の確認です。"
    return ActResult(f"/runs/{run_id}", message, run.raw())


@pages.act(
    "/runs/<uuid:run_id>/acceptance",
    permission="disbursement.accept",
    correlation=of_run,
    confirms=disbursement_to_accept,
)
def accept_disbursement(request: PageRequest, run_id: UUID) -> ActResult:
    """Accept the disbursement order that the hash names."""
    sha256 = request.sent_field("sha256")
    run = payments.decide_run(request.client("payments"), run_id, "acceptance", sha256, request.key)
    message = f"支出命令を確認しました({run.orders:,}件 {run.yen:,}円)。振込ファイルを作成します。"
    return ActResult(f"/runs/{run_id}", message, run.raw())


@pages.act("/runs/<uuid:run_id>/withdrawal", permission="run.withdraw", correlation=of_run)
def withdraw_run(request: PageRequest, run_id: UUID) -> ActResult:
    """Take back a run that nobody has approved."""
    run = payments.withdraw_run(request.client("payments"), run_id, request.key)
    message = "支払の起票を取り下げました。この月の支払は、もう一度起票できます。"
    return ActResult(f"/months/{run.month}", message, run.raw())


@pages.get("/runs/<uuid:run_id>/desk", permission="account.read")
def show_desk(request: PageRequest, run_id: UUID) -> PageResult:
    """Who is paid at the cash desk for want of an account, and how each was paid last month."""
    client = request.client("payments")
    run = payments.run(client, run_id)
    items = sorted(payments.desk(client, run_id), key=lambda item: (item.last_month != "bank", item.case_no))
    return PageResult("desk.html", {"run": run, "items": items}, {"items": [item.raw() for item in items]})


@pages.get("/runs/<uuid:run_id>/files/<programme>", permission="file.read")
def fetch_file(request: PageRequest, run_id: UUID, programme: str) -> Download:
    """The bank file (総合振込) as it is kept, whatever stands in the folder."""
    return Download(*payments.bank_file(request.client("payments"), run_id, _programme(programme)))


@pages.act("/runs/<uuid:run_id>/files/<programme>/receipt", permission="file.receive", correlation=of_run)
def receive_file(request: PageRequest, run_id: UUID, programme: str) -> ActResult:
    """Say that the treasurer has the file with this hash (受領)."""
    return _decide_file(request, run_id, programme, "receipt", "振込ファイルの受領を記録しました。")


@pages.act("/runs/<uuid:run_id>/files/<programme>/reissue", permission="file.reissue", correlation=of_run)
def reissue_file(request: PageRequest, run_id: UUID, programme: str) -> ActResult:
    """Put the stored bytes back into the folder: the same file again."""
    return _decide_file(request, run_id, programme, "reissue", "保管している内容を、同じファイルとして再発行しました。")


def _decide_file(request: PageRequest, run_id: UUID, programme: str, act: str, message: str) -> ActResult:
    sha256 = request.sent_field("sha256")
    run = payments.decide_file(request.client("payments"), run_id, _programme(programme), act, sha256, request.key)
    return ActResult(f"/runs/{run_id}", message, run.raw())


def _programme(name: str) -> str:
    if name not in labels.PROGRAMMES:
        raise Problem("not-found", field="programme", detail="この制度はありません")
    return name


def _confirmed(request: PageRequest, run_id: UUID, act: str) -> Approval:
    sha256, run = request.sent_field("sha256"), payments.run(request.client("payments"), run_id)
    if run.sha256 != sha256:
        raise Problem("content-moved", field="sha256", detail="画面を開き直して、もう一度確認してください")
    month, kind = format_era_month(first_day(run.month)), labels.RUN_KINDS.get(run.run_kind, run.run_kind)
    said = f"{month}分 {kind}支給 {act}({run.orders:,}件 {run.yen:,}円、支払日 {format_era(run.payment_date)})"
    return Approval(sha256=[sha256], words=said)


def _figures(request: PageRequest, run: Run) -> Figures | None:
    """Sums of the month, which name nobody; the page stands without them, and they say nothing while a run moves."""
    if run.state in RUNS_IN_MOTION:
        return None
    try:
        return payments.month_figures(request.gateway.client_for_sums("payments"), run.month)
    except Problem:
        return None
