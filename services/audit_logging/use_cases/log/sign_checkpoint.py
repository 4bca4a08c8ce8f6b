"""Sign the tree head: when the log has grown, and from time to time when it has not."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import insert

from services.audit_logging.adapters.log.tables import checkpoints
from services.audit_logging.adapters.log.tree import hashes_of, lock_signing, newest_checkpoint, tree_size
from services.audit_logging.domain.log.checkpoint import LogKey, sign_checkpoint
from services.audit_logging.domain.log.merkle import root
from shared.service_kit.unit_of_work import UnitOfWork

IDLE = timedelta(minutes=1)
"""How long an unchanged log goes without a fresh signature."""


class LogRewrittenError(Exception):
    """The log no longer holds the tree that was signed last: nothing is signed any more, people have to look."""


def sign_tree_head(work: UnitOfWork, key: LogKey) -> bool:
    """Sign the log as it stands; False when the newest checkpoint still serves.

    A checkpoint's time never goes back: after a clock that was ahead the later ones carry its time until it is reached.
    Which is newer, the size says.

    Raises:
        LogRewrittenError: the tree at the size signed last has another root, or is shorter.
    """
    lock_signing(work.connection)
    newest, size, now = newest_checkpoint(work.connection), tree_size(work.connection), work.clock.now()
    if newest and newest.size == size and now - newest.signed_at < IDLE:
        return False
    at = max(now, newest.signed_at) if newest else now
    hashes = hashes_of(work.connection)
    if newest and (size < newest.size or root(hashes, newest.size) != newest.root):
        raise LogRewrittenError(f"the log does not hold the tree of {newest.size} entries that was signed")
    head = root(hashes, size)
    note = sign_checkpoint(key, size, head, at)
    work.connection.execute(insert(checkpoints).values(size=size, root=head, signed_at=at, note=note))
    return True
