"""Looks at cases and their determinations."""

from services.case_management.adapters.law import PROGRAMME
from services.case_management.adapters.tables import decisions
from services.case_management.use_cases.look_at_case import look_at_case
from shared.decisions.adapters import looks
from shared.decisions.adapters.views import CaseView, Determinations, LookQuery
from shared.service_kit.web import Routes
from shared.service_kit.work import UnitOfWork

routes = Routes("cases")


@routes.get("/cases/<case_no>", permission="case.read", query=LookQuery)
def read_case(work: UnitOfWork, case_no: str, query: LookQuery) -> CaseView:
    """A case as of a month, as known on a day."""
    return look_at_case(work, case_no, query)


@routes.get("/cases/<case_no>/determinations", permission="determination.read", query=LookQuery)
def read_determinations(work: UnitOfWork, case_no: str, query: LookQuery) -> Determinations:
    """The determinations of a case with their lines."""
    return looks.look_at_determinations(work, decisions, PROGRAMME, case_no, query)
