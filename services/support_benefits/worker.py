"""Tasks of this room: thin, found again from the database."""

from services.support_benefits.adapters.law import PROGRAMME, assess_cases
from services.support_benefits.adapters.tables import decisions
from shared.decisions import jobs
from shared.service_kit import Service
from shared.service_kit.tasks import task


@task("support_benefits.load_imports")
def load_imports(service: Service) -> None:
    """Load what was approved of imports."""
    jobs.load_imports(service, decisions)


@task("support_benefits.determine_chunks")
def determine_chunks(service: Service) -> None:
    """Draft what is open of collective determinations, and propose what is drafted."""
    jobs.determine_chunks(service, decisions, assess_cases)


@task("support_benefits.approve_chunks")
def approve_chunks(service: Service) -> None:
    """Carry out what is open of approvals."""
    jobs.approve_chunks(service, decisions, PROGRAMME)
