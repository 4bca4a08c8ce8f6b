"""A payment run: its totals, files and people, and the acts of those who decide it."""

from uuid import UUID

from services.ui_gateway.clients import rooms
from services.ui_gateway.clients.identity import Approval
from services.ui_gateway.clients.rooms import Figures, Run
from services.ui_gateway.pages import words
from services.ui_gateway.pages.board import IN_MOTION
from services.ui_gateway.pages.door import Pages
from services.ui_gateway.pages.replies import Done, Download, Shown
from services.ui_gateway.pages.visit import Visit
from shared.money_and_time.eras import format_era, format_era_month
from shared.money_and_time.months import first_day
from shared.service_kit.problems import Problem

pages = Pages()


def of_run(visit: Visit, run_id: UUID, **parts: str) -> str:
    """Acts of a run belong to the journey that opened it."""
    return rooms.run(visit.room("payments"), run_id).correlation


@pages.get("/runs/<uuid:run_id>", permission="run.read")
def show_run(visit: Visit, run_id: UUID) -> Shown:
    """The run with its totals, who decided it, its files and its trace."""
    run = rooms.run(visit.room("payments"), run_id)
    figures = _figures(visit, run)
    body = {**run.raw(), "month_figures": figures.raw() if figures else None}
    return Shown("run.html", {"run": run, "figures": figures}, body)


def run_to_approve(visit: Visit, run_id: UUID) -> Approval:
    """The run as the sent hash names it."""
    return _confirmed(visit, run_id, "支払の決裁")


def disbursement_to_accept(visit: Visit, run_id: UUID) -> Approval:
    """The disbursement order as the sent hash names it."""
    return _confirmed(visit, run_id, "支出命令の確認")


@pages.act("/runs/<uuid:run_id>/approval", permission="run.approve", correlation=of_run, confirms=run_to_approve)
def approve_run(visit: Visit, run_id: UUID) -> Done:
    """Approve the run that the hash names."""
    run = rooms.decide_run(visit.room("payments"), run_id, "approval", visit.sent_field("sha256"), visit.key)
    message = f"支払を決裁しました({run.orders:,}件 {run.yen:,}円)。次は会計管理者による支出命令の確認です。"
    return Done(f"/runs/{run_id}", message, run.raw())


@pages.act(
    "/runs/<uuid:run_id>/acceptance",
    permission="disbursement.accept",
    correlation=of_run,
    confirms=disbursement_to_accept,
)
def accept_disbursement(visit: Visit, run_id: UUID) -> Done:
    """Accept the disbursement order that the hash names."""
    run = rooms.decide_run(visit.room("payments"), run_id, "acceptance", visit.sent_field("sha256"), visit.key)
    message = f"支出命令を確認しました({run.orders:,}件 {run.yen:,}円)。振込ファイルを作成します。"
    return Done(f"/runs/{run_id}", message, run.raw())


@pages.act("/runs/<uuid:run_id>/withdrawal", permission="run.withdraw", correlation=of_run)
def withdraw_run(visit: Visit, run_id: UUID) -> Done:
    """Take back a run that nobody has approved."""
    run = rooms.withdraw_run(visit.room("payments"), run_id, visit.key)
    message = "支払の起票を取り下げました。この月の支払は、もう一度起票できます。"
    return Done(f"/months/{run.month}", message, run.raw())


@pages.get("/runs/<uuid:run_id>/desk", permission="account.read")
def show_desk(visit: Visit, run_id: UUID) -> Shown:
    """Who is paid at the cash desk for want of an account, and how each was paid last month."""
    payments = visit.room("payments")
    run = rooms.run(payments, run_id)
    items = sorted(rooms.desk(payments, run_id), key=lambda one: (one.last_month != "bank", one.case_no))
    return Shown("desk.html", {"run": run, "items": items}, {"items": [one.raw() for one in items]})


@pages.get("/runs/<uuid:run_id>/files/<programme>", permission="file.read")
def fetch_file(visit: Visit, run_id: UUID, programme: str) -> Download:
    """The bank file (総合振込) as it is kept, whatever stands in the folder."""
    return Download(*rooms.bank_file(visit.room("payments"), run_id, _programme(programme)))


@pages.act("/runs/<uuid:run_id>/files/<programme>/receipt", permission="file.receive", correlation=of_run)
def receive_file(visit: Visit, run_id: UUID, programme: str) -> Done:
    """Say that the treasurer has the file with this hash (受領)."""
    return _decide_file(visit, run_id, programme, "receipt", "振込ファイルの受領を記録しました。")


@pages.act("/runs/<uuid:run_id>/files/<programme>/reissue", permission="file.reissue", correlation=of_run)
def reissue_file(visit: Visit, run_id: UUID, programme: str) -> Done:
    """Put the stored bytes back into the folder: the same file again."""
    return _decide_file(visit, run_id, programme, "reissue", "保管している内容を、同じファイルとして再発行しました。")


def _decide_file(visit: Visit, run_id: UUID, programme: str, act: str, message: str) -> Done:
    sha256 = visit.sent_field("sha256")
    run = rooms.decide_file(visit.room("payments"), run_id, _programme(programme), act, sha256, visit.key)
    return Done(f"/runs/{run_id}", message, run.raw())


def _programme(name: str) -> str:
    if name not in words.PROGRAMMES:
        raise Problem("not-found", field="programme", detail="この制度はありません")
    return name


def _confirmed(visit: Visit, run_id: UUID, act: str) -> Approval:
    sha256, run = visit.sent_field("sha256"), rooms.run(visit.room("payments"), run_id)
    if run.sha256 != sha256:
        raise Problem("content-moved", field="sha256", detail="画面を開き直して、もう一度確認してください")
    month, kind = format_era_month(first_day(run.month)), words.RUN_KINDS.get(run.run_kind, run.run_kind)
    said = f"{month}分 {kind}支給 {act}({run.orders:,}件 {run.yen:,}円、支払日 {format_era(run.payment_date)})"
    return Approval(sha256=[sha256], words=said)


def _figures(visit: Visit, run: Run) -> Figures | None:
    """Sums of the month, which name nobody; the page stands without them, and they say nothing while a run moves."""
    if run.state in IN_MOTION:
        return None
    try:
        return rooms.month_figures(visit.gateway.room_for_sums("payments"), run.month)
    except Problem:
        return None
