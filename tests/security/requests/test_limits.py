"""Too many requests: a stranger, a person and a machine are turned away in time, and the office still knows of it."""

import time

import pytest

from shared.service_kit.rate_limits import network
from shared.service_kit.testing import Client, Reply, RunningService, Services
from shared.service_kit.unit_of_work import UnitOfWork
from tests.access import cases
from tests.service_kit.toy.app import service

pytestmark = pytest.mark.database
MARK = {"subject": "a", "value": 7}


def accountant(running: RunningService) -> Client:
    return running.client(person="demo-accountant", roles=["accountant"])


def a_minute_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.time
    monkeypatch.setattr(time, "time", lambda: now() + 61)


def told(running: RunningService) -> list[tuple[str, str, int]]:
    return [(one["actor"], one["data"]["problem"], one["data"]["count"]) for one in running.looks("refusal.v1")]


def test_a_stranger_cannot_fill_the_audit_and_is_counted_in_one_entry(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = services.open(service, refusals_a_minute=3)
    answers = [running.client().get("/marks/a") for _ in range(50)]
    assert [one.status_code for one in answers] == [401] * 3 + [429] * 47
    assert told(running) == [("person:unknown", "not-authenticated", 1)] * 3
    a_minute_passes(monkeypatch)
    accountant(running).get("/marks/a")
    assert told(running)[3:] == [("person:unknown", "too-many-requests", 47)]
    accountant(running).get("/marks/a")
    assert len(told(running)) == 4


def test_who_is_turned_away_is_told_when_to_come_back(services: Services) -> None:
    running = services.open(service, refusals_a_minute=1)
    running.client().get("/marks/a")
    answer = running.client().get("/marks/a")
    assert (answer.status_code, answer.json["type"]) == (429, "/problems/too-many-requests")
    assert 1 <= int(answer.headers["Retry-After"]) <= 60


def test_a_token_that_holds_is_served_whatever_strangers_do_at_its_address(services: Services) -> None:
    running = services.open(service, refusals_a_minute=1)
    for _ in range(20):
        running.client().get("/marks/a")
    assert accountant(running).get("/marks/a").status_code == 200


def test_strangers_at_many_addresses_are_stopped_together(services: Services) -> None:
    running = services.open(service, refusals_a_minute=2, proxies=1)
    asked = [running.client().get("/marks/a", {"X-Forwarded-For": f"198.51.100.{one}"}) for one in range(40)]
    assert [one.status_code for one in asked] == [401] * 20 + [429] * 20


def test_an_address_that_the_stranger_claims_counts_for_nothing(services: Services) -> None:
    direct = services.open(service, refusals_a_minute=2)
    claims = [direct.client().get("/marks/a", {"X-Forwarded-For": f"198.51.100.{one}"}) for one in range(6)]
    assert [one.status_code for one in claims] == [401] * 2 + [429] * 4
    behind = services.open(service, refusals_a_minute=2, proxies=1)
    forged = [behind.client().get("/marks/a", {"X-Forwarded-For": f"10.0.0.{one}, 198.51.100.9"}) for one in range(6)]
    assert [one.status_code for one in forged] == [401] * 2 + [429] * 4


def test_a_person_who_is_refused_again_and_again_is_named_once_with_the_count(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = services.open(service, refusals_a_minute=2)
    curious = running.client(person="demo-caseworker", roles=["caseworker"])
    assert [curious.post("/marks", MARK).status_code for _ in range(10)] == [403] * 2 + [429] * 8
    a_minute_passes(monkeypatch)
    accountant(running).get("/marks/a")
    assert told(running)[2:] == [("person:demo-caseworker", "too-many-requests", 8)]


def test_a_try_at_a_record_is_named_however_many_were_refused_before_it(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A shielded person among a hundred tries is found by her number, and no try is told twice or not at all."""
    running = services.open(cases.make_service(), refusals_a_minute=3)
    curious = running.client(person="demo-caseworker", roles=["caseworker"], districts=["02"])
    tried = [f"0000000{one}" for one in (1, 1, 1, 2, 1, 2, 3, 2)]
    assert statuses([curious.get(f"/cases/{one}") for one in tried]) == [403] * 3 + [429] * 5
    named = [(one["data"]["subject"], one["data"]["why"]) for one in running.looks("refusal.v1")]
    elsewhere, shielded = ("case:00000001", "scope"), ("case:00000002", "scope")
    assert named == [elsewhere] * 3 + [shielded, elsewhere, ("case:00000003", "scope")]
    a_minute_passes(monkeypatch)
    curious.get("/cases/00000001")
    counted = [(one["data"]["subject"], one["data"]["count"]) for one in running.looks("refusal.v1")[6:]]
    assert sorted(counted) == [("case:00000001", 1), ("case:00000002", 2)]


def test_a_count_that_could_not_be_written_is_told_later(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    running = services.open(service, refusals_a_minute=1)
    for _ in range(4):
        running.client().get("/marks/a")
    a_minute_passes(monkeypatch)
    with monkeypatch.context() as away:
        away.setattr(UnitOfWork, "refusal", lambda *given: 1 / 0)
        assert accountant(running).get("/marks/a").status_code == 500
    assert accountant(running).get("/marks/a").status_code == 200
    assert told(running)[1:] == [("person:unknown", "too-many-requests", 3)]


def statuses(answers: list[Reply]) -> list[int]:
    return [one.status_code for one in answers]


def test_a_person_and_a_machine_have_a_limit_each_of_their_own(services: Services) -> None:
    running = services.open(service, person_a_minute=3, machine_a_minute=5)
    assert statuses([accountant(running).get("/marks/a") for _ in range(5)]) == [200] * 3 + [429] * 2
    assert (
        statuses([running.client(machine="audit_logging").get("/figures") for _ in range(7)]) == [200] * 5 + [429] * 2
    )
    other = running.client(person="demo-other", roles=["accountant"])
    assert other.get("/marks/a").status_code == 200


def test_nothing_is_done_by_a_request_that_is_turned_away(services: Services) -> None:
    running = services.open(service, person_a_minute=1)
    assert statuses([accountant(running).post("/marks", MARK) for _ in range(3)]) == [201, 429, 429]
    assert len(running.execute("SELECT * FROM marks")) == 1


def test_an_act_that_was_turned_away_is_done_later_under_the_same_key(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = services.open(service, person_a_minute=1)
    accountant(running).get("/marks/a")
    assert accountant(running).post("/marks", MARK, key="the-same-key").status_code == 429
    a_minute_passes(monkeypatch)
    assert accountant(running).post("/marks", MARK, key="the-same-key").status_code == 201


def test_addresses_are_counted_as_networks() -> None:
    assert network("2001:db8:1:2:aaaa::1") == network("2001:db8:1:2:bbbb::2") != network("2001:db8:1:3::1")
    assert network("192.0.2.1") == network("::ffff:192.0.2.1") != network("192.0.2.2")
