"""What a request may bring: size, parts, names, types and characters; never half done, never a fault of ours."""

from io import BytesIO
from typing import Any

import pytest

from services.case_management.app import service as case_management
from shared.service_kit.testing import Client, RunningService, Services, make_token
from tests.service_kit.toy.app import service as toy

pytestmark = pytest.mark.database
CSV = b"case_no\n"


@pytest.fixture(scope="module")
def running(services_of_file: Services) -> RunningService:
    return services_of_file.open(toy)


def accountant(running: RunningService) -> Client:
    return running.client(person="demo-accountant", roles=["accountant"])


def hand_in(running: RunningService, *parts: tuple[str, bytes, str], fields: dict[str, str] | None = None) -> Any:
    """Send a form of files as a caseworker; each part with its name, bytes and type."""
    token = make_token("demo-caseworker", ["caseworker"], running.service.name)
    data: list[tuple[str, Any]] = [(name, (BytesIO(content), name, kind)) for name, content, kind in parts]
    return running.app.test_client().post(
        "/imports",
        data={**dict(data), **(fields or {})} if len(dict(data)) == len(data) else _twice(data),
        headers={"Authorization": f"Bearer {token}", "Idempotency-Key": "a-key-of-an-import"},
        content_type="multipart/form-data",
    )


def _twice(data: list[tuple[str, Any]]) -> dict[str, list[Any]]:
    return {data[0][0]: [given for _, given in data]}


@pytest.mark.parametrize(
    "path",
    ["/marks/%00", "/marks/a%0d%0aX-Own:1", "/marks/%1b%5b2J", "/marks/%7f", "/marks/%E5%A4%9C%E5%95%BC%E9%B3%A5"],
)
def test_a_control_character_in_an_address_names_nothing(running: RunningService, path: str) -> None:
    before = running.looks()
    assert accountant(running).get(path).status_code == 404
    assert running.looks() == before


@pytest.mark.parametrize("query", ["month=2026-12%00", "month=%0a", "%00=1"])
def test_a_control_character_in_a_query_is_bad_input(running: RunningService, query: str) -> None:
    machine = running.client(machine="audit_logging")
    assert machine.get(f"/figures?{query}").status_code == 400


def test_nul_in_a_body_is_bad_input_and_nothing_is_done(running: RunningService) -> None:
    answer = accountant(running).post("/marks", {"subject": "a\0b", "value": 7})
    assert (answer.status_code, answer.json["type"]) == (422, "/problems/invalid-input")
    assert running.execute("SELECT * FROM marks") == []


def test_a_number_that_no_column_takes_is_bad_input(running: RunningService) -> None:
    answer = accountant(running).post("/marks", {"subject": "a", "value": 10**30})
    assert (answer.status_code, answer.json["type"]) == (422, "/problems/invalid-input")
    assert b"1000000" not in answer.content


def test_a_large_body_is_refused_where_no_files_are_taken(running: RunningService) -> None:
    answer = accountant(running).post("/marks", {"subject": "a" * 2_000_000, "value": 7})
    assert (answer.status_code, answer.json["type"]) == (413, "/problems/too-large")


@pytest.mark.parametrize("key", ["short", "x" * 201, "with blanks in it", "日本語の鍵です、長い"])
def test_an_odd_key_is_refused(running: RunningService, key: str) -> None:
    answer = accountant(running).post("/marks", {"subject": "a", "value": 7}, headers={"Idempotency-Key": key})
    assert answer.status_code == 400


@pytest.fixture(scope="module")
def register(services_of_file: Services) -> RunningService:
    return services_of_file.open(case_management)


@pytest.mark.parametrize(
    ("parts", "fields", "status"),
    [
        ([("households.csv", CSV, "application/zip")], {}, 422),
        ([("households.csv", CSV, "text/html")], {}, 422),
        ([("../../etc/passwd", CSV, "text/csv")], {}, 422),
        ([("households.csv\0.exe", CSV, "text/csv")], {}, 422),
        ([("households.csv", CSV, "text/csv"), ("households.csv", CSV, "text/csv")], {}, 422),
        ([("households.csv", CSV, "text/csv")], {"note": "words"}, 422),
        ([("households.csv", b"\x1f\x8b" + bytes(100), "text/csv")], {}, 422),
    ],
    ids=["zip", "html", "path", "NUL", "twice", "a field", "gzip inside"],
)
def test_a_form_brings_csv_files_of_plain_names_and_nothing_else(
    register: RunningService, parts: list[tuple[str, bytes, str]], fields: dict[str, str], status: int
) -> None:
    answer = hand_in(register, *parts, fields=fields)
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
    assert b"etc" not in answer.data
    assert register.facts() == []


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # Werkzeug leaves them to the collector
def test_a_form_of_too_many_files_is_refused(register: RunningService) -> None:
    answer = hand_in(register, *[(f"file-{one}.csv", CSV, "text/csv") for one in range(9)])
    assert (answer.status_code, answer.content_type) == (413, "application/problem+json")


def test_a_file_larger_than_allowed_is_refused(services: Services) -> None:
    register = services.open(case_management, max_body_bytes=1_000)
    assert hand_in(register, ("households.csv", b"x" * 2_000, "text/csv")).status_code == 413


def test_every_answer_is_closed_to_browsers(running: RunningService) -> None:
    answers = [
        accountant(running).get("/marks/a"),
        running.client().get("/marks/a"),
        running.client().get("/nowhere"),
        running.client().get("/health/live"),
    ]
    for answer in answers:
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize("method", ["trace", "put", "delete", "patch"])
def test_a_method_that_no_route_declares_is_refused(running: RunningService, method: str) -> None:
    client = running.app.test_client()
    assert getattr(client, method)("/marks").status_code == 405
