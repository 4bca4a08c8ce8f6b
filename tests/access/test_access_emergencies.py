"""Emergency access (緊急閲覧): what it opens to whom, for how long, how often, and who is told."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from structlog.testing import capture_logs

from shared.service_kit.problems import Problem
from shared.service_kit.testing import RunningService, Services
from tests.access.cases import (
    caseworker,
    in_emergency,
    make_service,
    refused,
)

pytestmark = pytest.mark.database


def test_purposes_and_reasons_are_codes_that_the_contracts_declare(running: RunningService) -> None:
    worker = caseworker(running, "worker-1", "01")
    body = {"subject": "case:00000001", "reason": "kaku_hanako", "words": "合成の理由"}
    reply = worker.post("/break-glass", body)
    assert (reply.status_code, reply.json["field"]) == (422, "reason")
    with pytest.raises(Problem, match="purpose"), running.work() as work:
        work.look("case", ["case:00000001"], "kaku_hanako")
    assert (running.facts("break_glass.v1"), running.looks("look.v1")) == ([], [])


def test_breaking_the_glass_opens_one_record_to_one_person_for_half_an_hour_and_is_published_at_once(
    running: RunningService,
) -> None:
    worker = caseworker(running, "worker-3", "02")
    assert in_emergency(worker, "00000002") == 201
    assert worker.get("/cases/00000002").status_code == 200
    assert worker.get("/cases/00000001").status_code == 403
    assert caseworker(running, "worker-4", "02").get("/cases/00000002").status_code == 403
    opened = running.facts("break_glass.v1")
    assert [(fact["actor"], fact["subject"], fact["data"]["reason"]) for fact in opened] == [
        ("person:worker-3", "case:00000002", "danger_to_life")
    ]
    assert "合成の理由" not in str(opened)
    assert running.looks("look.v1")[0]["data"]["break_glass"] == opened[0]["data"]["break_glass_id"]
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
    with capture_logs() as entries:
        assert [in_emergency(worker, case_no) for case_no in ("00000001", "00000002")] == [201, 201]
    assert [entry["event"] for entry in entries if entry["log_level"] == "error"][-2:] == [
        "access.break_glass_limit", "access.break_glass",
    ]  # fmt: skip
    assert [notice["at_limit"] for notice in head.get("/break-glass/notices").json["items"]] == [True, False]
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
        answers = list(pool.map(in_emergency, worker, [f"0000000{number}" for number in range(8)]))
    assert sorted(answers) == [201] * 3 + [429] * 5


def test_head_and_auditor_read_what_was_written_of_an_emergency_and_that_is_a_look(running: RunningService) -> None:
    assert in_emergency(caseworker(running, "worker-3", "02"), "00000002") == 201
    (opened,) = running.facts("break_glass.v1")
    path = f"/break-glass/{opened['data']['break_glass_id']}"
    for role in ("head", "auditor"):
        answer = running.client(person=f"the-{role}", roles=[role]).get(path)
        assert (answer.json["words"], answer.json["subject"]) == ("合成の理由", "case:00000002")
    assert [look["data"]["subjects"] for look in running.looks("look.v1")] == [["case:00000002"]] * 2
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


def test_supervisor_head_and_auditor_learn_of_an_emergency_and_those_above_of_the_record(
    running: RunningService,
) -> None:
    assert in_emergency(caseworker(running, "worker-3", "02"), "00000002") == 201
    for role, may_read in (("supervisor", 403), ("head", 200), ("auditor", 200)):
        person = running.client(person=f"{role}-1", roles=[role])
        (notice,) = person.get("/break-glass/notices").json["items"]
        assert (notice["actor"], notice["reason"], "subject" in notice) == ("person:worker-3", "danger_to_life", False)
        span = "first=2020-01-01T00:00:00Z&last=2099-01-01T00:00:00Z"
        assert person.get(f"/break-glass?{span}").status_code == may_read
    assert [look["data"]["subjects"] for look in running.looks("look.v1")] == [["case:00000002"]] * 2
    assert caseworker(running, "worker-3", "02").get("/break-glass/notices").status_code == 403
    running.clock.set(now=datetime.now(UTC) + timedelta(days=8))
    assert running.client(person="head-1", roles=["head"]).get("/break-glass/notices").json["items"] == []


def test_emergency_access_needs_the_permission_too(running: RunningService) -> None:
    accountant = running.client(person="accountant-1", roles=["accountant"])
    assert in_emergency(accountant, "00000001") == 403
    assert accountant.get("/cases/00000001").status_code == 403


def test_a_record_opened_while_the_clock_was_ahead_does_not_stay_open_for_as_long(running: RunningService) -> None:
    worker, now = caseworker(running, "worker-3", "02"), datetime.now(UTC)
    for ahead, open_then in ((timedelta(minutes=2), 200), (timedelta(days=1), 403)):
        running.clock.set(now=now + ahead)
        assert in_emergency(worker, "00000002") == 201
        assert worker.get("/cases/00000002").status_code == 200
        running.clock.set(now=now)
        assert worker.get("/cases/00000002").status_code == open_then
        now -= timedelta(hours=3)
