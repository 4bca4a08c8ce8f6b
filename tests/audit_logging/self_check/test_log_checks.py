"""What the self-check is made of: proofs that are followed, numbers that are compared."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.audit_logging.domain.log.merkle import by_tile, leaf_hash, root
from services.audit_logging.domain.log.proofs import inclusion_proof, proved_root
from services.audit_logging.domain.log.tiles import bundle, unbundle
from services.audit_logging.domain.self_check.faults import Counted, count_faults, position_faults
from tests.audit_logging.log.memory_log import MemoryLog, plain_leaf

LOG = MemoryLog(plain_leaf(number) for number in range(1, 701))


@given(st.integers(0, 699), st.integers(0, 699), st.integers(0, 699))
def test_a_proof_leads_to_the_root_of_its_own_leaf_alone(size: int, place: int, other: int) -> None:
    size = max(size, place, other) + 1
    log, hashes = LOG, by_tile(LOG.hashes, size)
    proof, head = inclusion_proof(hashes, place, size), root(LOG.hashes, size)
    assert proved_root(log.leaf_hashes[place], place, size, proof) == head
    assert (proved_root(log.leaf_hashes[other], place, size, proof) == head) == (other == place)
    assert proved_root(leaf_hash(b"forged"), place, size, proof) != head
    assert proved_root(log.leaf_hashes[place], place, size, [*proof, head]) != head


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_a_bundle_gives_back_the_entries_that_went_into_it(leaves: list[bytes]) -> None:
    assert unbundle(bundle(leaves)) == leaves
    assert unbundle(bundle([*leaves, b"cut"])[:-1]) == leaves


@given(st.dictionaries(st.sampled_from("abc"), st.integers(0, 9)), st.integers(-2, 2))
def test_a_stream_is_behind_or_ahead_or_as_it_was_published(published: dict[str, int], by: int) -> None:
    taken = {name: number + by for name, number in published.items()}
    faults = {"-": "behind", "+": "ahead"}[f"{by:+}"[0]] if by else ""
    assert position_faults(published, taken, published) == sorted(f"{faults}:{name}" for name in published if faults)


@pytest.mark.parametrize(
    ("rows", "size", "faults"),
    [
        ([Counted("a", 5, 1, 5, 5), Counted("b", 3, 1, 3, 3)], 8, []),
        ([Counted("a", 5, 1, 5, None), Counted("a", 4, 4, 7, 7)], 9, []),
        ([Counted("a", 4, 1, 5, 5)], 4, ["gap:a"]),
        ([Counted("a", 4, 2, 5, 5)], 4, ["gap:a"]),
        ([Counted("a", 5, 1, 5, 6)], 5, ["cursor:a"]),
        ([Counted("a", 0, 1, 0, 6)], 0, ["cursor:a"]),
        ([Counted("a", 7, 1, 7, None), Counted("a", 0, 1, 0, 6)], 7, []),
        ([Counted("a", 7, 1, 7, None), Counted("a", 0, 1, 0, 8)], 7, ["cursor:a"]),
        ([Counted("a", 5, 1, 5, 5)], 6, ["entries"]),
    ],
)
def test_entries_are_as_many_as_the_numbers_of_their_stream(rows: list[Counted], size: int, faults: list[str]) -> None:
    assert count_faults(rows, size) == faults
