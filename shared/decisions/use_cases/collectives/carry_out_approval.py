"""Carrying out an approval chunk by chunk: one approval row and one fact for each determination."""

from typing import Any, cast
from uuid import UUID

from sqlalchemy import insert, select

from shared.contracts.assistance import Kind, Programme
from shared.contracts.facts.decisions import Cover, DeterminationApproved
from shared.decisions.adapters.tables import DecisionTables
from shared.service_kit.jobs.chunks import Chunk
from shared.service_kit.unit_of_work import UnitOfWork

_COLUMNS = ("determination_id", "proposer", "approver", "approved_at", "case_no", "month", "replaces")


def approve_chunk(work: UnitOfWork, chunk: Chunk, tables: DecisionTables) -> None:
    """Approve each determination of the chunk's cases by the collective's two people, and publish it.

    What is barred to one of them stays out.
    """
    collective_id = UUID(chunk.job_id)
    approvals, drafts, out = tables.collective_approvals, tables.determinations, tables.collective_left_out
    approval = work.connection.execute(select(approvals).where(approvals.c.collective_id == collective_id)).one()
    rows = work.connection.execute(
        select(drafts)
        .where(
            drafts.c.collective_id == collective_id,
            drafts.c.case_no.between(chunk.payload["from"], chunk.payload["to"]),
            drafts.c.case_no.not_in(select(out.c.case_no).where(out.c.collective_id == collective_id)),
        )
        .order_by(drafts.c.case_no),
    ).all()
    work.copy(
        tables.determination_approvals,
        [(row.determination_id, row.proposer, approval.approver, approval.approved_at, *_chain(row)) for row in rows],
        _COLUMNS,
    )
    for row in rows:
        work.fact(_approved(row, tables.programme, approval.approver), subject=f"case:{row.case_no}")


def _chain(row: Any) -> tuple[str, str, UUID | None]:
    return row.case_no, row.month, row.replaces


def _approved(row: Any, programme: Programme, approver: str) -> DeterminationApproved:
    return DeterminationApproved(
        determination_id=row.determination_id,
        case_no=row.case_no,
        programme=programme,
        month=row.month,
        kinds=cast("dict[Kind, int]", row.kinds),
        covers=[Cover.model_validate(cover) for cover in row.covers],
        replaces=row.replaces,
        proposer=row.proposer,
        approver=approver,
    )


def finish_approving(work: UnitOfWork, tables: DecisionTables, collective_id: UUID) -> None:
    """Note that every determination is approved, once."""
    work.connection.execute(
        insert(tables.collective_completions).values(collective_id=collective_id, completed_at=work.clock.now()),
    )
