"""What a forger would try at the edges: a salt cut short, a proof too long, an index written otherwise, two at once."""

from __future__ import annotations

import fcntl
import json
import os
import threading
from base64 import b64decode, b64encode
from collections.abc import Callable
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from infra.verifier import __main__ as verifier
from infra.verifier.tree import consistent, hash_pair, included
from infra.verifier.watch import Standing, look, refusals, standing
from infra.verifier.witness import Witness
from services.audit_logging.domain.log.checkpoint import inclusion_note
from services.audit_logging.domain.log.leaf import SALTS_SIZE, make_leaf
from services.audit_logging.domain.log.proofs import inclusion_proof
from tests.audit_logging.log.memory_log import KEY, NOON, MemoryLog, plain_leaf
from tests.faults.exported import Look, exported, leaf_and_row

Capsys = pytest.CaptureFixture[str]
Files = dict[str, bytes]
MADE = [leaf_and_row(number) for number in range(30)]
LOG = MemoryLog([leaf for leaf, _ in MADE])


@pytest.fixture
def key(tmp_path: Path) -> Path:
    path = tmp_path / "trusted.pub"
    path.write_text(KEY.verifier_key)
    return path


def run(capsys: Capsys, *call: str | Path) -> dict[str, Any]:
    verifier.main([*map(str, call), "--json"])
    answer: dict[str, Any] = json.loads(capsys.readouterr().out.splitlines()[-1])
    return answer


def log_of(size: int, folder: Path) -> Path:
    return MemoryLog(plain_leaf(number + 1) for number in range(size)).write(folder)


def unpacked(archive: bytes) -> Files:
    with ZipFile(BytesIO(archive)) as file:
        return {name: file.read(name) for name in file.namelist()}


def packed(files: Files, path: Path) -> Path:
    with ZipFile(path, "w") as file:
        for name, content in files.items():
            file.writestr(name, content)
    return path


def proof_of(index: int) -> bytes:
    return inclusion_note(index, inclusion_proof(LOG.hashes, index, len(LOG.leaves)), LOG.note()).encode()


def entry_that_the_table_does_not_show(files: Files) -> None:
    files["entries/9"], files["proofs/9"] = LOG.leaves[9], proof_of(9)


def proof_of_another_entry_under_the_number_of_a_row(files: Files) -> None:
    files["entries/3"], files["proofs/3"] = LOG.leaves[4], proof_of(4)


def openings_under_the_number_of_another_entry(files: Files) -> None:
    files["openings.jsonl"] = files["openings.jsonl"].replace(b'{"index": 3,', b'{"index": 4,')


def all_of_another_entry_under_the_number_of_a_row(files: Files) -> None:
    proof_of_another_entry_under_the_number_of_a_row(files)
    openings = files["openings.jsonl"].splitlines(keepends=True)
    files["openings.jsonl"] = b"".join([openings[1], *openings[1:]])


@pytest.mark.parametrize(
    ("happens", "file"),
    [
        (all_of_another_entry_under_the_number_of_a_row, "proofs/3"),
        (entry_that_the_table_does_not_show, "entries/9"),
        (proof_of_another_entry_under_the_number_of_a_row, "proofs/3"),
        (openings_under_the_number_of_another_entry, "proofs/3"),
    ],
)
def test_what_stands_in_an_export_under_another_number_is_named(
    happens: Callable[[Files], None], file: str, key: Path, tmp_path: Path, capsys: Capsys
) -> None:
    files = unpacked(exported(LOG, MADE, range(3, 8), NOON))
    happens(files)
    answer = run(capsys, "export", packed(files, tmp_path / "looks.zip"), "--key", key)
    assert (answer["problem"], answer["file"]) == ("export", file)


