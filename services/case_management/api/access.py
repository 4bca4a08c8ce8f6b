"""Who could do what on a day."""

from services.case_management.api.schemas import AccessQuery
from services.case_management.use_cases.export_access import export_access
from shared.service_kit.http.idempotency import Answer
from shared.service_kit.http.routing import Routes
from shared.service_kit.unit_of_work import UnitOfWork

routes = Routes("access")


@routes.get("/access", permission="access.read", query=AccessQuery)
def read_access_of_day(work: UnitOfWork, query: AccessQuery) -> Answer:
    """Who could do what on a day, as known then and as known today, as JSON or CSV."""
    return export_access(work, query.on, query.format)
