"""The tasks of a deciding service: each finds its open chunks in the database again after any crash."""

from uuid import UUID

from shared.decisions.adapters.acts import APPROVE, DETERMINE
from shared.decisions.adapters.import_state import LOAD
from shared.decisions.use_cases.collectives.carry_out_approval import approve_chunk, finish_approving
from shared.decisions.use_cases.collectives.draft_collective import draft_chunk, finish_drafting
from shared.decisions.use_cases.deciding import Deciding
from shared.decisions.use_cases.imports.load_import import load_import
from shared.service_kit.jobs import chunks
from shared.service_kit.runtime import Runtime
from shared.service_kit.tasks import TaskFunction, task


def deciding_tasks(name: str, deciding: Deciding) -> tuple[TaskFunction, TaskFunction, TaskFunction]:
    """Return the tasks of the service ``name``: loading, drafting, and carrying out approvals."""

    @task(f"{name}.load_imports")
    def load_imports(runtime: Runtime) -> None:
        """Load every import that was approved."""
        chunks.work_off(runtime, LOAD, lambda work, chunk: load_import(work, chunk, deciding))

    @task(f"{name}.determine_chunks")
    def determine_chunks(runtime: Runtime) -> None:
        """Draft every open chunk, then propose each collective whose chunks are all done."""
        chunks.work_off(
            runtime,
            DETERMINE,
            lambda work, chunk: draft_chunk(work, chunk, deciding),
            lambda work, job_id: finish_drafting(work, deciding.tables, UUID(job_id)),
        )

    @task(f"{name}.approve_chunks")
    def approve_chunks(runtime: Runtime) -> None:
        """Approve every open chunk, then complete each collective whose chunks are all done."""
        chunks.work_off(
            runtime,
            APPROVE,
            lambda work, chunk: approve_chunk(work, chunk, deciding.tables),
            lambda work, job_id: finish_approving(work, deciding.tables, UUID(job_id)),
        )

    return load_imports, determine_chunks, approve_chunks
