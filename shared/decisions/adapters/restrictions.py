"""Restrictions on cases (閲覧制限) in the database: those that hold today, and those of a case with their people."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Select, Text, and_, any_, bindparam, select
from sqlalchemy.dialects.postgresql import insert

from shared.contracts.codes import ProposalState, RestrictionKind
from shared.decisions.adapters.tables import DecisionTables
from shared.decisions.domain.restrictions import SHIELDED, Restriction, holding
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork

COLUMNS = tuple(Restriction.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class RestrictionEntry:
    """A restriction, or what lifts one, with the people who answer for it."""

    restriction_id: UUID
    state: ProposalState
    case_no: str
    kind: RestrictionKind
    staff: str | None
    valid_from: date
    valid_to: date | None
    lifts: UUID | None
    reason: str
    sha256: str
    proposer: str
    approver: str | None
    proposed_at: datetime
    approved_at: datetime | None

    @property
    def restriction(self) -> Restriction:
        """What is proposed."""
        return restriction_of(self)


def restriction_of(row: Any) -> Restriction:
    """Return the restriction of a row or an entry."""
    return Restriction(*(getattr(row, name) for name in COLUMNS))


def entries_of_case(work: UnitOfWork, tables: DecisionTables, case_no: str) -> list[RestrictionEntry]:
    """Return all restrictions on a case, oldest first, approved or not."""
    restrictions, approval = tables.restrictions, tables.restriction_approvals
    rows: Any = work.connection.execute(
        select(restrictions, approval.c.approver, approval.c.approved_at)
        .outerjoin(approval, approval.c.restriction_id == restrictions.c.restriction_id)
        .where(restrictions.c.case_no == case_no)
        .order_by(restrictions.c.number),
    ).mappings()
    return [
        RestrictionEntry(
            **{name: value for name, value in row.items() if name != "number"},
            state="approved" if row["approver"] else "proposed",
        )
        for row in rows
    ]


def entry_of_case(work: UnitOfWork, tables: DecisionTables, case_no: str, restriction_id: UUID) -> RestrictionEntry:
    """Return one restriction on a case.

    Raises:
        Problem: not-found.
    """
    for entry in entries_of_case(work, tables, case_no):
        if entry.restriction_id == restriction_id:
            return entry
    raise Problem("not-found", field="restriction_id")


def shielded_at_the_desk(tables: DecisionTables) -> ColumnElement[bool]:
    """Whether a case is of an application that was marked shielded, and no restriction of it has begun by ``today``.

    It is shielded from that moment on; once two people have restricted it, what they approved holds. The day is a
    parameter of the statement.
    """
    restrictions, approval, shields = tables.restrictions, tables.restriction_approvals, tables.case_shields
    approved = (
        select(restrictions.c.case_no)
        .join(approval, approval.c.restriction_id == restrictions.c.restriction_id)
        .where(
            restrictions.c.case_no == tables.cases.c.case_no,
            restrictions.c.kind == SHIELDED,
            restrictions.c.valid_from <= bindparam("today"),
        )
    )
    shielded = select(shields.c.case_no).where(shields.c.case_no == tables.cases.c.case_no)
    return and_(shielded.exists(), ~approved.exists())


def shield_case(work: UnitOfWork, tables: DecisionTables, case_no: str) -> None:
    """Shield a case at once, since its application says so; once is enough."""
    row = {"case_no": case_no, "shielded_by": work.actor, "shielded_at": work.clock.now()}
    work.connection.execute(insert(tables.case_shields).values(row).on_conflict_do_nothing())


def barred_to(work: UnitOfWork, tables: DecisionTables, actors: Collection[str]) -> set[str]:
    """Return the cases that are barred today to one of the persons: their own or a relative's (親族等)."""
    staff = [actor.removeprefix("person:") for actor in actors]
    rows = work.connection.execute(_approved_on(tables), {"staff": staff})
    return {held.case_no for held in holding((Restriction(*row) for row in rows), work.clock.today())}


@cache
def _approved_on(tables: DecisionTables) -> Select[Any]:
    """Approved restrictions against members of staff."""
    restrictions, approval = tables.restrictions, tables.restriction_approvals
    return (
        select(*(restrictions.c[name] for name in COLUMNS))
        .join(approval, approval.c.restriction_id == restrictions.c.restriction_id)
        .where(restrictions.c.staff == any_(bindparam("staff", type_=ARRAY(Text))))
    )


def barred_drafts(
    work: UnitOfWork, tables: DecisionTables, collective_id: UUID, actors: Collection[str]
) -> Sequence[Any]:
    """Return the determinations of an act, case and yen, that are barred today to one of the persons."""
    drafts, cases = tables.determinations.c, barred_to(work, tables, actors)
    if not cases:
        return []
    mine = (drafts.collective_id == collective_id) & drafts.case_no.in_(cases)
    return work.connection.execute(select(drafts.case_no, drafts.yen).where(mine)).all()
