"""Writes what determinations change: which count, what they entitle to, whom they cover, and what is due."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, Final
from uuid import UUID

from psycopg.types.range import DateRange
from sqlalchemy import text

from services.payments.adapters.entitlements.standing import by_pair
from services.payments.adapters.tables import coverage, determinations, entitlements
from services.payments.domain.coverage import Cover
from services.payments.domain.determinations import (
    CaseMonth,
    Determination,
    DueChange,
    Entitlement,
)
from services.payments.domain.due import Due
from shared.contracts.codes import EntitlementState
from shared.service_kit.streams.envelope import ReceivedFact
from shared.service_kit.unit_of_work import UnitOfWork

_DETERMINATION: Final = (
    "determination_id",
    "fact_id",
    "case_no",
    "month",
    "programme",
    "replaces",
    "producer",
    "number",
    "correlation",
    "taken_at",
)
_ENTITLEMENT: Final = ("fact_id", "determination_id", "case_no", "month", "kind", "programme", "yen", "state")
_COVERAGE: Final = ("person_no", "need", "days", "case_no", "month", "kind", "determination_id", "state")
_SET_DUE = text("""
INSERT INTO due AS d (case_no, month, kind, programme, entitled, ordered, overpaid, claimed, version)
SELECT k.*, 1 FROM unnest(
  CAST(:case_no AS text[]), CAST(:month AS text[]), CAST(:kind AS text[]), CAST(:programme AS text[]),
  CAST(:entitled AS bigint[]), CAST(:ordered AS bigint[]), CAST(:overpaid AS bigint[]), CAST(:claimed AS bigint[])
) AS k (case_no, month, kind, programme, entitled, ordered, overpaid, claimed)
ORDER BY 1, 2, 3
ON CONFLICT (case_no, month, kind) DO UPDATE SET
  entitled = excluded.entitled, ordered = excluded.ordered, overpaid = excluded.overpaid, version = d.version + 1
""")
_SET_CURRENT = text("""
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


def keep_determinations(work: UnitOfWork, taken: Collection[tuple[Determination, ReceivedFact]]) -> None:
    """Keep determinations under the facts that published them, and make each the one that counts."""
    now = work.clock.now()
    work.copy(
        determinations,
        [
            (
                determination.determination_id,
                fact.id,
                *determination.pair,
                determination.programme,
                determination.replaces,
                *_source(fact),
                now,
            )
            for determination, fact in taken
        ],
        _DETERMINATION,
    )
    rows = [
        (*determination.pair, determination.programme, determination.determination_id) for determination, _ in taken
    ]
    work.connection.execute(_SET_CURRENT, _arrays(("case_no", "month", "programme", "determination_id"), rows))


def keep_entitlements(work: UnitOfWork, kept: Collection[tuple[Entitlement, UUID]]) -> None:
    """Keep new entitlements, each under the fact that published it, and whom they cover."""
    work.copy(
        entitlements,
        [
            (
                fact_id,
                entitlement.determination_id,
                *entitlement.key,
                entitlement.programme,
                entitlement.yen,
                entitlement.state,
            )
            for entitlement, fact_id in kept
        ],
        _ENTITLEMENT,
    )
    work.copy(
        coverage,
        [
            (*_days(cover), *entitlement.key, entitlement.determination_id, _covering(entitlement.state))
            for entitlement, _ in kept
            for cover in entitlement.covers
        ],
        _COVERAGE,
    )


def close_coverage(work: UnitOfWork, pairs: Collection[CaseMonth]) -> None:
    """Close what the replaced determinations covered."""
    if pairs:
        work.connection.execute(_CLOSE, by_pair(pairs))


def set_state(work: UnitOfWork, changed: Iterable[Entitlement], state: EntitlementState) -> None:
    """Hold entitlements that stood (``held``) or let them stand again (``entitled``)."""
    for entitlement in changed:
        case_no, month, kind = entitlement.key
        key = {"case_no": case_no, "month": month, "kind": kind}
        work.connection.execute(_SET_COVERAGE, {**key, "state": _covering(state)})
        named = {"determination_id": entitlement.determination_id, "kind": kind, "state": state}
        work.connection.execute(_SET_ENTITLEMENT, named)


def set_due(work: UnitOfWork, changes: Sequence[tuple[DueChange, Due]]) -> None:
    """Write what is due after a page; its rows are locked (``load_standing``) or new."""
    if not changes:
        return
    rows = [
        (*change.key, change.programme, due.entitled, due.ordered, due.overpaid, due.claimed) for change, due in changes
    ]
    names = ("case_no", "month", "kind", "programme", "entitled", "ordered", "overpaid", "claimed")
    work.connection.execute(_SET_DUE, _arrays(names, rows))


def _source(fact: ReceivedFact) -> tuple[str, int, str]:
    return fact.producer, fact.number, fact.correlation


def _days(cover: Cover) -> tuple[int, int, DateRange]:
    return cover.person_no, cover.need, DateRange(cover.first, cover.last, "[]")


def _covering(state: EntitlementState) -> str:
    return "open" if state == "entitled" else "held"


def _arrays(names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> dict[str, list[Any]]:
    return {name: [row[at] for row in rows] for at, name in enumerate(names)}
