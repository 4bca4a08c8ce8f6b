"""Refill a log whose database was restored to an earlier day from what it had published.

Telling again would make new leaves with new salts, another tree than the one that is published and co-signed. So the
missing entries are appended byte for byte, and the producers go on after them. Openings are never published: what they
said can be asked of the producers, and can no longer be proved.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import insert

from services.audit_logging.adapters.checks import newest_check
from services.audit_logging.adapters.object_store import AlteredError, ObjectStore
from services.audit_logging.adapters.published import published_hashes, published_leaves
from services.audit_logging.adapters.refill_tables import refills
from services.audit_logging.adapters.refills import count_on, move_cursors, told_before, told_otherwise
from services.audit_logging.adapters.tables import checkpoints, entries, tiles
from services.audit_logging.adapters.tree import hashes_of, lock_end, lock_signing
from services.audit_logging.domain.checkpoint import LogKey, SignedHead, sign_checkpoint
from services.audit_logging.domain.merkle import (
    TILE_HEIGHT,
    TILE_WIDTH,
    Hashes,
    by_tile,
    first_difference,
    fold,
    leaf_hash,
    root,
)
from services.audit_logging.domain.tiles import grow, tile_path, tiles_after
from services.audit_logging.use_cases.publish_log import CHECKPOINT, read_published
from shared.contracts.facts import LogCanary, LogRefilled
from shared.service_kit.subscriptions import hold_still
from shared.service_kit.work import UnitOfWork

BATCH: Final = 64
"""Bundles that are written at once."""
_RESTORE = "バックアップから戻し直し、監査ログのサービスを何も起動しないうちに実行してください"
_AGAIN = "restore the database again, and refill it before any process of the log starts"


class NotRefilledError(Exception):
    """Nothing was refilled, and nothing was changed: why, in Japanese and in English."""

    def __init__(self, japanese: str, english: str) -> None:
        super().__init__(f"{japanese}\n{english}")


@dataclass(frozen=True)
class Refilled:
    """What came back: first and last index, and how many entries of the log's own acts by type."""

    first: int
    last: int
    own: Counter[str]


@dataclass(frozen=True)
class _Entry:
    leaf: bytes
    leaf_hash: bytes
    told: dict[str, Any]


def refill_log(work: UnitOfWork, key: LogKey, store: ObjectStore, published: Sequence[ObjectStore]) -> Refilled | None:
    """Append what the store holds and the database does not; None where there is nothing.

    Args:
        store: a whole copy of the published log.
        published: where the log publishes, as far as this process is told: the copy may not be older.

    Raises:
        NotRefilledError: a worker runs; the copy is not this log's, damaged, shorter or older; the database's past is
            another one.
    """
    if not hold_still(work):
        raise NotRefilledError(
            "監査ログのワーカーが動いています。止めてから実行してください",
            "a worker of the log is running: stop it first",
        )
    head = _head(key, store, published)
    lock_signing(work.session)
    size = lock_end(work.session)
    stored = by_tile(published_hashes(store, head.size), head.size)
    try:
        _refuse_another_past(work, stored, size, head)
        if size == head.size:
            return None
        own = _append(work, store, stored, size, head)
    except LookupError as missing:
        raise NotRefilledError(f"{missing} がないか、壊れています", f"{missing} is missing or damaged") from missing
    if root(hashes_of(work.session), head.size) != head.root:
        raise _not_the_tree()
    _tell(work, key, size, head)
    return Refilled(size, head.size - 1, own)


def _head(key: LogKey, store: ObjectStore, published: Sequence[ObjectStore]) -> SignedHead:
    try:
        head, *others = (read_published(key, one.read(CHECKPOINT)) for one in (store, *published))
    except AlteredError as error:
        raise NotRefilledError(
            "checkpoint が、この監査ログの鍵で署名されたものではありません",
            "a checkpoint is not signed by this log's key, as this log publishes it",
        ) from error
    if head is None:
        raise NotRefilledError("checkpoint がありません", "there is no checkpoint")
    if newer := max((one.size for one in others if one and one.size > head.size), default=0):
        raise NotRefilledError(
            f"公開先には{newer}件あります。{head.size}件の古い写しからは復元できません",
            f"{newer} entries are published: a copy of {head.size} is too old",
        )
    return head


def _refuse_another_past(work: UnitOfWork, stored: Hashes, size: int, head: SignedHead) -> None:
    here = hashes_of(work.session)
    if root(stored, head.size) != head.root:
        raise _not_the_tree()
    if size > head.size:
        raise NotRefilledError(
            f"公開された記録は{head.size}件、データベースは{size}件です。復元するものはありません",
            f"the published log ends at {head.size} entries, the database has {size}: there is nothing to refill",
        )
    if (index := first_difference(here, stored, size)) is not None:
        raise NotRefilledError(
            f"データベースの記録{index}が、公開された記録と違います。{_RESTORE}",
            f"entry {index} of the database is not the published one: {_AGAIN}",
        )


