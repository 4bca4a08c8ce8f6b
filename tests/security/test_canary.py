"""A name that nobody has goes through every flow of the office, and is found only where it belongs."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest
import requests

from infra.issuer.login import direct_session
from infra.one_machine.catalog import services
from infra.one_machine.processes.stack import Stack
from infra.one_machine.progress import Steps
from infra.one_machine.staff.acts import Acts
from infra.one_machine.staff.month import pay_month, propose_ward
from infra.one_machine.ward.ward_input import InputFaults, WardInput
from tests.faults.months import office_of, small_ward
from tests.security import canary

pytestmark = pytest.mark.stack
MONTH = "2026-12"
AT_HOME = {"postgres", "files", "secrets"}
"""The database's own files, the bank files; and keys, which hold no data."""
SPOILED = [
    ("members.csv", "birth_date", canary.NAME),
    ("members.csv", "relation", canary.NAME),
    ("members.csv", "earned_income", canary.ACCOUNT + "円"),
    ("members.csv", "person_no", canary.KANA),
    ("households.csv", "rent", canary.ADDRESS),
    ("households.csv", "case_no", canary.NAME),
    ("accounts.csv", "bank_code", canary.ACCOUNT),
    ("accounts.csv", "account_number", canary.NAME),
    ("accounts.csv", "holder_kana", canary.NAME + "\t"),
]


@dataclass
class Told:
    """Everything that the office answered where it refused, and its metrics."""

    problems: list[bytes] = field(default_factory=list)
    records: list[bytes] = field(default_factory=list)
    metrics: list[bytes] = field(default_factory=list)


@dataclass
class Office:
    """The office after its month, and what it told on the way."""

    stack: Stack
    told: Told

    @property
    def folder(self) -> Path:
        """Where it keeps everything."""
        return self.stack.folders.root


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    ward = canary.with_canary(small_ward(tmp_path_factory.mktemp("ward"), households=40))
    with office_of(tmp_path_factory.mktemp("office")) as stack:
        told = Told()
        hand_in_what_is_wrong(stack, ward, told)
        pay_month(stack.office, ward, MONTH, Steps())
        look_at_records(stack, told)
        ask_what_is_wrong(stack, told)
        open_in_an_emergency(stack, told)
        walk_the_pages(stack, told)
        for url in stack.office.worker_urls.values():
            told.metrics.append(requests.get(f"{url}/metrics", timeout=10).content)
        yield Office(stack, told)


def hand_in_what_is_wrong(stack: Stack, ward: WardInput, told: Told) -> None:
    for file, column, value in SPOILED:
        bad = canary.spoiled(ward, file, column, value)
        with closing(Acts(stack.office, MONTH)) as acts, pytest.raises(InputFaults) as caught:
            propose_ward(acts, bad, Steps())
        told.problems.append(str(caught.value.faults).encode())


def cases(stack: Stack) -> list[str]:
    known = "SELECT DISTINCT case_no FROM circumstances ORDER BY 1 LIMIT 3"
    with psycopg.connect(stack.admin_url, dbname="kurashi_case_management") as database:
        return [str(row[0]) for row in database.execute(known).fetchall()]


def look_at_records(stack: Stack, told: Told) -> None:
    services = [("case_management", "demo-head", ""), ("case_management", "demo-head", "/determinations")]
    for service, staff, rest in [*services, ("payments", "demo-head", "/payments")]:
        with stack.office.client(service, staff) as client:
            for case in cases(stack):
                answer = client.get(f"/cases/{case}{rest}", purpose="casework")
                assert answer.status_code == 200, answer.text
                told.records.append(answer.content)


