"""Whose record who may see; emergency access; confirmations behind approvals; duties; machines' scopes."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel
from structlog.testing import capture_logs

from shared.access.confirmations import StepUp
from shared.access.emergencies import EMERGENCIES
from shared.access.emergency_routes import emergency_routes
from shared.access.grants import charges_of
from shared.access.guard import GUARD
from shared.access.records import Record
from shared.contracts.facts import FACTS
from shared.contracts.permissions import DUTIES, PERMISSIONS
from shared.contracts.problems import PROBLEMS
from shared.service_kit.http.routing import Routes
from shared.service_kit.identity.access_tokens import Caller
from shared.service_kit.problems import Problem
from shared.service_kit.service import Service
from shared.service_kit.testing import Client, RunningService, Services, make_token, stepped_up
from shared.service_kit.unit_of_work import UnitOfWork

pytestmark = pytest.mark.database
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
        folder=Path(__file__).parent / "toy",
        fact_types=FACTS,
        permissions=MATRIX,
        guard=GUARD,
        duties=DUTIES,
        problem_types=PROBLEMS,
        routes=[routes, *more, emergency_routes(record_of)],
        sealed=[EMERGENCIES],
    )


@pytest.fixture
def running(services: Services) -> RunningService:
    return services.open(make_service())


def caseworker(running: RunningService, name: str = "worker-1", *districts: str) -> Client:
    return running.client(person=name, roles=["caseworker"], districts=list(districts))


def refused(running: RunningService) -> list[tuple[str, str]]:
    return [(one["data"]["subject"], one["data"]["why"]) for one in running.looks("refusal.v1")]


def test_a_caseworker_sees_the_cases_of_the_own_district_alone(running: RunningService) -> None:
    assert caseworker(running, "worker-1", "01").get("/cases/00000001").status_code == 200
    reply = caseworker(running, "worker-1", "02").get("/cases/00000001")
    assert (reply.status_code, reply.json["type"]) == (403, "/problems/out-of-scope")
    assert refused(running) == [("case:00000001", "scope")]


def test_a_token_that_names_no_district_opens_no_district(running: RunningService) -> None:
    assert caseworker(running).get("/cases/00000001").status_code == 403


def test_a_head_sees_the_whole_office_and_an_adviser_the_own_programme(running: RunningService) -> None:
    assert running.client(person="head-1", roles=["head"]).get("/cases/00000001").status_code == 200
    for programme, status in (("public_assistance", 200), ("support_benefit", 403)):
        adviser = running.client(person="adviser-1", roles=["support_adviser"], programmes=[programme])
        assert adviser.get("/cases/00000001").status_code == status


def test_a_case_with_a_caseworker_of_its_own_is_changed_by_nobody_else_of_the_district(running: RunningService) -> None:
    assert caseworker(running, "worker-2", "09").post("/cases/00000002", {}).status_code == 200
    assert caseworker(running, "worker-3", "01").post("/cases/00000002", {}).status_code == 403
    assert caseworker(running, "worker-3", "01").post("/cases/00000003", {}).status_code == 200


def test_a_shielded_case_is_seen_by_its_caseworker_and_the_head_but_not_by_the_district(
    running: RunningService,
) -> None:
    assert caseworker(running, "worker-2", "01").get("/cases/00000002").status_code == 200
    assert running.client(person="head-1", roles=["head"]).get("/cases/00000002").status_code == 200
    assert caseworker(running, "worker-3", "01").get("/cases/00000002").status_code == 403
    assert refused(running) == [("case:00000002", "shielded")]


def test_a_role_reaches_no_further_for_what_another_role_of_the_person_reaches(running: RunningService) -> None:
    """A caseworker of district 01 who stands in for the supervisor of 02 supervises 02 and not 01."""
    charges = [{"role": "caseworker", "districts": ["01"]}, {"role": "supervisor", "districts": ["02"]}]
    both: dict[str, Any] = {"roles": ["caseworker", "supervisor"], "districts": ["01", "02"]}
    one_heap = running.client(person="worker-3", **both)
    apart = running.client(person="worker-3", charges=charges, **both)
    assert apart.get("/cases/00000001").status_code == 200
    assert (one_heap.get("/cases/00000002").status_code, apart.get("/cases/00000002").status_code) == (200, 403)
    assert apart.post("/cases/00000002", {}).status_code == 403


ROLES_OF_CHARGES = st.sampled_from(["caseworker", "supervisor", "head", "auditor", 7, None, ["head"]])


@given(st.none() | st.text() | st.lists(st.none() | st.dictionaries(st.sampled_from(["role", "districts"]),
                                                                    ROLES_OF_CHARGES)))  # fmt: skip
def test_odd_charges_give_no_role_that_the_token_does_not_name(charges: Any) -> None:
    caller = Caller("worker-1", "person", frozenset({"caseworker"}), claims={"charges": charges, "districts": ["01"]})
    assert {one.role for one in charges_of(caller)} == {"caseworker"}


def test_districts_of_one_law_open_nothing_of_the_other(running: RunningService) -> None:
    for programme, status in (("public_assistance", 200), ("support_benefit", 403)):
        worker = running.client(person="worker-1", roles=["caseworker"], districts=["01"], programmes=[programme])
        assert worker.get("/cases/00000001").status_code == status


def test_a_machine_whose_token_names_nothing_may_nothing(running: RunningService) -> None:
    for scope in ("", "events", "kurashi:run:approve"):
        assert running.client(machine="audit_logging", scope=scope).get("/figures").status_code == 403


def test_purposes_and_reasons_are_codes_that_the_contracts_declare(running: RunningService) -> None:
    worker = caseworker(running, "worker-1", "01")
    body = {"subject": "case:00000001", "reason": "kaku_hanako", "words": "合成の理由"}
    reply = worker.post("/break-glass", body)
    assert (reply.status_code, reply.json["field"]) == (422, "reason")
    with pytest.raises(Problem, match="purpose"), running.work() as work:
        work.look("case", ["case:00000001"], "kaku_hanako")
    assert (running.facts("break_glass.v1"), running.looks("look.v1")) == ([], [])


def in_emergency(client: Client, case_no: str) -> int:
    body = {"subject": f"case:{case_no}", "reason": "danger_to_life", "words": "合成の理由"}
    return client.post("/break-glass", body).status_code


def test_breaking_the_glass_opens_one_record_to_one_person_for_half_an_hour_and_is_told_at_once(
    running: RunningService,
) -> None:
    worker = caseworker(running, "worker-3", "02")
    assert in_emergency(worker, "00000002") == 201
    assert worker.get("/cases/00000002").status_code == 200
    assert worker.get("/cases/00000001").status_code == 403
    assert caseworker(running, "worker-4", "02").get("/cases/00000002").status_code == 403
    told = running.facts("break_glass.v1")
    assert [(one["actor"], one["subject"], one["data"]["reason"]) for one in told] == [
        ("person:worker-3", "case:00000002", "danger_to_life")
    ]
    assert "合成の理由" not in str(told)
    assert running.looks("look.v1")[0]["data"]["break_glass"] == told[0]["data"]["break_glass_id"]
    running.execute("INSERT INTO break_glass SELECT gen_random_uuid(), 'person:worker-5', subject, reason, words, at, "
                 "now() - interval '1 second' FROM break_glass")  # fmt: skip
    assert caseworker(running, "worker-5", "02").get("/cases/00000002").status_code == 403


BLANK = ["", "     ", "\u3000" * 20, "\u200b" * 20, "12345-67890", "..........", "ああああああああああ", "理由です"]
BLANK += ["合成の理由\0", "合成の理由\u202e", "合成の理由\ufffd"]


@pytest.mark.parametrize("words", BLANK, ids=ascii)
def test_an_emergency_without_words_opens_nothing(running: RunningService, words: str) -> None:
    body = {"subject": "case:00000002", "reason": "danger_to_life", "words": words}
    reply = caseworker(running, "worker-3", "02").post("/break-glass", body)
    assert (reply.status_code, reply.json.get("field", "words")) == (422, "words")
    assert running.facts("break_glass.v1") == []


def test_one_person_opens_a_few_records_an_hour_and_whoever_asks_why_is_alarmed(services: Services) -> None:
    running = services.open(make_service(), emergencies_an_hour=2)
    worker, head = caseworker(running, "worker-3", "02"), running.client(person="head-1", roles=["head"])
    now = datetime.now(UTC)
    with capture_logs() as told:
        assert [in_emergency(worker, one) for one in ("00000001", "00000002")] == [201, 201]
    assert [one["event"] for one in told if one["log_level"] == "error"][-2:] == [
        "access.break_glass_limit", "access.break_glass",
    ]  # fmt: skip
    assert [one["at_limit"] for one in head.get("/break-glass/notices").json["items"]] == [True, False]
    beyond = worker.post(
        "/break-glass", {"subject": "case:00000009", "reason": "danger_to_life", "words": "合成の理由"}
    )
    assert (beyond.status_code, beyond.json["type"]) == (429, "/problems/too-many-emergencies")
    assert 3_500 < int(beyond.headers["Retry-After"]) <= 3_600
    assert refused(running) == [("case:00000009", "emergencies")]
    assert in_emergency(caseworker(running, "worker-4", "02"), "00000002") == 201, "nobody else is kept out"
    for turned, status in ((-timedelta(minutes=50), 429), (timedelta(minutes=61), 201)):
        running.clock.set(now=now + turned)
        assert in_emergency(worker, "00000001") == status


def test_emergencies_at_once_are_no_more_than_are_allowed(services: Services) -> None:
    running = services.open(make_service(), emergencies_an_hour=3)
    worker = [caseworker(running, "worker-3", "02") for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(in_emergency, worker, [f"0000000{one}" for one in range(8)]))
    assert sorted(answers) == [201] * 3 + [429] * 5


def test_head_and_auditor_read_what_was_written_of_an_emergency_and_that_is_a_look(running: RunningService) -> None:
    assert in_emergency(caseworker(running, "worker-3", "02"), "00000002") == 201
    (told,) = running.facts("break_glass.v1")
    path = f"/break-glass/{told['data']['break_glass_id']}"
    for role in ("head", "auditor"):
        answer = running.client(person=f"the-{role}", roles=[role]).get(path)
        assert (answer.json["words"], answer.json["subject"]) == ("合成の理由", "case:00000002")
    assert [one["data"]["subjects"] for one in running.looks("look.v1")] == [["case:00000002"]] * 2
    for role in ("administrator", "supervisor", "caseworker"):
        assert running.client(person="another", roles=[role], districts=["02"]).get(path).status_code == 403
    assert running.client(person="the-head", roles=["head"]).get(f"/break-glass/{uuid4()}").status_code == 404


def test_the_own_family_stays_closed_in_an_emergency_too(running: RunningService) -> None:
    worker = caseworker(running, "worker-1", "01")
    assert worker.get("/cases/00000003").status_code == 403
    assert in_emergency(worker, "00000003") == 403
    assert running.facts("break_glass.v1") == []
    before = (
        "INSERT INTO break_glass VALUES (gen_random_uuid(), 'person:worker-1', 'case:00000003', 'abuse', 'sealed:AA', "
        "now(), "
    )
    running.execute(before + "now() + interval '9 minutes')")
    assert worker.get("/cases/00000003").status_code == 403
    assert refused(running) == [("case:00000003", "barred")] * 3


def test_supervisor_head_and_auditor_are_told_of_an_emergency_and_the_record_to_those_above(
    running: RunningService,
) -> None:
    assert in_emergency(caseworker(running, "worker-3", "02"), "00000002") == 201
    for role, may_read in (("supervisor", 403), ("head", 200), ("auditor", 200)):
        person = running.client(person=f"{role}-1", roles=[role])
        (told,) = person.get("/break-glass/notices").json["items"]
        assert (told["actor"], told["reason"], "subject" in told) == ("person:worker-3", "danger_to_life", False)
        span = "first=2020-01-01T00:00:00Z&last=2099-01-01T00:00:00Z"
        assert person.get(f"/break-glass?{span}").status_code == may_read
    assert [one["data"]["subjects"] for one in running.looks("look.v1")] == [["case:00000002"]] * 2
    assert caseworker(running, "worker-3", "02").get("/break-glass/notices").status_code == 403
    running.clock.set(now=datetime.now(UTC) + timedelta(days=8))
    assert running.client(person="head-1", roles=["head"]).get("/break-glass/notices").json["items"] == []


def test_emergency_access_needs_the_permission_too(running: RunningService) -> None:
    accountant = running.client(person="accountant-1", roles=["accountant"])
    assert in_emergency(accountant, "00000001") == 403
    assert accountant.get("/cases/00000001").status_code == 403


def test_a_route_of_scoped_records_cannot_be_written_without_saying_whose(services: Services) -> None:
    careless = Routes("careless")
    careless.get("/all", permission="case.look")(lambda work: {})
    with pytest.raises(TypeError, match="names no record"):
        services.open(make_service(careless)).new_app()


def test_an_approval_cannot_be_written_without_a_hash() -> None:
    careless = Routes("careless")
    with pytest.raises(TypeError, match="names no sha256"):
        careless.post("/approval", permission="run.approve", approval=True)(lambda work: {})


def approver(running: RunningService, **claims: Any) -> Client:
    token = make_token("head-of-accounting", ["head_of_accounting"], "payments", **claims)
    return Client(running.app, {"Authorization": f"Bearer {token}"})


def test_an_approval_needs_a_confirmation_of_the_last_five_minutes_for_just_this_hash(running: RunningService) -> None:
    long_ago = datetime.now(UTC) - timedelta(minutes=6)
    ahead = datetime.now(UTC) + timedelta(minutes=6)
    for claims in ({}, stepped_up(OTHER), stepped_up(HASH, at=long_ago), stepped_up(HASH, at=ahead)):
        reply = approver(running, **claims).post("/approval", {"sha256": HASH})
        assert (reply.status_code, reply.json["type"]) == (401, "/problems/step-up-required")
    assert approver(running, **stepped_up(OTHER, HASH)).post("/approval", {"sha256": HASH}).status_code == 200
    assert len(running.looks("refusal.v1")) == 4


def confirmed(running: RunningService, at: datetime) -> int:
    return approver(running, **stepped_up(HASH, at=at)).post("/approval", {"sha256": HASH}).status_code


@pytest.mark.parametrize("apart", [-240, -60, 60, 240])
def test_clocks_that_are_minutes_apart_lock_nobody_out(running: RunningService, apart: int) -> None:
    """The provider's clock is ahead of this service's, or behind it; or this service's was turned by as much."""
    theirs = datetime.now(UTC) + timedelta(seconds=apart)
    made = {"iat": int(theirs.timestamp()), "exp": int(theirs.timestamp()) + 300}
    client = approver(running, **stepped_up(HASH, at=theirs), **made)
    assert client.post("/approval", {"sha256": HASH}).status_code == 200


