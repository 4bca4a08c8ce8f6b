"""Forged proofs are refused: by the checks themselves, and by the command on a proof file."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from infra.verifier import __main__ as verifier
from infra.verifier.tree import consistent, included
from services.audit_logging.domain.log.checkpoint import inclusion_note
from services.audit_logging.domain.log.merkle import root
from services.audit_logging.domain.log.proofs import consistency_proof, inclusion_proof
from tests.audit_logging.log.memory_log import KEY, MemoryLog, plain_leaf

SIZE = 70
LOG = MemoryLog(plain_leaf(i + 1) for i in range(SIZE))
HEAD = LOG.root()


def damaged(proof: list[bytes], dice: random.Random) -> list[list[bytes]]:
    forged = [proof[:-1], proof[1:], [*proof, bytes(32)], [bytes(32), *proof]]
    for at in range(len(proof)):
        flipped = bytearray(proof[at])
        flipped[dice.randrange(32)] ^= 1 << dice.randrange(8)
        forged.append([*proof[:at], bytes(flipped), *proof[at + 1 :]])
    if len(proof) > 1:
        forged.append(proof[::-1])
    return [altered for altered in forged if altered != proof]


def test_no_damaged_inclusion_proof_is_accepted() -> None:
    dice = random.Random(4)
    for index in range(SIZE):
        proof = inclusion_proof(LOG.hashes, index, SIZE)
        for forged in damaged(proof, dice):
            assert not included(LOG.leaf_hashes[index], index, SIZE, forged, HEAD)
        for other in {index - 1, index + 1, SIZE, -1} - {index}:
            assert not included(LOG.leaf_hashes[index], other, SIZE, proof, HEAD)
        assert not included(LOG.leaf_hashes[index - 1], index, SIZE, proof, HEAD)


def test_a_node_of_the_tree_does_not_pass_for_a_leaf() -> None:
    proof = inclusion_proof(LOG.hashes, 0, 64)
    node = root(LOG.hashes, 2)
    assert not included(node, 0, 64, proof[1:], root(LOG.hashes, 64))


def test_no_damaged_consistency_proof_is_accepted() -> None:
    dice = random.Random(5)
    for old in range(1, SIZE):
        before = root(LOG.hashes, old)
        proof = consistency_proof(LOG.hashes, old, SIZE)
        for forged in damaged(proof, dice):
            assert not consistent(old, before, SIZE, HEAD, forged)
        assert not consistent(old, bytes(32), SIZE, HEAD, proof)
        assert not consistent(old, before, SIZE, before, proof)
        assert not consistent(SIZE, HEAD, old, before, proof)
    assert not consistent(0, before, SIZE, HEAD, [])
    assert not consistent(SIZE, HEAD, SIZE, HEAD, [HEAD])


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    proof, entry = tmp_path / "entry.tlog-proof", tmp_path / "entry"
    proof.write_text(inclusion_note(41, inclusion_proof(LOG.hashes, 41, SIZE), LOG.note()))
    entry.write_bytes(LOG.leaves[41])
    (tmp_path / "key.pub").write_text(KEY.verifier_key)
    return proof, entry


def check(files: tuple[Path, Path]) -> int:
    key = files[0].parent / "key.pub"
    return verifier.main(["proof", str(files[0]), str(files[1]), "--key", str(key)])


def test_one_entry_is_proved_with_nothing_but_proof_and_key(files: tuple[Path, Path]) -> None:
    assert check(files) == 0


def test_a_proof_for_another_entry_is_refused(files: tuple[Path, Path]) -> None:
    files[1].write_bytes(LOG.leaves[40])
    assert check(files) == 1


def test_every_changed_line_of_a_proof_is_refused(files: tuple[Path, Path]) -> None:
    whole = files[0].read_text().splitlines(keepends=True)
    for at in range(len(whole) - 1):
        files[0].write_text("".join([*whole[:at], *whole[at + 1 :]]))
        assert check(files) == 1, whole[at]
