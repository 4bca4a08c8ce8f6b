"""Propose to delete the openings of entries whose period is over (保存期間満了)."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

from services.audit_logging.adapters.log.tree import tree_size
from services.audit_logging.adapters.retention.deletions import (
    MOST,
    Covered,
    covered,
    latest_day,
    lock_deletions,
    midnight,
    move_deletion,
)
from services.audit_logging.use_cases.retention.read_deletions import Deletion, Kind, get_deletion
from shared.contracts.facts.audit_logging import DeletionProposed
from shared.service_kit.problems import Problem
from shared.service_kit.retention.expiry import months_of
from shared.service_kit.unit_of_work import UnitOfWork


def propose_deletion(work: UnitOfWork, kind: Kind, before: date) -> Deletion:
    """Say what would go: first and last index, count, SHA-256 over the act and the canonical rows. Nothing goes yet.

    Raises:
        Problem: within-retention where the day is later than the period allows, or none is set; nothing-to-delete;
            too-large where more than MOST entries fall under it.
    """
    lock_deletions(work.connection)
    months = _months_if_over(work, kind, before)
    deletion_id = uuid4()
    entries = covered(work.connection, deletion_id, kind, midnight(before), 0, tree_size(work.connection))
    if entries is None:
        raise Problem("nothing-to-delete", field="before", detail="期間を過ぎた記録がないか、すべて保全されています")
    if entries.count > MOST:
        raise Problem("too-large", field="before", detail=f"{MOST}件を超えます。より前の日を指定してください")
    act = {"deletion_id": deletion_id, "kind": kind, "months": months}
    return _keep(work, act, before, entries)


def _keep(work: UnitOfWork, act: dict[str, Any], before: date, entries: Covered) -> Deletion:
    row = {**act, "first": entries.first, "last": entries.last, "count": entries.count, "sha256": entries.sha256}
    people = {"proposer": work.actor, "proposed_at": work.clock.now()}
    move_deletion(work.connection, "proposed", {**row, **people, "before": midnight(before)})
    work.fact(DeletionProposed(**row, before=before), subject=f"deletion:{act['deletion_id']}")
    return get_deletion(work, act["deletion_id"])


def _months_if_over(work: UnitOfWork, kind: Kind, before: date) -> int:
    months = months_of(work.connection, kind)
    if months is None:
        raise Problem("within-retention", field="kind", detail="この区分の保存期間を区が定めていません")
    latest = latest_day(work.connection, kind)
    if latest is None:
        raise Problem(
            "within-retention", field="before", detail="データベースの時計が進みすぎていないか確認してください"
        )
    if before > latest:
        extra = {"latest": latest.isoformat(), "months": months}
        raise Problem("within-retention", field="before", detail="保存期間の終わった日を指定してください", extra=extra)
    return months
