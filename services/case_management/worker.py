"""Tasks of this room: thin, found again from the database."""

from services.case_management.adapters.access_matrix import keep_matrix
from services.case_management.adapters.law import PROGRAMME, assess_cases
from services.case_management.adapters.residents import enter_residents
from services.case_management.adapters.tables import decisions
from shared.decisions import jobs
from shared.service_kit import Service
from shared.service_kit.tasks import task


@task("case_management.load_imports")
def load_imports(service: Service) -> None:
    """Load what was approved of imports."""
    jobs.load_imports(service, decisions, enter_residents)


@task("case_management.determine_chunks")
def determine_chunks(service: Service) -> None:
    """Draft what is open of collective determinations, and propose what is drafted."""
    jobs.determine_chunks(service, decisions, assess_cases)


@task("case_management.approve_chunks")
def approve_chunks(service: Service) -> None:
    """Carry out what is open of approvals."""
    jobs.approve_chunks(service, decisions, PROGRAMME)


@task("case_management.record_matrix")
def record_matrix(service: Service) -> None:
    """Note the matrix of permissions where it is another than before: what a role could do on a past day."""
    with service.work(actor=f"service:{service.name}", correlation="") as work:
        keep_matrix(work)
