"""Approvals that come at once: one of them holds, the others are told so, and a confirmation serves one of them."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from services.case_management.app import service
from shared.service_kit.testing import Client, Reply, RunningService, Services, make_token, stepped_up
from tests.case_management.registry import Registry, item
from tests.decisions.ward import Office, Ward, ok, problem

pytestmark = [pytest.mark.database, pytest.mark.dialect]


@pytest.fixture
def running(services: Services) -> RunningService:
    return services.open(service)


def at_once(*posts: tuple[Client, str, str]) -> list[str]:
    """What each of several who approve by client, path and hash at once was told, in order of the words."""
    barrier = Barrier(len(posts))

    def approve(client: Client, path: str, sha256: str) -> str:
        barrier.wait()
        return outcome(client.post(path, {"sha256": sha256}))

    with ThreadPoolExecutor(len(posts)) as pool:
        return sorted(pool.map(lambda client: approve(*client), posts))


def outcome(reply: Reply) -> str:
    return "done" if reply.status_code < 300 else problem(reply)


def test_of_heads_who_approve_the_same_import_at_once_one_does(running: RunningService) -> None:
    proposed = ok(Office(running).propose(Ward().add(1)), 201)
    path = f"/imports/{proposed['import_id']}/approval"
    heads = [running.client(person=f"head-{number}", roles=["head"]) for number in range(3)]
    assert at_once(*((head, path, proposed["sha256"]) for head in heads)) == ["done", *["wrong-state 409"] * 2]
    assert len(running.facts("import.confirmed.v1")) == 1


def test_of_administrators_who_approve_the_same_assignments_at_once_one_does(running: RunningService) -> None:
    registry = Registry(running)
    proposed = ok(registry.propose(item("worker-1")), 201)
    path = f"/assignment-proposals/{proposed['proposal_id']}/approval"
    admins = [registry.admin(f"admin-{number}") for number in (2, 3, 4)]
    assert at_once(*((client, path, proposed["sha256"]) for client in admins)) == ["done", *["wrong-state 409"] * 2]
    assert len(running.facts("assignment.approved.v1")) == 1


def test_one_confirmation_used_at_once_in_several_requests_approves_one_thing_once(running: RunningService) -> None:
    proposed = ok(Office(running).propose(Ward().add(1)), 201)
    token = make_token("head-1", ["head"], running.service.name, **stepped_up(proposed["sha256"]))
    clients = [Client(running.app, {"Authorization": f"Bearer {token}"}) for _ in range(3)]
    path = f"/imports/{proposed['import_id']}/approval"
    assert at_once(*((client, path, proposed["sha256"]) for client in clients)) == [
        "done",
        *["step-up-required 401"] * 2,
    ]
    assert len(running.execute("SELECT * FROM step_ups")) == 1
