"""Search in the log, for auditors: who did and saw what. Every search is audited before it is answered."""

from __future__ import annotations

from services.audit_logging.use_cases.search_log import Hits, LooksQuery, SearchQuery, search_log, who_looked
from shared.service_kit.web import Routes
from shared.service_kit.work import UnitOfWork

routes = Routes("search")


@routes.get("/log/entries", permission="log.search", query=SearchQuery)
def search(work: UnitOfWork, query: SearchQuery) -> Hits:
    """Entries by resident, case, member of staff, day, action, room or journey, newest first."""
    return search_log(work, query)


@routes.get("/log/looks", permission="log.search", query=LooksQuery)
def looks(work: UnitOfWork, query: LooksQuery) -> Hits:
    """Who looked at this resident, newest first."""
    return who_looked(work, query)
