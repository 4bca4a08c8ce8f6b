"""An export for the privacy board made without a database: real leaves, openings and proofs over a log in memory."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from services.audit_logging.adapters.search.export_file import About, Proved, export_file
from services.audit_logging.domain.log.checkpoint import inclusion_note
from services.audit_logging.domain.log.leaf import SALTS_SIZE, Opening, make_leaf
from services.audit_logging.domain.log.proofs import inclusion_proof
from services.audit_logging.domain.search.access_row import access_row
from tests.audit_logging.log.memory_log import KEY, MemoryLog

Openings = Sequence[Opening]


@dataclass(frozen=True)
class Look:
    """A look as the log takes it."""

    number: int
    cases: int = 1
    producer: str = "case_management"
    stream: str = "looks"

    @property
    def body(self) -> dict[str, Any]:
        """Its envelope."""
        subjects = [*(f"case:{self.number + one:08}" for one in range(self.cases)), f"person:{self.number:010}"]
        data = {"what": "case", "subjects": subjects, "purpose": "casework", "break_glass": None}
        who = {"actor": "person:田中", "subject": "look:case", "type": "look.v1", "correlation": "c", "causation": None}
        at = {"time": "2026-11-24T03:00:00.000000+00:00", "traceparent": "", "id": str(UUID(int=self.number))}
        return {**who, **at, "data": data}


def leaf_and_row(index: int, cases: int = 1) -> tuple[bytes, Openings]:
    """The entry at an index, a look at so many cases, with what opens it."""
    salts = b"".join(sha256(b"%d %d" % (index, part)).digest() for part in range(SALTS_SIZE // 32))
    return make_leaf(Look(index + 1, cases), "e1", salts)


def exported(log: MemoryLog, made: Sequence[tuple[bytes, Openings]], indexes: Iterable[int], at: datetime) -> bytes:
    """The archive with these entries."""
    size, note = len(log.leaves), log.note()
    rows = []
    for index in indexes:
        leaf, openings = made[index]
        said = {one.field: json.loads(one.value) for one in openings}
        row = access_row(index, json.loads(leaf), said["actor"], said["details"]["data"])
        proof = inclusion_note(index, inclusion_proof(log.hashes, index, size), note)
        rows.append(Proved(row, leaf, openings, proof))
    about = About("2026-11-24", "2026-11-24", "すべての住民", KEY.origin, size, 0, 0, note, KEY.verifier_key, at)
    return export_file(about, rows)
