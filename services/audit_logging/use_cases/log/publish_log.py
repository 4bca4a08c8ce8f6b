"""Publish the signed log as static tlog-tiles: tiles and entry bundles first, the checkpoint last and at once.

What is published never goes back and a file, once written, never changes. Publication can stop at any point: files
beyond the published checkpoint are those that the next attempt would write.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

from services.audit_logging.adapters.log.log_key import load_log_key
from services.audit_logging.adapters.log.object_store import AlteredError, ObjectStore
from services.audit_logging.adapters.log.settings import published_folder
from services.audit_logging.adapters.log.tree import (
    hashes_of,
    leaves,
    newest_checkpoint,
    tile_bytes,
    try_lock_publishing,
)
from services.audit_logging.domain.log.checkpoint import LogKey, SignedHead, read_checkpoint, sign_checkpoint
from services.audit_logging.domain.log.merkle import TILE_HEIGHT, TILE_WIDTH, root
from services.audit_logging.domain.log.tiles import bundle, tile_path, tiles_after
from services.audit_logging.use_cases.log.sign_checkpoint import LogRewrittenError
from shared.service_kit.unit_of_work import UnitOfWork

CHECKPOINT = "checkpoint"
KEY = "key.pub"
FRESH = timedelta(seconds=1)
"""How old the published checkpoint of an unchanged log gets before it says again that the log is as it was."""
NOTHING = timedelta(0)
CATCHING_UP = 10
"""Every so many seconds it does so while its time lies ahead."""


def publish_log(work: UnitOfWork, key: LogKey, store: ObjectStore) -> bool:
    """Publish the newest signed tree head and all below it; False when there is nothing to do, or another does it.

    Raises:
        LogRewrittenError: the log is behind what it published, or holds another tree.
        AlteredError: a published file is not what the log published.
    """
    newest = newest_checkpoint(work.connection) if try_lock_publishing(work.connection) else None
    if newest is None:
        return False
    before = store.read(CHECKPOINT)
    published = read_published(key, before)
    _same_log(work, published, newest.size)
    now = work.clock.now()
    unchanged = published is not None and published.size == newest.size
    if published and unchanged and not _is_due(now, published.at):
        return False
    if not published or published.size < newest.size:
        store.create(KEY, f"{key.verifier_key}\n".encode())
        _write_tiles(work, store, published.size if published else 0, newest.size)
    at = max(now, newest.signed_at, published.at + (FRESH if unchanged else NOTHING) if published else now)
    return store.replace(CHECKPOINT, sign_checkpoint(key, newest.size, newest.root, at).encode(), before)


def _is_due(now: datetime, published_at: datetime) -> bool:
    """Whether an unchanged log says again that it is as it was.

    After a clock that was ahead it says so with a second more, and every ten seconds: its time never goes back, it
    shows that it lives, and the clock catches up.
    """
    if now < published_at:
        return now.second % CATCHING_UP == 0
    return now - published_at >= FRESH


def read_published(key: LogKey, note: bytes | None) -> SignedHead | None:
    """What the published checkpoint says; AlteredError when this log did not write it."""
    try:
        return None if note is None else read_checkpoint(key, note)
    except ValueError as error:
        raise AlteredError(CHECKPOINT) from error


def published_entries(work: UnitOfWork) -> int:
    """How many entries are published in the directory that this process sees; 0 where it sees none, or not this log's.

    A checkpoint that the log did not write stops publication, and nothing else.
    """
    store = published_folder()
    with suppress(AlteredError):
        published = read_published(load_log_key(work.runtime.settings), store.read(CHECKPOINT)) if store else None
        return published.size if published else 0
    return 0


def _same_log(work: UnitOfWork, published: SignedHead | None, size: int) -> None:
    if published is None:
        return
    if published.size > size:
        raise LogRewrittenError(f"the log has {size} signed entries, {published.size} are published")
    if root(hashes_of(work.connection), published.size) != published.root:
        raise LogRewrittenError(f"the log does not hold the tree of {published.size} entries that it published")


def _write_tiles(work: UnitOfWork, store: ObjectStore, old: int, new: int) -> None:
    for index, width in tiles_after(old, new, 0):
        tile_leaves = leaves(work.connection, index, width)
        _write(store, "entries", index, width, None if tile_leaves is None else bundle(tile_leaves))
    level = 0
    while new >> TILE_HEIGHT * level:
        for index, width in tiles_after(old, new, level):
            _write(store, level, index, width, tile_bytes(work.connection, level, index, width))
        level += 1


def _write(store: ObjectStore, level: int | str, index: int, width: int, data: bytes | None) -> None:
    name = tile_path(level, index, width)
    if data is None:
        raise LogRewrittenError(f"the log does not hold {name}")
    store.create(name, data)
    if width == TILE_WIDTH:
        store.remove_below(f"{name}.p")
