"""The composition root of public assistance."""

from pathlib import Path
from typing import Any

from services.case_management.adapters.tables import decisions
from services.case_management.api import cases, collectives, imports
from services.case_management.worker import approve_chunks, determine_chunks
from shared.contracts.facts import FACTS
from shared.contracts.permissions import PERMISSIONS
from shared.contracts.problems import PROBLEMS
from shared.decisions.adapters.figures import decision_figures
from shared.service_kit import Every, Service
from shared.service_kit.work import UnitOfWork


def figures(work: UnitOfWork, month: str | None) -> dict[str, Any]:
    """This room's own figures of a month, in yen."""
    return decision_figures(work, decisions, month)


service = Service(
    name="case_management",
    folder=Path(__file__).parent,
    routes=[imports.routes, collectives.routes, cases.routes],
    fact_types=FACTS,
    permissions=PERMISSIONS,
    problem_types=PROBLEMS,
    tasks=[determine_chunks, approve_chunks],
    schedule=[Every(2, determine_chunks), Every(2, approve_chunks)],
    figures=figures,
)

if __name__ == "__main__":
    service.main()
