"""Say of unusual looks what they were (点検)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID, uuid4

from pydantic import AfterValidator, BaseModel, Field
from sqlalchemy import select

from services.audit_logging.adapters.review.findings import keep_review
from services.audit_logging.adapters.review.sealed import REVIEWS
from services.audit_logging.adapters.review.tables import finding_entries, findings
from shared.contracts.facts.audit_logging import LookReviewed
from shared.service_kit.characters import lines
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork

Outcome = Literal["justified", "ask_superior", "violation"]
"""正当な業務, 上司に照会, 違反の疑い."""


class Review(BaseModel):
    """What it was, in a code and in words that stay in the log's table; `through` is the newest entry that was seen."""

    outcome: Outcome
    words: Annotated[str, Field(min_length=1, max_length=500), AfterValidator(lines)]
    through: int = Field(ge=0)


class Reviewed(BaseModel):
    """A review that was kept."""

    review_id: UUID
    finding_id: UUID
    outcome: Outcome
    through: int
    at: datetime


def review_finding(work: UnitOfWork, finding_id: UUID, body: Review) -> Reviewed:
    """Keep what a reviewer says of a finding; what comes to it later opens it again.

    Raises:
        Problem: not-found; own-looks where the looks are the reviewer's own; invalid-input where `through` is no entry
            of the finding.
    """
    finding = work.session.execute(select(findings).where(findings.c.finding_id == finding_id)).one_or_none()
    if finding is None:
        raise Problem("not-found", field="finding_id")
    if work.actor in finding.concerned:
        raise Problem("own-looks", detail="ほかの監査担当者が点検してください")
    seen = finding_entries.c.finding_id == finding_id, finding_entries.c.index == body.through
    if work.session.execute(select(finding_entries).where(*seen)).first() is None:
        raise Problem("invalid-input", field="through", detail="この点検項目の記録ではありません")
    kept = Reviewed(
        review_id=uuid4(), finding_id=finding_id, outcome=body.outcome, through=body.through, at=work.clock.now()
    )
    row = {**kept.model_dump(), "concerned": finding.concerned, "reviewer": work.actor, "words": body.words}
    keep_review(work.session, work.seal(REVIEWS, [row])[0])
    codes = kept.model_dump(include={"review_id", "outcome", "through"})
    work.fact(
        LookReviewed(finding_id=finding_id, rule=finding.rule, concerned=finding.concerned, **codes),
        subject=f"finding:{finding_id}",
    )
    return kept
