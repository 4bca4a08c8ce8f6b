"""Search in the log and export, for auditors: who did and saw what. Each is audited before it is answered."""

from __future__ import annotations

from services.audit_logging.use_cases.search.export_accesses import ExportQuery, export_looks
from services.audit_logging.use_cases.search.search_log import Hits, LooksQuery, SearchQuery, search_log, who_looked
from shared.service_kit.http.idempotency import Answer
from shared.service_kit.http.routing import Routes
from shared.service_kit.unit_of_work import UnitOfWork

routes = Routes("search")


@routes.get("/log/entries", permission="log.search", query=SearchQuery)
def search(work: UnitOfWork, query: SearchQuery) -> Hits:
    """Entries by resident, case, member of staff, day, action, room or journey, newest first."""
    return search_log(work, query)


@routes.get("/log/looks", permission="log.search", query=LooksQuery)
def looks(work: UnitOfWork, query: LooksQuery) -> Hits:
    """Who looked at this resident, newest first."""
    return who_looked(work, query)


@routes.get("/log/export", permission="log.export", query=ExportQuery)
def export(work: UnitOfWork, query: ExportQuery) -> Answer:
    """Who looked at whom on some days, as a zip file in which every row is proved, for the privacy board."""
    return export_looks(work, query)
