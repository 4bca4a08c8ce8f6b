"""Find unusual looks in what the index has taken since the last round."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from services.audit_logging.adapters.log.openings import end_within
from services.audit_logging.adapters.office import is_open
from services.audit_logging.adapters.review.daily_activity import (
    RESTRICTED,
    daily_activity,
    indexed_between,
    read_shields,
    shields_of,
    works_on,
)
from services.audit_logging.adapters.review.findings import keep_findings
from services.audit_logging.adapters.search.progress import (
    REVIEW,
    SEARCH,
    come_to,
    each_or_passed_over,
    next_of,
    pass_entries,
)
from services.audit_logging.domain.review.shielded import shielded_on
from services.audit_logging.domain.review.unusual import Unusual, is_person, looks_into, of_day, of_entry
from services.audit_logging.domain.search.search_entry import SearchEntry
from services.audit_logging.use_cases.search.index_entries import MOST_BYTES
from shared.service_kit.unit_of_work import UnitOfWork

BATCH = 2_000


def find_unusual(work: UnitOfWork, most: int = BATCH) -> int:
    """Look through the next entries; returns how many, 0 where none is left or another process does it.

    Each person's day that they touch is looked at again as a whole, so that a look that arrives late counts on its day.
    An entry that cannot be read is kept as passed over, and holds up no other.
    """
    first = next_of(work.connection, REVIEW)
    if first is None:
        return 0
    end = min(come_to(work.connection, SEARCH), first + most)
    if first >= end:
        return 0
    end = end_within(work.connection, first, end, MOST_BYTES)
    each_or_passed_over(work, REVIEW, first, end, partial(_look_through, work))
    pass_entries(work.connection, REVIEW, end)
    return end - first


def _look_through(work: UnitOfWork, first: int, end: int) -> None:
    indexed = indexed_between(work.connection, first, end)
    for shield in (entry for entry in indexed if entry.type == RESTRICTED):
        read_shields(work.connection, [(case, shield.index) for case in shield.subjects if case.startswith("case:")])
    acts = [entry for entry in indexed if is_person(entry.actor)]
    keep_findings(work.connection, [*_entries(work, acts), *_days(work, acts)], work.clock.now())


def _entries(work: UnitOfWork, acts: Sequence[SearchEntry]) -> Iterator[Unusual]:
    strangers = _strangers(work, acts)
    for entry in acts:
        yield from of_entry(entry, is_open, stranger=entry.index in strangers)


def _days(work: UnitOfWork, acts: Sequence[SearchEntry]) -> Iterator[Unusual]:
    for actor, day in sorted({(entry.actor, entry.day) for entry in acts}):
        yield from of_day(daily_activity(work.connection, actor, day))


def _strangers(work: UnitOfWork, acts: Sequence[SearchEntry]) -> set[int]:
    """Looks into shielded cases by people who do not work on them."""
    looks = [
        (entry, case) for entry in acts if looks_into(entry) for case in entry.subjects if case.startswith("case:")
    ]
    shields = shields_of(work.connection, {case for _, case in looks})
    return {
        entry.index
        for entry, case in looks
        if case in shielded_on(shields, entry.day) and not works_on(work.connection, entry.actor, case, entry.day)
    }
