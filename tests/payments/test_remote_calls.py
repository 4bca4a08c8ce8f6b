"""Other services are asked before the unit of work opens: while they answer, no connection to the database is held."""

from typing import Any

import pytest

from shared.access import deciding_services
from shared.service_kit.service_client import ServiceClient
from tests.payments.office import Office

pytestmark = pytest.mark.database
EMERGENCY = {"subject": "case:00000001", "reason": "danger_to_life", "words": "合成の理由"}


@pytest.fixture
def held(office: Office, monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """By what is asked of another service or the identity provider: connections that were held meanwhile."""
    connections: dict[str, int] = {}
    send: Any = ServiceClient._send

    def note(path: str) -> None:
        pool: Any = office.running.runtime.engine.pool
        connections[path] = max(connections.get(path, 0), pool.checkedout())

    def noted(client: ServiceClient, method: str, path: str, **rest: Any) -> Any:
        note(path)
        return send(client, method, path, **rest)

    def exchanged(*of: object) -> str:
        note("token")
        return "a token of the same person"

    monkeypatch.setattr(ServiceClient, "_send", noted)
    monkeypatch.setattr(deciding_services, "exchange", exchanged)
    return connections


def test_no_unit_of_work_is_open_while_a_deciding_service_is_asked(office: Office, held: dict[str, int]) -> None:
    office.grant("00000001", livelihood=70_000)
    office.register(("00000001", "public_assistance"))
    office.approve(office.proposed())
    assert office.person("demo-head", "head").get("/cases/00000001/payments?purpose=enquiry").status_code == 403
    assert held == dict.fromkeys(("/events/positions", "/figures", "token", "/cases/00000001/access"), 0)


def test_no_unit_of_work_is_open_while_a_deciding_service_is_asked_in_an_emergency(
    office: Office, held: dict[str, int]
) -> None:
    office.grant("00000001", livelihood=70_000)
    refused = office.person("demo-interviewer", "interviewer").post("/break-glass", json=EMERGENCY)
    assert (refused.status_code, refused.json["type"]) == (403, "/problems/out-of-scope")
    (refusal,) = office.running.looks("refusal.v1")
    assert (refusal["data"]["subject"], refusal["data"]["why"]) == ("case:00000001", "case_management")
    assert held == {"token": 0, "/cases/00000001/access": 0}
