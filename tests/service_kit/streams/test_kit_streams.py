"""Facts between services: numbered without gaps, applied once, whatever happens to the pages."""

import threading
from typing import Any

import pytest

from shared.service_kit.observability import telemetry
from shared.service_kit.processes.listener import poll_producers
from shared.service_kit.streams import numbering
from shared.service_kit.testing import RunningService, Services
from tests.service_kit.toy.app import service

pytestmark = [pytest.mark.database, pytest.mark.dialect]
CASES = "case_management"


@pytest.fixture
def running(services: Services) -> RunningService:
    return services.open(service)


def fact(running: RunningService, value: int, subject: str = "case:1") -> dict[str, Any]:
    return running.fact("mark.v1", {"value": value}, subject)


def values(running: RunningService) -> list[int]:
    return [row[0] for row in running.execute("SELECT value FROM marks ORDER BY value")]


def cursor(running: RunningService) -> int:
    rows = running.execute("SELECT number FROM cursors")
    return int(rows[0][0]) if rows else 0


def test_pages_may_repeat_and_overlap(running: RunningService) -> None:
    facts = [fact(running, value) for value in range(1, 6)]
    assert running.take(CASES, running.page(CASES, facts[:3], 1)) == 3
    assert running.take(CASES, running.page(CASES, facts[:3], 1)) == 0
    assert running.take(CASES, running.page(CASES, facts[1:], 2)) == 2
    assert values(running) == [1, 2, 3, 4, 5]
    assert cursor(running) == 5


def test_a_forged_page_is_dropped(running: RunningService) -> None:
    body, key_id, signature = running.page(CASES, [fact(running, 1)], 1)
    assert running.take(CASES, (body.replace(b'"value": 1', b'"value": 9'), key_id, signature)) == 0
    foreign = running.page("support_benefits", [fact(running, 1)], 1)
    assert running.take(CASES, foreign) == 0
    assert values(running) == []


def test_a_page_of_another_epoch_is_dropped(running: RunningService) -> None:
    running.take(CASES, running.page(CASES, [fact(running, 1)], 1))
    assert running.take(CASES, running.page(CASES, [fact(running, 2)], 2, epoch="restored")) == 0
    assert values(running) == [1]


def test_a_restored_producer_stops_its_subscription_with_an_alarm(services: Services, running: RunningService) -> None:
    producer = services.open(service)
    with producer.work() as work:
        work._publish("facts", _Marked(2), "case:1", None)
    with producer.work() as work:
        numbering.positions(work.connection)
        page = numbering.read_page(work.connection, running._keys[CASES], CASES, "facts", 0)
    running.take(CASES, running.page(CASES, [fact(running, 1)], 1, epoch="before the restore"))
    running.hand_in(clients=_Answers({1: page}))
    poll_producers(running.runtime, running.service.subscriptions)
    assert stopped() == 1
    assert running.take(CASES, running.page(CASES, [fact(running, 1)], 1, epoch="before the restore")) == 0
    assert (values(running), stopped()) == ([1], 1)


def test_a_producer_that_knows_less_than_was_read_from_it_says_so(running: RunningService) -> None:
    """Restored to an earlier hour it would give numbers out again, and their facts would be passed over."""
    with running.work() as work:
        work._publish("facts", _Marked(1), "case:1", None)
    reader = running.client(machine="audit_logging")
    assert reader.get("/events?stream=facts&after=1").status_code == 200
    answer = reader.get("/events?stream=facts&after=2")
    assert (answer.status_code, answer.json["type"]) == (409, "/problems/wrong-state")


def stopped() -> float:
    return float(telemetry.SUBSCRIPTION_STOPPED.labels(f"{CASES}.facts")._value.get())


def test_a_missing_page_is_pulled_from_the_producer(services: Services, running: RunningService) -> None:
    producer = services.open(service)
    with producer.work() as work:
        for value in (1, 2, 3):
            work._publish("facts", _Marked(value), "case:1", None)
    with producer.work() as work:
        numbering.positions(work.connection)
        first = numbering.read_page(work.connection, running._keys[CASES], CASES, "facts", 0, most=1)
        rest = numbering.read_page(work.connection, running._keys[CASES], CASES, "facts", 1)
        pages = {0: first, 1: rest}
    running.hand_in(clients=_Answers(pages))
    assert running.take(CASES, (rest.body, rest.key_id, rest.signature)) == 3
    assert values(running) == [1, 2, 3]


