"""A service with cases of several districts, laws and caseworkers, and those who ask it."""

from typing import Any

from pydantic import BaseModel

from shared.access.emergencies import EMERGENCIES
from shared.access.emergency_routes import emergency_routes
from shared.access.guard import GUARD
from shared.access.records import Record
from shared.contracts.facts import FACTS
from shared.contracts.permissions import DUTIES, PERMISSIONS
from shared.contracts.problems import PROBLEMS
from shared.service_kit.http.routing import Routes
from shared.service_kit.service import Service
from shared.service_kit.testing import Client, RunningService, make_token
from shared.service_kit.unit_of_work import UnitOfWork
from tests.service_kit.toy.app import service as toy

routes = Routes("cases")
HASH, OTHER = "a" * 64, "b" * 64
CASES = {
    "00000001": Record("case:00000001", district="01", programme="public_assistance"),
    "00000002": Record("case:00000002", district="01", caseworker="worker-2", shielded=True),
    "00000003": Record("case:00000003", district="01", barred=frozenset({"worker-1"})),
}
MATRIX: dict[str, dict[str, Any]] = {
    **PERMISSIONS,
    "case.look": {"caseworker": "district", "head": "office", "support_adviser": "programme"},
    "case.change": {"caseworker": "own", "supervisor": "district"},
}


class Approval(BaseModel):
    """What is approved."""

    sha256: str


def record_of(work: UnitOfWork, case_no: str) -> Record:
    """The record of a case."""
    del work
    return CASES.get(case_no, Record(f"case:{case_no}"))


@routes.get("/cases/<case_no>", permission="case.look", of=record_of)
def look(work: UnitOfWork, case_no: str) -> dict[str, str]:
    """Look at a case."""
    work.look("case", [f"case:{case_no}"], "casework")
    return {"case_no": case_no}


@routes.post("/cases/<case_no>", permission="case.change", of=record_of)
def change(work: UnitOfWork, case_no: str) -> dict[str, str]:
    """Change a case."""
    del work
    return {"case_no": case_no}


@routes.post("/approval", permission="run.approve", approval=True)
def approve(work: UnitOfWork, body: Approval) -> dict[str, str]:
    """Approve what the hash names."""
    del work
    return {"approved": body.sha256}


def make_service(*more: Routes) -> Service:
    return Service(
        name="payments",
        folder=toy.folder,
        fact_types=FACTS,
        permissions=MATRIX,
        guard=GUARD,
        duties=DUTIES,
        problem_types=PROBLEMS,
        routes=[routes, *more, emergency_routes(record_of)],
        sealed=[EMERGENCIES],
    )


def caseworker(running: RunningService, name: str = "worker-1", *districts: str) -> Client:
    return running.client(person=name, roles=["caseworker"], districts=list(districts))


def refused(running: RunningService) -> list[tuple[str, str]]:
    return [(refusal["data"]["subject"], refusal["data"]["why"]) for refusal in running.looks("refusal.v1")]


def in_emergency(client: Client, case_no: str) -> int:
    body = {"subject": f"case:{case_no}", "reason": "danger_to_life", "words": "合成の理由"}
    return client.post("/break-glass", body).status_code


def approver(running: RunningService, **claims: Any) -> Client:
    token = make_token("head-of-accounting", ["head_of_accounting"], "payments", **claims)
    return Client(running.app, {"Authorization": f"Bearer {token}"})
