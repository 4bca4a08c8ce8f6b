"""Whose case it is, the deciding service says: its refusal keeps the person out of what is paid for the case too."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from services.payments.adapters.deciding_services import case_record
from tests.payments.office import Office

pytestmark = pytest.mark.database
PATH = "/cases/00000001/payments?purpose=enquiry"


@pytest.fixture
def deciding(office: Office, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int, dict[str, object]], None]]:
    """A deciding service that answers every question for a case with a status and a body."""
    says: list[tuple[int, dict[str, object]]] = []

    class Door(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(says[-1][0])
            self.end_headers()
            self.wfile.write(json.dumps(says[-1][1]).encode())

        def log_message(self, format: str, *args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setitem(
        office.running.runtime.settings.peers, "case_management", f"http://127.0.0.1:{server.server_port}"
    )
    monkeypatch.setattr(case_record, "exchange", lambda *args: "a token of the same person")
    yield lambda status, body: says.append((status, body))
    server.shutdown()
    server.server_close()


OUT_OF_SCOPE = {"type": "/problems/out-of-scope", "title": "担当外", "status": 403}
NO_CASE = {"type": "/problems/not-found", "title": "なし", "status": 404}


@pytest.mark.parametrize(("status", "body"), [(403, OUT_OF_SCOPE), (404, NO_CASE)])
def test_a_refusal_of_the_deciding_service_stands_in_the_audit_with_its_name_and_the_case(
    office: Office, deciding: Callable[[int, dict[str, object]], None], status: int, body: dict[str, object]
) -> None:
    office.grant("00000001", livelihood=70_000)
    deciding(status, body)
    reply = office.person("demo-head", "head").get(PATH)
    assert (reply.status_code, reply.json["type"]) == (403, "/problems/out-of-scope")
    (refusal,) = office.running.looks("refusal.v1")
    assert (refusal["data"]["subject"], refusal["data"]["why"]) == ("case:00000001", "case_management")


def test_a_number_that_is_no_case_is_none_for_who_sees_the_whole_office(
    office: Office, deciding: Callable[[int, dict[str, object]], None]
) -> None:
    deciding(404, NO_CASE)
    head = office.person("demo-head", "head")
    assert head.get(PATH).status_code == 200
    deciding(403, OUT_OF_SCOPE)
    assert head.get(PATH).status_code == 403


def test_a_deciding_service_that_fails_lets_nobody_in_and_is_no_refusal(
    office: Office, deciding: Callable[[int, dict[str, object]], None]
) -> None:
    office.grant("00000001", livelihood=70_000)
    deciding(500, {})
    assert office.person("demo-head", "head").get(PATH).status_code >= 500
    assert office.running.looks("refusal.v1") == []


def test_a_case_of_another_district_stays_closed_though_the_deciding_service_answers(
    office: Office, deciding: Callable[[int, dict[str, object]], None]
) -> None:
    office.grant("00000001", livelihood=70_000)
    deciding(200, {"district": "02", "caseworker": None, "shielded": False})
    stranger = office.running.client(person="worker-1", roles=["caseworker"], districts=["01"])
    assert stranger.get(PATH).status_code == 403
    neighbour = office.running.client(person="worker-2", roles=["caseworker"], districts=["02"])
    assert neighbour.get(PATH).status_code == 200
    deciding(200, {"district": "02", "caseworker": "worker-9", "shielded": True})
    assert neighbour.get(PATH).status_code == 403
