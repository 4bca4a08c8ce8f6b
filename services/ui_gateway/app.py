"""The composition root of the gateway."""

from pathlib import Path

from flask import Blueprint

from services.ui_gateway.pages import login, months, runs
from services.ui_gateway.pages.frame import Frame
from shared.contracts.facts import FACTS
from shared.contracts.permissions import PERMISSIONS
from shared.contracts.problems import PROBLEMS
from shared.service_kit import Service


def pages(service: Service) -> Blueprint:
    """All pages of the staff."""
    frame = Frame(service)
    for part in (login, months, runs):
        part.add(frame)
    return frame.blueprint


service = Service(
    name="ui_gateway",
    folder=Path(__file__).parent,
    fact_types=FACTS,
    permissions=PERMISSIONS,
    problem_types=PROBLEMS,
    blueprints=[pages],
)

if __name__ == "__main__":
    service.main()
