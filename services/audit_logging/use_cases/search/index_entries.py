"""Fill the index from the openings, after the append and apart from it: appending never waits for search."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial

from sqlalchemy import select

from services.audit_logging.adapters.log.openings import end_within, read_openings
from services.audit_logging.adapters.log.tables import entries
from services.audit_logging.adapters.log.tree import tree_size
from services.audit_logging.adapters.search.progress import SEARCH, each_or_passed_over, next_of, pass_entries
from services.audit_logging.adapters.search.tables import search_entries, search_subjects
from services.audit_logging.domain.search.search_entry import SearchEntry, search_entry
from shared.service_kit.unit_of_work import UnitOfWork

BATCH = 2_000
MOST_BYTES = 8 * 1024 * 1024
"""Of openings in one batch: a look at a list names thousands, and each of them becomes a row."""


def index_entries(work: UnitOfWork, most: int = BATCH) -> int:
    """Index the next entries; returns how many were passed, 0 where none is left or another process does it.

    Entries have indexes without gaps and become visible in their order, so that the cursor passes over none. An entry
    whose opening was deleted is found by nobody; one that cannot be read is kept as passed over, and holds up no other.
    """
    first = next_of(work.connection, SEARCH)
    if first is None:
        return 0
    end = min(tree_size(work.connection), first + most)
    if first == end:
        return 0
    end = end_within(work.connection, first, end, MOST_BYTES)
    each_or_passed_over(work, SEARCH, first, end, partial(_index, work))
    pass_entries(work.connection, SEARCH, end)
    return end - first


def read_search_entries(work: UnitOfWork, first: int, end: int) -> Iterator[SearchEntry]:
    """What the openings from `first` until before `end` say that their entries can be found by."""
    opened = read_openings(work.connection, range(first, end))
    rows = select(entries.c.index, entries.c.leaf).where(entries.c.index.between(first, end - 1))
    for index, leaf in work.connection.execute(rows.order_by(entries.c.index)):
        if index in opened:
            entry = opened[index]
            yield search_entry(index, json.loads(bytes(leaf)), entry.actor, entry.subject, entry.data)


def _index(work: UnitOfWork, first: int, end: int) -> None:
    indexed = list(read_search_entries(work, first, end))
    names = [column.name for column in search_entries.columns]
    work.copy(search_entries, ([getattr(entry, name) for name in names] for entry in indexed))
    work.copy(search_subjects, ((subject, entry.index) for entry in indexed for subject in entry.subjects))
