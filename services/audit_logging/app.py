"""The composition root of the log."""

from __future__ import annotations

from pathlib import Path

from services.audit_logging.adapters.review.sealed import SEALED
from services.audit_logging.api import cases, log, retention, search
from services.audit_logging.api import review as reviewing
from services.audit_logging.use_cases.log.append_facts import append_facts
from services.audit_logging.use_cases.log.read_log import figures
from services.audit_logging.worker import delete, index, publish, refill, review, self_check, sign, watch
from shared.access.examples import EXAMPLES
from shared.access.guard import GUARD
from shared.contracts.correlation import is_of_a_month
from shared.contracts.facts import FACTS
from shared.contracts.permissions import DUTIES, PERMISSIONS
from shared.contracts.problems import PROBLEMS
from shared.contracts.purposes import PURPOSES
from shared.service_kit.processes.commands import main
from shared.service_kit.service import Every, Service
from shared.service_kit.subscriptions.subscription import Subscription

PRODUCERS = ("case_management", "support_benefits", "payments", "ui_gateway", "audit_logging")

service = Service(
    name="audit_logging",
    folder=Path(__file__).parent,
    routes=[log.routes, search.routes, cases.routes, reviewing.routes, retention.routes],
    fact_types=FACTS,
    permissions=PERMISSIONS,
    guard=GUARD,
    examples=EXAMPLES,
    duties=DUTIES,
    purposes=PURPOSES,
    shares_journey=is_of_a_month,
    problem_types=PROBLEMS,
    subscriptions=[
        Subscription(producer, stream, append_facts, park=False)
        for producer in PRODUCERS
        for stream in ("facts", "looks")
    ],
    tasks=[sign, publish, watch, index, review, self_check, delete],
    schedule=[
        Every(1, sign),
        Every(1, publish),
        Every(10, watch),
        Every(2, index),
        Every(60, review),
        Every(30, self_check),
        Every(10, delete),
    ],
    figures=figures,
    commands={"refill": refill},
    sealed=SEALED,
)

if __name__ == "__main__":
    main(service)
