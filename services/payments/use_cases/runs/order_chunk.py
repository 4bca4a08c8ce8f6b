"""Make the orders (支払決定) of one range of cases of a run."""

from uuid import UUID

from services.payments.adapters.runs.ordering import order_range
from shared.approvals.canonical import sha256_of
from shared.contracts.facts.payments import OrdersMade
from shared.service_kit.jobs.chunks import Chunk
from shared.service_kit.unit_of_work import UnitOfWork


def order_chunk(work: UnitOfWork, chunk: Chunk) -> None:
    """Order for the chunk's cases what the run may, and publish count, yen and hash of it."""
    run_id = UUID(chunk.job_id)
    rows = order_range(work, run_id, chunk.payload["first"], chunk.payload["last"])
    work.fact(
        OrdersMade(
            run_id=run_id,
            chunk=chunk.seq,
            count=len(rows),
            yen=sum(yen for *_, yen in rows),
            sha256=sha256_of(rows),
        ),
        subject=f"run:{run_id}",
    )