def test_a_poll_of_a_producer_who_always_has_one_more_ends(services: Services, running: RunningService) -> None:
    """On a busy morning there is a further fact at every question, and the other subscriptions wait."""
    producer = services.open(service)

    class Busy(_Answers):
        asked = 0

        def raw(self, path: str, params: dict[str, Any]) -> Any:
            self.asked += 1
            with producer.work() as work:
                work._publish("facts", _Marked(self.asked), "case:1", None)
            with producer.work() as work:
                numbering.positions(work.connection)
                signer = running._keys[CASES]
                self._pages = {0: numbering.read_page(work.connection, signer, CASES, "facts", params["after"])}
            return super().raw(path, params)

    busy = Busy({})
    running.hand_in(clients=busy)
    assert poll_producers(running.runtime, running.service.subscriptions) == 1
    assert (busy.asked, values(running)) == (1, [1])


def test_what_cannot_be_applied_is_parked_and_its_subject_waits(running: RunningService) -> None:
    facts = [fact(running, 1), fact(running, 13, "case:2"), fact(running, 2, "case:2"), fact(running, 3)]
    running.take(CASES, running.page(CASES, facts, 1))
    assert values(running) == [1, 3]
    assert cursor(running) == 4
    running.take(CASES, running.page(CASES, [fact(running, 4, "case:2"), fact(running, 5)], 5))
    assert values(running) == [1, 3, 5]
    operator = running.client(person="demo-operator", roles=["operator"])
    parked = operator.get("/parked").json["items"]
    assert [(entry["number"], entry["reason"]) for entry in parked] == [(2, "unlucky"), (3, "behind"), (5, "behind")]
    behind = operator.post(f"/parked/{parked[1]['fact_id']}/release")
    assert behind.status_code == 409


def test_a_parked_fact_is_released_in_order(running: RunningService, monkeypatch: pytest.MonkeyPatch) -> None:
    facts = [fact(running, 13, "case:2"), fact(running, 2, "case:2")]
    running.take(CASES, running.page(CASES, facts, 1))
    running.execute("UPDATE parked SET body = replace(body, '13', '12')")
    operator = running.client(person="demo-operator", roles=["operator"])
    first = operator.get("/parked").json["items"][0]["fact_id"]
    assert operator.post(f"/parked/{first}/release").json == {"released": 2}
    assert values(running) == [2, 12]
    assert operator.get("/parked").json["items"] == []


def test_a_release_says_why_it_fails_and_leaves_all_as_it_was(running: RunningService) -> None:
    facts = [fact(running, 13, "case:2"), fact(running, 2, "case:2")]
    running.take(CASES, running.page(CASES, facts, 1))
    operator = running.client(person="demo-operator", roles=["operator"])
    answer = operator.post(f"/parked/{facts[0]['id']}/release")
    assert (answer.status_code, answer.json["type"]) == (409, "/problems/wrong-state")
    assert "unlucky" in answer.json["detail"]
    assert (values(running), len(operator.get("/parked").json["items"])) == ([], 2)


def test_a_release_goes_as_far_as_it_can_and_is_audited(running: RunningService) -> None:
    facts = [
        fact(running, 13, "case:2"),
        fact(running, 2, "case:2"),
        fact(running, 13, "case:2"),
        fact(running, 3, "case:2"),
    ]
    running.take(CASES, running.page(CASES, facts, 1))
    running.execute("UPDATE parked SET body = replace(body, '13', '12') WHERE number = 1")
    operator = running.client(person="demo-operator", roles=["operator"])
    assert operator.post(f"/parked/{facts[0]['id']}/release").json == {"released": 2}
    assert values(running) == [2, 12]
    left = operator.get("/parked").json["items"]
    assert [(entry["number"], entry["reason"]) for entry in left] == [(3, "unlucky"), (4, "behind")]
    (entry,) = running.facts("parked.released.v1")
    assert (entry["actor"], entry["data"]["parked_id"]) == ("person:demo-operator", facts[0]["id"])
    assert (entry["data"]["subject"], entry["data"]["count"]) == ("case:2", 2)


