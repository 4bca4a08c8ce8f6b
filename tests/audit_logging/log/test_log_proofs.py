"""Proofs, tiles and checkpoints at their edges: a proof leads to one root or to none, a name to one tile."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.verifier.tree import included
from services.audit_logging.domain.log.checkpoint import read_checkpoint, sign_checkpoint
from services.audit_logging.domain.log.merkle import TILE_WIDTH, by_tile, root
from services.audit_logging.domain.log.proofs import inclusion_proof, proved_root
from services.audit_logging.domain.log.tiles import MAX_LEAF, bundle, parse_index, tile_path, unbundle
from tests.audit_logging.log.memory_log import KEY, NOON, MemoryLog

LOG = MemoryLog(f"entry {i}".encode() for i in range(70))


@pytest.mark.parametrize("size", range(1, 71))
def test_a_proof_of_each_entry_leads_to_the_root_of_its_tree(size: int) -> None:
    head = root(LOG.hashes, size)
    for index in range(size):
        assert proved_root(LOG.leaf_hashes[index], index, size, inclusion_proof(LOG.hashes, index, size)) == head


@given(st.integers(1, 70), st.integers(-2, 72), st.integers(-2, 72), st.integers(-2, 2), st.data())
def test_a_proof_read_for_another_place_leads_nowhere_else_than_the_verifier_says(
    size: int, index: int, other_size: int, longer: int, data: st.DataObject
) -> None:
    proof = inclusion_proof(LOG.hashes, data.draw(st.integers(0, size - 1)), size)
    proof = proof[:longer] if longer < 0 else proof + [bytes(32)] * longer
    leaf = LOG.leaf_hashes[data.draw(st.integers(0, size - 1))]
    led = proved_root(leaf, index, other_size, proof)
    assert led is None or included(leaf, index, other_size, proof, led)
    head = root(LOG.hashes, size)
    assert (led == head) == (0 <= index < other_size and included(leaf, index, other_size, proof, head))


def test_a_place_outside_of_the_tree_is_proved_by_nothing() -> None:
    leaf = LOG.leaf_hashes[0]
    assert proved_root(leaf, 0, 1, []) == leaf
    for index, size in ((-1, 1), (1, 1), (0, 0), (2, 2)):
        assert proved_root(leaf, index, size, []) is None


def test_a_proof_too_long_or_too_short_leads_nowhere() -> None:
    proof = inclusion_proof(LOG.hashes, 5, 70)
    assert proved_root(LOG.leaf_hashes[5], 5, 70, proof[:-1]) is None
    assert proved_root(LOG.leaf_hashes[5], 5, 70, [*proof, bytes(32)]) is None


@given(st.integers(0, 10**10), st.integers(1, TILE_WIDTH))
def test_the_name_of_a_tile_is_read_back_as_that_tile(index: int, width: int) -> None:
    path = tile_path(0, index, width)
    assert path.startswith("tile/0/")
    assert parse_index(path.removeprefix("tile/0/")) == (index, width)


@pytest.mark.parametrize(
    ("index", "width", "path"),
    [
        (0, 256, "tile/entries/000"),
        (999, 256, "tile/entries/999"),
        (1000, 255, "tile/entries/x001/000.p/255"),
        (1_234_067, 256, "tile/entries/x001/x234/067"),
    ],
)
def test_tiles_are_named_as_the_specification_names_them(index: int, width: int, path: str) -> None:
    assert tile_path("entries", index, width) == path


def test_an_entry_fills_two_bytes_of_length_and_no_more() -> None:
    most = b"x" * MAX_LEAF
    assert unbundle(bundle([most, b"y"])) == [most, b"y"]
    assert unbundle(bundle([most, b"y"])[:-1]) == [most]
    with pytest.raises(Exception, match="65535"):
        bundle([most + b"x"])


@given(st.integers(1, 700), st.lists(st.tuples(st.integers(0, 699), st.integers(1, 40)), max_size=8))
def test_hashes_read_a_tile_at_a_time_are_the_same_hashes(size: int, asked: list[tuple[int, int]]) -> None:
    log = MemoryLog(f"{i}".encode() for i in range(size))
    reads: list[tuple[int, int, int]] = []

    def counted(level: int, first: int, count: int) -> list[bytes]:
        assert first + count <= size >> 8 * level, "no more is asked for than the tree has"
        reads.append((level, first, count))
        return list(log.hashes(level, first, count))

    cached = by_tile(counted, size)
    for first, count in asked:
        end = min(first + count, size, (first // TILE_WIDTH + 1) * TILE_WIDTH)
        if first < end:
            assert list(cached(0, first, end - first)) == log.leaf_hashes[first:end]
    assert len(reads) == len(set(reads)), "a tile is read once"


def test_a_checkpoint_is_read_back_as_it_was_signed_and_not_by_another_name() -> None:
    note = sign_checkpoint(KEY, 70, LOG.root(), NOON)
    head = read_checkpoint(KEY, note.encode())
    assert (head.size, head.root, head.at) == (70, LOG.root(), NOON)
    for other in (
        note.replace("kurashi/test-ward", "kurashi/other-ward"),
        note.replace("\n70\n", "\n71\n"),
        note.replace("\n70\n", "\n070\n"),
        note + "\n",
        note.rsplit("— ", 1)[0],
        sign_checkpoint(KEY, 70, LOG.root(), NOON + timedelta(seconds=1))[:-2],
        "",
    ):
        with pytest.raises(ValueError, match="not a checkpoint"):
            read_checkpoint(KEY, other.encode())
