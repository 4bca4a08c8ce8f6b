"""Approve a deletion of openings by its hash; the worker then deletes in chunks."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import exists, select

from services.audit_logging.adapters.retention.deletions import covered, lock_deletions, midnight, move_deletion
from services.audit_logging.adapters.retention.tables import deletion_approvals, deletion_notices, deletions
from services.audit_logging.use_cases.retention.read_deletions import Deletion, get_deletion
from shared.approvals.by_hash import approve_by_hash
from shared.approvals.two_people import Proposal
from shared.contracts.facts.audit_logging import DeletionApproved
from shared.service_kit.jobs import chunks
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork

JOB = "delete openings"
CHUNK = 5_000
"""Indexes of one chunk."""


def approve_deletion(work: UnitOfWork, deletion_id: UUID, named_sha256: str) -> Deletion:
    """Approve; what falls under it is computed anew.

    Raises:
        Problem: not-found; wrong-state where it is approved, or another of its class is still at work; same-person;
            content-moved where a hold or another deletion came between.
    """
    lock_deletions(work.connection)
    view = get_deletion(work, deletion_id)
    if view.state != "proposed" or _another_at_work(work, view.kind):
        raise Problem("wrong-state", field="state", detail="決裁済みか、同じ区分の削除がまだ終わっていません")
    now = covered(work.connection, deletion_id, view.kind, midnight(view.before), view.first, view.last)
    proposal, current = Proposal(view.proposer, view.sha256), now.sha256 if now else "nothing is left"
    approval = approve_by_hash(work, proposal, named_sha256, lambda: current)
    row = {"deletion_id": deletion_id, "sha256": approval.sha256, **approval.people}
    move_deletion(work.connection, "approved", {**row, "approved_at": work.clock.now()})
    ranges = range(view.first, view.last + 1, CHUNK)
    last = view.last
    chunks.plan(work, JOB, str(deletion_id), [{"first": n, "last": min(n + CHUNK - 1, last)} for n in ranges])
    work.fact(DeletionApproved(kind=view.kind, count=view.count, **row), subject=f"deletion:{deletion_id}")
    return get_deletion(work, deletion_id)


def _another_at_work(work: UnitOfWork, kind: str) -> bool:
    noticed = exists().where(deletion_notices.c.deletion_id == deletion_approvals.c.deletion_id)
    open_ones = (
        select(deletion_approvals.c.deletion_id)
        .join(deletions, deletions.c.deletion_id == deletion_approvals.c.deletion_id)
        .where(deletions.c.kind == kind, ~noticed)
    )
    return work.connection.execute(open_ones.limit(1)).first() is not None
