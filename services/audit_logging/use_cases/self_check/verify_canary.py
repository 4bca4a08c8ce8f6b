"""Read one entry back through every door of the log: search, opening, proof, publication."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select

from services.audit_logging.adapters.log.object_store import AlteredError, ObjectStore
from services.audit_logging.adapters.log.openings import read_openings
from services.audit_logging.adapters.log.published_files import published_leaves
from services.audit_logging.adapters.log.tables import entries
from services.audit_logging.adapters.log.tree import hashes_of, newest_checkpoint
from services.audit_logging.adapters.search.search_index import entries_where, names
from services.audit_logging.domain.log.checkpoint import LogKey, SignedHead, read_checkpoint
from services.audit_logging.domain.log.merkle import TILE_HEIGHT, TILE_WIDTH, leaf_hash
from services.audit_logging.domain.log.proofs import inclusion_proof, proved_root
from services.audit_logging.domain.self_check.faults import opening_faults
from services.audit_logging.use_cases.log.publish_log import CHECKPOINT, read_published
from shared.service_kit.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class PublishedCanary:
    """What the store shows of the canary: the tree head, and the leaf at its place; None where it is not there."""

    head: SignedHead | None
    leaf: bytes | None


def find_canary(work: UnitOfWork, canary: str) -> int | None:
    """The index of the canary's entry; None where search does not find exactly one."""
    rows = work.connection.execute(entries_where([names([f"canary:{canary}"])], None, 2)).mappings().all()
    return int(rows[0]["index"]) if len(rows) == 1 else None


def read_published_canary(key: LogKey, store: ObjectStore, index: int) -> PublishedCanary:
    """What the store shows at the index of the canary's entry; needs no database."""
    try:
        head = read_published(key, store.read(CHECKPOINT))
    except (AlteredError, ValueError):
        head = None
    is_published = head is not None and index < head.size
    return PublishedCanary(head, _published_entry(store, index, head.size) if head and is_published else None)


def verify_canary(
    work: UnitOfWork, canary: str, index: int | None, key: LogKey, published: PublishedCanary | None
) -> Iterator[str]:
    """What is wrong with the entry of this canary, in codes; nothing where it was kept as it was written.

    Args:
        index: where search found it; None where it did not.
        published: what the store shows of it; None where this process sees no store, only what HTTP shows.
    """
    if index is None:
        yield "search"
        return
    leaf = bytes(work.connection.execute(select(entries.c.leaf).where(entries.c.index == index)).scalar_one())
    opened = read_openings(work.connection, [index]).get(index)
    faults = opening_faults(leaf, opened.openings if opened else {})
    if opened and not faults and opened.data != {"canary": canary}:
        faults = ["opening:details"]
    yield from faults
    head = published.head if published else _signed_head(work, key)
    if head is None or index >= head.size:
        yield "published"
        return
    if published and published.leaf != leaf:
        yield "published:entry"
    if not _is_proved(work, index, leaf, head):
        yield "proof"


def _is_proved(work: UnitOfWork, index: int, leaf: bytes, head: SignedHead) -> bool:
    try:
        proof = inclusion_proof(hashes_of(work.connection), index, head.size)
    except LookupError:
        proof = []
    return proved_root(leaf_hash(leaf), index, head.size, proof) == head.root


def _signed_head(work: UnitOfWork, key: LogKey) -> SignedHead | None:
    """The tree head as the world sees it over HTTP, where there is no store."""
    newest = newest_checkpoint(work.connection)
    try:
        return read_checkpoint(key, newest.note.encode()) if newest else None
    except ValueError:
        return None


def _published_entry(store: ObjectStore, index: int, size: int) -> bytes | None:
    leaves, place = published_leaves(store, index >> TILE_HEIGHT, size), index % TILE_WIDTH
    return leaves[place] if place < len(leaves) else None
