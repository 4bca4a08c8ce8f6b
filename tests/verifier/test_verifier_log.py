"""The verifier against exported logs: whole ones pass, and whatever is touched is found and named."""

from __future__ import annotations

import json
import random
import shutil
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from infra.verifier import __main__ as verifier
from infra.verifier.layout import resources
from services.audit_logging.domain.log.checkpoint import LogKey, sign_checkpoint
from services.audit_logging.domain.log.tiles import bundle
from tests.audit_logging.log.memory_log import KEY, NOON, MemoryLog, plain_leaf

SIZE = 600
OTHER_KEY = LogKey(KEY.origin, Ed25519PrivateKey.from_private_bytes(bytes(32)))


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return MemoryLog(plain_leaf(i + 1) for i in range(SIZE)).write(tmp_path_factory.mktemp("log"))


@pytest.fixture
def folder(exported: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(exported, tmp_path / "log"))


@pytest.fixture
def key(tmp_path: Path) -> Path:
    path = tmp_path / "trusted.pub"
    path.write_text(KEY.verifier_key)
    return path


def verify(capsys: pytest.CaptureFixture[str], folder: Path, *more: str | Path) -> dict[str, Any]:
    status = verifier.main(["verify", str(folder), "--json", *map(str, more)])
    answer: dict[str, Any] = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert status == (0 if answer["ok"] else 1)
    return answer


Capsys = pytest.CaptureFixture[str]


@pytest.mark.parametrize("size", [0, 1, 2, 255, 256, 257, 511, 512, 513])
def test_a_whole_log_is_accepted(size: int, tmp_path: Path, key: Path, capsys: Capsys) -> None:
    log = MemoryLog(plain_leaf(i + 1) for i in range(size))
    answer = verify(capsys, log.write(tmp_path / "log"), "--key", key)
    assert (answer["ok"], answer["entries"], answer["origin"]) == (True, size, "kurashi/test-ward")
    assert answer["root"] == log.note().split("\n")[2]
    assert answer["signed_at"] == "2026-11-24T03:00:00+00:00"


@pytest.mark.slow
def test_a_log_of_three_levels_is_accepted_and_its_first_bad_entry_named(
    tmp_path: Path, key: Path, capsys: Capsys
) -> None:
    log = MemoryLog(plain_leaf(i + 1) for i in range(65_536 + 700))
    folder = log.write(tmp_path / "log")
    assert verify(capsys, folder, "--key", key)["entries"] == 66_236
    leaves = log.leaves[70 * 256 : 71 * 256]
    leaves[9] = plain_leaf(70 * 256 + 10, epoch="e2")
    (folder / "tile/entries/070").write_bytes(bundle(leaves))
    assert verify(capsys, folder, "--key", key)["first_bad_entry"] == 70 * 256 + 9


def test_the_layout_is_that_of_the_specification() -> None:
    files = list(resources(70_000))
    assert len([f for f in files if f.startswith("tile/0/") and ".p/" not in f]) == 273
    partial = {f for f in files if ".p/" in f}
    assert partial == {"tile/entries/273.p/112", "tile/0/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1"}
    assert list(resources(256)) == ["tile/entries/000", "tile/0/000", "tile/1/000.p/1"]


def entry_at(data: bytes, offset: int) -> int:
    at = position = 0
    while True:
        at += 2 + struct.unpack_from(">H", data, at)[0]
        if offset < at:
            return position
        position += 1


@pytest.mark.parametrize("path", list(resources(SIZE)))
def test_a_flipped_bit_in_any_file_is_found_and_named(path: str, folder: Path, key: Path, capsys: Capsys) -> None:
    dice = random.Random(path)
    whole = (folder / path).read_bytes()
    offsets = {0, 1, len(whole) - 1, *(dice.randrange(len(whole)) for _ in range(12))}
    for offset in sorted(offsets):
        flipped = bytearray(whole)
        flipped[offset] ^= 1 << dice.randrange(8)
        (folder / path).write_bytes(flipped)
        answer = verify(capsys, folder, "--key", key)
        assert not answer["ok"], offset
        if "entries" in path:
            first = int(path.split("/")[2][:3]) * 256
            assert answer["first_bad_entry"] == first + entry_at(whole, offset), answer
        else:
            assert (answer["problem"], answer["file"]) == ("tile", path), answer


@pytest.mark.slow
@pytest.mark.parametrize("name", ["checkpoint", "key.pub"])
def test_every_flipped_bit_of_checkpoint_and_key_is_found(name: str, folder: Path, capsys: Capsys) -> None:
    whole = (folder / name).read_bytes()
    for offset in range(len(whole)):
        for bit in range(8):
            flipped = bytearray(whole)
            flipped[offset] ^= 1 << bit
            (folder / name).write_bytes(flipped)
            assert not verify(capsys, folder)["ok"], (offset, bit)


