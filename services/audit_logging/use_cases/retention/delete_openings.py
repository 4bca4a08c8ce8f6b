"""Delete openings under an approved deletion, chunk by chunk, and put the notice into the log."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select

from services.audit_logging.adapters.retention.deletions import gone, midnight, months_after, move_deletion, named
from services.audit_logging.use_cases.retention.read_deletions import get_deletion
from shared.contracts.facts.audit_logging import OpeningsDeleted
from shared.service_kit.jobs.chunks import Chunk
from shared.service_kit.unit_of_work import UnitOfWork


def delete_chunk(work: UnitOfWork, chunk: Chunk) -> None:
    """Let the door delete what may go between two indexes; what is held by now stays."""
    between = chunk.payload["first"], chunk.payload["last"]
    work.connection.execute(select(func.delete_openings(UUID(chunk.job_id), *between)))


def publish_notice(work: UnitOfWork, deletion_id: str) -> None:
    """Publish what went, under whose approval and which rule, and when the last clear copies go (削除の通知)."""
    view, went = get_deletion(work, UUID(deletion_id)), gone(work.connection, UUID(deletion_id))
    assert view.approver is not None
    count, digest = (went.count, went.sha256) if went else (0, named(view.deletion_id).hexdigest())
    until = {
        "events_until": months_after(work.connection, midnight(view.before), "events"),
        "backups_until": months_after(work.connection, work.clock.now(), "backups"),
    }
    same = {name: getattr(view, name) for name in ("kind", "before", "months", "first", "last", "proposer", "approver")}
    went_as = {"deletion_id": view.deletion_id, "count": count, "held": view.count - count, "sha256": digest, **until}
    fact_id = work.fact(OpeningsDeleted(**same, **went_as), subject=f"deletion:{deletion_id}")
    move_deletion(work.connection, "deleted", {**went_as, "fact_id": fact_id, "told_at": work.clock.now()})
