"""Refill a log whose database was restored to an earlier day from what it had published.

Taking the facts anew would make new leaves with new salts, another tree than the one that is published and co-signed.
So the missing entries are appended byte for byte, and the producers go on after them. Openings are never published:
what the entries say can be asked of the producers, and can no longer be proved.
"""

from __future__ import annotations

from base64 import b64encode
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final
from uuid import UUID

from sqlalchemy import insert

from services.audit_logging.adapters.log.object_store import ObjectStore
from services.audit_logging.adapters.log.tables import checkpoints, entries, tiles
from services.audit_logging.adapters.log.tree import hashes_of, lock_end, lock_signing
from services.audit_logging.adapters.refill.refills import (
    Places,
    count_on,
    note_again,
    published_before,
    published_otherwise,
)
from services.audit_logging.adapters.refill.tables import refills
from services.audit_logging.adapters.self_check.checks import newest_check
from services.audit_logging.domain.log.checkpoint import LogKey, SignedHead, sign_checkpoint
from services.audit_logging.domain.log.merkle import first_difference, root
from services.audit_logging.domain.log.tiles import grow
from services.audit_logging.use_cases.refill.published_copy import (
    NotRefilledError,
    PublishedCopy,
    PublishedEntry,
    not_the_tree,
    open_published_copy,
)
from shared.contracts.facts.audit_logging import LogCanary, LogRefilled
from shared.service_kit.subscriptions.locks import pause_subscriptions
from shared.service_kit.subscriptions.positions import all_cursors, set_cursors
from shared.service_kit.unit_of_work import UnitOfWork

BATCH: Final = 16_384
"""Entries that are written at once."""
_RESTORE = "バックアップから戻し直し、監査ログのサービスを何も起動しないうちに実行してください"
_AGAIN = "restore the database again, and refill it before any process of the log starts"


@dataclass(frozen=True)
class Refilled:
    """What came back: first and last index, and how many entries of the log's own acts by type."""

    first: int
    last: int
    own: Counter[str]


def refill_log(work: UnitOfWork, key: LogKey, store: ObjectStore, published: Sequence[ObjectStore]) -> Refilled | None:
    """Append what the copy in this store holds and the database does not; None where there is nothing.

    Args:
        published: where the log publishes, as far as this process knows.

    Raises:
        NotRefilledError: a worker runs; the copy is not this log's, damaged, shorter or older; the database's past is
            another one.
    """
    if not pause_subscriptions(work):
        raise NotRefilledError(
            "監査ログのワーカーが動いています。止めてから実行してください",
            "a worker of the log is running: stop it first",
        )
    try:
        copy = open_published_copy(key, store, published)
        lock_signing(work.connection)
        size = lock_end(work.connection)
        _refuse_another_past(work, copy, size)
        return _refill(work, key, copy, size) if size < copy.head.size else None
    except LookupError as missing:
        raise NotRefilledError(f"{missing} がないか、壊れています", f"{missing} is missing or damaged") from missing


def _refuse_another_past(work: UnitOfWork, copy: PublishedCopy, size: int) -> None:
    if size > copy.head.size:
        raise NotRefilledError(
            f"公開された記録は{copy.head.size}件、データベースは{size}件です。復元するものはありません",
            f"the published log ends at {copy.head.size} entries, the database has {size}: there is nothing to refill",
        )
    if (index := first_difference(hashes_of(work.connection), copy.hashes, size)) is not None:
        raise NotRefilledError(
            f"データベースの記録{index}が、公開された記録と違います。{_RESTORE}",
            f"entry {index} of the database is not the published one: {_AGAIN}",
        )


def _refill(work: UnitOfWork, key: LogKey, copy: PublishedCopy, first: int) -> Refilled:
    places = all_cursors(work.connection)
    own: Counter[str] = Counter()
    index, coming = first, copy.entries(first)
    while batch := list(islice(coming, BATCH)):
        _write(work, index, batch)
        index += len(batch)
        leaves = [entry.fields for entry in batch]
        note_again(work, places, leaves)
        own.update(leaf["type"] for leaf in leaves if leaf["producer"] == work.runtime.name)
    if root(hashes_of(work.connection), index) != copy.head.root:
        raise not_the_tree()
    _go_on(work, places, first)
    _record_refill(work, key, first, copy.head)
    return Refilled(first, copy.head.size - 1, own)


def _write(work: UnitOfWork, first: int, batch: Sequence[PublishedEntry]) -> None:
    now = work.clock.now()
    grown = grow(hashes_of(work.connection), first, [entry.leaf_hash for entry in batch])
    work.copy(entries, (_row(index, entry, now) for index, entry in enumerate(batch, first)))
    work.copy(tiles, ((tile.level, tile.index, tile.hashes, tile.root) for tile in grown))


def _row(index: int, entry: PublishedEntry, now: object) -> tuple[object, ...]:
    place = (entry.fields[name] for name in ("producer", "stream", "epoch", "number"))
    return index, entry.leaf_hash, entry.leaf, *place, UUID(entry.fields["id"]), now


def _go_on(work: UnitOfWork, places: Places, first: int) -> None:
    """Producers go on after their last entry, the log's own streams too."""
    name, canary = work.runtime.name, newest_check(work.connection, work.clock.today())
    lost = canary is not None and published_before(work.connection, f"canary:{canary.canary}", first)
    twice = published_otherwise(work.connection, name, first) or count_on(work.connection, name, places, first)
    if twice:
        raise NotRefilledError(
            f"監査ログ自身の事実({twice})が、戻した後に番号を付けて送られています。{_RESTORE}",
            f"the log has published facts of its own ({twice}) since it was restored: {_AGAIN}",
        )
    set_cursors(work.connection, places)
    if canary is not None and lost:
        # Without its opening search could never find it again: the day's check gets one that it can find.
        event = LogCanary.model_validate({"canary": canary.canary})
        work.audit_entry(event, subject=f"canary:{canary.canary}")


def _record_refill(work: UnitOfWork, key: LogKey, first: int, head: SignedHead) -> None:
    """The published head is the newest that the log signed; and the refill is an act of its own."""
    note = sign_checkpoint(key, head.size, head.root, head.at)
    signed = {"size": head.size, "root": head.root, "signed_at": head.at, "note": note}
    work.connection.execute(insert(checkpoints).values(**signed))
    row = {"first": first, "last": head.size - 1, "root": head.root, "refilled_at": work.clock.now()}
    work.connection.execute(insert(refills).values(**row))
    event = LogRefilled(first=first, last=head.size - 1, root=b64encode(head.root).decode())
    work.fact(event, subject="log")
