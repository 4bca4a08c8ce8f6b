"""Say of unusual looks what they were (点検)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID, uuid4

from sqlalchemy import select

from services.audit_logging.adapters.review.findings import keep_review
from services.audit_logging.adapters.review.sealed import REVIEWS
from services.audit_logging.adapters.review.tables import finding_entries, findings
from shared.contracts.facts.audit_logging import LookReviewed
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork

Outcome = Literal["justified", "ask_superior", "violation"]
"""正当な業務, 上司に照会, 違反の疑い."""


@dataclass(frozen=True)
class Reviewed:
    """A review that was kept."""

    review_id: UUID
    finding_id: UUID
    outcome: Outcome
    through: int
    at: datetime


def review_finding(work: UnitOfWork, finding_id: UUID, outcome: Outcome, words: str, through: int) -> Reviewed:
    """Keep what a reviewer says of a finding; what comes to it later opens it again.

    Raises:
        Problem: not-found; own-looks where the looks are the reviewer's own; invalid-input where `through` is no entry
            of the finding.
    """
    finding = work.connection.execute(select(findings).where(findings.c.finding_id == finding_id)).one_or_none()
    if finding is None:
        raise Problem("not-found", field="finding_id")
    if work.actor in finding.concerned:
        raise Problem("own-looks", detail="ほかの監査担当者が点検してください")
    seen = finding_entries.c.finding_id == finding_id, finding_entries.c.index == through
    if work.connection.execute(select(finding_entries).where(*seen)).first() is None:
        raise Problem("invalid-input", field="through", detail="この点検項目の記録ではありません")
    kept = Reviewed(review_id=uuid4(), finding_id=finding_id, outcome=outcome, through=through, at=work.clock.now())
    row = {**asdict(kept), "concerned": finding.concerned, "reviewer": work.actor, "words": words}
    keep_review(work.connection, work.seal(REVIEWS, [row])[0])
    codes = {"review_id": kept.review_id, "outcome": outcome, "through": through}
    work.fact(
        LookReviewed(finding_id=finding_id, rule=finding.rule, concerned=finding.concerned, **codes),
        subject=f"finding:{finding_id}",
    )
    return kept
