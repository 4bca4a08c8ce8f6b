"""The composition root of public assistance."""

from collections.abc import Sequence
from pathlib import Path
from uuid import uuid4

from services.case_management.adapters import entries
from services.case_management.adapters.deciding import deciding
from services.case_management.adapters.finding.alike import keep_alike
from services.case_management.adapters.finding.known_people import keep_people
from services.case_management.adapters.investigations import attachments, relatives, requests
from services.case_management.adapters.merging.tables import SEALED as SEALED_MERGES
from services.case_management.adapters.person_details import DETAILS
from services.case_management.adapters.residents import SEALED
from services.case_management.api import (
    access,
    assignments,
    cases,
    casework,
    household,
    intake,
    merging,
    person_details,
    residents,
    search,
)
from services.case_management.api.investigations import attachments as documents
from services.case_management.api.investigations import consents
from services.case_management.api.investigations import relatives as liable_relatives
from services.case_management.api.investigations import requests as investigation_requests
from services.case_management.use_cases.appoint_first_administrators import appoint_first_administrators
from services.case_management.worker import approve_chunks, determine_chunks, load_imports, record_matrix
from shared.access.emergencies import EMERGENCIES
from shared.access.emergency_routes import emergency_routes
from shared.access.examples import EXAMPLES
from shared.access.guard import GUARD
from shared.contracts.correlation import is_of_a_month
from shared.contracts.facts import FACTS
from shared.contracts.permissions import DUTIES, PERMISSIONS
from shared.contracts.problems import PROBLEMS
from shared.contracts.purposes import PURPOSES
from shared.decisions.adapters.figures import decision_figures
from shared.decisions.adapters.scope import case_record
from shared.decisions.api.cases import case_routes
from shared.decisions.api.collectives import collective_routes
from shared.decisions.api.imports import import_routes
from shared.decisions.api.restrictions import restriction_routes
from shared.service_kit.processes.commands import main
from shared.service_kit.runtime import Runtime
from shared.service_kit.service import Every, Service
from shared.service_kit.unit_of_work import unit_of_work


def first_administrators(runtime: Runtime, arguments: Sequence[str]) -> str:
    """`first-administrators OPERATOR PERSON PERSON …`: an operator appoints those who begin the register.

    Raises:
        ValueError: no operator, or nobody to appoint, is named.
    """
    if len(arguments) < 2:
        raise ValueError("first-administrators OPERATOR PERSON PERSON …")
    operator, *persons = arguments
    with unit_of_work(runtime, actor=f"person:{operator}", correlation=str(uuid4())) as work:
        appointed = appoint_first_administrators(work, persons)
    return f"{appointed.proposed.proposal_id} {appointed.proposed.sha256}\n"


service = Service(
    name="case_management",
    folder=Path(__file__).parent,
    routes=[
        import_routes(deciding),
        collective_routes(deciding),
        case_routes(deciding),
        household.routes,
        restriction_routes(deciding),
        assignments.routes,
        access.routes,
        intake.routes,
        casework.routes,
        cases.routes,
        residents.routes,
        person_details.routes,
        merging.routes,
        investigation_requests.routes,
        consents.routes,
        liable_relatives.routes,
        documents.routes,
        search.routes,
        emergency_routes(case_record(deciding.tables)),
    ],
    fact_types=FACTS,
    permissions=PERMISSIONS,
    guard=GUARD,
    examples=EXAMPLES,
    duties=DUTIES,
    purposes=PURPOSES,
    shares_journey=is_of_a_month,
    problem_types=PROBLEMS,
    tasks=[load_imports, determine_chunks, approve_chunks, record_matrix],
    schedule=[Every(2, load_imports), Every(2, determine_chunks), Every(2, approve_chunks), Every(60, record_matrix)],
    figures=lambda work, month: decision_figures(work, deciding.tables, month),
    commands={"first-administrators": first_administrators},
    kept=[keep_people, keep_alike],
    sealed=[
        *SEALED,
        *entries.SEALED,
        DETAILS,
        *SEALED_MERGES,
        *requests.SEALED,
        *relatives.SEALED,
        *attachments.SEALED,
        EMERGENCIES,
    ],
)


if __name__ == "__main__":
    main(service)
