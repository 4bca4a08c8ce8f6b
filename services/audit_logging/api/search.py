"""Search in the log, one entry, and export, for auditors. Each is audited before it is answered."""

from __future__ import annotations

from services.audit_logging.api.schemas import (
    EntryView,
    ExportQuery,
    Hits,
    LooksQuery,
    PurposeQuery,
    SearchQuery,
    page_of,
)
from services.audit_logging.use_cases.search.export_accesses import ExportRequest, export_accesses
from services.audit_logging.use_cases.search.read_entry import read_entry as read
from services.audit_logging.use_cases.search.search_log import Criteria, list_accesses, search_log
from shared.service_kit.http.idempotency import Answer
from shared.service_kit.http.routing import Routes
from shared.service_kit.unit_of_work import UnitOfWork

routes = Routes("search")


@routes.get("/log/entries", permission="log.search", query=SearchQuery)
def search_entries(work: UnitOfWork, query: SearchQuery) -> Hits:
    """Entries by resident, case, member of staff, day, action, service or journey, newest first."""
    page, criteria = page_of(query)
    return Hits.model_validate(search_log(work, Criteria(**criteria), page))


@routes.get("/log/looks", permission="log.search", query=LooksQuery)
def list_looks(work: UnitOfWork, query: LooksQuery) -> Hits:
    """Who looked at this resident, newest first."""
    return Hits.model_validate(list_accesses(work, query.person, page_of(query)[0]))


@routes.get("/log/export", permission="log.export", query=ExportQuery)
def export_looks(work: UnitOfWork, query: ExportQuery) -> Answer:
    """Who looked at whom on some days, as a zip file in which every row is proved, for the privacy board."""
    return export_accesses(work, ExportRequest(**query.model_dump()))


@routes.get("/log/entries/<index>", permission="log.search", query=PurposeQuery)
def read_entry(work: UnitOfWork, index: int, query: PurposeQuery) -> EntryView:
    """One entry, or why it can no longer be read."""
    return EntryView.model_validate(read(work, index, query.purpose))
