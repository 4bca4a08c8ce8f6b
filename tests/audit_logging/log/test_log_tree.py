"""The tree against the standard written out naively, and every proof against the independent verifier."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.verifier.tree import consistent, included
from services.audit_logging.domain.log.merkle import TILE_WIDTH, leaf_hash, root
from services.audit_logging.domain.log.proofs import consistency_proof, inclusion_proof
from services.audit_logging.domain.log.tiles import bundle, parse_index
from tests.audit_logging.log.memory_log import MemoryLog, naive_root

# Inputs and roots of the reference tests of certificate transparency (RFC 6962).
REFERENCE_LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
REFERENCE_ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
SIZES = range(1, 71)


def log_of(size: int) -> MemoryLog:
    return MemoryLog(f"entry {i}".encode() for i in range(size))


@pytest.mark.parametrize("size", range(9))
def test_roots_are_those_of_the_reference_tree(size: int) -> None:
    log = MemoryLog(bytes.fromhex(leaf) for leaf in REFERENCE_LEAVES[:size])
    assert log.root().hex() == REFERENCE_ROOTS[size]


@given(st.lists(st.integers(0, 700), max_size=6))
def test_a_log_that_grows_in_any_steps_has_the_root_and_tiles_of_its_leaves(steps: list[int]) -> None:
    log = MemoryLog()
    for step in steps:
        log.append([f"{len(log.leaves) + i}".encode() for i in range(step)])
        assert log.root() == naive_root(log.leaf_hashes)
    for (level, index), tile in log.tiles.items():
        span = TILE_WIDTH ** (level + 1)
        assert tile.root == naive_root(log.leaf_hashes[index * span : (index + 1) * span])
        assert len(tile.hashes) == 32 * TILE_WIDTH
    assert len([1 for level, _ in log.tiles if level == 0]) == len(log.leaves) // TILE_WIDTH


def test_tiles_rise_two_levels() -> None:
    log = log_of(65_536 + 300)
    assert log.tiles[1, 0].root == naive_root(log.leaf_hashes[:65_536])
    assert log.root() == naive_root(log.leaf_hashes)


def test_every_old_root_can_be_read_from_a_grown_log() -> None:
    log = log_of(600)
    for size in (0, 1, 255, 256, 257, 511, 512, 599):
        assert root(log.hashes, size) == naive_root(log.leaf_hashes[:size])


def test_inclusion_is_proved_for_every_entry_of_every_size() -> None:
    log = log_of(SIZES[-1])
    for size in SIZES:
        head = root(log.hashes, size)
        for index in range(size):
            proof = inclusion_proof(log.hashes, index, size)
            assert included(log.leaf_hashes[index], index, size, proof, head)


def test_consistency_is_proved_between_all_sizes() -> None:
    log = log_of(SIZES[-1])
    roots = {size: root(log.hashes, size) for size in SIZES}
    for new in SIZES:
        for old in range(1, new + 1):
            assert consistent(old, roots[old], new, roots[new], consistency_proof(log.hashes, old, new))


@pytest.mark.parametrize(("index", "size"), [(0, 1), (255, 256), (256, 257), (3, 700), (699, 700), (511, 700)])
def test_inclusion_is_proved_across_tiles(index: int, size: int) -> None:
    log = log_of(700)
    head = naive_root(log.leaf_hashes[:size])
    assert included(log.leaf_hashes[index], index, size, inclusion_proof(log.hashes, index, size), head)


def test_a_proof_of_what_is_not_there_is_not_made() -> None:
    log = log_of(5)
    for index, size in ((5, 5), (-1, 5)):
        with pytest.raises(ValueError, match="no such leaf"):
            inclusion_proof(log.hashes, index, size)
    for old, new in ((0, 5), (6, 5)):
        with pytest.raises(ValueError, match="consistency"):
            consistency_proof(log.hashes, old, new)


@pytest.mark.parametrize(
    ("path", "index", "width"),
    [("000", 0, 256), ("x001/x234/067", 1_234_067, 256), ("273.p/112", 273, 112), ("x001/000.p/1", 1000, 1)],
)
def test_tile_paths_are_those_of_the_specification(path: str, index: int, width: int) -> None:
    assert parse_index(path) == (index, width)


@pytest.mark.parametrize("path", ["", "0", "0000", "x000/001", "1/000", "000.p/0", "000.p/256", "000.p/01", "../000"])
def test_other_spellings_of_a_tile_path_are_refused(path: str) -> None:
    with pytest.raises(ValueError, match="not a tile path"):
        parse_index(path)


def test_a_bundle_counts_each_entry_in_two_bytes() -> None:
    assert bundle([b"", b"a", b"b" * 258]) == b"\0\0" + b"\0\x01a" + b"\x01\x02" + b"b" * 258


def test_leaf_and_node_hashes_are_kept_apart() -> None:
    assert leaf_hash(b"") == bytes.fromhex(REFERENCE_ROOTS[1])
