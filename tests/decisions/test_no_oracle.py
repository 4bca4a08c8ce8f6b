"""Nobody learns from a refusal, or from the work behind it, whether a number is a case, whose, and if shielded."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import event

from services.case_management.app import service as public_assistance
from services.support_benefits.app import service as support
from shared.contracts.permissions import PERMISSIONS
from shared.service_kit.http.routing import Route
from shared.service_kit.testing import Client, Reply, RunningService, Services
from tests.architecture.test_access_matrix import operations
from tests.decisions.test_whose_case import TODAY, person, restrict
from tests.decisions.ward import Office, Ward, ok

pytestmark = pytest.mark.database
SHIELDED, ELSEWHERE, BARRED, NONE = "00000001", "00000002", "00000003", "99999999"
PROGRAMMES = {"case_management": "public_assistance", "support_benefits": "support_benefit"}
NOBODYS = "00000000-0000-4000-8000-000000000000"
NOTE = {"kind": "policy", "held_on": "2026-12-01", "content": {"plan": "架空"}}
TASK = {"kind": "promise", "due_on": "2026-12-01", "content": {"what": "架空"}}
BODIES: dict[str, dict[str, Any]] = {
    "/cases/<case_no>/circumstances": {"fact": "home", "cells": {}, "reason": "mistake", "seen": 0},
    "/cases/<case_no>/members": {"person_no": "5555555555", "cells": {}, "reason": "application", "seen": 0},
    "/cases/<case_no>/members/<person_no>/end": {"last_day": "2026-12-01", "reason": "moved_out", "seen": 0},
    "/cases/<case_no>/notes": NOTE,
    "/cases/<case_no>/notes/<note_no>/entries": {**NOTE, "follows": NOBODYS},
    "/cases/<case_no>/notes/<note_no>/signature": {"entry_id": NOBODYS},
    "/cases/<case_no>/tasks": TASK,
    "/cases/<case_no>/tasks/<task_no>/entries": {**TASK, "follows": NOBODYS},
    "/cases/<case_no>/tasks/<task_no>/end": {"outcome": "done", "ended_on": "2026-12-01"},
    "/cases/<case_no>/charges": {"district": "09", "from": "2026-12-01", "seen": 0},
    "/cases/<case_no>/investigations": {
        "kind": "bank",
        "addressee": "架空銀行",
        "asked": "残高",
        "sent_on": "2026-12-01",
        "due_on": "2026-12-15",
    },
    "/cases/<case_no>/consents": {"person_no": "5555555555", "signed_on": "2026-12-01"},
    "/cases/<case_no>/consents/<consent_id>/withdrawal": {"withdrawn_on": "2026-12-01"},
    "/cases/<case_no>/investigations/<investigation_id>/entries": {"kind": "reminded", "happened_on": "2026-12-01"},
    "/cases/<case_no>/relatives": {"relation": "child", "content": {"name": "架空"}},
    "/cases/<case_no>/relatives/<relative_id>/details": {
        "relation": "child",
        "content": {"name": "架空"},
        "follows": "00000000-0000-4000-8000-000000000000",
    },
    "/cases/<case_no>/relatives/<relative_id>/proposals": {"enquire": True},
    "/cases/<case_no>/relatives/<relative_id>/proposals/<proposal_id>/decision": {"agreed": True},
    "/cases/<case_no>/relatives/<relative_id>/letters": {"due_on": "2026-12-22"},
    "/cases/<case_no>/relatives/<relative_id>/answers": {"answered_on": "2026-12-01", "outcome": "refuses"},
    "/cases/<case_no>/attachments": {},
    "/cases/<case_no>/attachments/<attachment_id>/withdrawal": {"reason": "misfiled"},
    "/residents/<person_no>/entries": {"name": "架空", "kana": "カクウ", "reason": "mistake", "follows": 1},
    "/residents/<person_no>/details": {
        "fact": "address",
        "kind": "living",
        "content": {"text": "架空区"},
        "reason": "mistake",
    },
    "/residents/<person_no>/merges": {"stays": "5555555555", "words": "架空"},
    "/residents/<person_no>/merges/<merge_id>/undoing": {"words": "架空"},
    "/residents/<person_no>/merges/<merge_id>/approval": {"sha256": "0" * 64},
    "/residents/<person_no>/merges/<merge_id>/withdrawal": {"reason": "mistake"},
    "/residents/<person_no>/distinctions": {"other": "5555555555", "words": "架空"},
    "/cases/<case_no>/restrictions": {"from": "2026-12-01", "reason": "notice", "kind": "shielded"},
    "/cases/<case_no>/restrictions/<restriction_id>/lift": {"from": "2026-12-01", "reason": "notice"},
}
"""What is sent to routes that write: good, so that nothing but whose record it is can be what is wrong."""


@pytest.fixture(scope="module", params=[public_assistance, support], ids=lambda pair: str(pair.name))
def running(services_of_file: Services, request: pytest.FixtureRequest) -> RunningService:
    """A service with a shielded case, one in another district, and one of a relative of worker-1's."""
    opened = services_of_file.open(request.param, emergencies_an_hour=1_000)
    opened.clock.set(today=TODAY)
    programme = PROGRAMMES[request.param.name]
    ward = Ward().add(1, district="07", caseworker="worker-7", programme=programme)
    ward.add(2, district="08", programme=programme).add(3, district="08", programme=programme)
    Office(opened).load(ward)
    ok(restrict(opened, kind="shielded")[1]())
    return opened


