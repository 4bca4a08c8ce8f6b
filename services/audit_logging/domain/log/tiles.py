"""The tree cut into tiles of 256 hashes, as c2sp.org/tlog-tiles publishes it."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from services.audit_logging.domain.log.merkle import TILE_HEIGHT, TILE_WIDTH, Hashes, fold

MAX_LEAF = 0xFFFF
"""An entry's length is written in two bytes."""

_INDEX = re.compile(r"((?:x[0-9]{3}/)*)([0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")


@dataclass(frozen=True)
class FullTile:
    """A complete tile: it never changes again, and its root is one hash of the level above."""

    level: int
    index: int
    hashes: bytes
    root: bytes


def grow(hashes: Hashes, size: int, leaf_hashes: Sequence[bytes]) -> list[FullTile]:
    """The tiles that become complete when `leaf_hashes` follow the `size` leaves that `hashes` can read."""
    made: list[FullTile] = []
    level, fresh = 0, list(leaf_hashes)
    while fresh:
        first, width = divmod(size >> TILE_HEIGHT * level, TILE_WIDTH)
        row = [*hashes(level, first * TILE_WIDTH, width), *fresh]
        whole = [row[i : i + TILE_WIDTH] for i in range(0, len(row) - TILE_WIDTH + 1, TILE_WIDTH)]
        tiles = [FullTile(level, first + i, b"".join(part), fold(part)) for i, part in enumerate(whole)]
        made += tiles
        level, fresh = level + 1, [tile.root for tile in tiles]
    return made


def parse_index(path: str) -> tuple[int, int]:
    """The tile's index and width from `x001/x234/067` or `000.p/17`; ValueError when it is not in the one true form."""
    match = _INDEX.fullmatch(path)
    if match is None:
        raise ValueError("not a tile path")
    index = int(match[1].replace("x", "").replace("/", "") + match[2])
    width = int(match[3] or TILE_WIDTH)
    if match[1].startswith("x000/") or (match[3] and width >= TILE_WIDTH):
        raise ValueError("not a tile path")
    return index, width


def tile_path(level: int | str, index: int, width: int = TILE_WIDTH) -> str:
    """The published name of a tile, or with level `entries` of an entry bundle."""
    digits = str(index)
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    groups = [digits[i : i + 3] for i in range(0, len(digits), 3)]
    name = "/".join([*("x" + group for group in groups[:-1]), groups[-1]])
    return f"tile/{level}/{name}" + (f".p/{width}" if width < TILE_WIDTH else "")


def tiles_after(old: int, new: int, level: int) -> Iterator[tuple[int, int]]:
    """Index and width of the tiles of one level that a tree of `new` leaves has and its first `old` had not."""
    before, (full, rest) = old >> TILE_HEIGHT * level, divmod(new >> TILE_HEIGHT * level, TILE_WIDTH)
    yield from ((index, TILE_WIDTH) for index in range(before // TILE_WIDTH, full))
    if rest and before < full * TILE_WIDTH + rest:
        yield full, rest


def bundle(leaves: Iterable[bytes]) -> bytes:
    """An entry bundle: each entry's bytes behind its length in two bytes, big-endian."""
    return b"".join(struct.pack(">H", len(leaf)) + leaf for leaf in leaves)


def unbundle(data: bytes) -> list[bytes]:
    """The entries of a bundle, as far as they are whole."""
    leaves, at = [], 0
    while at + 2 <= len(data):
        end = at + 2 + int.from_bytes(data[at : at + 2], "big")
        if end > len(data):
            break
        leaves.append(data[at + 2 : end])
        at = end
    return leaves