def test_a_clock_that_goes_back_makes_no_old_confirmation_fresh_again(running: RunningService) -> None:
    """Six minutes old by the provider's clock, whose newer tokens this service has seen."""
    now = datetime.now(UTC)
    running.clock.set(now=now - timedelta(minutes=4))
    assert confirmed(running, now - timedelta(minutes=6)) == 401
    assert confirmed(running, now - timedelta(minutes=4)) == 200
    running.clock.set(now=now - timedelta(hours=2))
    assert confirmed(running, now - timedelta(minutes=1)) == 401, "nobody knows what time it is"


def test_a_record_opened_while_the_clock_was_ahead_does_not_stay_open_for_as_long(running: RunningService) -> None:
    worker, now = caseworker(running, "worker-3", "02"), datetime.now(UTC)
    for ahead, open_then in ((timedelta(minutes=2), 200), (timedelta(days=1), 403)):
        running.clock.set(now=now + ahead)
        assert in_emergency(worker, "00000002") == 201
        assert worker.get("/cases/00000002").status_code == 200
        running.clock.set(now=now)
        assert worker.get("/cases/00000002").status_code == open_then
        now -= timedelta(hours=3)


def test_a_confirmation_serves_once_but_its_answer_is_given_again(running: RunningService) -> None:
    person = approver(running, **stepped_up(HASH))
    assert person.post("/approval", {"sha256": HASH}, key="key-00000001").status_code == 200
    assert person.post("/approval", {"sha256": HASH}, key="key-00000001").status_code == 200
    replayed = person.post("/approval", {"sha256": HASH}, key="key-00000002")
    assert (replayed.status_code, replayed.json["type"]) == (401, "/problems/step-up-required")
    assert len(running.execute("SELECT * FROM step_ups")) == 1


