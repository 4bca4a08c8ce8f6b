"""The composition root of the gateway."""

from pathlib import Path

from services.ui_gateway.pages.blueprint import staff_pages
from services.ui_gateway.worker import sweep
from shared.access.examples import EXAMPLES
from shared.access.guard import GUARD
from shared.contracts.correlation import is_of_a_month
from shared.contracts.facts import FACTS
from shared.contracts.permissions import DUTIES, PERMISSIONS
from shared.contracts.problems import PROBLEMS
from shared.contracts.purposes import PURPOSES
from shared.service_kit.processes.commands import main
from shared.service_kit.service import Every, Service

service = Service(
    name="ui_gateway",
    folder=Path(__file__).parent,
    fact_types=FACTS,
    permissions=PERMISSIONS,
    guard=GUARD,
    examples=EXAMPLES,
    duties=DUTIES,
    purposes=PURPOSES,
    shares_journey=is_of_a_month,
    problem_types=PROBLEMS,
    blueprints=[staff_pages],
    tasks=[sweep],
    schedule=[Every(60, sweep)],
)

if __name__ == "__main__":
    main(service)
