"""Rows behind a determination: who covers whom, what is due, what counts now. All set-based, a page at a time."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text

from services.payments.domain.coverage import Cover, Covered, Key
from services.payments.domain.due import Due
from shared.service_kit.database.locks import declare
from shared.service_kit.unit_of_work import UnitOfWork

CaseMonth = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Entitlement:
    """One entitlement that counts now, as it stands."""

    key: Key
    determination_id: UUID
    yen: int
    state: str
    covered: Covered


_LOCK = declare("payments.entitlements")
_CURRENT = text("""
SELECT c.case_no, c.month, c.programme, c.determination_id FROM case_months c
JOIN unnest(CAST(:cases AS text[]), CAST(:months AS text[])) AS k (case_no, month) USING (case_no, month)
""")
_WITHOUT_LOST = text("""
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
_NEIGHBOURS = text("""
SELECT DISTINCT case_no, month FROM coverage WHERE state <> 'closed' AND person_no = ANY (:persons)
""")
_STANDING = text("""
SELECT e.case_no, e.month, e.kind, e.programme, e.determination_id, e.yen, e.state,
       coalesce(d.ordered - d.claimed, 0) > 0 AS ordered
FROM entitlements e
JOIN case_months c USING (case_no, month, determination_id)
JOIN unnest(CAST(:cases AS text[]), CAST(:months AS text[])) AS k (case_no, month) USING (case_no, month)
LEFT JOIN due d USING (case_no, month, kind)
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
_MOVE_DUE = text("""
INSERT INTO due AS d (case_no, month, kind, programme, entitled, ordered, overpaid, claimed, version)
SELECT k.*, 1 FROM unnest(
  CAST(:case_no AS text[]), CAST(:month AS text[]), CAST(:kind AS text[]), CAST(:programme AS text[]),
  CAST(:entitled AS bigint[]), CAST(:ordered AS bigint[]), CAST(:overpaid AS bigint[]), CAST(:claimed AS bigint[])
) AS k (case_no, month, kind, programme, entitled, ordered, overpaid, claimed)
ORDER BY 1, 2, 3
ON CONFLICT (case_no, month, kind) DO UPDATE SET
  entitled = excluded.entitled, ordered = excluded.ordered, overpaid = excluded.overpaid, version = d.version + 1
""")
_COUNTS_NOW = text("""
INSERT INTO case_months AS c (case_no, month, programme, determination_id, version)
SELECT k.*, 1 FROM unnest(
  CAST(:case_no AS text[]), CAST(:month AS text[]), CAST(:programme AS text[]), CAST(:determination_id AS uuid[])
) AS k ORDER BY 1, 2
ON CONFLICT (case_no, month) DO UPDATE SET
  determination_id = excluded.determination_id, version = c.version + 1
""")
_CLOSE = text("""
UPDATE coverage v SET state = 'closed'
FROM unnest(CAST(:cases AS text[]), CAST(:months AS text[])) AS k (case_no, month)
WHERE v.case_no = k.case_no AND v.month = k.month AND v.state <> 'closed'
""")
_SET_COVERAGE = text("""
UPDATE coverage SET state = :state
WHERE case_no = :case_no AND month = :month AND kind = :kind AND state <> 'closed'
""")
_SET_ENTITLEMENT = text("""
UPDATE entitlements SET state = :state WHERE determination_id = :determination_id AND kind = :kind
""")


def lock_entitlements(work: UnitOfWork) -> None:
    """One at a time: two producers' pages, and a run's cut-off, see each other whole or not at all."""
    _LOCK.hold(work.session)


def counting_now(work: UnitOfWork, pairs: Collection[CaseMonth]) -> dict[CaseMonth, tuple[str, UUID]]:
    """Programme and determination of those cases and months that have one already."""
    rows = work.session.execute(_CURRENT, _pairs(pairs)).all()
    return {(row.case_no, row.month): (row.programme, row.determination_id) for row in rows}


def without_lost(work: UnitOfWork, counting: Collection[UUID]) -> dict[UUID, UUID | None]:
    """For determinations that count now: what counted before those that their restored producer has lost."""
    rows = work.session.execute(_WITHOUT_LOST, {"counted": list(counting)}).all()
    return {row.counted: row.determination_id for row in rows}


def persons_covered(work: UnitOfWork, pairs: Collection[CaseMonth]) -> set[int]:
    """宛名番号 that the cases cover now."""
    return set(work.session.execute(_PERSONS, _pairs(pairs)).scalars()) if pairs else set()


def neighbours(work: UnitOfWork, pairs: Collection[CaseMonth], persons: Collection[int]) -> list[Entitlement]:
    """Entitlements of other cases that cover one of the persons, and those that cover one of theirs, and so on."""
    known: set[CaseMonth] = set()
    asked: set[int] = set()
    found: list[Entitlement] = []
    while open_persons := set(persons) - asked:
        asked |= open_persons
        rows = work.session.execute(_NEIGHBOURS, {"persons": sorted(open_persons)}).all()
        fresh = {(row.case_no, row.month) for row in rows} - known - set(pairs)
        if not fresh:
            break
        known |= fresh
        standing = _standing(work, fresh)
        found.extend(standing)
        persons = {cover.person_no for one in standing for cover in one.covered.covers}
    return found


def _standing(work: UnitOfWork, pairs: Collection[CaseMonth]) -> list[Entitlement]:
    covers: dict[Key, list[Cover]] = {}
    for row in work.session.execute(_COVERS, _pairs(pairs)).all():
        cover = Cover(row.person_no, row.need, row.first, row.after - timedelta(days=1))
        covers.setdefault((row.case_no, row.month, row.kind), []).append(cover)
    found = []
    for row in work.session.execute(_STANDING, _pairs(pairs)).all():
        key = (row.case_no, row.month, row.kind)
        covered = Covered(key, row.programme, row.ordered, tuple(covers.get(key, ())))
        found.append(Entitlement(key, row.determination_id, row.yen, row.state, covered))
    return found


def lock_due(work: UnitOfWork, pairs: Collection[CaseMonth]) -> dict[Key, tuple[str, Due]]:
    """Lock and read what is due for the cases and months, with the programme; orders wait meanwhile."""
    rows = work.session.execute(_LOCK_DUE, _pairs(pairs)).all()
    return {
        (row.case_no, row.month, row.kind): (
            row.programme,
            Due(row.entitled, row.ordered, row.overpaid, row.claimed),
        )
        for row in rows
    }


def move_due(work: UnitOfWork, moved: Mapping[Key, tuple[str, Due]]) -> None:
    """Write what is due after a page; its rows are locked (``lock_due``) or new."""
    if not moved:
        return
    rows = [
        (*key, programme, due.entitled, due.ordered, due.overpaid, due.claimed)
        for key, (programme, due) in moved.items()
    ]
    names = ("case_no", "month", "kind", "programme", "entitled", "ordered", "overpaid", "claimed")
    work.session.execute(_MOVE_DUE, _arrays(names, rows))


def count_now(work: UnitOfWork, rows: Sequence[tuple[str, str, str, UUID]]) -> None:
    """Make these determinations the ones that count: case, month, programme, determination."""
    work.session.execute(_COUNTS_NOW, _arrays(("case_no", "month", "programme", "determination_id"), rows))


def close_coverage(work: UnitOfWork, pairs: Collection[CaseMonth]) -> None:
    """Close what the replaced determinations covered."""
    work.session.execute(_CLOSE, _pairs(pairs))


def set_state(work: UnitOfWork, changed: Iterable[Entitlement], state: str) -> None:
    """Hold standing entitlements (``held``) or let them stand again (``entitled``)."""
    for one in changed:
        case_no, month, kind = one.key
        key = {"case_no": case_no, "month": month, "kind": kind}
        work.session.execute(_SET_COVERAGE, {**key, "state": "open" if state == "entitled" else "held"})
        work.session.execute(
            _SET_ENTITLEMENT,
            {"determination_id": one.determination_id, "kind": kind, "state": state},
        )


def _pairs(pairs: Collection[CaseMonth]) -> dict[str, list[str]]:
    ordered = sorted(pairs)
    return {"cases": [case for case, _ in ordered], "months": [month for _, month in ordered]}


def _arrays(names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> dict[str, list[Any]]:
    return {name: [row[at] for row in rows] for at, name in enumerate(names)}
