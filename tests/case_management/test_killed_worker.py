"""A worker killed at any moment: the month comes out the same, each determination once."""

import os
import random
import signal
import subprocess
import sys

import pytest

from services.case_management.app import service
from shared.decisions.adapters import acts
from shared.service_kit.testing import Services
from tests.decisions.ward import Office, Ward, ok

pytestmark = pytest.mark.database


def ward() -> Ward:
    full = Ward()
    for case in range(1, 21):
        full.add(case, {"pension": str(case * 1000)}, rent=str(30_000 + case))
    return full


def outcome(office: Office, collective_id: str) -> object:
    """What must not depend on who died when: everything but ids, instants, and the act's hash, which names its id."""
    published = [
        (fact["subject"], fact["data"]["kinds"], fact["data"]["covers"], fact["data"]["replaces"])
        for fact in office.running.facts("determination.approved.v1")
    ]
    chunks = [
        (fact["data"]["chunk"], fact["data"]["sha256"]) for fact in office.running.facts("determinations.proposed.v1")
    ]
    collective = office.collective(collective_id)
    shown = [collective[name] for name in ("state", "cases", "yen", "on_assistance", "refused")]
    return sorted(published, key=lambda event: str(event[0])), sorted(chunks), shown


def kill_at(office: Office, task: str, statement: int) -> int:
    """Run the task in a process that dies at the statement; gives its exit status."""
    settings = office.running.runtime.settings
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.getcwd(),
        "KURASHI_ENV": "test",
        "KURASHI_DATABASE_URL": settings.database_url,
        "KURASHI_ISSUER_URL": settings.issuer_url,
        "KURASHI_SIGNING_KEY": settings.signing_key,
    }
    command = [sys.executable, "-m", "tests.case_management.killed_worker", task, str(statement)]
    return subprocess.run(command, env=environment, capture_output=True, timeout=120, check=False).returncode


def loaded(office: Office) -> object:
    """What is on record, without ids and instants."""
    facts = "SELECT number, case_no, person_no, fact, data FROM circumstances ORDER BY number"
    people = "SELECT number, person_no FROM residents ORDER BY number"
    published = [fact["type"] for fact in office.running.facts() if fact["type"].startswith("import.")]
    counted = [len(office.running.execute(query)) for query in (facts, people, "SELECT * FROM cases")]
    return counted, [row[1:] for row in office.running.execute(facts)], published


@pytest.mark.parametrize("seed", range(2))
def test_whenever_the_worker_dies_an_import_is_loaded_once_and_never_by_half(services: Services, seed: int) -> None:
    undisturbed = Office(services.open(service))
    undisturbed.load(ward())
    office, chance = Office(services.open(service)), random.Random(seed)
    proposed = ok(office.propose(ward()), 201)
    ok(office.approve_import_only(proposed), 202)
    died = [kill_at(office, "load", chance.randint(4, 14)) for _ in range(3)]
    assert -signal.SIGKILL in died
    assert office.running.execute("SELECT count(*) FROM circumstances")[0][0] in (0, 100)
    assert office.import_(proposed)["state"] in ("approving", "approved")
    office.running.run_tasks()
    assert (office.import_(proposed)["state"], loaded(office)) == ("approved", loaded(undisturbed))


@pytest.mark.parametrize("seed", range(2))
def test_whenever_the_worker_dies_the_month_is_the_same(
    services: Services, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr(acts, "CHUNK", 4)
    undisturbed = Office(services.open(service))
    undisturbed.load(ward())
    expected = outcome(undisturbed, undisturbed.determined()["collective_id"])

    office, chance = Office(services.open(service)), random.Random(seed)
    office.load(ward())
    collective_id = office.open()
    died = [kill_at(office, "determine", chance.randint(1, 25)) for _ in range(3)]
    office.running.run_tasks()
    ok(office.approve(office.collective(collective_id)), 202)
    died += [kill_at(office, "approve", chance.randint(1, 25)) for _ in range(3)]
    office.running.run_tasks()

    assert died.count(-signal.SIGKILL) >= 4
    assert outcome(office, collective_id) == expected
