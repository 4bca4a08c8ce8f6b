"""Operations on restrictions on cases (閲覧制限): shielded persons, cases of staff and of their relatives."""

from dataclasses import dataclass
from uuid import UUID

from shared.decisions.adapters.scope import case_record
from shared.decisions.api.schemas import (
    Approve,
    Lift,
    OnDay,
    ProposeRestriction,
    PurposeQuery,
    Restrictions,
    RestrictionsOnDay,
    RestrictionView,
)
from shared.decisions.use_cases.cases.approve_restriction import approve_restriction
from shared.decisions.use_cases.cases.propose_restriction import propose_lift, propose_restriction
from shared.decisions.use_cases.cases.read_restrictions import read_restrictions, restrictions_on
from shared.decisions.use_cases.deciding import Deciding
from shared.service_kit.http.routing import Routes
from shared.service_kit.unit_of_work import UnitOfWork


def restriction_routes(deciding: Deciding) -> Routes:
    """Return the operations on the restrictions of one deciding service."""
    routes, does, record = Routes("restrictions"), _Restrictions(deciding), case_record(deciding.tables)
    path = "/cases/<case_no>/restrictions"
    routes.post(path, permission="restriction.propose", of=record, status=201)(does.propose_restriction)
    routes.post(f"{path}/<restriction_id>/lift", permission="restriction.propose", of=record, status=201)(
        does.propose_lift
    )
    routes.post(f"{path}/<restriction_id>/approval", permission="restriction.approve", of=record, approval=True)(
        does.approve_restriction
    )
    routes.get(path, permission="restriction.read", query=PurposeQuery, of=record)(does.read_restrictions)
    routes.get("/restrictions", permission="restriction.audit", query=OnDay)(does.read_restrictions_of_day)
    return routes


@dataclass(frozen=True)
class _Restrictions:
    deciding: Deciding

    def propose_restriction(self, work: UnitOfWork, case_no: str, body: ProposeRestriction) -> RestrictionView:
        """Propose a restriction; nothing is in force yet."""
        entry = propose_restriction(
            work,
            self.deciding.tables,
            case_no,
            kind=body.kind,
            staff=body.staff,
            first=body.from_,
            last=body.to,
            reason=body.reason,
        )
        return RestrictionView.model_validate(entry)

    def propose_lift(self, work: UnitOfWork, case_no: str, restriction_id: UUID, body: Lift) -> RestrictionView:
        """Propose to lift a restriction."""
        tables = self.deciding.tables
        entry = propose_lift(work, tables, case_no, restriction_id, first=body.from_, reason=body.reason)
        return RestrictionView.model_validate(entry)

    def approve_restriction(
        self, work: UnitOfWork, case_no: str, restriction_id: UUID, body: Approve
    ) -> RestrictionView:
        """Approve a restriction, or its lifting, by its hash."""
        entry = approve_restriction(work, self.deciding.tables, case_no, restriction_id, body.sha256)
        return RestrictionView.model_validate(entry)

    def read_restrictions(self, work: UnitOfWork, case_no: str, query: PurposeQuery) -> Restrictions:
        """The restrictions on a case."""
        return Restrictions.model_validate(
            {"items": read_restrictions(work, self.deciding.tables, case_no, query.purpose)}
        )

    def read_restrictions_of_day(self, work: UnitOfWork, query: OnDay) -> RestrictionsOnDay:
        """The restrictions that held on a day, for the register of who could do what."""
        return RestrictionsOnDay.model_validate({"items": restrictions_on(work, self.deciding.tables, query.on)})
