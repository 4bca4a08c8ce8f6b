"""A log is verified while it grows: what moves is read in an order in which an honest log always holds."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path

import pytest

from infra.verifier.layout import read
from infra.verifier.notes import WITNESS, parse_key
from infra.verifier.verify import verify_log
from infra.verifier.witness import Witness
from services.audit_logging.adapters.log.object_store import Directory
from services.audit_logging.domain.log.checkpoint import sign_checkpoint
from services.audit_logging.domain.log.merkle import TILE_HEIGHT, TILE_WIDTH
from services.audit_logging.domain.log.tiles import bundle, tile_path, tiles_after
from tests.audit_logging.log.memory_log import KEY, NOON, MemoryLog, plain_leaf

STEP, SIZE = 37, 1_600


class Growing:
    """A log that is published and co-signed step by step, as its worker and its witness do it."""

    def __init__(self, home: Path) -> None:
        self.folder, self.state = home / "log", home / "witness"
        self._log, self._store, self._at = MemoryLog(), Directory(self.folder), NOON
        self._store.create("key.pub", f"{KEY.verifier_key}\n".encode())
        self.grow()

    def grow(self, by: int = STEP) -> None:
        """One step: tiles first, the checkpoint last, then the witness."""
        old, new = len(self._log.leaves), len(self._log.leaves) + by
        self._log.append([plain_leaf(number + 1) for number in range(old, new)])
        for index, width in tiles_after(old, new, 0):
            first = index * TILE_WIDTH
            self._put("entries", index, width, bundle(self._log.leaves[first : first + width]))
        level = 0
        while new >> TILE_HEIGHT * level:
            for index, width in tiles_after(old, new, level):
                self._put(level, index, width, b"".join(self._log.hashes(level, index * TILE_WIDTH, width)))
            level += 1
        self._at += timedelta(seconds=1)
        note = sign_checkpoint(KEY, new, self._log.root(), self._at)
        assert self._store.replace("checkpoint", note.encode(), self._store.read("checkpoint"))
        Witness(self.state).cosign(self.folder)

    def _put(self, level: int | str, index: int, width: int, data: bytes) -> None:
        name = tile_path(level, index, width)
        self._store.create(name, data)
        if width == TILE_WIDTH:
            self._store.remove_below(f"{name}.p")


def test_an_honest_log_holds_whenever_it_is_verified_while_it_grows(tmp_path: Path) -> None:
    log = Growing(tmp_path)
    key = parse_key(KEY.verifier_key)
    witness = parse_key((log.state / "witness.pub").read_text(), WITNESS)

    def grow() -> None:
        for _ in range(SIZE // STEP):
            log.grow()

    growing = threading.Thread(target=grow)
    growing.start()
    sizes = []
    while growing.is_alive():
        sizes.append(verify_log(log.folder, key, log.state / "kept", witness).checkpoint.size)
        sizes.append(verify_log(log.folder, key, log.state / "checkpoint", witness).checkpoint.size)
    growing.join()
    assert sizes == sorted(sizes)
    assert len(set(sizes)) > 2


@pytest.mark.parametrize("since", ["kept", "checkpoint"])
def test_a_log_that_grows_after_each_file_that_is_read_is_never_called_back_dated(
    since: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = Growing(tmp_path)
    witness = parse_key((log.state / "witness.pub").read_text(), WITNESS)
    log.grow()

    def read_and_grow(folder: Path, path: str, entry: int | None = None) -> bytes:
        data = read(folder, path, entry)
        log.grow()
        return data

    monkeypatch.setattr("infra.verifier.verify.read", read_and_grow)
    verdict = verify_log(log.folder, parse_key(KEY.verifier_key), log.state / since, witness)
    assert verdict.checkpoint.size == STEP * (4 if since == "kept" else 3)
    assert verdict.compared == (2 if since == "kept" else 1)
