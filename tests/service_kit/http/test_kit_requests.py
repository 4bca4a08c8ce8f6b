"""A request: who asks, what is kept, what is told, what is refused."""

import random
import string
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy

from shared.contracts.correlation import month_correlation
from shared.service_kit.database.engine import is_transient, psycopg_url
from shared.service_kit.http.routing import Routes
from shared.service_kit.processes import application
from shared.service_kit.processes.application import make_app
from shared.service_kit.testing import Client, RunningService, Services, make_token
from shared.service_kit.unit_of_work import UnitOfWork
from tests.service_kit.toy.app import service

pytestmark = pytest.mark.database
ACCOUNTANT = {"person": "demo-accountant", "roles": ["accountant"]}


@pytest.fixture
def running(services: Services) -> RunningService:
    return services.open(service)


def accountant(running: RunningService) -> Client:
    return running.client(person="demo-accountant", roles=["accountant"])


def test_state_and_fact_are_committed_together(running: RunningService) -> None:
    reply = accountant(running).post("/marks", {"subject": "a", "value": 7})
    assert reply.status_code == 201
    opened = running.facts("run.opened.v1")
    assert [fact["data"]["run_id"] for fact in opened] == [reply.json["mark_id"]]
    assert opened[0]["actor"] == "person:demo-accountant"


def test_a_request_that_fails_leaves_neither_state_nor_fact(running: RunningService) -> None:
    reply = accountant(running).post("/marks", {"subject": "a", "value": 13})
    assert reply.status_code == 409
    assert reply.json["type"] == "/problems/wrong-state"
    assert running.execute("SELECT * FROM marks") == []
    assert running.facts() == []


def test_a_repeated_request_is_done_once_and_answered_alike(running: RunningService) -> None:
    first = accountant(running).post("/marks", {"subject": "a", "value": 7}, key="key-00000001")
    again = accountant(running).post("/marks", {"subject": "a", "value": 7}, key="key-00000001")
    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert len(running.execute("SELECT * FROM marks")) == 1


def test_the_same_key_with_other_content_is_refused(running: RunningService) -> None:
    accountant(running).post("/marks", {"subject": "a", "value": 7}, key="key-00000001")
    reply = accountant(running).post("/marks", {"subject": "a", "value": 8}, key="key-00000001")
    assert reply.status_code == 409
    assert reply.json["type"] == "/problems/idempotency-key-reused"


def test_a_writing_request_without_a_key_is_refused(running: RunningService) -> None:
    assert accountant(running).post("/marks", {"subject": "a", "value": 7}, key="").status_code == 400


def test_a_wrong_field_is_named_without_its_value(running: RunningService) -> None:
    reply = accountant(running).post("/marks", {"subject": "a", "value": "secret-value"})
    assert reply.status_code == 422
    assert reply.json["field"] == "value"
    assert b"secret-value" not in reply.content


def test_nobody_and_the_wrong_role_are_refused_and_recorded(running: RunningService) -> None:
    assert running.client().post("/marks", {"subject": "a", "value": 7}).status_code == 401
    caseworker = running.client(person="demo-caseworker", roles=["caseworker"])
    assert caseworker.post("/marks", {"subject": "a", "value": 7}).status_code == 403
    refused = [(refusal["actor"], refusal["data"]["problem"]) for refusal in running.looks("refusal.v1")]
    trail = {refusal["correlation"] for refusal in running.looks("refusal.v1")}
    assert len(trail) == 2
    assert all(
        any(span["attributes"].get("kurashi.correlation") == journey for span in running.spans()) for journey in trail
    )
    assert refused == [("person:unknown", "not-authenticated"), ("person:demo-caseworker", "not-permitted")]


