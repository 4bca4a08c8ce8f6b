"""Looks at cases and their determinations."""

from services.case_management.adapters.law import PROGRAMME
from services.case_management.adapters.tables import decisions
from services.case_management.use_cases.look_at_case import look_at_case
from shared.decisions.adapters.scope import case_record, tell_access
from shared.decisions.api.schemas import AccessView, CaseView, Determinations, LookQuery, PurposeQuery
from shared.decisions.use_cases.cases import read_case as looks
from shared.service_kit.http.routing import Routes
from shared.service_kit.unit_of_work import UnitOfWork

routes = Routes("cases")
record = case_record(decisions, PROGRAMME)


@routes.get("/cases/<case_no>", permission="case.read", query=LookQuery, of=record)
def read_case(work: UnitOfWork, case_no: str, query: LookQuery) -> CaseView:
    """A case as of a month, as known on a day."""
    return look_at_case(work, case_no, query)


@routes.get("/cases/<case_no>/determinations", permission="case.read", query=LookQuery, of=record)
def read_determinations(work: UnitOfWork, case_no: str, query: LookQuery) -> Determinations:
    """The determinations of a case with their lines."""
    return looks.look_at_determinations(work, decisions, PROGRAMME, case_no, query)


@routes.get("/cases/<case_no>/access", permission="case.read", query=PurposeQuery, of=record)
def read_access(work: UnitOfWork, case_no: str, query: PurposeQuery) -> AccessView:
    """Whether the caller may see a case: asked by another room in the person's name."""
    return tell_access(work, decisions, PROGRAMME, case_no, query.purpose)
