"""The composition root of support benefits."""

from pathlib import Path
from typing import Any

from services.support_benefits.adapters.tables import decisions
from services.support_benefits.api import cases, collectives, imports, restrictions
from services.support_benefits.worker import approve_chunks, determine_chunks, load_imports
from shared.contracts.correlation import is_of_a_month
from shared.contracts.facts import FACTS
from shared.contracts.permissions import DUTIES, PERMISSIONS
from shared.contracts.problems import PROBLEMS
from shared.contracts.purposes import PURPOSES
from shared.decisions.adapters.figures import decision_figures
from shared.service_kit import Every, Service
from shared.service_kit.unit_of_work import UnitOfWork


def figures(work: UnitOfWork, month: str | None) -> dict[str, Any]:
    """This room's own figures of a month, in yen."""
    return decision_figures(work, decisions, month)


service = Service(
    name="support_benefits",
    folder=Path(__file__).parent,
    routes=[imports.routes, collectives.routes, cases.routes, restrictions.routes],
    fact_types=FACTS,
    permissions=PERMISSIONS,
    duties=DUTIES,
    purposes=PURPOSES,
    shares_journey=is_of_a_month,
    problem_types=PROBLEMS,
    tasks=[determine_chunks, approve_chunks, load_imports],
    schedule=[Every(2, load_imports), Every(2, determine_chunks), Every(2, approve_chunks)],
    figures=figures,
)

if __name__ == "__main__":
    service.main()
