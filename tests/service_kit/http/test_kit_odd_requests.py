"""What no client of ours sends to the routes that every service has: refused as bad input, never a fault of ours."""

import pytest

from services.payments.app import service as payments
from shared.service_kit.testing import RunningService, Services
from tests.service_kit.toy.app import service

pytestmark = pytest.mark.database
BIG = 10**30
NUMBERS = ["-1", str(2**63), str(BIG), "1e3", "0x1", "1.5", "", "٣", "１", "1_000", "NaN", "1" * 5_000, "%00", "1%20"]
MONTHS = [
    "0000-01",
    "1873-01",
    "9999-12",
    "2026-13",
    "2026-00",
    "２０２６-12",
    "2026-1",
    "2026-12-01",
    "",
    "%00",
    "20261-2",
]
IDS = [
    "x",
    "0",
    "00000000-0000-0000-0000-00000000000",
    "00000000-0000-0000-0000-0000000000000",
    "%00",
    "..",
    "{}",
    "null",
]
SPANS = ["x", "2026-13-01T00:00:00Z", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "2026-01-01", "1" * 400]


@pytest.fixture(scope="module")
def running(services_of_file: Services) -> RunningService:
    return services_of_file.open(service)


@pytest.mark.parametrize("number", NUMBERS)
def test_a_number_that_is_none_is_bad_input(running: RunningService, number: str) -> None:
    log = running.client(machine="audit_logging")
    assert 400 <= log.get(f"/events?stream=facts&after={number}").status_code < 500


@pytest.mark.parametrize("stream", ["", "Facts", "facts ", "looks%00", "ｆacts", "x" * 5_000])
def test_a_stream_that_is_none_is_bad_input(running: RunningService, stream: str) -> None:
    log = running.client(machine="audit_logging")
    assert 400 <= log.get(f"/events?stream={stream}&after=0").status_code < 500


@pytest.mark.parametrize("month", MONTHS)
def test_a_month_that_no_office_knows_is_bad_input(running: RunningService, month: str) -> None:
    assert 400 <= running.client(machine="audit_logging").get(f"/figures?month={month}").status_code < 500


@pytest.mark.parametrize("id_", IDS)
def test_an_id_that_is_none_is_not_found(running: RunningService, id_: str) -> None:
    operator = running.client("demo-operator", ["operator"])
    assert operator.post(f"/parked/{id_}/release").status_code in (404, 405)


@pytest.mark.parametrize("body", ["x", [], 7, {"a": "\ud800"}, {"fact_id": None}])
def test_a_body_that_nobody_asked_for_changes_nothing(running: RunningService, body: object) -> None:
    operator = running.client("demo-operator", ["operator"])
    assert operator.post("/parked/00000000-0000-4000-8000-000000000000/release", body).status_code == 404


@pytest.mark.parametrize("key", ["x" * 201, "short", "日本語のキー", "with blank here", "\x7f" * 9])
def test_a_key_of_another_form_is_bad_input(running: RunningService, key: str) -> None:
    operator = running.client("demo-operator", ["operator"])
    release = "/parked/00000000-0000-4000-8000-000000000000/release"
    assert operator.post(release, headers={"Idempotency-Key": key.encode().decode("latin-1")}).status_code == 400


def test_a_span_of_time_that_is_none_is_bad_input(services_of_file: Services) -> None:
    head = services_of_file.open(payments).client("demo-head", ["head"])
    for odd in SPANS:
        for query in (f"first={odd}&last=2026-12-01T00:00:00Z", f"first=2026-12-01T00:00:00Z&last={odd}"):
            assert head.get(f"/break-glass?{query.replace('+', '%2B')}").status_code < 500, query
