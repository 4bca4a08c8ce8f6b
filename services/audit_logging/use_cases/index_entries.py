"""Fill the index from the openings, after the append and apart from it: appending never waits for search."""

from __future__ import annotations

import json

from sqlalchemy import select, update

from services.audit_logging.adapters.index_tables import progress, search_entries, search_subjects
from services.audit_logging.adapters.openings import read_openings
from services.audit_logging.adapters.tables import entries
from services.audit_logging.adapters.tree import tree_size
from services.audit_logging.domain.found_by import FoundBy, found_by
from shared.service_kit.work import UnitOfWork

BATCH = 2_000
SEARCH = "search"


def index_entries(work: UnitOfWork, most: int = BATCH) -> int:
    """Index the next entries; gives how many were passed, 0 where none is left or another process does it.

    Entries have indexes without gaps and become visible in their order, so that the cursor passes over none. An entry
    whose opening was deleted is found by nobody.
    """
    first = next_of(work, SEARCH)
    if first is None:
        return 0
    end = min(tree_size(work.session), first + most)
    if first == end:
        return 0
    _write(work, _read(work, first, end))
    go_on_from(work, SEARCH, end)
    return end - first


def next_of(work: UnitOfWork, name: str) -> int | None:
    """Where this task goes on, held until the transaction is over; None while another process holds it."""
    row = select(progress.c.next).where(progress.c.name == name).with_for_update(skip_locked=True)
    found: int | None = work.session.scalar(row)
    return found


def go_on_from(work: UnitOfWork, name: str, index: int) -> None:
    """Move on."""
    work.session.execute(update(progress).where(progress.c.name == name).values(next=index))


def indexed(work: UnitOfWork) -> int:
    """How many entries the index has passed."""
    return int(work.session.execute(select(progress.c.next).where(progress.c.name == SEARCH)).scalar_one())


def _read(work: UnitOfWork, first: int, end: int) -> list[FoundBy]:
    opened = read_openings(work.session, range(first, end))
    rows = select(entries.c.index, entries.c.leaf).where(entries.c.index.between(first, end - 1))
    return [
        found_by(index, json.loads(bytes(leaf)), opened[index].actor, opened[index].subject, opened[index].data)
        for index, leaf in work.session.execute(rows.order_by(entries.c.index))
        if index in opened
    ]


def _write(work: UnitOfWork, found: list[FoundBy]) -> None:
    names = [column.name for column in search_entries.columns]
    work.copy(search_entries, ([getattr(one, name) for name in names] for one in found))
    work.copy(search_subjects, ((subject, one.index) for one in found for subject in one.subjects))
