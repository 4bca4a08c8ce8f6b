"""The composition root of the payments service."""

from pathlib import Path

from services.payments.adapters.deciding_services.case_record import ask_emergency_record
from services.payments.adapters.deciding_services.populations import PRODUCERS, STREAM
from services.payments.adapters.figures import figures
from services.payments.adapters.sealed import SEALED
from services.payments.api import cases, imports, runs
from services.payments.use_cases.take_facts import take_facts
from services.payments.worker import cut_off_runs, make_files, order_chunks, read_back
from shared.access.deciding_services import asked_record
from shared.access.emergencies import EMERGENCIES
from shared.access.emergency_routes import emergency_routes
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

service = Service(
    name="payments",
    folder=Path(__file__).parent,
    routes=[imports.routes, runs.routes, cases.routes, emergency_routes(asked_record, ask_emergency_record)],
    fact_types=FACTS,
    permissions=PERMISSIONS,
    guard=GUARD,
    examples=EXAMPLES,
    duties=DUTIES,
    purposes=PURPOSES,
    shares_journey=is_of_a_month,
    problem_types=PROBLEMS,
    subscriptions=[Subscription(producer, STREAM, take_facts) for producer in PRODUCERS],
    tasks=[cut_off_runs, order_chunks, make_files, read_back],
    schedule=[Every(1, cut_off_runs), Every(2, order_chunks), Every(2, make_files), Every(60, read_back)],
    figures=figures,
    sealed=[*SEALED, EMERGENCIES],
)

if __name__ == "__main__":
    main(service)
