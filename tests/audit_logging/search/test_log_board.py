"""The export for the privacy board (個人情報保護審査会): who looked at whom, each row proved by the verifier alone."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from infra.verifier import __main__ as verifier
from services.audit_logging.domain.search.access_row import access_row
from services.audit_logging.use_cases.search import export_accesses
from services.audit_logging.worker import index, sign
from shared.service_kit.testing import Reply, RunningService
from tests.audit_logging.acts import auditor, look, refused

pytestmark = pytest.mark.database
NOON = "2026-11-24T03:00:00+00:00"
PERIOD = "purpose=board_request&first_day=2026-11-01&last_day=2026-11-30"


@pytest.fixture
def office(log: RunningService) -> RunningService:
    """Looks (0 to 3) and an emergency (4), signed; a refusal (5) shows nobody anything."""
    log.deliver(
        "case_management",
        [
            look(log, "ichiko", "case:00000001", "person:1000000001", time=NOON),
            look(log, "jiro", "case:00000001", what="determinations", time=NOON),
            look(log, "jiro", "case:00000002", purpose="=cmd|'/c calc'!A1", time=NOON),
            look(log, "jiro", "case:00000001", time="2026-12-01T03:00:00+00:00"),
            log.fact(
                "break_glass.v1",
                {"break_glass_id": "b1", "subject": "case:00000001", "reason": "life", "until": NOON},
                "case:00000001",
                actor="person:mitsuyo",
                time=NOON,
            ),
            refused(log, "jiro", "case:00000001", "scope", time=NOON),
        ],
        "looks",
    )
    index(log.runtime)
    sign(log.runtime)
    return log


def exported(log: RunningService, criteria: str = PERIOD) -> Reply:
    return auditor(log).get(f"/log/export?{criteria}")


def rows(content: bytes) -> list[list[str]]:
    with ZipFile(io.BytesIO(content)) as file:
        return list(csv.reader(io.StringIO(file.read("looks.csv").decode("utf-8-sig"))))


def verified(content: bytes, folder: Path, log: RunningService) -> int:
    (folder / "export.zip").write_bytes(content)
    (folder / "log.pub").write_bytes(auditor(log).get("/log/key.pub").content)
    return verifier.main(["export", str(folder / "export.zip"), "--key", str(folder / "log.pub")])


def altered(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    made = io.BytesIO()
    with ZipFile(io.BytesIO(content)) as before, ZipFile(made, "w", ZIP_DEFLATED) as after:
        for member in before.namelist():
            after.writestr(member, change(before.read(member)) if member == name else before.read(member))
    return made.getvalue()


def test_the_board_reads_who_looked_at_whom_when_and_why(office: RunningService) -> None:
    reply = exported(office)
    assert reply.status_code == 200
    assert reply.headers["Content-Disposition"] == 'attachment; filename="looks-2026-11-01-2026-11-30.zip"'
    header, *table = rows(reply.content)
    assert header == ["番号", "日時", "職員", "種類", "見たもの", "対象", "目的", "緊急閲覧", "システム"]
    assert [row[0] for row in table] == ["0", "1", "2", "4"]
    whom = "case:00000001 person:1000000001"
    assert table[0][1:7] == ["2026-11-24 12:00:00", "person:ichiko", "look.v1", "case", whom, "casework"]
    assert table[3][2:8] == ["person:mitsuyo", "break_glass.v1", "", "case:00000001", "life", "b1"]


def test_the_table_opens_in_a_spreadsheet_and_runs_nothing(office: RunningService) -> None:
    content = exported(office).content
    with ZipFile(io.BytesIO(content)) as file:
        raw = file.read("looks.csv")
    assert raw.startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in raw
    assert rows(content)[3][6] == "'=cmd|'/c calc'!A1"


def test_every_row_is_proved_with_the_public_key_alone(office: RunningService, tmp_path: Path) -> None:
    content = exported(office).content
    assert verified(content, tmp_path, office) == 0
    with ZipFile(io.BytesIO(content)) as file:
        file.extractall(tmp_path / "one")
    proof, entry, key = (str(tmp_path / "one" / name) for name in ("proofs/2", "entries/2", "key.pub"))
    assert verifier.main(["proof", proof, entry, "--key", key]) == 0


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("looks.csv", "ichiko", "jiro"),
        ("looks.csv", "12:00:00", "12:00:01"),
        ("looks.csv", "casework", "complaint"),
        ("looks.csv", "0,2026", "1,2026"),
        ("openings.jsonl", "person:ichiko", "person:jiro"),
        ("openings.jsonl", '"index": 0', '"index": 1'),
        ("entries/0", "case_management", "payments"),
        ("proofs/1", "index 1", "index 0"),
        ("checkpoint", "kurashi/demo-ward\n6", "kurashi/demo-ward\n7"),
    ],
)
def test_a_row_that_does_not_say_what_was_logged_is_found(
    office: RunningService, tmp_path: Path, name: str, old: str, new: str
) -> None:
    content = exported(office).content
    forged = altered(content, name, lambda data: data.replace(old.encode(), new.encode(), 1))
    assert forged != content
    assert verified(forged, tmp_path, office) == 1


def test_a_row_left_out_of_the_table_alone_is_found(office: RunningService, tmp_path: Path) -> None:
    forged = altered(exported(office).content, "looks.csv", lambda data: data.rsplit(b"\r\n", 2)[0] + b"\r\n")
    assert verified(forged, tmp_path, office) == 1


def test_of_one_resident_the_looks_through_the_case_are_in_it(office: RunningService) -> None:
    _, *table = rows(exported(office, f"{PERIOD}&person=1000000001").content)
    assert [row[0] for row in table] == ["0", "1", "4"]


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_begins_as_a_formula_does(begins: str) -> None:
    data = {"what": f"{begins}A1", "subjects": [f"{begins}A1"], "purpose": f"{begins}A1", "break_glass": None}
    leaf = {"type": "look.v1", "time": "2026-11-24T03:00:00.000000Z", "producer": "payments"}
    cells = access_row(7, leaf, f"{begins}A1", data).cells()
    assert cells.count(f"'{begins}A1") == 4


def test_nobody_looked_is_an_answer_too(office: RunningService, tmp_path: Path) -> None:
    content = exported(office, f"{PERIOD}&person=1000000009").content
    assert len(rows(content)) == 1
    assert verified(content, tmp_path, office) == 0


def test_an_export_is_an_act_with_a_purpose_that_names_everybody_it_showed(office: RunningService) -> None:
    exported(office, f"{PERIOD}&person=1000000001")
    shown, act = office.looks()
    assert (shown["data"]["what"], shown["data"]["purpose"]) == ("log_export", "board_request")
    assert shown["data"]["subjects"] == ["case:00000001", "person:1000000001"]
    assert (act["type"], act["data"]["rows"], act["data"]["person_no"]) == ("log.exported.v1", 3, "1000000001")
    assert exported(office, "first_day=2026-11-01&last_day=2026-11-30").status_code == 422
    for role in ("caseworker", "head", "operator", "administrator"):
        assert office.client(person="somebody", roles=[role]).get(f"/log/export?{PERIOD}").status_code == 403


def test_more_than_one_export_can_hold_is_refused_and_nothing_published(
    office: RunningService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_accesses, "MOST", 3)
    reply = exported(office)
    assert (reply.status_code, reply.json["type"], reply.json["field"]) == (413, "/problems/too-large", "last_day")
    assert office.looks() == []
    assert exported(office, PERIOD.replace("11-30", "10-31")).status_code == 422


def test_what_is_not_signed_yet_is_not_exported(office: RunningService) -> None:
    office.deliver("payments", [look(office, "jiro", "case:00000001", time=NOON)], "looks")
    index(office.runtime)
    assert len(rows(exported(office).content)) == 5
    sign(office.runtime)
    assert len(rows(exported(office).content)) == 6


def test_proofs_over_several_tiles_hold(log: RunningService, tmp_path: Path) -> None:
    log.deliver("payments", [look(log, "jiro", f"case:{n:08}", time=NOON) for n in range(700)], "looks")
    index(log.runtime)
    sign(log.runtime)
    content = exported(log).content
    assert len(rows(content)) == 701
    assert verified(content, tmp_path, log) == 0