@pytest.mark.parametrize(
    "token",
    [
        make_token("demo-accountant", ["accountant"], "case_management"),
        make_token("demo-accountant", ["accountant"], "payments", seconds=-60),
        make_token("demo-accountant", ["accountant"], "payments")[:-8] + "AAAAAAAA",
        "eyJhbGciOiJub25lIn0.eyJzdWIiOiJkZW1vLWFjY291bnRhbnQifQ.",
    ],
    ids=["other audience", "expired", "forged", "none"],
)
def test_a_token_that_does_not_hold_is_refused(running: RunningService, token: str) -> None:
    client = Client(running.app, {"Authorization": f"Bearer {token}"})
    assert client.post("/marks", {"subject": "a", "value": 7}).status_code == 401


def test_a_look_at_a_person_is_recorded_before_the_answer(running: RunningService) -> None:
    assert accountant(running).get("/marks/person-1").status_code == 200
    looks = running.looks("look.v1")
    assert [(look["actor"], look["data"]["subjects"]) for look in looks] == [("person:demo-accountant", ["person-1"])]


def test_spans_carry_correlation_and_what_was_asked_of_the_database(running: RunningService) -> None:
    correlation = month_correlation(f"{running.clock.today():%Y-%m}")
    accountant(running).post("/marks", {"subject": "a", "value": 7}, headers={"Kurashi-Correlation": correlation})
    spans = [span for span in running.spans() if span["attributes"].get("kurashi.correlation") == correlation]
    names = {span["name"] for span in spans}
    assert "POST /marks" in names
    request = next(span for span in spans if span["name"] == "POST /marks")
    assert request["attributes"]["kurashi.statements"] >= 3, "the key, the mark, the fact"
    assert request["attributes"]["kurashi.statements_ns"] > 0
    assert running.facts()[0]["correlation"] == correlation
    assert running.facts()[0]["traceparent"].split("-")[1] == spans[-1]["trace_id"]


STRANGE = "0b8f7d9e-5d0c-4f43-9a52-2a6a1cf7b0a1"


def in_journey(running: RunningService, correlation: str) -> list[str]:
    published = [fact for fact in (*running.facts(), *running.looks()) if fact["correlation"] == correlation]
    spans = [span["name"] for span in running.spans() if span["attributes"].get("kurashi.correlation") == correlation]
    return [*(fact["type"] for fact in published), *spans]


@pytest.mark.parametrize("through", [None, {"sub": "one_machine"}, {"sub": "stranger"}, "ui_gateway"])
def test_nobody_steps_into_the_journey_of_another_by_naming_it(running: RunningService, through: Any) -> None:
    named = {"Kurashi-Correlation": STRANGE}
    person = running.client(person="demo-accountant", roles=["accountant"], act=through)
    assert person.post("/marks", {"subject": "a", "value": 7}, headers=named).status_code == 201
    assert person.get("/marks/person-1", headers=named).status_code == 200
    assert in_journey(running, STRANGE) == []


def test_a_look_or_a_refused_try_is_no_step_of_the_month(running: RunningService) -> None:
    month = month_correlation(f"{running.clock.today():%Y-%m}")
    named = {"Kurashi-Correlation": month}
    assert accountant(running).get("/marks/person-1", headers=named).status_code == 200
    cashier = running.client(person="demo-cashier", roles=["cashier"])
    assert cashier.post("/marks", {"subject": "a", "value": 7}, headers=named).status_code == 403
    assert in_journey(running, month) == []


def test_a_service_hands_its_journey_on(running: RunningService) -> None:
    named = {"Kurashi-Correlation": STRANGE}
    by_page = running.client(person="demo-accountant", roles=["accountant"], act={"sub": "ui_gateway"})
    assert by_page.get("/marks/person-1", headers=named).status_code == 200
    assert running.client(machine="case_management").get("/events/positions", headers=named).status_code == 200
    assert "look.v1" in in_journey(running, STRANGE)
    assert "GET /events/positions" in in_journey(running, STRANGE)


def test_the_runtime_role_cannot_change_what_is_append_only(running: RunningService) -> None:
    rights = running.execute(
        "SELECT privilege_type FROM information_schema.role_table_grants "
        "WHERE table_name = 'events' AND grantee = current_user ORDER BY 1",
    )
    assert [row[0] for row in rights] == ["INSERT", "SELECT"]