@pytest.mark.parametrize("path", ["checkpoint", *resources(SIZE)])
def test_a_missing_or_short_file_is_named(path: str, folder: Path, key: Path, capsys: Capsys) -> None:
    whole = (folder / path).read_bytes()
    (folder / path).write_bytes(whole[:-1])
    assert not verify(capsys, folder, "--key", key)["ok"]
    (folder / path).unlink()
    answer = verify(capsys, folder, "--key", key)
    assert (answer["problem"], answer["file"]) == ("file-missing", path)


@pytest.mark.parametrize(
    ("change", "first"),
    [
        (lambda leaves: leaves[:40] + leaves[41:], 40),
        (lambda leaves: [*leaves[:40], plain_leaf(1), *leaves[40:]], 40),
        (lambda leaves: [*leaves[:7], leaves[8], leaves[7], *leaves[9:]], 7),
        (lambda leaves: leaves[:-1], 255),
        (lambda leaves: [*leaves, plain_leaf(257)], 0),
    ],
    ids=["deleted", "inserted", "swapped", "last cut off", "one too many"],
)
def test_the_first_bad_entry_of_a_bundle_is_named(
    change: Any, first: int, folder: Path, key: Path, capsys: Capsys
) -> None:
    leaves = [plain_leaf(i + 1) for i in range(256)]
    (folder / "tile/entries/000").write_bytes(bundle(change(leaves)))
    answer = verify(capsys, folder, "--key", key)
    assert answer["problem"] == "entry"
    assert answer["first_bad_entry"] == first or change(leaves)[:256] == leaves


def forged(change: Any, size: int = SIZE) -> MemoryLog:
    return MemoryLog(change([plain_leaf(i + 1) for i in range(size)]))


def test_an_entry_altered_with_its_tile_is_narrowed_to_that_tile(folder: Path, key: Path, capsys: Capsys) -> None:
    log = forged(lambda leaves: [*leaves[:300], plain_leaf(301, epoch="e2"), *leaves[301:]])
    (folder / "tile/entries/001").write_bytes(bundle(log.leaves[256:512]))
    (folder / "tile/0/001").write_bytes(b"".join(log.leaf_hashes[256:512]))
    answer = verify(capsys, folder, "--key", key)
    assert (answer["problem"], answer["first_bad_entry"], answer["file"]) == ("entry", 256, "tile/0/001")


def test_a_rewritten_tree_under_the_old_checkpoint_is_refused(folder: Path, key: Path, capsys: Capsys) -> None:
    checkpoint = (folder / "checkpoint").read_bytes()
    forged(lambda leaves: [*leaves[:300], leaves[300][:-1] + b" }", *leaves[301:]]).write(folder)
    (folder / "checkpoint").write_bytes(checkpoint)
    answer = verify(capsys, folder, "--key", key)
    assert (answer["problem"], answer["first_bad_entry"]) == ("entry", 300)
    forged(lambda leaves: [plain_leaf(i + 1, epoch="e2") for i in range(len(leaves))]).write(folder)
    (folder / "checkpoint").write_bytes(checkpoint)
    assert verify(capsys, folder, "--key", key)["problem"] == "root"


def test_a_tree_signed_with_another_key_is_refused(folder: Path, key: Path, capsys: Capsys) -> None:
    (folder / "checkpoint").write_text(MemoryLog(plain_leaf(i + 1) for i in range(SIZE)).note(OTHER_KEY))
    assert verify(capsys, folder, "--key", key)["problem"] == "key"
    (folder / "key.pub").write_text(OTHER_KEY.verifier_key)
    assert verify(capsys, folder, "--key", key)["problem"] == "key"
    assert verify(capsys, folder)["ok"], "the key beside the log is believed, with a warning"


def test_without_a_key_of_ones_own_it_warns(folder: Path, capsys: Capsys) -> None:
    assert verifier.main(["verify", str(folder)]) == 0
    assert "proves nothing" in capsys.readouterr().err


def test_a_signature_copied_to_another_tree_is_refused(folder: Path, key: Path, capsys: Capsys) -> None:
    text = (folder / "checkpoint").read_text()
    (folder / "checkpoint").write_text(text.replace("\n600\n", "\n599\n"))
    assert verify(capsys, folder, "--key", key)["problem"] == "signature"


def test_a_changed_time_of_signing_is_refused(folder: Path, key: Path, capsys: Capsys) -> None:
    lines = (folder / "checkpoint").read_text().splitlines()
    later = sign_checkpoint(OTHER_KEY, SIZE, bytes(32), NOON).splitlines()[-1].split(" ")[2]
    stamped = lines[-1].split(" ")
    lines[-1] = " ".join([*stamped[:2], stamped[2][:8] + later[8:]])
    (folder / "checkpoint").write_text("\n".join(lines) + "\n")
    assert verify(capsys, folder, "--key", key)["problem"] == "signature"


