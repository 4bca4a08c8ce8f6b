"""Prove that an entry is in the signed log."""

from __future__ import annotations

from services.audit_logging.adapters.log.tree import hashes_of, newest_checkpoint
from services.audit_logging.domain.log.checkpoint import inclusion_note
from services.audit_logging.domain.log.proofs import inclusion_proof
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork


def prove_entry(work: UnitOfWork, index: int) -> str:
    """An offline proof for the entry at this index under the newest checkpoint; a Problem when that has none."""
    newest = newest_checkpoint(work.connection)
    if newest is None or index >= newest.size:
        raise Problem("not-found")
    return inclusion_note(index, inclusion_proof(hashes_of(work.connection), index, newest.size), newest.note)
