"""The index beside what it was made from: which entries one has and the other has not, and what it says of them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, RowMapping, select, text

from services.audit_logging.adapters.review.tables import finding_entries
from services.audit_logging.adapters.search.search_index import subjects_of
from services.audit_logging.adapters.search.tables import search_entries
from services.audit_logging.domain.self_check.faults import Bad

_ONE_SIDED = text("""
SELECT 'index:missing' AS code, count(*), min(o.entry_index) AS first FROM openings o
 WHERE o.field = 'details' AND o.entry_index < :end
   AND NOT EXISTS (SELECT FROM search_entries s WHERE s.index = o.entry_index)
   AND NOT EXISTS (SELECT FROM passed_over p WHERE p.task = 'search' AND p.index = o.entry_index)
UNION ALL
SELECT 'index:unfounded', count(*), min(s.index) FROM search_entries s
 WHERE s.index < :end AND NOT EXISTS (SELECT FROM openings o WHERE o.entry_index = s.index AND o.field = 'details')
UNION ALL
SELECT 'index:unfounded', count(*), min(t.index) FROM search_subjects t
 WHERE t.index < :end AND NOT EXISTS (SELECT FROM search_entries s WHERE s.index = t.index)
UNION ALL
SELECT 'openings:missing', count(*), min(e.index) FROM entries e
 WHERE e.index < :end
   AND NOT EXISTS (SELECT FROM openings o WHERE o.entry_index = e.index AND o.field = 'details')
   AND NOT EXISTS (SELECT FROM deleted_entries d WHERE d.index = e.index)
   AND NOT EXISTS (SELECT FROM refills r WHERE e.index BETWEEN r.first AND r.last)
""")


def one_sided(connection: Connection, end: int) -> list[Bad]:
    """Entries below `end` that the index lacks or should not have, and those whose openings went without a reason."""
    rows = connection.execute(_ONE_SIDED, {"end": end})
    return [Bad(row.code, int(row.first)) for row in rows if row.first is not None]


def rows_of_index(connection: Connection, first: int, end: int) -> dict[int, tuple[Any, ...]]:
    """All that the index says of the entries from `first` until before `end`: its row, and whom it names."""
    chosen = select(search_entries).where(search_entries.c.index >= first, search_entries.c.index < end)
    rows: list[RowMapping] = list(connection.execute(chosen).mappings())
    named = subjects_of(connection, [row["index"] for row in rows])
    return {row["index"]: (*row.values(), *named[row["index"]]) for row in rows}


def entries_behind_findings(connection: Connection, indexes: list[int]) -> set[tuple[object, int]]:
    """Which findings have which of these entries behind them."""
    rows = connection.execute(
        select(finding_entries.c.finding_id, finding_entries.c.index).where(finding_entries.c.index.in_(indexes))
    )
    return {(finding_id, index) for finding_id, index in rows}
