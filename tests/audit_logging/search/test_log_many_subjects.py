"""A look at a list of the whole office, thousands of people in one entry: it goes all the way, and stays bounded."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zipfile import ZipFile

import pytest

from infra.verifier import __main__ as verifier
from services.audit_logging.use_cases.review import find_unusual
from services.audit_logging.use_cases.search import export_accesses, index_entries
from services.audit_logging.worker import index, review, self_check, sign
from shared.service_kit.testing import RunningService
from tests.audit_logging.acts import auditor, look

pytestmark = pytest.mark.database
PEOPLE = 8_218
EVERYBODY = [f"person:{1_000_000_000 + n}" for n in range(PEOPLE)]
LAST = EVERYBODY[-1].removeprefix("person:")
NOON = "2026-11-24T03:00:00+00:00"
NOVEMBER = "purpose=board_request&first_day=2026-11-01&last_day=2026-11-30"
SPREADSHEET_CELL = 32_767
"""Characters that a spreadsheet takes in a cell."""


@pytest.fixture
def office(log: RunningService) -> RunningService:
    """Two looks at everybody (0, 1) and one at a single record (2)."""
    log.clock.set(today=date(2026, 11, 24), now=datetime(2026, 11, 24, tzinfo=UTC))
    looks = [look(log, "jiro", *EVERYBODY, what="determinations", time=NOON) for _ in range(2)]
    log.deliver("case_management", [*looks, look(log, "jiro", EVERYBODY[-1], time=NOON)], "looks")
    index(log.runtime)
    review(log.runtime)
    sign(log.runtime)
    return log


def test_each_of_them_is_found_and_the_answer_shows_who_was_asked_for_among_the_first(office: RunningService) -> None:
    hits = auditor(office).get(f"/log/entries?purpose=review&person={LAST}").json["hits"]
    assert [(hit["index"], hit["named"], len(hit["subjects"])) for hit in hits] == [
        (2, 1, 1),
        (1, PEOPLE, 100),
        (0, PEOPLE, 100),
    ]
    assert all(f"person:{LAST}" in hit["subjects"] for hit in hits)
    assert auditor(office).get("/log/entries/0?purpose=review").json["data"]["subjects"] == EVERYBODY


def test_a_search_names_whom_it_showed_and_does_not_grow_from_search_to_search(office: RunningService) -> None:
    for _ in range(3):
        auditor(office).get(f"/log/entries?purpose=review&person={LAST}")
    assert [len(event["data"]["subjects"]) for event in office.looks()] == [100, 100, 100]


def test_who_looked_at_one_of_them_has_the_list_and_the_record(office: RunningService) -> None:
    hits = auditor(office).get(f"/log/looks?purpose=review&person={LAST}").json["hits"]
    assert [(hit["index"], hit["through"]) for hit in hits] == [(2, []), (1, []), (0, [])]


def test_the_board_opens_the_table_in_a_spreadsheet_and_the_verifier_proves_every_row(
    office: RunningService, tmp_path: Path
) -> None:
    content = auditor(office).get(f"/log/export?{NOVEMBER}").content
    with ZipFile(io.BytesIO(content)) as file:
        csv.field_size_limit(10 * SPREADSHEET_CELL)
        _, *rows = csv.reader(io.StringIO(file.read("looks.csv").decode("utf-8-sig")))
    assert len(rows) == 3
    assert max(len(cell) for row in rows for cell in row) <= SPREADSHEET_CELL
    assert rows[0][5].endswith(f" …ほか{PEOPLE - 500}")
    (tmp_path / "export.zip").write_bytes(content)
    (tmp_path / "log.pub").write_bytes(auditor(office).get("/log/key.pub").content)
    assert verifier.main(["export", str(tmp_path / "export.zip"), "--key", str(tmp_path / "log.pub")]) == 0


def test_an_export_that_would_not_fit_into_memory_is_refused(
    office: RunningService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_accesses, "MOST_BYTES", 200_000)
    reply = auditor(office).get(f"/log/export?{NOVEMBER}")
    assert (reply.status_code, reply.json["type"], reply.json["field"]) == (413, "/problems/too-large", "last_day")
    assert office.looks() == []


def test_index_and_review_take_as_much_at_once_as_their_memory_holds(
    log: RunningService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_entries, "MOST_BYTES", 300_000)
    monkeypatch.setattr(find_unusual, "MOST_BYTES", 300_000)
    few = EVERYBODY[:1000]
    log.deliver("payments", [look(log, "jiro", *few, time=NOON) for _ in range(40)], "looks")
    with log.work() as work:
        assert 10 < index_entries.index_entries(work) < 20
    index(log.runtime)
    with log.work() as work:
        assert 10 < find_unusual.find_unusual(work) < 20
    monkeypatch.setattr(index_entries, "MOST_BYTES", 1)
    log.deliver("payments", [look(log, "jiro", *EVERYBODY, time=NOON)], "looks")
    index(log.runtime)
    assert auditor(log).get(f"/log/entries?purpose=review&person={LAST}").json["hits"][0]["index"] == 40


def test_the_daily_self_check_compares_such_entries(office: RunningService) -> None:
    office.clock.set(now=office.clock.now() + timedelta(minutes=1))
    self_check(office.runtime)
    office.clock.set(now=office.clock.now() + timedelta(minutes=5))
    self_check(office.runtime)
    ((faults,),) = office.execute("SELECT faults FROM self_check_results")
    assert not {"index:differs", "openings:differ", "leaf:differs"} & set(faults)