def test_health_is_open_and_figures_are_not(running: RunningService) -> None:
    assert running.client().get("/health/live").status_code == 200
    assert running.client().get("/health/ready").status_code == 200
    assert running.client().get("/metrics").status_code == 404
    assert running.client().get("/figures").status_code == 401


def test_a_machine_never_acts_in_the_place_of_a_person(running: RunningService) -> None:
    """Whatever roles an identity provider gives it: two people are two people."""
    roles, scope = ["accountant", "head", "service"], "kurashi:run:open kurashi:figures:read"
    token = make_token("a-script", roles, "payments", "machine", scope=scope)
    machine = Client(running.app, {"Authorization": f"Bearer {token}"})
    assert machine.post("/marks", {"subject": "a", "value": 7}).status_code == 403
    unnamed = Client(running.app, {"Authorization": f"Bearer {make_token('a-script', ['accountant'], 'payments', '')}"})
    assert unnamed.post("/marks", {"subject": "a", "value": 7}).status_code == 403
    assert machine.get("/figures").status_code == 200
    assert running.execute("SELECT * FROM marks") == []


def test_a_person_does_not_read_the_streams_of_the_machines(running: RunningService) -> None:
    person = running.client(person="demo-accountant", roles=["accountant", "service"])
    assert person.get("/events?stream=facts&after=0").status_code == 403


def test_the_key_of_another_person_gives_nobody_their_answer_and_blocks_nobody(running: RunningService) -> None:
    first = accountant(running).post("/marks", {"subject": "a", "value": 7}, key="key-00000001")
    other = running.client(person="demo-other", roles=["accountant"])
    reply = other.post("/marks", {"subject": "b", "value": 8}, key="key-00000001")
    assert (reply.status_code, reply.json == first.json) == (201, False)
    assert len(running.execute("SELECT * FROM marks")) == 2


def test_a_service_with_all_connections_in_use_is_asked_again_and_parks_nothing(running: RunningService) -> None:
    url = psycopg_url(running.runtime.settings.database_url)
    engine = sqlalchemy.create_engine(url, pool_size=1, max_overflow=0, pool_timeout=0.05)
    with engine.connect(), pytest.raises(sqlalchemy.exc.TimeoutError) as busy:
        engine.connect()
    engine.dispose()
    assert is_transient(busy.value)


def test_a_word_too_long_for_an_index_never_passes_however_often_it_is_tried(running: RunningService) -> None:
    long = "".join(random.Random(1).choices(string.printable, k=9_000))
    marked = "INSERT INTO idempotency VALUES ('person:a', :key, '', 200, '', '', now())"
    with pytest.raises(sqlalchemy.exc.OperationalError) as too_long:
        running.execute(marked, key=long)
    assert not is_transient(too_long.value)


def test_a_time_out_is_waited_for_once_and_not_three_times_over(
    running: RunningService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(application, "AGAIN_WITHIN", 0.2)
    tried = []

    def late(work: UnitOfWork, subject: str) -> dict[str, str]:
        tried.append(subject)
        work.connection.execute(sqlalchemy.text("SET LOCAL statement_timeout = '300ms'"))
        work.connection.execute(sqlalchemy.text("SELECT pg_sleep(5)"))
        raise AssertionError("unreachable")

    def broken_off(work: UnitOfWork, subject: str) -> dict[str, str]:
        tried.append(subject)
        if len(tried) < 3:
            work.connection.execute(sqlalchemy.text("SELECT pg_cancel_backend(pg_backend_pid())"))
        return {}

    answers = []
    for handler in (late, broken_off):
        tried.clear()
        routes = Routes("marks")
        routes.get("/late/<subject>", permission="run.read")(handler)
        app = make_app(replace(service, routes=[routes]), running.runtime).test_client()
        token = make_token("demo-accountant", ["accountant"], service.name)
        answers.append((app.get("/late/a", headers={"Authorization": f"Bearer {token}"}).status_code, len(tried)))
    assert answers == [(503, 1), (200, 3)]
