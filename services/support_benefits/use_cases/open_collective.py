"""Open a collective determination (一括決定) of the office for a month."""

from services.support_benefits.adapters.tables import decisions
from services.support_benefits.domain.assessment import refused_month
from shared.decisions.adapters import collectives
from shared.decisions.adapters.views import CollectiveView, OpenCollective
from shared.service_kit.problems import Problem
from shared.service_kit.work import UnitOfWork


def open_collective(work: UnitOfWork, act: OpenCollective) -> CollectiveView:
    """Open the act; its chunks are drafted by the worker.

    Raises:
        Problem: invalid-input where the standards do not hold for the month.
    """
    if refused_month(act.month):
        raise Problem("invalid-input", field="month", detail="この月の基準が揃っていません")
    return collectives.open_collective(work, decisions, act)
