"""Whose case it is, the deciding service says: its refusal keeps the person out of what is paid for the case too."""

from collections.abc import Iterator

import pytest

from tests.access.deciding_door import NO_CASE, OUT_OF_SCOPE, DecidingDoor, deciding_door
from tests.payments.office import Office

pytestmark = pytest.mark.database
PATH = "/cases/00000001/payments?purpose=enquiry"


@pytest.fixture
def deciding(office: Office, monkeypatch: pytest.MonkeyPatch) -> Iterator[DecidingDoor]:
    with deciding_door(office.running, monkeypatch) as door:
        yield door


@pytest.mark.parametrize(("status", "body"), [(403, OUT_OF_SCOPE), (404, NO_CASE)])
def test_a_refusal_of_the_deciding_service_stands_in_the_audit_with_its_name_and_the_case(
    office: Office, deciding: DecidingDoor, status: int, body: dict[str, object]
) -> None:
    office.grant("00000001", livelihood=70_000)
    deciding.says(status, body)
    reply = office.person("demo-head", "head").get(PATH)
    assert (reply.status_code, reply.json["type"]) == (403, "/problems/out-of-scope")
    (refusal,) = office.running.looks("refusal.v1")
    assert (refusal["data"]["subject"], refusal["data"]["why"]) == ("case:00000001", "case_management")


def test_a_number_that_is_no_case_is_none_for_who_sees_the_whole_office(office: Office, deciding: DecidingDoor) -> None:
    deciding.says(404, NO_CASE)
    head = office.person("demo-head", "head")
    assert head.get(PATH).status_code == 200
    deciding.says(403, OUT_OF_SCOPE)
    assert head.get(PATH).status_code == 403


def test_a_deciding_service_that_fails_lets_nobody_in_and_is_no_refusal(office: Office, deciding: DecidingDoor) -> None:
    office.grant("00000001", livelihood=70_000)
    deciding.says(500, {})
    assert office.person("demo-head", "head").get(PATH).status_code >= 500
    assert office.running.looks("refusal.v1") == []


def test_a_case_of_another_district_stays_closed_though_the_deciding_service_answers(
    office: Office, deciding: DecidingDoor
) -> None:
    office.grant("00000001", livelihood=70_000)
    deciding.lets_in("02")
    stranger = office.running.client(person="worker-1", roles=["caseworker"], districts=["01"])
    assert stranger.get(PATH).status_code == 403
    neighbour = office.running.client(person="worker-2", roles=["caseworker"], districts=["02"])
    assert neighbour.get(PATH).status_code == 200
    deciding.lets_in("02", "worker-9", shielded=True)
    assert neighbour.get(PATH).status_code == 403