@contextmanager
def statements(running: RunningService) -> Iterator[list[str]]:
    """Every statement that the service sends to its database meanwhile."""
    sent: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        sent.append(statement)

    event.listen(running.runtime.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(running.runtime.engine, "before_cursor_execute", note)


def answers(reply: Reply) -> tuple[int, bytes, dict[str, str]]:
    """All of an answer but its own number and time."""
    headers = {name: pair for name, pair in reply.headers.items() if name not in {"Date", "Server"}}
    body = re.sub(rb"[0-9a-f-]{36}|[0-9T:.-]{10,}Z?|[0-9]{8}", b"#", reply.content)
    return reply.status_code, body, headers


def ask(client: Client, route: Route, case_no: str) -> Reply:
    path = route.path.replace("<case_no>", case_no).replace("<person_no>", f"{int(case_no) * 100:010d}")
    path = re.sub(r"<(?:\w+:)?\w+>", "00000000-0000-4000-8000-000000000000", path)
    if route.writes:
        return client.post(path, BODIES[route.path])
    month = {"month": "2026-12"} if route.query and "month" in route.query.model_fields else {}
    return client.get(f"{path}?{urlencode({'purpose': 'casework', **month})}")


def scoped(running: RunningService) -> Iterator[tuple[str, Route]]:
    for route in operations(running.service):
        for role, scope in PERMISSIONS[str(route.permission)].items():
            if route.of and scope != "office":
                yield role, route


def test_every_refusal_about_a_record_is_the_same_answer_by_the_same_work(running: RunningService) -> None:
    asked, different = 0, []
    for role, route in scoped(running):
        client = person(running, "worker-1", role, "09", programmes=["another"])
        seen = []
        for case_no in (SHIELDED, ELSEWHERE, NONE):
            with statements(running) as sent:
                answer = ask(client, route, case_no)
            seen.append((answers(answer), sent))
        asked += 1
        if not (seen[0] == seen[1] == seen[2] and seen[0][0][0] == 403 and seen[0][1]):
            different.append((role, route.method, route.path, [pair[0][0] for pair in seen], [len(s) for _, s in seen]))
    assert asked >= 10
    assert different == []


def test_who_may_not_see_shielded_records_is_told_no_more_of_one_in_the_own_district(running: RunningService) -> None:
    colleague = person(running, "worker-1", "caseworker", "07")
    seen = []
    for case_no in (SHIELDED, ELSEWHERE, NONE):
        with statements(running) as sent:
            answer = colleague.get(f"/cases/{case_no}?purpose=casework")
        seen.append((answers(answer), sent))
    assert seen[0] == seen[1] == seen[2]


def test_a_relatives_case_is_refused_by_the_same_work_too(running: RunningService) -> None:
    supervisor, head = person(running, "supervisor-8", "supervisor", "08"), person(running, "head-1", "head")
    body = {"from": "2026-12-01", "reason": "notice", "kind": "barred", "staff": "worker-1"}
    proposed = ok(supervisor.post(f"/cases/{BARRED}/restrictions", body), 201)
    ok(head.post(f"/cases/{BARRED}/restrictions/{proposed['restriction_id']}/approval", {"sha256": proposed["sha256"]}))
    relative, seen = person(running, "worker-1", "caseworker", "09"), []
    for case_no in (BARRED, NONE):
        with statements(running) as sent:
            answer = relative.get(f"/cases/{case_no}?purpose=casework")
        seen.append((answers(answer), sent))
    assert seen[0] == seen[1]


def test_an_emergency_is_opened_alike_whatever_the_number_is(running: RunningService) -> None:
    worker, seen = person(running, "worker-2", "caseworker", "09"), []
    for case_no in (BARRED, SHIELDED, ELSEWHERE, NONE):  # the first fetches the key that seals the words
        body = {"subject": f"case:{case_no}", "reason": "danger_to_life", "words": "合成の理由"}
        with statements(running) as sent:
            answer = worker.post("/break-glass", body)
        seen.append((answers(answer), sent))
    assert seen[1] == seen[2] == seen[3]
    assert json.loads(answer.content)["subject"] == f"case:{NONE}"


def test_a_key_used_for_one_record_tells_nothing_of_another(running: RunningService) -> None:
    """Whose record it is comes before what an Idempotency-Key may have kept."""
    stranger = person(running, "supervisor-1", "supervisor", "09")
    body = BODIES["/cases/<case_no>/restrictions"]
    seen = [
        answers(stranger.post(f"/cases/{case_no}/restrictions", body, key="one-key-for-all"))
        for case_no in (SHIELDED, ELSEWHERE, NONE, SHIELDED)
    ]
    assert seen == [seen[0]] * 4
