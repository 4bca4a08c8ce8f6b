"""The tree as the database holds it."""

from __future__ import annotations

from sqlalchemy import Connection, Row, func, select

from services.audit_logging.adapters.log.tables import checkpoints, entries, tiles
from services.audit_logging.domain.log.merkle import TILE_HEIGHT, TILE_WIDTH, Hashes
from shared.service_kit.database.locks import declare

_APPEND = declare("audit_logging.append")
_PUBLISH = declare("audit_logging.publish")
_SIGN = declare("audit_logging.sign")


def lock_end(connection: Connection) -> int:
    """Hold the end of the log until this transaction is over; returns the number of entries."""
    _APPEND.hold(connection)
    return tree_size(connection)


def lock_signing(connection: Connection) -> None:
    """Let one transaction at a time sign."""
    _SIGN.hold(connection)


def try_lock_publishing(connection: Connection) -> bool:
    """Let one transaction at a time publish; False while another does."""
    return _PUBLISH.try_to_hold(connection)


def tree_size(connection: Connection) -> int:
    """The number of entries; indexes run from 0 without a gap."""
    last: int | None = connection.scalar(select(func.max(entries.c.index)))
    return 0 if last is None else last + 1


def hashes_of(connection: Connection) -> Hashes:
    """Reads consecutive hashes of a tile level; LookupError where the log does not hold them all."""

    def hashes(level: int, first: int, count: int) -> list[bytes]:
        if count == 0:
            return []
        table, column = (entries, entries.c.leaf_hash) if level == 0 else (tiles, tiles.c.root)
        rows = select(column).where(table.c.index.between(first, first + count - 1)).order_by(table.c.index)
        if level:
            rows = rows.where(tiles.c.level == level - 1)
        level_hashes = [bytes(value) for value in connection.scalars(rows)]
        if len(level_hashes) != count:
            raise LookupError(f"level {level} holds {len(level_hashes)} of {count} hashes from {first}")
        return level_hashes

    return hashes


def tile_bytes(connection: Connection, level: int, index: int, width: int) -> bytes | None:
    """A tile as it is published; None when the log does not hold it."""
    if width == TILE_WIDTH:
        query = select(tiles.c.hashes).where(tiles.c.level == level, tiles.c.index == index)
        whole = connection.scalar(query)
        return None if whole is None else bytes(whole)
    try:
        return b"".join(hashes_of(connection)(level, index * TILE_WIDTH, width))
    except LookupError:
        return None


def leaves(connection: Connection, index: int, width: int) -> list[bytes] | None:
    """The leaves under a level-0 tile; None when the log does not hold them all."""
    first = index << TILE_HEIGHT
    rows = select(entries.c.leaf).where(entries.c.index.between(first, first + width - 1)).order_by(entries.c.index)
    tile_leaves = [bytes(leaf) for leaf in connection.scalars(rows)]
    return tile_leaves if len(tile_leaves) == width else None


def newest_checkpoint(connection: Connection) -> Row[tuple[int, int, bytes, object, str]] | None:
    """The newest signed tree head."""
    return connection.execute(select(checkpoints).order_by(checkpoints.c.id.desc()).limit(1)).one_or_none()
