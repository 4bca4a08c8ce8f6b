"""The toy service, put together."""

from collections.abc import Sequence
from pathlib import Path
from uuid import UUID, uuid4

from pydantic import BaseModel
from sqlalchemy import BigInteger, Column, MetaData, Table, Text, insert
from sqlalchemy.dialects.postgresql import UUID as PGUUID

from shared.access.guard import GUARD
from shared.contracts.correlation import is_of_a_month
from shared.contracts.facts import FACTS
from shared.contracts.facts.payments import RunOpened
from shared.contracts.permissions import PERMISSIONS
from shared.contracts.problems import PROBLEMS
from shared.service_kit.http.routing import Routes
from shared.service_kit.jobs import chunks
from shared.service_kit.problems import ContentError, Problem
from shared.service_kit.runtime import Runtime
from shared.service_kit.service import Every, Service
from shared.service_kit.streams.envelope import ReceivedFact
from shared.service_kit.subscriptions.subscription import Subscription
from shared.service_kit.tasks import task
from shared.service_kit.unit_of_work import UnitOfWork

marks = Table(
    "marks",
    MetaData(),
    Column("fact_id", PGUUID(as_uuid=True), primary_key=True),
    Column("subject", Text),
    Column("value", BigInteger),
)
routes = Routes("marks")


class Mark(BaseModel):
    """A mark to set."""

    subject: str
    value: int


class Marked(BaseModel):
    """A mark that was set."""

    mark_id: UUID


@routes.post("/marks", permission="run.open", status=201)
def set_mark(work: UnitOfWork, body: Mark) -> Marked:
    """Set a mark and tell it."""
    mark_id = uuid4()
    work.connection.execute(insert(marks).values(fact_id=mark_id, subject=body.subject, value=body.value))
    work.fact(RunOpened(run_id=mark_id, month="2026-12", run_kind="regular", positions={}), f"mark:{mark_id}")
    if body.value == 13:
        raise Problem("wrong-state", field="value", detail="13")
    return Marked(mark_id=mark_id)


@routes.get("/marks/<subject>", permission="run.read")
def read_mark(work: UnitOfWork, subject: str) -> dict[str, str]:
    """Look at somebody's mark."""
    work.look("mark", [subject], "casework")
    return {"subject": subject}


@routes.get("/round", permission="run.read")
def read_round(work: UnitOfWork) -> dict[str, str]:
    """Ask the service that the settings name as a deciding one; a test names this very service."""
    return {"told": work.runtime.clients.client("case_management", "a person's token").get("/health/ready")["status"]}


def take_marks(work: UnitOfWork, facts: Sequence[ReceivedFact]) -> None:
    """Keep the marks of another service; 13 cannot be understood."""
    for fact in facts:
        if fact.type.startswith("epoch."):
            continue
        if fact.data["value"] == 13:
            raise ContentError("unlucky")
        work.connection.execute(insert(marks).values(fact_id=fact.id, subject=fact.subject, value=fact.data["value"]))


@task("toy.count")
def count(runtime: Runtime) -> None:
    """Work off the open chunks."""
    chunks.work_off(runtime, "count", one_chunk, finish)


def one_chunk(work: UnitOfWork, chunk: chunks.Chunk) -> None:
    """Set the chunk's mark."""
    work.connection.execute(
        insert(marks).values(fact_id=uuid4(), subject=f"chunk:{chunk.seq}", value=chunk.payload["value"]),
    )


def finish(work: UnitOfWork, job_id: str) -> None:
    """Set the last mark."""
    work.connection.execute(insert(marks).values(fact_id=UUID(job_id), subject="finished", value=0))


service = Service(
    name="payments",
    folder=Path(__file__).parent,
    fact_types=FACTS,
    permissions=PERMISSIONS,
    guard=GUARD,
    shares_journey=is_of_a_month,
    problem_types=PROBLEMS,
    routes=[routes],
    subscriptions=[Subscription("case_management", "facts", take_marks)],
    tasks=[count],
    schedule=[Every(1, count)],
)
