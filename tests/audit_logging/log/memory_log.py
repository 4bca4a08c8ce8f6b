"""A log without a database: the pure domain over lists, and a plain-minded export of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.audit_logging.domain.log.checkpoint import LogKey, sign_checkpoint
from services.audit_logging.domain.log.merkle import leaf_hash, root
from services.audit_logging.domain.log.tiles import FullTile, bundle, grow

KEY = LogKey("kurashi/test-ward", Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
NOON = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
DIGEST = "A" * 43 + "="


def naive_root(hashes: Sequence[bytes]) -> bytes:
    """RFC 6962 section 2.1, word for word."""
    if not hashes:
        return sha256().digest()
    if len(hashes) == 1:
        return hashes[0]
    k = 1
    while k * 2 < len(hashes):
        k *= 2
    return sha256(b"\x01" + naive_root(hashes[:k]) + naive_root(hashes[k:])).digest()


def plain_leaf(number: int, producer: str = "payments", epoch: str = "e1", stream: str = "facts") -> bytes:
    """The canonical bytes of some entry."""
    return (
        f'{{"causation":null,"commitments":{{"actor":"{DIGEST}","details":"{DIGEST}","subject":"{DIGEST}"}},'
        f'"correlation":"c","epoch":"{epoch}","id":"i{number}","number":{number},"producer":"{producer}",'
        f'"stream":"{stream}","time":"2026-11-24T03:00:00.000000Z","type":"run.opened.v1","v":1}}'
    ).encode()


class MemoryLog:
    """Leaves and full tiles in memory, grown by the domain."""

    def __init__(self, leaves: Iterable[bytes] = ()) -> None:
        self.leaves: list[bytes] = []
        self.leaf_hashes: list[bytes] = []
        self.tiles: dict[tuple[int, int], FullTile] = {}
        self.append(list(leaves))

    def hashes(self, level: int, first: int, count: int) -> list[bytes]:
        """The reader that the domain asks for."""
        if level == 0:
            leaf_hashes = self.leaf_hashes[first : first + count]
            assert len(leaf_hashes) == count
            return leaf_hashes
        return [self.tiles[level - 1, i].root for i in range(first, first + count)]

    def append(self, leaves: Sequence[bytes]) -> None:
        """Append in one go."""
        hashes = [leaf_hash(leaf) for leaf in leaves]
        made = grow(self.hashes, len(self.leaves), hashes)
        self.leaves += leaves
        self.leaf_hashes += hashes
        for tile in made:
            assert (tile.level, tile.index) not in self.tiles
            self.tiles[tile.level, tile.index] = tile

    def root(self) -> bytes:
        """The root by the domain."""
        return root(self.hashes, len(self.leaves))

    def note(self, key: LogKey = KEY) -> str:
        """The signed checkpoint."""
        return sign_checkpoint(key, len(self.leaves), self.root(), NOON)

    def write(self, folder: Path, key: LogKey = KEY) -> Path:
        """Write the static files, cut here from the leaves without help of the tiles in memory."""
        level, row = 0, self.leaf_hashes
        for n in range(0, len(self.leaves), 256):
            _put(folder, "entries", n // 256, bundle(self.leaves[n : n + 256]), len(self.leaves[n : n + 256]))
        while row:
            parts = [row[n : n + 256] for n in range(0, len(row), 256)]
            for n, part in enumerate(parts):
                _put(folder, str(level), n, b"".join(part), len(part))
            row = [naive_root(part) for part in parts if len(part) == 256]
            level += 1
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "checkpoint").write_text(self.note(key), encoding="utf-8")
        (folder / "key.pub").write_text(key.verifier_key + "\n", encoding="utf-8")
        return folder


def _put(folder: Path, level: str, number: int, data: bytes, width: int) -> None:
    assert number < 1000
    path = folder / "tile" / level / (f"{number:03}" + (f".p/{width}" if width < 256 else ""))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
