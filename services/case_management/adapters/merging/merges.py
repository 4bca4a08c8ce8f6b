"""Proposals that two numbers are one person (名寄せ), or are not after all, and how far each is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, insert, select

from services.case_management.adapters.merging.tables import (
    DISTINCTIONS,
    MERGES,
    distinctions,
    merge_approvals,
    merge_withdrawals,
    merges,
)
from shared.approvals.canonical import sha256_of
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork

MergeState = Literal["proposed", "approved", "undone", "withdrawn"]
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Merge:
    """A proposal that one number goes and another stays, or with `undoes` that both stand for themselves again."""

    merge_id: UUID
    goes: str
    stays: str
    undoes: UUID | None
    words: str
    proposer: str
    proposed_at: datetime
    sha256: str
    approver: str | None
    approved_at: datetime | None
    withdrawn_by: str | None
    withdrawn_at: datetime | None
    state: MergeState

    @property
    def canonical_sha256(self) -> str:
        """The hash of what an approval names, of the row as it stands."""
        return merge_sha256(self.merge_id, self.goes, self.stays, self.undoes)


def merge_sha256(merge_id: UUID, goes: str, stays: str, undoes: UUID | None) -> str:
    """Return the hash of what an approval of a merge names."""
    return sha256_of([(str(merge_id), goes, stays, str(undoes) if undoes else None)])


def merges_of(work: UnitOfWork, person_no: str) -> list[Merge]:
    """Return all proposals that name a number, oldest first."""
    return _merges(work, (merges.c.goes == person_no) | (merges.c.stays == person_no))


def waiting_merges(work: UnitOfWork) -> list[Merge]:
    """Return the proposals that nobody has approved or taken back, oldest first."""
    return _merges(work, merge_approvals.c.merge_id.is_(None) & merge_withdrawals.c.merge_id.is_(None))


def merge_of(work: UnitOfWork, person_no: str, merge_id: UUID) -> Merge:
    """Return one proposal that names a number.

    Raises:
        Problem: not-found.
    """
    for merge in merges_of(work, person_no):
        if merge.merge_id == merge_id:
            return merge
    raise Problem("not-found", field="merge_id")


def write_merge(work: UnitOfWork, goes: str, stays: str, undoes: UUID | None, words: str) -> Merge:
    """Write a proposal and return it."""
    row: dict[str, Any] = {"merge_id": uuid4(), "goes": goes, "stays": stays, "undoes": undoes}
    row["sha256"] = merge_sha256(**row)
    row |= {"words": words, "proposer": work.actor, "proposed_at": work.clock.now()}
    work.connection.execute(insert(merges).values(**work.seal(MERGES, [row])[0]))
    return merge_of(work, goes, row["merge_id"])


def in_order(first: str, second: str) -> Pair:
    """Return two numbers as a pair, whichever was named first."""
    return (first, second) if first < second else (second, first)


def write_distinction(work: UnitOfWork, pair: Pair, words: str, undoes: UUID | None) -> UUID:
    """Write that two numbers are two people, or with `undoes` that this was said wrongly; return the id of that."""
    row = {"distinction_id": uuid4(), "low": pair[0], "high": pair[1], "undoes": undoes, "words": words}
    row |= {"recorded_by": work.actor, "recorded_at": work.clock.now()}
    work.connection.execute(insert(distinctions).values(**work.seal(DISTINCTIONS, [row])[0]))
    return UUID(str(row["distinction_id"]))


def distinct_pairs(work: UnitOfWork) -> set[Pair]:
    """Return the pairs of numbers that are two people, as it stands."""
    undoing = distinctions.alias("undoing")
    undone = select(undoing.c.undoes).where(undoing.c.undoes == distinctions.c.distinction_id).exists()
    pairs = select(distinctions.c.low, distinctions.c.high).where(distinctions.c.undoes.is_(None), ~undone)
    return set(work.connection.execute(pairs).tuples())


def distinctions_of(work: UnitOfWork, person_no: str) -> list[dict[str, Any]]:
    """Return what was said of a number and others, that they are two people, oldest first."""
    named = (distinctions.c.low == person_no) | (distinctions.c.high == person_no)
    rows = select(distinctions).where(named).order_by(distinctions.c.number)
    return list(work.unseal(DISTINCTIONS, work.connection.execute(rows).mappings().all()))


def _merges(work: UnitOfWork, where: ColumnElement[bool]) -> list[Merge]:
    undoing, approved = merges.alias("undoing"), merge_approvals.alias("undoing_approved")
    undone = select(undoing.c.merge_id).join(approved, approved.c.merge_id == undoing.c.merge_id)
    rows = (
        select(
            merges,
            *(merge_approvals.c[name] for name in ("approver", "approved_at")),
            *(merge_withdrawals.c[name] for name in ("withdrawn_by", "withdrawn_at")),
            undone.where(undoing.c.undoes == merges.c.merge_id).exists().label("undone"),
        )
        .outerjoin(merge_approvals, merge_approvals.c.merge_id == merges.c.merge_id)
        .outerjoin(merge_withdrawals, merge_withdrawals.c.merge_id == merges.c.merge_id)
        .where(where)
        .order_by(merges.c.number)
    )
    return _read(work.unseal(MERGES, work.connection.execute(rows).mappings().all()))


def _read(rows: Iterable[dict[str, Any]]) -> list[Merge]:
    names = [name for name in Merge.__dataclass_fields__ if name != "state"]
    return [Merge(**{name: row[name] for name in names}, state=_state(row)) for row in rows]


def _state(row: dict[str, Any]) -> MergeState:
    if row["withdrawn_by"]:
        return "withdrawn"
    if row["approver"]:
        return "undone" if row["undone"] else "approved"
    return "proposed"
