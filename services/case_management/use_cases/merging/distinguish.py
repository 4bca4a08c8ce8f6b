"""Say that two numbers are two people (別人), though they share signs; or take that back."""

from uuid import UUID

from services.case_management.adapters.merging.merged import merged_numbers
from services.case_management.adapters.merging.merges import (
    Pair,
    distinct_pairs,
    distinctions_of,
    in_order,
    write_distinction,
)
from services.case_management.adapters.merging.tables import MERGING
from services.case_management.use_cases.merging.both_numbers import require_both
from shared.contracts.facts.merging import PeopleDistinguished
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork


def distinguish(work: UnitOfWork, person_no: str, other: str, words: str, undoes: UUID | None = None) -> UUID:
    """Record that two numbers are two people, with why in words: the pair is no candidate, and is not merged.

    With ``undoes`` such a record of the two is taken back instead.

    Raises:
        Problem: not-found; invalid-input where it is one number; wrong-state where they are merged, or it was recorded
            or taken back already.
    """
    MERGING.hold(work.connection)
    require_both(work, person_no, other, field="other")
    merged = merged_numbers(work, [person_no, other])
    if merged.number(person_no) == merged.number(other):
        raise Problem("wrong-state", field="other", detail="名寄せされた番号です。先に名寄せを取り消してください")
    pair = in_order(person_no, other)
    if undoes:
        _require_standing(work, pair, undoes)
    elif pair in distinct_pairs(work):
        raise Problem("wrong-state", field="other", detail="別の人であることは、すでに記録されています")
    distinction_id = write_distinction(work, pair, words, undoes)
    fact = PeopleDistinguished(distinction_id=distinction_id, person_no=other, undoes=undoes)
    work.fact(fact, subject=f"person:{person_no}")
    return distinction_id


def _require_standing(work: UnitOfWork, pair: Pair, distinction_id: UUID) -> None:
    said = [row for row in distinctions_of(work, pair[0]) if (row["low"], row["high"]) == pair]
    if not any(row["distinction_id"] == distinction_id and row["undoes"] is None for row in said):
        raise Problem("not-found", field="undoes", detail="この二つの番号に、その記録はありません")
    if any(row["undoes"] == distinction_id for row in said):
        raise Problem("wrong-state", field="undoes", detail="この記録は、すでに取り消されています")