@pytest.mark.parametrize("old", [1, 255, 256, 300, 512, 599, 600])
def test_a_grown_log_is_consistent_with_what_was_kept(
    old: int, folder: Path, key: Path, tmp_path: Path, capsys: Capsys
) -> None:
    kept = tmp_path / "kept"
    kept.write_text(MemoryLog(plain_leaf(i + 1) for i in range(old)).note())
    assert verify(capsys, folder, "--key", key, "--since", kept)["ok"]
    kept.write_text(MemoryLog(plain_leaf(i + 1, epoch="e2") for i in range(old)).note())
    assert verify(capsys, folder, "--key", key, "--since", kept)["problem"] == "inconsistent"


def test_a_cut_tail_is_found_against_a_kept_checkpoint(folder: Path, key: Path, tmp_path: Path, capsys: Capsys) -> None:
    kept = shutil.copy(folder / "checkpoint", tmp_path / "kept")
    cut = MemoryLog(plain_leaf(i + 1) for i in range(590)).write(tmp_path / "cut")
    assert verify(capsys, cut, "--key", key)["ok"]
    answer = verify(capsys, cut, "--key", key, "--since", kept)
    assert (answer["problem"], answer["first_bad_entry"]) == ("rolled-back", 590)


def test_an_older_checkpoint_of_another_key_counts_for_nothing(
    folder: Path, key: Path, tmp_path: Path, capsys: Capsys
) -> None:
    (tmp_path / "kept").write_text(MemoryLog([plain_leaf(1)]).note(OTHER_KEY))
    assert verify(capsys, folder, "--key", key, "--since", tmp_path / "kept")["problem"] == "key"


@pytest.mark.parametrize(
    ("leaves", "first"),
    [
        ([plain_leaf(1), plain_leaf(3)], 1),
        ([plain_leaf(2)], 0),
        ([plain_leaf(1), plain_leaf(1)], 1),
        ([plain_leaf(1), plain_leaf(2, stream="looks")], 1),
        ([plain_leaf(1), plain_leaf(2), plain_leaf(4, epoch="e2")], 2),
        ([plain_leaf(1), plain_leaf(1, epoch="e2"), plain_leaf(2)], 2),
    ],
    ids=["missing", "first missing", "twice", "per stream", "missing after restore", "old epoch goes on"],
)
def test_a_gap_in_what_a_producer_said_is_named_though_the_log_signed_it(
    leaves: list[bytes], first: int, tmp_path: Path, key: Path, capsys: Capsys
) -> None:
    answer = verify(capsys, MemoryLog(leaves).write(tmp_path / "log"), "--key", key)
    assert (answer["problem"], answer["first_bad_entry"]) == ("gap", first)


def test_a_restored_producer_goes_on_under_a_new_epoch(tmp_path: Path, key: Path, capsys: Capsys) -> None:
    after = [plain_leaf(2, epoch="e2"), plain_leaf(1, stream="looks"), plain_leaf(3, epoch="e2")]
    leaves = [plain_leaf(1), plain_leaf(2), *after]
    assert verify(capsys, MemoryLog(leaves).write(tmp_path / "log"), "--key", key)["ok"]


@pytest.mark.parametrize(
    "leaf",
    [
        plain_leaf(1).replace(b":1,", b":1.0,"),
        plain_leaf(1).replace(b",", b", ", 1),
        plain_leaf(1).replace(b'"v":1', b'"v":true'),
        plain_leaf(1).replace(b'"v":1', b'"v":2'),
        plain_leaf(1).replace(b'"v":1', b'"v":1,"x":1'),
        plain_leaf(1).replace(b'"c"', b"NaN"),
        plain_leaf(1).replace(b'"c"', b'"\\u0063"'),
        plain_leaf(1).replace(b"A", b"B", 1).replace(b"=", b"", 1),
        b"[]",
        b"",
        b"\xff",
        b"[" * 60_000,
    ],
)
def test_an_entry_that_is_not_canonical_is_named(leaf: bytes, tmp_path: Path, key: Path, capsys: Capsys) -> None:
    answer = verify(capsys, MemoryLog([leaf]).write(tmp_path / "log"), "--key", key)
    assert (answer["problem"], answer["first_bad_entry"]) == ("entry", 0)


def test_a_wrong_call_ends_otherwise_than_a_bad_log() -> None:
    with pytest.raises(SystemExit) as stopped:
        verifier.main(["verify"])
    assert stopped.value.code == 2


def test_it_runs_where_nothing_of_the_house_is(exported: Path, tmp_path: Path) -> None:
    home = Path(verifier.__file__).parent
    shutil.copytree(home, tmp_path / "infra" / "verifier", ignore=shutil.ignore_patterns("__pycache__"))
    done = subprocess.run(
        [sys.executable, "-m", "infra.verifier", "verify", str(exported), "--json"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["entries"] == SIZE
    allowed = {*sys.stdlib_module_names, "cryptography", "infra"}
    for file in home.glob("*.py"):
        for line in file.read_text().splitlines():
            if line.startswith(("import ", "from ")):
                assert line.split()[1].split(".")[0] in allowed, line
                assert "infra." not in line or "infra.verifier" in line, line
