"""What the verifier must not take for proof: nothing compared, two signatures of one key, tables of another shape."""

from __future__ import annotations

import io
import json
import time
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from infra.verifier import __main__ as verifier
from infra.verifier.witness import Witness
from services.audit_logging.domain.log.checkpoint import PLAIN, TIMESTAMPED, sign_checkpoint
from services.audit_logging.domain.search.access_row import HEADER
from tests.audit_logging.log.memory_log import KEY, NOON, MemoryLog, plain_leaf
from tests.faults.exported import exported, leaf_and_row
from tests.faults.fuzz import TARGETS, fuzz, give

Capsys = pytest.CaptureFixture[str]
Files = dict[str, bytes]
PURPOSE = "目的".encode()


@pytest.fixture
def key(tmp_path: Path) -> Path:
    path = tmp_path / "trusted.pub"
    path.write_text(KEY.verifier_key)
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return MemoryLog(plain_leaf(number + 1) for number in range(20)).write(tmp_path / "log")


def run(capsys: Capsys, *call: str | Path) -> dict[str, Any]:
    status = verifier.main([*map(str, call), "--json"])
    said = capsys.readouterr()
    answer: dict[str, Any] = json.loads(said.out.splitlines()[-1])
    assert status == (0 if answer["ok"] else 1)
    return {**answer, "words": said.err}


def test_a_history_made_anew_does_not_hold_because_there_is_nothing_to_compare_it_with(
    folder: Path, key: Path, tmp_path: Path, capsys: Capsys
) -> None:
    kept = tmp_path / "witness/kept"
    kept.mkdir(parents=True)
    assert run(capsys, "verify", folder, "--key", key, "--since", kept)["problem"] == "nothing-compared"
    Witness(tmp_path / "witness").cosign(MemoryLog().write(tmp_path / "empty"))
    assert run(capsys, "verify", folder, "--key", key, "--since", kept)["problem"] == "nothing-compared"
    assert run(capsys, "verify", folder, "--key", key, "--since", tmp_path / "no")["problem"] == "file-missing"
    (tmp_path / "empty.pub").write_bytes(b"")
    assert run(capsys, "verify", folder, "--key", key, "--witness", tmp_path / "empty.pub")["problem"] == "key"
    Witness(tmp_path / "witness").cosign(folder)
    held = run(capsys, "verify", folder, "--key", key, "--since", kept)
    assert (held["ok"], held["compared"]) == (True, 1)
    assert "begins with each of 1 older" in held["words"]
    assert "compared with no older checkpoint" in run(capsys, "verify", folder, "--key", key)["words"]


@pytest.mark.parametrize("kind", [PLAIN, TIMESTAMPED])
def test_a_checkpoint_with_two_signatures_of_one_key_is_refused(
    kind: bytes, folder: Path, key: Path, capsys: Capsys
) -> None:
    note = (folder / "checkpoint").read_text()
    body = note.rpartition("\n\n")[0] + "\n"
    timed = (1).to_bytes(8, "big")
    signed = f"cosignature/v1\ntime 1\n{body}" if kind == TIMESTAMPED else body
    signature = (timed if kind == TIMESTAMPED else b"") + KEY.private.sign(signed.encode())
    (folder / "checkpoint").write_text(note + KEY.signature_line(kind, signature))
    assert run(capsys, "verify", folder, "--key", key)["problem"] == "checkpoint"


def test_a_checkpoint_of_twenty_thousand_lines_costs_nobody_time(folder: Path, key: Path, capsys: Capsys) -> None:
    note = (folder / "checkpoint").read_text()
    lines = [KEY.signature_line(PLAIN, number.to_bytes(64, "big")) for number in range(20_000)]
    for more in (lines, lines[:17]):
        (folder / "checkpoint").write_text(note + "".join(more))
        began = time.process_time()
        assert run(capsys, "verify", folder, "--key", key)["problem"] == "checkpoint"
        assert time.process_time() - began < 3


@pytest.mark.parametrize("at", [2**63, 2**64 - 1, 253_402_300_800])
def test_a_time_that_is_in_no_calendar_is_refused(at: int, folder: Path, key: Path, capsys: Capsys) -> None:
    body = (folder / "checkpoint").read_text().rpartition("\n\n")[0] + "\n"
    timed = f"cosignature/v1\ntime {at}\n{body}".encode()
    line = KEY.signature_line(TIMESTAMPED, at.to_bytes(8, "big") + KEY.private.sign(timed))
    plain = KEY.signature_line(PLAIN, KEY.private.sign(body.encode()))
    (folder / "checkpoint").write_text(f"{body}\n{plain}{line}")
    assert run(capsys, "verify", folder, "--key", key)["problem"] == "checkpoint"


@pytest.fixture(scope="module")
def archive() -> bytes:
    made = [leaf_and_row(number) for number in range(30)]
    return exported(MemoryLog([leaf for leaf, _ in made]), made, range(3, 8), NOON + timedelta(hours=1))


