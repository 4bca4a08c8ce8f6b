"""The composition root of support benefits."""

from pathlib import Path

from services.support_benefits.adapters.deciding import deciding
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
from shared.decisions.api.cases import case_routes, overview_routes
from shared.decisions.api.collectives import collective_routes
from shared.decisions.api.imports import import_routes
from shared.decisions.api.restrictions import restriction_routes
from shared.decisions.tasks import deciding_tasks
from shared.service_kit.processes.commands import main
from shared.service_kit.service import Every, Service

tasks = deciding_tasks("support_benefits", deciding)
service = Service(
    name="support_benefits",
    folder=Path(__file__).parent,
    routes=[
        import_routes(deciding),
        collective_routes(deciding),
        case_routes(deciding),
        overview_routes(deciding),
        restriction_routes(deciding),
        emergency_routes(case_record(deciding.tables)),
    ],
    examples=EXAMPLES,
    fact_types=FACTS,
    permissions=PERMISSIONS,
    guard=GUARD,
    duties=DUTIES,
    purposes=PURPOSES,
    shares_journey=is_of_a_month,
    problem_types=PROBLEMS,
    tasks=tasks,
    schedule=[Every(2, task) for task in tasks],
    figures=lambda work, month: decision_figures(work, deciding.tables, month),
    sealed=[EMERGENCIES],
)

if __name__ == "__main__":
    main(service)