def test_a_salt_cut_short_opens_nothing_though_it_leads_to_the_same_commitment(
    key: Path, tmp_path: Path, capsys: Capsys
) -> None:
    """A key of HMAC is filled up with zero bytes: one that ends in them opens the same with them and without."""
    salts = b"".join(sha256(b"%d" % part).digest()[:31] + b"\0" for part in range(SALTS_SIZE // 32))
    made = [make_leaf(Look(1), "e1", salts)]
    files = unpacked(exported(MemoryLog([leaf for leaf, _ in made]), made, range(1), NOON))
    assert run(capsys, "export", packed(files, tmp_path / "whole.zip"), "--key", key)["ok"]
    opened = json.loads(files["openings.jsonl"])
    subject = opened["openings"]["subject"]
    subject["salt"] = b64encode(b64decode(subject["salt"])[:31]).decode()
    files["openings.jsonl"] = json.dumps(opened, ensure_ascii=False).encode() + b"\n"
    answer = run(capsys, "export", packed(files, tmp_path / "cut.zip"), "--key", key)
    assert (answer["problem"], answer["first_bad_entry"]) == ("opening", 0)


def test_a_public_key_that_does_not_fit_its_own_id_is_refused(tmp_path: Path, capsys: Capsys) -> None:
    name, key_id, encoded = KEY.verifier_key.split("+", 2)
    mistyped = tmp_path / "mistyped.pub"
    mistyped.write_text(f"{name}+{int(key_id, 16) ^ 1:08x}+{encoded}")
    answer = run(capsys, "verify", log_of(3, tmp_path / "log"), "--key", mistyped)
    assert (answer["problem"], "its own id" in answer["detail"]) == ("key", True)


def test_no_proof_is_longer_than_its_tree_is_high() -> None:
    leaf, other, third, fourth, above = (sha256(b"%d" % number).digest() for number in range(5))
    assert included(leaf, 0, 1, [], leaf)
    assert not included(leaf, 0, 1, [other], hash_pair(other, leaf))
    first, second = (
        hash_pair(hash_pair(leaf, other), third),
        hash_pair(hash_pair(leaf, other), hash_pair(third, fourth)),
    )
    path = [third, fourth, hash_pair(leaf, other)]
    assert consistent(3, first, 4, second, path)
    assert not consistent(3, hash_pair(above, first), 4, hash_pair(above, second), [*path, above])


@pytest.mark.parametrize("written", ["03", "+3", " 3", "3 ", "３", "3_0", "0x3", ""])
def test_the_index_of_a_proof_is_written_in_one_way(written: str, key: Path, tmp_path: Path, capsys: Capsys) -> None:
    (tmp_path / "entry").write_bytes(LOG.leaves[3])
    (tmp_path / "proof").write_bytes(proof_of(3))
    assert run(capsys, "proof", tmp_path / "proof", tmp_path / "entry", "--key", key)["entry"] == 3
    (tmp_path / "proof").write_bytes(proof_of(3).replace(b"index 3\n", f"index {written}\n".encode()))
    assert run(capsys, "proof", tmp_path / "proof", tmp_path / "entry", "--key", key)["problem"] == "proof"


def test_a_log_that_stays_refused_is_one_refusal_and_one_that_is_refused_again_another(tmp_path: Path) -> None:
    witness, seen = Witness(tmp_path / "state"), list[Standing]()
    for size in (300, 299, 299, 299, 300, 298):
        folder = log_of(size, tmp_path / f"log-{len(seen)}")
        seen.append(look(witness, folder, None, seen[-1] if seen else None))
    assert [verdict.refused for verdict in seen] == [False, True, True, True, False, True]
    assert refusals(witness.state) == 2


def test_of_two_witnesses_on_one_memory_one_waits_until_the_other_has_written(tmp_path: Path) -> None:
    state, folder = tmp_path / "state", log_of(301, tmp_path / "log")
    Witness(state).cosign(log_of(300, tmp_path / "before"))
    other = os.open(state, os.O_RDONLY | os.O_DIRECTORY)
    fcntl.flock(other, fcntl.LOCK_EX)
    cosigning = threading.Thread(target=lambda: look(Witness(state), folder, None, None))
    cosigning.start()
    try:
        cosigning.join(0.5)
        assert cosigning.is_alive()
        assert [file.name for file in (state / "kept").iterdir()] == [f"{300:012}"]
        assert standing(state) is None
    finally:
        os.close(other)
        cosigning.join(20)
    assert sorted(file.name for file in (state / "kept").iterdir()) == [f"{300:012}", f"{301:012}"]
