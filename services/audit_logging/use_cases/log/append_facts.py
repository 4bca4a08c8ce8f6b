"""Append a page of facts to the log: each fact one entry, one leaf of the tree."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from services.audit_logging.adapters.log.binary_copy import copy_entries, copy_openings, entry_rows, opening_rows
from services.audit_logging.adapters.log.tables import tiles
from services.audit_logging.adapters.log.tree import hashes_of, lock_end
from services.audit_logging.domain.log.leaf import SALTS_SIZE, make_leaf
from services.audit_logging.domain.log.merkle import leaf_hash
from services.audit_logging.domain.log.tiles import grow
from services.audit_logging.use_cases.log.publish_log import published_entries
from services.audit_logging.use_cases.log.sign_checkpoint import LogRewrittenError
from shared.service_kit.streams.envelope import ReceivedFact
from shared.service_kit.subscriptions.positions import epoch_taken
from shared.service_kit.unit_of_work import UnitOfWork


def append_facts(work: UnitOfWork, facts: Sequence[ReceivedFact]) -> None:
    """Append the facts of one stream in their order.

    Leaves and rows are made before the end of the log is locked: streams wait for one another only while they write.

    Raises:
        LogRewrittenError: the log is behind what it published: with fresh salts it would become another log.
    """
    epoch = epoch_taken(work, facts[0].producer, facts[0].stream)
    salts = secrets.token_bytes(SALTS_SIZE * len(facts))
    leaves = [
        make_leaf(fact, epoch, salts[at : at + SALTS_SIZE])
        for fact, at in zip(facts, range(0, len(salts), SALTS_SIZE), strict=True)
    ]
    hashes = [leaf_hash(leaf) for leaf, _ in leaves]
    hashed = (
        (digest, leaf, fact.number, fact.body["id"])
        for digest, (leaf, _), fact in zip(hashes, leaves, facts, strict=True)
    )
    rows = entry_rows((facts[0].producer, facts[0].stream, epoch), hashed, work.clock.now())
    opened = opening_rows(openings for _, openings in leaves)
    published = published_entries(work)
    size = lock_end(work.connection)
    if size < published:
        raise LogRewrittenError(f"the log has {size} entries, {published} are published: refill it (docs/audit.md)")
    grown = grow(hashes_of(work.connection), size, hashes)
    copy_entries(work.connection, size, rows)
    copy_openings(work.connection, size, opened)
    work.copy(tiles, ((tile.level, tile.index, tile.hashes, tile.root) for tile in grown))
