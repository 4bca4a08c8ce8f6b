"""The jobs of a deciding service, found again from the database after any crash."""

from uuid import UUID

from shared.contracts.assistance import Programme
from shared.decisions.adapters.import_state import LOAD
from shared.decisions.adapters.tables import DecisionTables
from shared.decisions.domain.outcome import Assess
from shared.decisions.use_cases.collectives.carry_out_approval import APPROVE, approve_chunk, finish_approving
from shared.decisions.use_cases.collectives.draft_collective import DETERMINE, draft_chunk, finish_drafting
from shared.decisions.use_cases.imports.load_import import Enter, load_import
from shared.service_kit import Service
from shared.service_kit.jobs import chunks


def determine_chunks(service: Service, tables: DecisionTables, assess: Assess) -> None:
    """Draft every open chunk, then propose each collective whose chunks are all done."""
    chunks.work_off(
        service,
        DETERMINE,
        lambda work, chunk: draft_chunk(work, chunk, tables, assess),
        lambda work, job_id: finish_drafting(work, tables, UUID(job_id)),
    )


def approve_chunks(service: Service, tables: DecisionTables, programme: Programme) -> None:
    """Approve every open chunk, then complete each collective whose chunks are all done."""
    chunks.work_off(
        service,
        APPROVE,
        lambda work, chunk: approve_chunk(work, chunk, tables, programme),
        lambda work, job_id: finish_approving(work, tables, UUID(job_id)),
    )


def load_imports(service: Service, tables: DecisionTables, enter: Enter = lambda work, import_id: None) -> None:
    """Load every import that was approved.

    Args:
        enter: what the room enters of an import beside cases and circumstances.
    """
    chunks.work_off(service, LOAD, lambda work, chunk: load_import(work, chunk, tables, enter))
