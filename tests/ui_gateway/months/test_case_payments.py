"""What a case is paid is shown to those alone who may see the case: payments asks the service that decides it."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
import requests

from shared.service_kit.observability import statements
from tests.ui_gateway.months.test_gateway_month import paid
from tests.ui_gateway.staff import Office

pytestmark = pytest.mark.database
PAYMENTS = "/cases/{}/payments?purpose=enquiry"


def look(office: Office, staff: str, case_no: str = "00000001", service: str = "payments") -> requests.Response:
    headers = {"Authorization": f"Bearer {office.token(staff, service)}"}
    return requests.get(office.doors[service].url + PAYMENTS.format(case_no), headers=headers, timeout=30)


def write(office: Office, staff: str, path: str, body: dict[str, Any], *approves: str) -> dict[str, Any]:
    token = office.token(staff, "case_management", *approves)
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid4())}
    answer = requests.post(office.doors["case_management"].url + path, json=body, headers=headers, timeout=30)
    assert answer.status_code in (200, 201), answer.text
    written: dict[str, Any] = answer.json()
    return written


def restrict(office: Office, **body: str) -> None:
    path = "/cases/00000001/restrictions"
    proposed = write(office, "demo-supervisor", path, {"from": "2026-11-24", "reason": "notice", **body})
    approval = f"{path}/{proposed['restriction_id']}/approval"
    write(office, "demo-head", approval, {"sha256": proposed["sha256"]}, proposed["sha256"])


def test_a_case_shows_what_it_is_paid_and_the_look_is_audited_in_both_services(office: Office) -> None:
    paid(office)
    shown = look(office, "demo-caseworker").json()
    assert [(one["kind"], one["state"]) for one in shown["entitlements"]] == [
        ("housing", "entitled"),
        ("livelihood", "entitled"),
    ]
    assert [(one["channel"], one["account_end"]) for one in shown["transfers"]] == [("bank", "001")]
    for service, what in (("payments", "case_payments"), ("case_management", "access")):
        (told,) = [one for one in office.services[service].looks("look.v1") if one["data"]["what"] == what]
        assert (told["actor"], told["data"]["subjects"]) == ("person:demo-caseworker", ["case:00000001"])


def test_who_may_not_see_the_case_does_not_learn_what_it_is_paid_nor_whether_it_is_one(office: Office) -> None:
    paid(office)
    answers = [look(office, "demo-interviewer", case_no) for case_no in ("00000001", "99999999")]
    assert [answer.status_code for answer in answers] == [403, 403]
    assert answers[0].json() == answers[1].json()
    assert look(office, "demo-accountant").status_code == 403


def work_of(office: Office, ask: Callable[[], requests.Response]) -> tuple[int, str, list[str]]:
    """An answer, and every statement and question to another service behind it: what a clock could tell of it."""
    before = len(office.gateway.spans())
    answer = ask()
    spans = office.gateway.spans()[before:]
    return answer.status_code, re.sub(r"[0-9]{8}", "N", answer.text), sorted(str(one["name"]) for one in spans)


def test_a_number_that_is_no_case_is_refused_by_the_same_work_as_a_case_elsewhere(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statements, "SLOW_NS", -1)  # each statement has a span of its own
    paid(office)
    restrict(office, kind="shielded")
    numbers = ("00000002", "00000001", "99999999")
    elsewhere, shielded, none = (
        work_of(office, partial(look, office, "demo-interviewer", number)) for number in numbers
    )
    assert elsewhere[0] == 403
    assert any("GET /cases" in name for name in elsewhere[2])
    assert elsewhere == shielded == none
    glass = [work_of(office, partial(break_glass, office, "payments", number)) for number in numbers]
    assert glass[0] == glass[1] == glass[2]
    assert look(office, "demo-head", "99999999").json() == {"case_no": "99999999", "entitlements": [], "transfers": []}


def break_glass(office: Office, service: str, case_no: str = "00000001") -> requests.Response:
    body = {"subject": f"case:{case_no}", "reason": "danger_to_life", "words": "合成の理由"}
    headers = {"Authorization": f"Bearer {office.token('demo-interviewer', service)}", "Idempotency-Key": str(uuid4())}
    return requests.post(office.doors[service].url + "/break-glass", json=body, headers=headers, timeout=30)


def test_a_shielded_case_and_a_relatives_case_are_closed_in_payments_too(office: Office) -> None:
    paid(office)
    restrict(office, kind="shielded")
    restrict(office, kind="barred", staff="demo-caseworker")
    assert look(office, "demo-caseworker").status_code == 403
    assert look(office, "demo-caseworker", "00000002").status_code == 200
    assert look(office, "demo-supervisor").status_code == 200
    refused = office.services["case_management"].looks("refusal.v1")
    assert [(one["data"]["subject"], one["data"]["why"]) for one in refused] == [("case:00000001", "barred")]


def test_where_the_deciding_service_does_not_answer_nothing_is_shown(office: Office) -> None:
    paid(office)
    with office.down("case_management"):
        assert look(office, "demo-head").status_code == 503
    assert look(office, "demo-head").status_code == 200


def test_a_number_under_both_laws_is_shown_to_who_may_see_both_cases(office: Office) -> None:
    paid(office)
    office.services["payments"].execute(
        "INSERT INTO due SELECT case_no, '2020-01', kind, 'support_benefit', entitled, 0, 0, 0, version FROM due "
        "WHERE case_no = '00000001' LIMIT 1"
    )
    assert [look(office, staff).status_code for staff in ("demo-caseworker", "demo-head")] == [403, 403]
    assert look(office, "demo-caseworker", "00000002").status_code == 200


def test_a_glass_broken_in_one_service_opens_no_other(office: Office) -> None:
    paid(office)
    answers = []
    for service in ("payments", "case_management", "payments"):
        opened = break_glass(office, service)
        answers.append((service, opened.status_code, look(office, "demo-interviewer").status_code))
    assert answers == [("payments", 403, 403), ("case_management", 201, 403), ("payments", 201, 200)]
    for staff, told in (
        ("demo-head", True),
        ("demo-supervisor", True),
        ("demo-auditor", True),
        ("demo-caseworker", False),
    ):
        page = office.browser(staff).get("/")
        assert ("緊急閲覧がありました(この7日間 2件)" in page.text, "demo-interviewer" in page.text) == (told, told)
        assert "00000001" not in page.text