def test_a_parked_chunk_is_seen_and_goes_on_once_an_operator_releases_it(running: RunningService) -> None:
    from shared.service_kit.jobs import chunks

    job = "5f3c1c0a-8a43-4b0e-9d1c-000000000002"
    with running.work() as work:
        chunks.plan(work, "count", job, [{"value": -1}, {"value": 1}])
    running.run_tasks()
    operator = running.client(person="demo-operator", roles=["operator"])
    (parked,) = operator.get("/parked").json["items"]
    assert (parked["subject"], parked["number"], parked["type"]) == (f"count:{job}", 0, "chunk")
    assert "IntegrityError" in parked["reason"]
    running.execute("""UPDATE chunks SET payload = '{"value": 5}' WHERE state = 'parked'""")
    assert operator.post(f"/parked/{parked['fact_id']}/release").json == {"released": 1}
    running.run_tasks()
    assert values(running) == [0, 1, 5]
    assert operator.get("/parked").json["items"] == []
    (entry,) = running.facts("parked.released.v1")
    assert (entry["actor"], entry["data"]["subject"]) == ("person:demo-operator", f"count:{job}")


def test_facts_are_numbered_without_gaps_under_concurrent_commits(running: RunningService) -> None:
    def tell() -> None:
        for value in range(20):
            with running.work() as work:
                work._publish("facts", _Marked(value), "case:1", None)

    tellers = [threading.Thread(target=tell) for _ in range(4)]
    for teller in tellers:
        teller.start()
    while any(teller.is_alive() for teller in tellers):
        with running.work() as work:
            numbering.number_waiting(work.connection, "facts", most=7)
    with running.work() as work:
        assert numbering.positions(work.connection)["facts"] == 80
    numbers = [row[0] for row in running.execute("SELECT number FROM events WHERE stream = 'facts' ORDER BY number")]
    assert numbers == list(range(1, 81))


def test_a_job_is_worked_off_in_chunks_and_finished_once(running: RunningService) -> None:
    from shared.service_kit.jobs import chunks

    job = "5f3c1c0a-8a43-4b0e-9d1c-000000000001"
    with running.work() as work:
        chunks.plan(work, "count", job, [{"value": value} for value in range(5)])
    running.run_tasks()
    assert values(running) == [0, 0, 1, 2, 3, 4]
    running.run_tasks()
    assert len(values(running)) == 6


def test_a_chunk_that_always_fails_is_parked(running: RunningService) -> None:
    from shared.service_kit.jobs import chunks

    with running.work() as work:
        chunks.plan(work, "count", "5f3c1c0a-8a43-4b0e-9d1c-000000000002", [{"value": -1}, {"value": 1}])
    running.run_tasks()
    assert values(running) == [1]
    states = running.execute("SELECT seq, state FROM chunks ORDER BY seq")
    assert [tuple(row) for row in states] == [(0, "parked"), (1, "done")]


class _Marked:
    TYPE = "mark.v1"

    def __init__(self, value: int) -> None:
        self._value = value

    def model_dump(self, *, mode: str, by_alias: bool) -> dict[str, Any]:
        return {"value": self._value}


class _Answers:
    """A producer that answers with pages made before."""

    def __init__(self, pages: dict[int, numbering.Page]) -> None:
        self._pages = pages

    def client(self, name: str) -> "_Answers":
        assert name == CASES
        return self

    def raw(self, path: str, params: dict[str, Any]) -> Any:
        page = self._pages.get(params["after"]) or self._pages[max(self._pages)]
        headers = {"Kurashi-Key-Id": page.key_id, "Kurashi-Signature": page.signature}
        return type("Raw", (), {"content": page.body, "headers": headers})


@pytest.fixture(autouse=True)
def _know_marks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(service.fact_types, "mark.v1", _Marked)
