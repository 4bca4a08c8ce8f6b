"""Propose to delete the openings of entries whose period is over (保存期間満了)."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

from pydantic import BaseModel

from services.audit_logging.adapters.log.tree import tree_size
from services.audit_logging.adapters.retention.deletions import (
    MOST,
    Covered,
    covered,
    latest_day,
    lock_deletions,
    midnight,
    months_of,
    move_deletion,
)
from services.audit_logging.use_cases.retention.read_deletions import DeletionView, Kind, get_deletion
from shared.contracts.facts.audit_logging import DeletionProposed
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork


class ProposeDeletion(BaseModel):
    """Which class, and before which Asia/Tokyo day its entries came into the log."""

    kind: Kind
    before: date


def propose_deletion(work: UnitOfWork, body: ProposeDeletion) -> DeletionView:
    """Say what would go: first and last index, count, SHA-256 over the act and the canonical rows. Nothing goes yet.

    Raises:
        Problem: within-retention where the day is later than the period allows, or none is set; nothing-to-delete;
            too-large where more than MOST entries fall under it.
    """
    lock_deletions(work.session)
    months = _months_if_over(work, body)
    deletion_id = uuid4()
    found = covered(work.session, deletion_id, body.kind, midnight(body.before), 0, tree_size(work.session))
    if found is None:
        raise Problem("nothing-to-delete", field="before", detail="期間を過ぎた記録がないか、すべて保全されています")
    if found.count > MOST:
        raise Problem("too-large", field="before", detail=f"{MOST}件を超えます。より前の日を指定してください")
    return _keep(work, body, deletion_id, months, found)


def _keep(work: UnitOfWork, body: ProposeDeletion, deletion_id: UUID, months: int, found: Covered) -> DeletionView:
    named = {"first": found.first, "last": found.last, "count": found.count, "sha256": found.sha256}
    row = {"deletion_id": deletion_id, "kind": body.kind, "months": months, **named}
    people = {"proposer": work.actor, "proposed_at": work.clock.now()}
    move_deletion(work.session, "proposed", {**row, **people, "before": midnight(body.before)})
    work.fact(DeletionProposed(**row, before=body.before), subject=f"deletion:{deletion_id}")
    return get_deletion(work, deletion_id)


def _months_if_over(work: UnitOfWork, body: ProposeDeletion) -> int:
    months = months_of(work.session, body.kind)
    if months is None:
        raise Problem("within-retention", field="kind", detail="この区分の保存期間を区が定めていません")
    latest = latest_day(work.session, body.kind)
    if latest is None:
        raise Problem(
            "within-retention", field="before", detail="データベースの時計が進みすぎていないか確認してください"
        )
    if body.before > latest:
        extra = {"latest": latest.isoformat(), "months": months}
        raise Problem("within-retention", field="before", detail="保存期間の終わった日を指定してください", extra=extra)
    return months