ODD = st.none() | st.text() | st.integers() | st.lists(st.text() | st.dictionaries(st.just("type"), st.text()))


@given(st.dictionaries(st.sampled_from(["acr", "step_up", "auth_time", "authorization_details"]), ODD))
def test_odd_claims_confirm_nothing(claims: dict[str, object]) -> None:
    found = StepUp.of({"acr": "step-up", "step_up": "1", "auth_time": 1, **claims})
    assert found is None or found.approves == frozenset()


@pytest.mark.parametrize("pair", [("caseworker", "accountant"), ("administrator", "head"), ("cashier", "accountant")])
def test_a_person_with_two_duties_that_exclude_each_other_can_do_nothing(
    running: RunningService, pair: tuple[str, str]
) -> None:
    reply = running.client(person="somebody", roles=list(pair)).get("/figures")
    assert (reply.status_code, reply.json["type"]) == (403, "/problems/incompatible-duties")


def test_a_machine_may_what_its_scopes_name_and_no_more(running: RunningService) -> None:
    reader = running.client(machine="audit_logging", scope="kurashi:events:read kurashi:parked:release")
    assert reader.get("/events?stream=facts&after=0").status_code == 200
    assert reader.get("/figures").status_code == 403
    assert reader.get("/parked").status_code == 403


@pytest.mark.parametrize("kind", ["JWT", "logout+jwt", ""])
def test_no_other_kind_of_token_opens_a_door(running: RunningService, kind: str) -> None:
    from joserfc import jwt

    from shared.service_kit import testing

    token = make_token("accountant-1", ["accountant"], "payments")
    claims = jwt.decode(token, testing.token_key, algorithms=["Ed25519"]).claims
    other = jwt.encode({"alg": "Ed25519", "kid": "test", "typ": kind}, claims, testing.token_key, ["Ed25519"])
    assert Client(running.app, {"Authorization": f"Bearer {other}"}).get("/figures").status_code == 401
