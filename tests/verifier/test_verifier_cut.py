"""Where a published file is cut, lengthened or altered at its edges, the verifier names the very entry and file."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zipfile import ZipFile

import pytest

from infra.verifier import export, verify
from infra.verifier.entries import read_entry
from infra.verifier.fault import Fault
from infra.verifier.layout import WIDTH, read_bundle, read_tile, readable, resources, tile_path
from infra.verifier.notes import Checkpoint, open_checkpoint, parse_key
from infra.verifier.tree import hash_leaf
from infra.verifier.verify import verify_log
from tests.audit_logging.log.memory_log import KEY, MemoryLog, plain_leaf

LEAVES = [b"first", b"second", b"", b"fourth"]
HASHES = [hash_leaf(leaf) for leaf in LEAVES]


def packed(*leaves: bytes) -> bytes:
    return b"".join(len(leaf).to_bytes(2, "big") + leaf for leaf in leaves)


def put(folder: Path, path: str, data: bytes) -> None:
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_bytes(data)


def bundle(folder: Path, data: bytes, width: int = 4) -> list[bytes]:
    put(folder, tile_path("entries", 0, width), data)
    return read_bundle(folder, 0, width, HASHES)


def test_the_files_of_a_log_are_its_entries_and_each_level_of_its_tiles() -> None:
    assert list(resources(WIDTH + 2)) == [
        tile_path("entries", 0, WIDTH),
        tile_path("entries", 1, 2),
        tile_path(0, 0, WIDTH),
        tile_path(0, 1, 2),
        tile_path(1, 0, 1),
    ]
    assert list(resources(0)) == []


def test_an_entry_of_no_bytes_at_the_end_is_an_entry(tmp_path: Path) -> None:
    assert bundle(tmp_path, packed(*LEAVES[:3]), width=3) == LEAVES[:3]


@pytest.mark.parametrize(
    ("data", "entry"),
    [
        (packed(*LEAVES)[:-1], 3),
        (packed(*LEAVES) + b"x", 4),
        (packed(*LEAVES[:3]), 3),
        (packed(*LEAVES[:3]) + b"\0", 3),
        (packed(b"first", b"altered", b"", b"fourth")[:-1], 1),
        (packed(b"other", b"second", b"", b"fourth") + b"x", 0),
    ],
    ids=["a byte short", "a byte too many", "an entry short", "half a length", "altered and short", "altered and long"],
)
def test_a_bundle_that_cannot_be_cut_names_the_first_entry_that_does_not_fit(
    tmp_path: Path, data: bytes, entry: int
) -> None:
    with pytest.raises(Fault) as fault:
        bundle(tmp_path, data)
    assert (fault.value.problem, fault.value.entry) == ("entry", entry)


@pytest.mark.parametrize(("hashes", "missing"), [(WIDTH - 1, 0), (100, 0), (100, 7), (0, 0)])
def test_a_tile_cut_short_names_the_first_entry_that_it_lacks(tmp_path: Path, hashes: int, missing: int) -> None:
    path = tile_path(0, 3, WIDTH)
    put(tmp_path, path, b"h" * (32 * hashes - missing))
    with pytest.raises(Fault) as fault:
        read_tile(tmp_path, 0, 3, WIDTH)
    assert (fault.value.entry, fault.value.file) == (3 * WIDTH + (32 * hashes - missing) // 32, path)


def test_of_a_damaged_bundle_as_much_is_read_as_both_files_hold(tmp_path: Path) -> None:
    put(tmp_path, tile_path("entries", 0, 4), packed(*LEAVES))
    put(tmp_path, tile_path(0, 0, 4), b"".join(HASHES[:2]) + b"half")
    assert readable(tmp_path, 0, 4) == list(zip(LEAVES[:2], HASHES[:2], strict=True))
    put(tmp_path, tile_path(0, 0, 4), b"".join([*HASHES, b"h" * 32]))
    assert [leaf for leaf, _ in readable(tmp_path, 0, 4)] == LEAVES


@pytest.mark.parametrize("name", ["actor", "subject", "details"])
def test_each_commitment_of_an_entry_is_a_digest(name: str) -> None:
    entry = json.loads(plain_leaf(0))
    assert read_entry(0, plain_leaf(0)) == entry
    entry["commitments"][name] = "short"
    data = json.dumps(entry, separators=(",", ":"), sort_keys=True).encode()
    with pytest.raises(Fault, match="has not the fields"):
        read_entry(0, data)


@pytest.mark.parametrize("change", [lambda note: note.replace("\n1\n", "\n\x071\n"), lambda note: note + "\t"])
def test_a_checkpoint_has_no_control_characters(change: Any) -> None:
    key, note = parse_key(KEY.verifier_key), MemoryLog([plain_leaf(0)]).note()
    assert open_checkpoint(note.encode(), key, "checkpoint").size == 1
    with pytest.raises(Fault, match="is not a checkpoint"):
        open_checkpoint(change(note).encode(), key, "checkpoint")


def test_a_gap_before_an_entry_that_cannot_be_read_is_the_first_bad_entry(tmp_path: Path) -> None:
    """The log signed the gap itself, so that every entry hashes to its place; then a byte of a length is lost."""
    leaves = [plain_leaf(number) for number in (1, 2, 4, 5, 6)]
    folder = MemoryLog(leaves).write(tmp_path / "log")
    entries = packed(*leaves[:4]) + packed(leaves[4])[:-1]
    put(folder, tile_path("entries", 0, len(leaves)), entries)
    with pytest.raises(Fault) as refused:
        verify_log(folder, parse_key(KEY.verifier_key))
    assert (refused.value.problem, refused.value.entry) == ("gap", 2)


@pytest.mark.parametrize("level", ["entries", 0])
def test_an_outgrown_tile_beyond_the_first_that_was_altered_names_its_first_entry(
    level: int | str, tmp_path: Path
) -> None:
    folder = MemoryLog(plain_leaf(number + 1) for number in range(WIDTH + 20)).write(tmp_path / "log")
    path = tile_path(level, 1, 7)
    put(folder, path, b"altered")
    with pytest.raises(Fault) as refused:
        verify_log(folder, parse_key(KEY.verifier_key))
    assert (refused.value.problem, refused.value.entry, refused.value.file) == ("tile", WIDTH, path)


def kept(size: int, root: bytes = b"r" * 32) -> Checkpoint:
    return Checkpoint("kurashi/test-ward", size, root, 0)


def test_one_entry_is_enough_to_compare_with_and_none_is_not() -> None:
    assert verify._compared(Path("kept"), [kept(0), kept(1), kept(2)], kept(5)) == 2
    assert verify._compared(Path("kept"), [kept(0)], kept(0)) == 0
    with pytest.raises(Fault, match="no older checkpoint"):
        verify._compared(Path("kept"), [kept(0)], kept(5))
    with pytest.raises(Fault, match="no older checkpoint"):
        verify._compared(Path("kept"), [], kept(0))


def test_another_tree_of_the_very_size_of_the_log_is_found() -> None:
    walk: Any = SimpleNamespace(head=kept(5), root_at=lambda size: bytes([size]) * 32)
    true = [kept(size, bytes([size]) * 32) for size in (2, 4)]
    assert verify._differs_from(walk, [*true, kept(5, b"\x05" * 32)]) is None
    fault = verify._differs_from(walk, [*true, kept(5)])
    assert fault is not None
    assert (fault.problem, fault.entry) == ("inconsistent", 4)


def test_an_export_of_no_end_and_words_that_are_no_openings_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "export.zip"
    with ZipFile(path, "w") as archive:
        archive.writestr("looks.csv", b"x" * 100)
    monkeypatch.setattr(export, "_MOST_BYTES", 100)
    with ZipFile(path) as archive:
        assert set(export._files(archive)) == {"looks.csv"}
    monkeypatch.setattr(export, "_MOST_BYTES", 99)
    with ZipFile(path) as archive, pytest.raises(Fault, match="larger than any"):
        export._files(archive)
    for line in ("{", "[]", '{"index": 1, "index": 2}', '{"index": 1, "openings": {"actor": 1}}'):
        with pytest.raises(Fault, match="is not JSON"):
            export._json(line)


def test_an_opening_of_something_else_opens_nothing() -> None:
    opening = {"salt": "A" * 43 + "=", "value": '"person:a"'}
    entry = json.loads(plain_leaf(7))
    with pytest.raises(Fault) as fault:
        export._opened(entry, 7, "actor", opening)
    assert (fault.value.problem, fault.value.entry) == ("opening", 7)
