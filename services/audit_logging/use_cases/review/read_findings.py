"""Read unusual looks, with the entries behind them and what reviewers said; reading them is itself a look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping

from services.audit_logging.adapters.log.tree import newest_checkpoint
from services.audit_logging.adapters.review.findings import IS_OPEN, entries_behind, findings_where, reviews_of
from services.audit_logging.adapters.review.sealed import REVIEWS
from services.audit_logging.adapters.review.tables import findings
from services.audit_logging.adapters.search.search_index import entries_where
from services.audit_logging.adapters.search.tables import search_entries
from services.audit_logging.domain.states import FindingState
from services.audit_logging.use_cases.search.search_log import Hit, Page, as_hits
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork

SHOWN = 200


@dataclass(frozen=True)
class FindingCriteria:
    """Which findings; all that is named has to hold."""

    state: FindingState | None = None
    rule: str | None = None
    staff: str | None = None
    first_day: date | None = None
    last_day: date | None = None


@dataclass(frozen=True)
class KeptReview:
    """What a reviewer said of the entries up to `through`."""

    review_id: UUID
    reviewer: str
    outcome: str
    words: str
    through: int
    at: datetime


@dataclass(frozen=True)
class Finding:
    """Unusual looks of one kind: `why` says it to the reviewer, `entries` are the indexes behind it.

    It is `open` while an entry behind it is above the `through` of every review.
    """

    number: int
    finding_id: UUID
    rule: str
    why: str
    day: date
    concerned: list[str]
    subject: str
    found_at: datetime
    entries: list[int]
    through: int
    open: bool
    reviews: list[KeptReview]


@dataclass(frozen=True)
class Findings:
    """A page of findings, newest first; `next` leads on."""

    items: list[Finding]
    next: int | None


@dataclass(frozen=True)
class FindingWithHits(Finding):
    """One finding with its newest entries as they are found by a search."""

    hits: list[Hit]


def list_findings(work: UnitOfWork, criteria: FindingCriteria, page: Page) -> Findings:
    """Findings by state, rule, member of staff and day, newest first."""
    rows = work.connection.execute(findings_where(_conditions(criteria), page.before, page.limit + 1)).mappings().all()
    shown, more = rows[: page.limit], len(rows) > page.limit
    items = _views(work, shown)
    work.look("findings", _named([*items, *([criteria.staff] if criteria.staff else [])]), page.purpose)
    return Findings(items=items, next=items[-1].number if more else None)


def read_finding(work: UnitOfWork, finding_id: UUID, purpose: str) -> FindingWithHits:
    """One finding with its entries; a Problem where there is none."""
    rows = work.connection.execute(findings_where([findings.c.finding_id == finding_id], None, 1)).mappings().all()
    if not rows:
        raise Problem("not-found", field="finding_id")
    (finding,) = _views(work, rows)
    behind = search_entries.c.index.in_(finding.entries)
    entry_rows = work.connection.execute(entries_where([behind], None, SHOWN)).mappings().all()
    newest = newest_checkpoint(work.connection)
    hits = as_hits(work, entry_rows, newest.size if newest else 0)
    named = {*_named([finding]), *(subject for hit in hits for subject in hit.subjects)}
    work.look("finding", sorted(named), purpose)
    return FindingWithHits(**vars(finding), hits=hits)


def _views(work: UnitOfWork, rows: Sequence[RowMapping]) -> list[Finding]:
    ids = [row["finding_id"] for row in rows]
    entries, said = entries_behind(work.connection, ids), reviews_of(work.connection, ids)
    return [
        Finding(
            **{name: row[name] for name in _PLAIN},
            entries=entries[row["finding_id"]],
            reviews=[_review(kept) for kept in work.unseal(REVIEWS, said[row["finding_id"]])],
        )
        for row in rows
    ]


_PLAIN = ("number", "finding_id", "rule", "why", "day", "concerned", "subject", "found_at", "through", "open")


def _review(row: Mapping[str, Any]) -> KeptReview:
    return KeptReview(**{field.name: row[field.name] for field in fields(KeptReview)})


def _conditions(criteria: FindingCriteria) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if criteria.state:
        conditions.append(IS_OPEN if criteria.state == "open" else ~IS_OPEN)
    if criteria.rule:
        conditions.append(findings.c.rule == criteria.rule)
    if criteria.staff:
        conditions.append(findings.c.concerned.contains([f"person:{criteria.staff}"]))
    if criteria.first_day:
        conditions.append(findings.c.day >= criteria.first_day)
    if criteria.last_day:
        conditions.append(findings.c.day <= criteria.last_day)
    return conditions


def _named(shown: Sequence[Finding | str]) -> list[str]:
    """Everybody whom these findings name, and the staff that was asked for."""
    named = {f"staff:{staff}" for staff in shown if isinstance(staff, str)}
    for finding in shown:
        if isinstance(finding, Finding):
            named |= {f"staff:{person.removeprefix('person:')}" for person in finding.concerned} | {finding.subject}
    return sorted(named - {""})
