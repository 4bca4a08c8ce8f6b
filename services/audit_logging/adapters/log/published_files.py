"""The tree as it is published: read from tiles and entry bundles, of which a partial one may have given way."""

from __future__ import annotations

from collections.abc import Sequence

from services.audit_logging.adapters.log.object_store import ObjectStore
from services.audit_logging.domain.log.merkle import HASH_SIZE, TILE_HEIGHT, TILE_WIDTH, Hashes
from services.audit_logging.domain.log.tiles import tile_path, unbundle


def published_hashes(store: ObjectStore, size: int) -> Hashes:
    """Reads consecutive hashes, all of one tile, of the published tree of so many leaves; LookupError names the tile
    that does not hold them.
    """

    def hashes(level: int, first: int, count: int) -> Sequence[bytes]:
        tile, start = divmod(first, TILE_WIDTH)
        data = _read(store, level, tile, min(TILE_WIDTH, (size >> TILE_HEIGHT * level) - tile * TILE_WIDTH))
        if len(data) < HASH_SIZE * (start + count):
            raise LookupError(tile_path(level, tile))
        return [data[HASH_SIZE * place :][:HASH_SIZE] for place in range(start, start + count)]

    return hashes


def published_leaves(store: ObjectStore, index: int, size: int) -> list[bytes]:
    """The leaves under a level-0 tile of the published tree of so many leaves, as far as its bundle is whole."""
    width = min(TILE_WIDTH, size - index * TILE_WIDTH)
    return unbundle(_read(store, "entries", index, width))[:width]


def _read(store: ObjectStore, level: int | str, index: int, width: int) -> bytes:
    return store.read(tile_path(level, index, width)) or store.read(tile_path(level, index)) or b""
