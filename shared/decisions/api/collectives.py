"""Operations on acts that determine the office as one (一括決定)."""

from dataclasses import dataclass
from uuid import UUID

from shared.decisions.api.schemas import (
    Approve,
    Collectives,
    CollectivesQuery,
    CollectiveView,
    OpenCollective,
    Withdraw,
)
from shared.decisions.use_cases.collectives.approve_collective import approve_collective
from shared.decisions.use_cases.collectives.open_collective import open_collective
from shared.decisions.use_cases.collectives.read_collectives import get_collective, list_collectives
from shared.decisions.use_cases.collectives.withdraw_collective import withdraw_collective
from shared.decisions.use_cases.deciding import Deciding
from shared.service_kit.http.routing import Routes
from shared.service_kit.unit_of_work import UnitOfWork


def collective_routes(deciding: Deciding) -> Routes:
    """Return the operations on the acts of one deciding service."""
    routes, does = Routes("collective-determinations"), _Collectives(deciding)
    path = "/collective-determinations"
    routes.post(path, permission="determination.propose", status=202)(does.open_collective)
    routes.post(f"{path}/<collective_id>/approval", permission="determination.approve", status=202, approval=True)(
        does.approve_collective
    )
    routes.post(f"{path}/<collective_id>/withdrawal", permission="determination.withdraw")(does.withdraw_collective)
    routes.get(f"{path}/<collective_id>", permission="determination.read")(does.read_collective)
    routes.get(path, permission="determination.read", query=CollectivesQuery)(does.list_collectives)
    return routes


@dataclass(frozen=True)
class _Collectives:
    deciding: Deciding

    def open_collective(self, work: UnitOfWork, body: OpenCollective) -> CollectiveView:
        """Determine the office as one act."""
        return CollectiveView.model_validate(open_collective(work, self.deciding, body.month, body.reason))

    def approve_collective(self, work: UnitOfWork, collective_id: UUID, body: Approve) -> CollectiveView:
        """Approve every determination that the hash covers."""
        act = approve_collective(work, self.deciding.tables, collective_id, body.sha256)
        return CollectiveView.model_validate(act)

    def withdraw_collective(self, work: UnitOfWork, collective_id: UUID, body: Withdraw) -> CollectiveView:
        """Take an act back before it is approved (取下げ), or return it to its proposer (差戻し)."""
        act = withdraw_collective(work, self.deciding.tables, collective_id, body.reason)
        return CollectiveView.model_validate(act)

    def read_collective(self, work: UnitOfWork, collective_id: UUID) -> CollectiveView:
        """One collective determination."""
        return CollectiveView.model_validate(get_collective(work, self.deciding.tables, collective_id))

    def list_collectives(self, work: UnitOfWork, query: CollectivesQuery) -> Collectives:
        """The collective determinations of a month, or what is open of any."""
        return Collectives.model_validate(list_collectives(work, self.deciding.tables, query.month, query.since))
