"""Collective determinations at the same moment: one person's act holds, and workers draft each case once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Thread

import pytest

from services.case_management.app import service
from services.case_management.worker import determine_chunks
from shared.decisions.adapters import acts
from shared.service_kit.testing import Client, Services
from tests.decisions.ward import Office, Ward

pytestmark = pytest.mark.database


@pytest.fixture
def office(services: Services) -> Office:
    return Office(services.open(service))


def test_of_two_heads_who_approve_an_act_at_the_same_moment_one_does(office: Office) -> None:
    office.load(Ward().add(1))
    act = office.drafted()
    heads, start = [office.head, office.running.client(person="head-2", roles=["head"])], Barrier(2)

    def approve(head: Client) -> int:
        start.wait()
        path = f"/collective-determinations/{act['collective_id']}/approval"
        return int(head.post(path, json={"sha256": act["sha256"]}).status_code)

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(approve, heads)) == [202, 409]


def test_of_two_acts_opened_at_the_same_moment_one_is(office: Office) -> None:
    office.load(Ward().add(1))
    workers = [office.caseworker, office.running.client(person="worker-2", roles=["caseworker"], districts=["01"])]
    start = Barrier(2)

    def open_(worker: Client) -> int:
        start.wait()
        return int(worker.post("/collective-determinations", {"month": "2026-12", "reason": "monthly"}).status_code)

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(open_, workers)) == [202, 409]


def test_two_workers_at_once_draft_each_case_once(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(acts, "CHUNK", 2)
    ward = Ward()
    for case in range(1, 13):
        ward.add(case)
    office.load(ward)
    collective_id = office.open()
    threads = [Thread(target=determine_chunks, args=[office.running.runtime]) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (office.collective(collective_id)["state"], office.collective(collective_id)["cases"]) == ("proposed", 12)
    assert len(office.running.facts("determinations.proposed.v1")) == 6
    assert len(office.running.facts("collective.proposed.v1")) == 1
