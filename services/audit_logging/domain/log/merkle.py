"""The Merkle tree of RFC 6962 section 2.1: its hashes, and the hash of any range of leaves.

The tree is read through a `Hashes` function, so that the same code serves a database and a list in memory.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from functools import lru_cache
from hashlib import sha256

HASH_SIZE = 32
TILE_HEIGHT = 8
TILE_WIDTH = 1 << TILE_HEIGHT
EMPTY_ROOT = sha256(b"").digest()

Hashes = Callable[[int, int, int], Sequence[bytes]]
"""`hashes(level, first, count)`: consecutive hashes of a tile level. Hash *i* of level *l* covers the complete
subtree of the leaves `[i * 256**l, (i + 1) * 256**l)`."""


def leaf_hash(leaf: bytes) -> bytes:
    """The hash of one entry's bytes."""
    return sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node."""
    return sha256(b"\x01" + left + right).digest()


def fold(hashes: Sequence[bytes]) -> bytes:
    """The root of a complete subtree: `hashes` holds 1, 2, 4 … nodes of one level."""
    row = list(hashes)
    while len(row) > 1:
        row = [node_hash(row[i], row[i + 1]) for i in range(0, len(row), 2)]
    return row[0]


def largest_power_below(size: int) -> int:
    """The largest power of two smaller than `size` (2 or more): where RFC 6962 splits a range."""
    return 1 << (size - 1).bit_length() - 1


def range_root(hashes: Hashes, start: int, end: int) -> bytes:
    """The Merkle tree hash of the leaves `[start, end)`, a range that RFC 6962 splits the tree into."""
    size = end - start
    if size & (size - 1) == 0:
        level, rest = divmod(size.bit_length() - 1, TILE_HEIGHT)
        return fold(hashes(level, start >> TILE_HEIGHT * level, 1 << rest))
    middle = start + largest_power_below(size)
    return node_hash(range_root(hashes, start, middle), range_root(hashes, middle, end))


def root(hashes: Hashes, size: int) -> bytes:
    """The root of the tree as it was when it had `size` leaves."""
    return range_root(hashes, 0, size) if size else EMPTY_ROOT


def first_difference(hashes: Hashes, other: Hashes, size: int) -> int | None:
    """The first leaf of the first `size` in which two trees differ; None where they do not."""
    if root(hashes, size) == root(other, size):
        return None
    return bisect_left(range(1, size), x=True, key=lambda end: root(hashes, end) != root(other, end))


def by_tile(hashes: Hashes, size: int, most: int = 512) -> Hashes:
    """The same hashes of a tree of `size` leaves, read a tile at a time and remembered, for many proofs in a row."""

    @lru_cache(maxsize=most)
    def whole(level: int, tile: int) -> Sequence[bytes]:
        width = min(TILE_WIDTH, (size >> TILE_HEIGHT * level) - tile * TILE_WIDTH)
        return hashes(level, tile * TILE_WIDTH, width)

    def read(level: int, first: int, count: int) -> Sequence[bytes]:
        tile, start = divmod(first, TILE_WIDTH)
        return whole(level, tile)[start : start + count]

    return read