def ask_what_is_wrong(stack: Stack, told: Told) -> None:
    """Her words in addresses of records, queries and bodies: what a person might type in the wrong place."""
    with stack.office.client("case_management", "demo-caseworker") as client:
        for address in (f"/cases/{cases(stack)[0]}", "/cases/99999999", f"/cases/{canary.NAME}"):
            told.problems.append(client.get(address, purpose=canary.NAME).content)
            told.problems.append(client.get(address, purpose="casework", month=canary.ADDRESS).content)
        told.problems.append(client.get(f"/cases/{canary.NAME}", purpose="casework").content)
        bodies = [{"reason": canary.NAME}, {"month": canary.ADDRESS, "reason": "monthly"}, {canary.NAME: 1}]
        for number, body in enumerate(bodies):
            answer = client.post("/collective-determinations", key=f"canary-{number:04d}", json=body)
            assert answer.status_code == 422
            told.problems.append(answer.content)
        files = {canary.NAME: (canary.NAME, b"x", "text/csv")}
        told.problems.append(client.post("/imports", key="canary-file", files=files).content)


def open_in_an_emergency(stack: Stack, told: Told) -> None:
    """Words of an emergency access stay in the service's table."""
    case = cases(stack)[-1]
    with stack.office.client("case_management", "demo-caseworker") as client:
        words = f"{canary.NAME}さん、{canary.ADDRESS}にて倒れているとの通報"
        body = {"subject": f"case:{case}", "reason": "life_and_body", "words": words}
        opened = client.post("/break-glass", key="canary-emergency", json=body)
        assert opened.status_code in (200, 201), opened.text
        assert not canary.found_in(opened.content)
        wrong = client.post("/break-glass", key="canary-emergency-2", json={**body, "reason": canary.NAME})
        told.problems.append(wrong.content)


def walk_the_pages(stack: Stack, told: Told) -> None:
    gateway = stack.office.urls["ui_gateway"]
    with stack.office.browser("demo-head") as browser:
        paths = ("/", f"/months/{MONTH}", f"/months/{canary.NAME}", f"/{canary.NAME}", f"/login?back=/{canary.NAME}")
        for path in paths:
            answer = browser.get(gateway + path, timeout=30)
            if answer.status_code >= 400:
                told.problems.append(answer.content)
        wrong = browser.post(f"{gateway}/months/{MONTH}/determinations", data={"reason": canary.NAME}, timeout=30)
        told.problems.append(wrong.content)
    with direct_session() as stranger:
        told.problems.append(stranger.post(f"{gateway}/logout", data={"csrf": canary.NAME}, timeout=30).content)


def test_she_went_through_the_office(office: Office) -> None:
    """Else nothing below would say anything: she is in the bank file, in what staff were shown, in circumstances."""
    tables = ("residents", "import_rows", "break_glass", "circumstances")
    register = canary.tables_with_her(office.stack.admin_url, "kurashi_case_management", tables)
    assert register == ["import_rows", "circumstances"], "her birth date; her name and the words are sealed"
    assert any(canary.found_in(answer) for answer in office.told.records)
    assert canary.files_with_her(office.folder / "files", set())
    assert len(office.told.problems) >= len(SPOILED) + 8


def test_no_log_span_note_or_message_of_the_broker_holds_her(office: Office) -> None:
    assert canary.files_with_her(office.folder, AT_HOME) == []
    searched = {path.relative_to(office.folder).parts[0] for path in office.folder.rglob("*") if path.is_file()}
    assert {"log", "traces", "audit"} <= searched


def test_no_problem_repeats_her_words(office: Office) -> None:
    assert [told.decode() for told in office.told.problems if canary.found_in(told)] == []


def test_no_metric_names_her(office: Office) -> None:
    assert all(b"kurashi_" in told for told in office.told.metrics)
    assert not any(canary.found_in(told) for told in office.told.metrics)


@pytest.mark.parametrize("service", services())
def test_no_fact_of_any_service_tells_her(office: Office, service: str) -> None:
    database = f"kurashi_{service}"
    assert canary.tables_with_her(office.stack.admin_url, database, canary.TOLD_BY_STREAMS) == []


def test_the_log_does_not_hold_her(office: Office) -> None:
    tables = ("entries", "leaves", "bundles", "openings", *canary.TOLD_BY_STREAMS)
    assert canary.tables_with_her(office.stack.admin_url, "kurashi_audit_logging", tables) == []
