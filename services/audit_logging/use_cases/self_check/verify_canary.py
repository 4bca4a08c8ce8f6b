"""Read one entry back through every door of the log: search, opening, proof, publication."""

from __future__ import annotations

from collections.abc import Iterator

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


def verify_canary(work: UnitOfWork, canary: str, key: LogKey, store: ObjectStore | None) -> Iterator[str]:
    """What is wrong with the entry of this canary, in codes; nothing where it was kept as it was written."""
    rows = work.session.execute(entries_where([names([f"canary:{canary}"])], None, 2)).mappings().all()
    if len(rows) != 1:
        yield "search"
        return
    index = int(rows[0]["index"])
    leaf = bytes(work.session.execute(select(entries.c.leaf).where(entries.c.index == index)).scalar_one())
    opened = read_openings(work.session, [index]).get(index)
    faults = opening_faults(leaf, opened.openings if opened else {})
    if opened and not faults and opened.data != {"canary": canary}:
        faults = ["opening:details"]
    yield from faults
    yield from _proof_faults(work, index, leaf, key, store)


def _proof_faults(work: UnitOfWork, index: int, leaf: bytes, key: LogKey, store: ObjectStore | None) -> Iterator[str]:
    head = _published(work, key, store)
    if head is None or index >= head.size:
        yield "published"
        return
    if store is not None and _published_entry(store, index, head.size) != leaf:
        yield "published:entry"
    try:
        proof = inclusion_proof(hashes_of(work.session), index, head.size)
    except LookupError:
        proof = []
    if proved_root(leaf_hash(leaf), index, head.size, proof) != head.root:
        yield "proof"


def _published(work: UnitOfWork, key: LogKey, store: ObjectStore | None) -> SignedHead | None:
    """The tree head as the world sees it: in the store, or where there is none over HTTP."""
    try:
        if store is not None:
            return read_published(key, store.read(CHECKPOINT))
        newest = newest_checkpoint(work.session)
        return read_checkpoint(key, newest.note.encode()) if newest else None
    except (AlteredError, ValueError):
        return None


def _published_entry(store: ObjectStore, index: int, size: int) -> bytes | None:
    leaves, place = published_leaves(store, index >> TILE_HEIGHT, size), index % TILE_WIDTH
    return leaves[place] if place < len(leaves) else None
