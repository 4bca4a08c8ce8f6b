"""Compare the index with the entries that it was made from, and the findings with what the rules find in them.

Which entries are there is compared over the whole log; what is said of them, over those that came since the last check
that was good, and over ranges drawn by lot: nobody who alters a row knows when it is looked at. Each is proved from the
bytes in the tree: leaf to hash, openings to the commitments of the leaf, the row of the index to the openings.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Sequence
from typing import Final

from sqlalchemy import select

from services.audit_logging.adapters.log.openings import read_openings
from services.audit_logging.adapters.log.tables import entries
from services.audit_logging.adapters.office import is_open
from services.audit_logging.adapters.retention.deletions import lock_deletions
from services.audit_logging.adapters.review.findings import finding_id
from services.audit_logging.adapters.search.progress import REVIEW, SEARCH, come_to
from services.audit_logging.adapters.search.tables import passed_over, search_entries
from services.audit_logging.adapters.self_check.index_comparison import (
    entries_behind_findings,
    one_sided,
    rows_of_index,
)
from services.audit_logging.domain.log.merkle import leaf_hash
from services.audit_logging.domain.review.unusual import of_entry
from services.audit_logging.domain.search.search_entry import SearchEntry, search_entry
from services.audit_logging.domain.self_check.faults import Bad, opening_faults
from shared.service_kit.unit_of_work import UnitOfWork

RANGE: Final = 256
DRAWN: Final = 16
"""Ranges drawn by lot."""
NEWEST: Final = 20_000
"""Entries that came since the last good check, of which so many are compared at most: two days of a ward."""


def compare_index(work: UnitOfWork, since: int) -> Iterator[Bad]:
    """What does not hold; `since` is the number of entries at the last good check. Some seconds at most."""
    lock_deletions(work.connection)  # what goes lawfully goes from both at once, and not between two reads
    end, reviewed = come_to(work.connection, SEARCH), come_to(work.connection, REVIEW)
    yield from one_sided(work.connection, end)
    for first, last in _ranges(since, end):
        proved = dict(_proved(work, first, last))
        yield from (bad for bad in proved.values() if isinstance(bad, Bad))
        right = [entry for entry in proved.values() if isinstance(entry, SearchEntry)]
        yield from _rows_that_differ(work, right, first, last)
        yield from _unusual_that_is_missing(work, [entry for entry in right if entry.index < reviewed])


def _ranges(since: int, end: int) -> list[tuple[int, int]]:
    """The newest, and some by lot; without those that are twice."""
    starts = set(range(max(since, end - NEWEST, 0) // RANGE * RANGE, end, RANGE))
    starts |= {secrets.randbelow(-(-end // RANGE)) * RANGE for _ in range(DRAWN if end else 0)}
    return [(first, min(first + RANGE, end)) for first in sorted(starts)]


def _proved(work: UnitOfWork, first: int, end: int) -> Iterator[tuple[int, SearchEntry | Bad]]:
    """What each entry can be found by, proved from the hash in the tree; what of it is not as it was written."""
    opened = read_openings(work.connection, range(first, end))
    unread = set(_passed_over(work, SEARCH, first, end))
    rows = select(entries.c.index, entries.c.leaf, entries.c.leaf_hash).where(entries.c.index.between(first, end - 1))
    for index, leaf, hashed in work.connection.execute(rows.order_by(entries.c.index)):
        if leaf_hash(bytes(leaf)) != bytes(hashed):
            yield index, Bad("leaf:differs", index)
        elif index in opened and opening_faults(bytes(leaf), opened[index].openings):
            yield index, Bad("openings:differ", index)
        elif index in opened and index not in unread:
            entry = opened[index]
            yield index, search_entry(index, json.loads(bytes(leaf)), entry.actor, entry.subject, entry.data)


def _rows_that_differ(work: UnitOfWork, right: Sequence[SearchEntry], first: int, end: int) -> Iterator[Bad]:
    there, names = rows_of_index(work.connection, first, end), [column.name for column in search_entries.columns]
    for entry in right:
        if there.get(entry.index) != (*(getattr(entry, name) for name in names), *entry.subjects):
            yield Bad("index:differs", entry.index)


def _unusual_that_is_missing(work: UnitOfWork, acts: Sequence[SearchEntry]) -> Iterator[Bad]:
    """What a rule finds in one entry alone, whatever came before or after it, has to be among the findings."""
    expected = {(finding_id(unusual), act.index) for act in acts for unusual in of_entry(act, is_open, stranger=False)}
    if not expected:
        return
    first, end = min(index for _, index in expected), max(index for _, index in expected) + 1
    unread = set(_passed_over(work, REVIEW, first, end))
    kept = entries_behind_findings(work.connection, sorted({index for _, index in expected}))
    yield from (Bad("review:missing", index) for _, index in expected - kept if index not in unread)


def _passed_over(work: UnitOfWork, task: str, first: int, end: int) -> Sequence[int]:
    rows = select(passed_over.c.index).where(passed_over.c.task == task, passed_over.c.index.between(first, end - 1))
    return work.connection.scalars(rows).all()
