"""What counts of a page's cases and months before it is taken: all set-based, a page at a time."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from uuid import UUID

from sqlalchemy import text

from services.payments.domain.coverage import Cover, Key
from services.payments.domain.determinations import CaseMonth, Determination, Entitlement, Standing, unnamed
from services.payments.domain.due import Due
from shared.service_kit.database.locks import declare
from shared.service_kit.unit_of_work import UnitOfWork

_LOCK = declare("payments.entitlements")
_CURRENT = text("""
SELECT c.case_no, c.month, c.programme, c.determination_id FROM case_months c
JOIN unnest(CAST(:cases AS text[]), CAST(:months AS text[])) AS k (case_no, month) USING (case_no, month)
""")
_BEFORE_LOSS = text("""
WITH RECURSIVE known AS (
  SELECT d.determination_id AS counted, d.determination_id, d.replaces, l.fact_id IS NOT NULL AS lost
  FROM determinations d LEFT JOIN lost_facts l USING (fact_id) WHERE d.determination_id = ANY (:counted)
  UNION ALL
  SELECT k.counted, d.determination_id, d.replaces, l.fact_id IS NOT NULL
  FROM known k JOIN determinations d ON d.determination_id = k.replaces LEFT JOIN lost_facts l USING (fact_id)
  WHERE k.lost
)
SELECT counted, CASE WHEN lost THEN NULL ELSE determination_id END AS determination_id
FROM known WHERE NOT lost OR replaces IS NULL
""")
_PERSONS = text("""
SELECT DISTINCT v.person_no FROM coverage v
JOIN unnest(CAST(:cases AS text[]), CAST(:months AS text[])) AS k (case_no, month) USING (case_no, month)
WHERE v.state <> 'closed'
""")
_COVERING = text("""
SELECT DISTINCT case_no, month FROM coverage WHERE state <> 'closed' AND person_no = ANY (:persons)
""")
_ENTITLEMENTS = text("""
SELECT e.case_no, e.month, e.kind, e.programme, e.determination_id, e.yen, e.state
FROM entitlements e
JOIN case_months c USING (case_no, month, determination_id)
JOIN unnest(CAST(:cases AS text[]), CAST(:months AS text[])) AS k (case_no, month) USING (case_no, month)
""")
_COVERS = text("""
SELECT v.case_no, v.month, v.kind, v.person_no, v.need, lower(v.days) AS first, upper(v.days) AS after
FROM coverage v
JOIN unnest(CAST(:cases AS text[]), CAST(:months AS text[])) AS k (case_no, month) USING (case_no, month)
WHERE v.state <> 'closed'
""")
_LOCK_DUE = text("""
SELECT d.* FROM due d
JOIN unnest(CAST(:cases AS text[]), CAST(:months AS text[])) AS k (case_no, month) USING (case_no, month)
ORDER BY d.case_no, d.month, d.kind FOR UPDATE OF d
""")


def lock_entitlements(work: UnitOfWork) -> None:
    """One at a time: two producers' pages, and a run's cut-off, see each other whole or not at all."""
    _LOCK.hold(work.connection)


def load_standing(work: UnitOfWork, batch: Mapping[CaseMonth, Determination]) -> Standing:
    """Read what counts of the cases and months of ``batch``, and lock what is due of them and of who shares a person.

    Orders of these cases wait until the transaction ends.
    """
    rows = work.connection.execute(_CURRENT, by_pair(batch)).all()
    current = {(row.case_no, row.month): (row.programme, row.determination_id) for row in rows}
    persons = {
        cover.person_no
        for determination in batch.values()
        for covers in determination.covers.values()
        for cover in covers
    }
    overlapping = _overlapping(work, batch, persons | _persons_covered(work, current))
    due = _lock_due(work, {*batch, *(entitlement.pair for entitlement in overlapping)})
    return Standing(current, _before_loss(work, unnamed(batch, current)), overlapping, due)


def by_pair(pairs: Collection[CaseMonth]) -> dict[str, list[str]]:
    """Cases and months as the arrays of a statement, in order."""
    ordered = sorted(pairs)
    return {"cases": [case for case, _ in ordered], "months": [month for _, month in ordered]}


def _before_loss(work: UnitOfWork, counted: Collection[UUID]) -> dict[UUID, UUID | None]:
    if not counted:
        return {}
    rows = work.connection.execute(_BEFORE_LOSS, {"counted": list(counted)}).all()
    return {row.counted: row.determination_id for row in rows}


def _persons_covered(work: UnitOfWork, pairs: Collection[CaseMonth]) -> set[int]:
    return set(work.connection.execute(_PERSONS, by_pair(pairs)).scalars()) if pairs else set()


def _overlapping(work: UnitOfWork, pairs: Collection[CaseMonth], persons: Collection[int]) -> list[Entitlement]:
    """Entitlements of other cases that cover one of the persons, and those that cover one of theirs, and so on."""
    known: set[CaseMonth] = set()
    asked: set[int] = set()
    entitlements: list[Entitlement] = []
    while open_persons := set(persons) - asked:
        asked |= open_persons
        rows = work.connection.execute(_COVERING, {"persons": sorted(open_persons)}).all()
        fresh = {(row.case_no, row.month) for row in rows} - known - set(pairs)
        if not fresh:
            break
        known |= fresh
        of_fresh = _entitlements(work, fresh)
        entitlements.extend(of_fresh)
        persons = {cover.person_no for entitlement in of_fresh for cover in entitlement.covers}
    return entitlements


def _entitlements(work: UnitOfWork, pairs: Collection[CaseMonth]) -> list[Entitlement]:
    covers: dict[Key, list[Cover]] = {}
    for row in work.connection.execute(_COVERS, by_pair(pairs)).all():
        cover = Cover(row.person_no, row.need, row.first, row.after - timedelta(days=1))
        covers.setdefault((row.case_no, row.month, row.kind), []).append(cover)
    entitlements = []
    for row in work.connection.execute(_ENTITLEMENTS, by_pair(pairs)).all():
        key = (row.case_no, row.month, row.kind)
        of_key = tuple(covers.get(key, ()))
        entitlements.append(Entitlement(key, row.determination_id, row.programme, row.yen, row.state, of_key))
    return entitlements


def _lock_due(work: UnitOfWork, pairs: Collection[CaseMonth]) -> dict[Key, Due]:
    rows = work.connection.execute(_LOCK_DUE, by_pair(pairs)).all()
    return {
        (row.case_no, row.month, row.kind): Due(row.entitled, row.ordered, row.overpaid, row.claimed) for row in rows
    }
