"""Tasks of this service: thin, found again from the database."""

from services.case_management.adapters.access_matrix import keep_matrix
from services.case_management.adapters.deciding import deciding
from shared.decisions.tasks import deciding_tasks
from shared.service_kit.runtime import Runtime
from shared.service_kit.tasks import task
from shared.service_kit.unit_of_work import unit_of_work

load_imports, determine_chunks, approve_chunks = deciding_tasks("case_management", deciding)


@task("case_management.record_matrix")
def record_matrix(runtime: Runtime) -> None:
    """Note the matrix of permissions where it is another than before: what a role could do on a past day."""
    with unit_of_work(runtime, actor=f"service:{runtime.name}", correlation="") as work:
        keep_matrix(work)
