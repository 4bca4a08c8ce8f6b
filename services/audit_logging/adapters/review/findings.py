"""Queries of findings and their reviews."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, func, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert

from services.audit_logging.adapters.review.tables import finding_entries, findings, reviews
from services.audit_logging.domain.review.unusual import WHY, Unusual

_IDS = UUID("5b7c1f4e-2d0a-5e0b-9a57-4e1f3c9d8a21")
_ROWS = 5_000

_LAST = (
    select(func.coalesce(func.max(finding_entries.c.index), -1))
    .where(finding_entries.c.finding_id == findings.c.finding_id)
    .scalar_subquery()
)
_REVIEWED = (
    select(func.coalesce(func.max(reviews.c.through), -1))
    .where(reviews.c.finding_id == findings.c.finding_id)
    .scalar_subquery()
)
IS_OPEN: ColumnElement[bool] = _LAST > _REVIEWED
"""True for findings with entries that no reviewer has seen: a look that arrives late opens one again."""


def finding_id(unusual: Unusual) -> UUID:
    """The id of a finding: the same for the same rule and key."""
    return uuid5(_IDS, f"{unusual.rule} {unusual.key}")


def keep_findings(connection: Connection, unusual_entries: Sequence[Unusual], now: datetime) -> None:
    """Keep what was found; what is there stays as it is, and gets the entries that it has not."""
    rows: dict[UUID, Unusual] = {}
    for unusual in unusual_entries:
        rows.setdefault(finding_id(unusual), unusual)
    made = [
        {
            "finding_id": id_,
            "rule": unusual.rule,
            "key": unusual.key,
            "day": unusual.day,
            "concerned": [unusual.actor],
            "subject": unusual.subject,
            "why": WHY[unusual.rule],
            "found_at": now,
        }
        for id_, unusual in rows.items()
    ]
    behind = sorted({(finding_id(unusual), index) for unusual in unusual_entries for index in unusual.entries})
    entries = [{"finding_id": id_, "index": index} for id_, index in behind]
    for table, values in ((findings, made), (finding_entries, entries)):
        for first in range(0, len(values), _ROWS):
            connection.execute(upsert(table).on_conflict_do_nothing(), values[first : first + _ROWS])


def keep_review(connection: Connection, row: Mapping[str, Any]) -> None:
    """Keep what a reviewer said, sealed, of the entries up to one of them."""
    connection.execute(insert(reviews).values(**row))


def findings_where(conditions: Sequence[ColumnElement[bool]], before: int | None, most: int) -> Select[Any]:
    """Findings newest first, below the number `before` where it is given."""
    rows = (
        select(findings, _LAST.label("through"), IS_OPEN.label("open"))
        .where(*conditions)
        .order_by(findings.c.number.desc())
        .limit(most)
    )
    return rows if before is None else rows.where(findings.c.number < before)


def entries_behind(connection: Connection, ids: Sequence[UUID]) -> dict[UUID, list[int]]:
    """The entries behind each finding, oldest first."""
    by_finding: dict[UUID, list[int]] = {id_: [] for id_ in ids}
    rows = select(finding_entries).where(finding_entries.c.finding_id.in_(ids)).order_by(finding_entries.c.index)
    for id_, index in connection.execute(rows):
        by_finding[id_].append(index)
    return by_finding


def reviews_of(connection: Connection, ids: Sequence[UUID]) -> dict[UUID, list[RowMapping]]:
    """What was said of each finding, oldest first."""
    by_finding: dict[UUID, list[RowMapping]] = {id_: [] for id_ in ids}
    rows = select(reviews).where(reviews.c.finding_id.in_(ids)).order_by(reviews.c.at, reviews.c.review_id)
    for row in connection.execute(rows).mappings():
        by_finding[row["finding_id"]].append(row)
    return by_finding
