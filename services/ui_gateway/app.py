"""The composition root of the gateway."""

from pathlib import Path

from services.ui_gateway.pages.blueprint import staff_pages
from shared.contracts.facts import FACTS
from shared.contracts.permissions import PERMISSIONS
from shared.contracts.problems import PROBLEMS
from shared.service_kit import Service

service = Service(
    name="ui_gateway",
    folder=Path(__file__).parent,
    fact_types=FACTS,
    permissions=PERMISSIONS,
    problem_types=PROBLEMS,
    blueprints=[staff_pages],
)

if __name__ == "__main__":
    service.main()
