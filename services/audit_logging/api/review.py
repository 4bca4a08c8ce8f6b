"""Unusual looks and their review, for auditors. Every reading of them is audited before it is answered."""

from __future__ import annotations

from uuid import UUID

from services.audit_logging.api.schemas import (
    Findings,
    FindingsQuery,
    FindingView,
    PurposeQuery,
    Review,
    Reviewed,
    page_of,
)
from services.audit_logging.use_cases.review import read_findings
from services.audit_logging.use_cases.review.review_finding import review_finding as review
from shared.service_kit.http.routing import Routes
from shared.service_kit.unit_of_work import UnitOfWork

routes = Routes("review")


@routes.get("/log/findings", permission="log.review", query=FindingsQuery)
def list_findings(work: UnitOfWork, query: FindingsQuery) -> Findings:
    """Unusual looks (通常と異なる閲覧) by state, rule, member of staff and day, newest first."""
    page, criteria = page_of(query)
    return Findings.model_validate(read_findings.list_findings(work, read_findings.FindingCriteria(**criteria), page))


@routes.get("/log/findings/<finding_id>", permission="log.review", query=PurposeQuery)
def read_finding(work: UnitOfWork, finding_id: UUID, query: PurposeQuery) -> FindingView:
    """One of them with its entries."""
    return FindingView.model_validate(read_findings.read_finding(work, finding_id, query.purpose))


@routes.post("/log/findings/<finding_id>/reviews", permission="log.review", status=201)
def review_finding(work: UnitOfWork, finding_id: UUID, body: Review) -> Reviewed:
    """Say what it was (点検); nobody reviews looks of their own."""
    return Reviewed.model_validate(review(work, finding_id, body.outcome, body.words, body.through))
