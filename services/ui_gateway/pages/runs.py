"""A payment run: its totals, files and people, and the acts of those who decide it."""

from uuid import UUID

from services.ui_gateway.clients import rooms
from services.ui_gateway.clients.rooms import Figures, Run
from services.ui_gateway.pages.door import Pages
from services.ui_gateway.pages.replies import Done, Shown
from services.ui_gateway.pages.visit import Visit
from shared.service_kit.problems import Problem

pages = Pages()


def of_run(visit: Visit, run_id: UUID) -> str:
    """Acts of a run belong to the journey that opened it."""
    return rooms.run(visit.room("payments"), run_id).correlation


@pages.get("/runs/<uuid:run_id>", permission="run.read")
def show_run(visit: Visit, run_id: UUID) -> Shown:
    """The run with its totals, who decided it, its files and its trace."""
    run = rooms.run(visit.room("payments"), run_id)
    figures = _figures(visit, run)
    body = {**run.raw(), "month_figures": figures.raw() if figures else None}
    return Shown("run.html", {"run": run, "figures": figures}, body)


@pages.act("/runs/<uuid:run_id>/approval", permission="run.approve", correlation=of_run)
def approve_run(visit: Visit, run_id: UUID) -> Done:
    """Approve the run that the hash names."""
    run = rooms.decide_run(visit.room("payments"), run_id, "approval", visit.field("sha256"), visit.key)
    message = f"支払を決裁しました({run.orders:,}件 {run.yen:,}円)。次は会計管理者による支出命令の確認です。"
    return Done(f"/runs/{run_id}", message, run.raw())


@pages.act("/runs/<uuid:run_id>/acceptance", permission="disbursement.accept", correlation=of_run)
def accept_disbursement(visit: Visit, run_id: UUID) -> Done:
    """Accept the disbursement order that the hash names."""
    run = rooms.decide_run(visit.room("payments"), run_id, "acceptance", visit.field("sha256"), visit.key)
    message = f"支出命令を確認しました({run.orders:,}件 {run.yen:,}円)。振込ファイルを作成します。"
    return Done(f"/runs/{run_id}", message, run.raw())


def _figures(visit: Visit, run: Run) -> Figures | None:
    """Sums of the month, which name nobody; the page stands without them."""
    try:
        return rooms.month_figures(visit.gateway.room_for_sums("payments"), run.month)
    except Problem:
        return None