def other_head(files: Files) -> None:
    files["looks.csv"] = files["looks.csv"].replace(PURPOSE, "理由".encode())


def columns_swapped(files: Files) -> None:
    rows = [line.split(",") for line in files["looks.csv"].decode("utf-8-sig").split("\r\n")[:-1]]
    lines = [",".join([row[0], row[2], row[1], *row[3:]]) for row in rows]
    files["looks.csv"] = "".join(f"{line}\r\n" for line in lines).encode("utf-8-sig")


def heads_swapped(files: Files) -> None:
    head = ",".join([HEADER[0], HEADER[2], HEADER[1], *HEADER[3:]])
    rows = files["looks.csv"].decode("utf-8-sig").partition("\r\n")[2]
    files["looks.csv"] = f"{head}\r\n{rows}".encode("utf-8-sig")


def file_added(files: Files) -> None:
    files["looks2.csv"] = files["looks.csv"]


def proof_of_no_row(files: Files) -> None:
    files["proofs/9"] = files["proofs/3"]


def empty_table(files: Files) -> None:
    files["looks.csv"] = b""


def table_in_cp932(files: Files) -> None:
    files["looks.csv"] = files["looks.csv"].decode("utf-8-sig").encode("cp932")


def column_more(files: Files) -> None:
    files["looks.csv"] = files["looks.csv"].replace(b"\r\n", b",\r\n")


def quoted_otherwise(files: Files) -> None:
    files["looks.csv"] = files["looks.csv"].replace(b"casework", b'"casework"')


def more_than_openings(files: Files) -> None:
    files["openings.jsonl"] = files["openings.jsonl"].replace(b'{"index": 3', b'{"note": "x", "index": 3')


def other_key(files: Files) -> None:
    files["key.pub"] = files["key.pub"].replace(b"test", b"best")


def older_checkpoint(files: Files) -> None:
    made = MemoryLog([leaf_and_row(number)[0] for number in range(30)])
    note = sign_checkpoint(KEY, 30, made.root(), datetime(2026, 11, 1, tzinfo=UTC))
    files["checkpoint"] = note.encode()


def nothing(files: Files) -> None:
    files.clear()


@pytest.mark.parametrize(
    "happens",
    [
        other_head,
        columns_swapped,
        heads_swapped,
        file_added,
        proof_of_no_row,
        empty_table,
        table_in_cp932,
        column_more,
        quoted_otherwise,
        more_than_openings,
        other_key,
        older_checkpoint,
        nothing,
    ],
)
def test_an_export_that_is_not_as_the_log_wrote_it_is_refused(
    happens: Callable[[Files], None], archive: bytes, key: Path, tmp_path: Path, capsys: Capsys
) -> None:
    with ZipFile(io.BytesIO(archive)) as file:
        files = {name: file.read(name) for name in file.namelist()}
    happens(files)
    with ZipFile(tmp_path / "looks.zip", "w") as file:
        for name, content in files.items():
            file.writestr(name, content)
    answer = run(capsys, "export", tmp_path / "looks.zip", "--key", key)
    assert answer["problem"] in ("export", "key", "file-missing")


def test_a_whole_export_is_shown_with_the_hash_that_its_act_names(
    archive: bytes, key: Path, tmp_path: Path, capsys: Capsys
) -> None:
    (tmp_path / "looks.zip").write_bytes(archive)
    answer = run(capsys, "export", tmp_path / "looks.zip", "--key", key)
    assert (answer["ok"], answer["rows"], answer["sha256"]) == (True, 5, sha256(archive).hexdigest())


def test_a_look_at_ten_thousand_cases_is_one_row_that_is_read(key: Path, tmp_path: Path, capsys: Capsys) -> None:
    made = [leaf_and_row(number, cases=10_000) for number in range(2)]
    (tmp_path / "looks.zip").write_bytes(exported(MemoryLog([leaf for leaf, _ in made]), made, range(2), NOON))
    assert run(capsys, "export", tmp_path / "looks.zip", "--key", key)["rows"] == 2


def test_a_proof_with_an_endless_index_is_refused(folder: Path, key: Path, tmp_path: Path, capsys: Capsys) -> None:
    note = (folder / "checkpoint").read_text()
    for index in ("9" * 5_000, "9" * 40_000, "²"):
        (tmp_path / "proof").write_text(
            f"c2sp.org/tlog-proof@v1\nindex {index}\n{b64encode(bytes(32)).decode()}\n\n{note}"
        )
        assert run(capsys, "proof", tmp_path / "proof", folder / "key.pub", "--key", key)["problem"] == "proof"


@pytest.mark.slow
def test_whatever_is_changed_is_refused_in_words_and_never_by_a_traceback(tmp_path: Path) -> None:
    summary = fuzz(give(tmp_path), runs=300, seed=20261126)
    assert summary["failures"] == []
    assert set(summary["by_target"]) == set(TARGETS)
    assert summary["refused"] > 290