def _append(work: UnitOfWork, store: ObjectStore, stored: Hashes, size: int, head: SignedHead) -> Counter[str]:
    places: dict[tuple[str, str], tuple[str, int]] = {}
    own: Counter[str] = Counter()
    for first, batch in _batches(store, stored, size, head.size):
        _write(work, first, batch)
        for one in (entry.told for entry in batch):
            places[one["producer"], one["stream"]] = one["epoch"], one["number"]
        own.update(entry.told["type"] for entry in batch if entry.told["producer"] == work.service.name)
    _go_on(work, places, size)
    return own


def _write(work: UnitOfWork, first: int, batch: Sequence[_Entry]) -> None:
    now = work.clock.now()
    grown = grow(hashes_of(work.session), first, [one.leaf_hash for one in batch])
    work.copy(entries, (_row(index, one, now) for index, one in enumerate(batch, first)))
    work.copy(tiles, ((tile.level, tile.index, tile.hashes, tile.root) for tile in grown))


def _row(index: int, one: _Entry, now: object) -> tuple[object, ...]:
    told = one.told
    place = told["producer"], told["stream"], told["epoch"], told["number"]
    return index, one.leaf_hash, one.leaf, *place, UUID(told["id"]), now


def _batches(store: ObjectStore, stored: Hashes, size: int, end: int) -> Iterator[tuple[int, list[_Entry]]]:
    first, batch = size, list[_Entry]()
    for tile, width in tiles_after(size, end, 0):
        read = _read_bundle(store, stored, tile, width, end)
        batch += read[max(0, size - tile * TILE_WIDTH) :]
        if len(batch) >= BATCH * TILE_WIDTH:
            yield first, batch
            first, batch = first + len(batch), []
    yield first, batch


def _read_bundle(store: ObjectStore, stored: Hashes, tile: int, width: int, end: int) -> list[_Entry]:
    _refuse_forged_tiles(stored, tile, end)
    leaves = published_leaves(store, tile, end)
    found = []
    for place, expected in enumerate(stored(0, tile * TILE_WIDTH, width)):
        leaf = leaves[place] if place < len(leaves) else b""
        if leaf_hash(leaf) != expected:
            index = tile * TILE_WIDTH + place
            raise NotRefilledError(
                f"公開された記録{index}が、公開されたツリーにあるものと違います",
                f"entry {index} of the copy is not the one in its tree",
            )
        found.append(_Entry(leaf, expected, json.loads(leaf)))
    return found


def _refuse_forged_tiles(stored: Hashes, index: int, size: int) -> None:
    """A full tile is what the level above says, up to the partial ones that lead to the signed root."""
    level = 0
    while index < size >> TILE_HEIGHT * (level + 1):
        if fold(stored(level, index * TILE_WIDTH, TILE_WIDTH)) != stored(level + 1, index, 1)[0]:
            name = tile_path(level, index)
            first = index << TILE_HEIGHT * (level + 1)
            raise NotRefilledError(
                f"記録{first}から始まる {name} が、署名されたツリーのものではありません",
                f"{name}, from entry {first} on, is not the one in the signed tree",
            )
        level, index = level + 1, index >> TILE_HEIGHT


def _go_on(work: UnitOfWork, places: dict[tuple[str, str], tuple[str, int]], size: int) -> None:
    """Producers go on after their last entry, the log's own streams too: what they told meanwhile has its place."""
    name, canary = work.service.name, newest_check(work.session)
    lost = canary and told_before(work.session, f"canary:{canary.canary}", size)
    twice = told_otherwise(work.session, name, size) or count_on(work.session, name, places, size)
    if twice:
        raise NotRefilledError(
            f"監査ログ自身の事実({twice})が、戻した後に番号を付けて送られています。{_RESTORE}",
            f"the log has told facts of its own ({twice}) since it was restored: {_AGAIN}",
        )
    move_cursors(work.session, places)
    if canary and lost:  # search could never find it without its opening: the day's check needs one that it finds
        told = LogCanary.model_validate({"canary": canary.canary})
        work.audit_entry(told, subject=f"canary:{canary.canary}")


def _tell(work: UnitOfWork, key: LogKey, first: int, head: SignedHead) -> None:
    """The published checkpoint is the newest that the log signed, and the refill is an act of its own."""
    note = sign_checkpoint(key, head.size, head.root, head.at)
    signed = {"size": head.size, "root": head.root, "signed_at": head.at, "note": note}
    work.session.execute(insert(checkpoints).values(**signed))
    row = {"first": first, "last": head.size - 1, "root": head.root, "refilled_at": work.clock.now()}
    work.session.execute(insert(refills).values(**row))
    told = LogRefilled(first=first, last=head.size - 1, root=b64encode(head.root).decode())
    work.fact(told, subject="log")


def _not_the_tree() -> NotRefilledError:
    return NotRefilledError(
        "公開されたファイルが、署名されたツリーになりません。python -m infra.verifier verify がどこかを示します",
        "the published files are not the tree that the checkpoint signs: python -m infra.verifier verify says where",
    )
