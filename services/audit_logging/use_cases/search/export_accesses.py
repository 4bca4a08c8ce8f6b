"""Export who looked at whom for the privacy board; the export is an act with a purpose, and itself in the log."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import select

from services.audit_logging.adapters.log.log_key import load_log_key
from services.audit_logging.adapters.log.openings import bytes_of, read_openings
from services.audit_logging.adapters.log.tables import entries
from services.audit_logging.adapters.log.tree import hashes_of, newest_checkpoint
from services.audit_logging.adapters.refill.refills import refilled_lately
from services.audit_logging.adapters.search.export_file import About, Proved, export_file
from services.audit_logging.adapters.search.progress import SEARCH, come_to, passed_over_below
from services.audit_logging.adapters.search.search_index import cases_of, names
from services.audit_logging.adapters.search.tables import search_entries
from services.audit_logging.domain.log.checkpoint import inclusion_note
from services.audit_logging.domain.log.merkle import by_tile
from services.audit_logging.domain.log.proofs import inclusion_proof
from services.audit_logging.domain.search.access_row import BREAK_GLASS, access_row
from services.audit_logging.domain.search.search_entry import LOOK
from shared.contracts.facts.audit_logging import LogExported
from shared.service_kit.clock import TOKYO
from shared.service_kit.http.idempotency import Answer
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork

MOST: Final = 5_000
"""Rows of one export: some seconds of proofs, some megabytes."""
MOST_BYTES: Final = 32 * 1024 * 1024
"""Of openings in one export, which is made in memory: 250 looks at a list of the whole office."""
_TOO_LARGE: Final = f"{MOST:,}行か、内容{MOST_BYTES >> 20}MiBを超えます。期間を分けて書き出してください"


@dataclass(frozen=True)
class ExportRequest:
    """Which days (Asia/Tokyo, both included), whose looks or everybody's, and why (a code of the office)."""

    purpose: str
    first_day: date
    last_day: date
    person: str | None


def export_accesses(work: UnitOfWork, request: ExportRequest) -> Answer:
    """A zip file with a table and the proof of each of its rows, under the newest signed tree head.

    Raises:
        Problem: invalid-input where the days run backwards; too-large where there are more than `MOST` rows, or of
            more than `MOST_BYTES`; not-found where nothing was signed yet.
    """
    if request.last_day < request.first_day:
        raise Problem("invalid-input", field="last_day", detail="初日より前の日です")
    newest = newest_checkpoint(work.connection)
    if newest is None:
        raise Problem("not-found")
    size = min(newest.size, come_to(work.connection, SEARCH))
    indexes = _indexes(work, request, size)
    rows = list(_proved(work, indexes, newest))
    unread = len(indexes) - len(rows) + passed_over_below(work.connection, SEARCH, size)
    content = export_file(_about(work, request, size, newest.note, unread), rows)
    _record_export(work, request, rows, sha256(content).hexdigest())
    name = f"looks-{request.first_day}-{request.last_day}.zip"
    return Answer(content, "application/zip", headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _indexes(work: UnitOfWork, request: ExportRequest, size: int) -> list[int]:
    conditions = [
        search_entries.c.day.between(request.first_day, request.last_day),
        search_entries.c.type.in_((LOOK, BREAK_GLASS)),
        search_entries.c.index < size,
    ]
    if request.person:
        person = f"person:{request.person}"
        conditions.append(names([person, *cases_of(work.connection, person)]))
    rows = select(search_entries.c.index).where(*conditions).order_by(search_entries.c.index).limit(MOST + 1)
    indexes = list(work.connection.scalars(rows))
    if len(indexes) > MOST or (indexes and bytes_of(work.connection, indexes) > MOST_BYTES):
        raise Problem("too-large", field="last_day", detail=_TOO_LARGE)
    return indexes


def _proved(work: UnitOfWork, indexes: Sequence[int], newest: Any) -> Iterator[Proved]:
    opened = read_openings(work.connection, indexes)
    rows = work.connection.execute(select(entries.c.index, entries.c.leaf).where(entries.c.index.in_(indexes)))
    leaves = {index: bytes(leaf) for index, leaf in rows}
    hashes = by_tile(hashes_of(work.connection), newest.size)
    for index in indexes:
        with suppress(KeyError, TypeError, ValueError):  # what is gone or has no shape is counted, not shown
            leaf, entry = leaves[index], opened[index]
            row = access_row(index, json.loads(leaf), entry.actor, entry.data)
            proof = inclusion_note(index, inclusion_proof(hashes, index, newest.size), newest.note)
            yield Proved(row, leaf, list(entry.openings.values()), proof)


def _about(work: UnitOfWork, request: ExportRequest, size: int, note: str, unread: int) -> About:
    key = load_log_key(work.runtime.settings)
    whom = f"宛名番号 {request.person} の住民" if request.person else "すべての住民"
    at = work.clock.now().astimezone(TOKYO)
    refilled = refilled_lately(work.connection)[0]
    days = str(request.first_day), str(request.last_day)
    return About(*days, whom, key.origin, size, refilled, unread, note, key.verifier_key, at)


def _record_export(work: UnitOfWork, request: ExportRequest, rows: Sequence[Proved], digest: str) -> None:
    asked = [f"person:{request.person}"] if request.person else []
    shown = {*asked, *(subject for proved in rows for subject in proved.row.subjects)}
    work.look("log_export", sorted(shown), request.purpose)
    work.audit_entry(
        LogExported(
            first_day=request.first_day,
            last_day=request.last_day,
            person_no=request.person,
            rows=len(rows),
            sha256=digest,
        ),
        subject="log",
    )
