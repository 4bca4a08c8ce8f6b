"""Determinations in the database: written by COPY, read back as drafts, and the newest decided of each case."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import ColumnElement, Select, select

from shared.decisions.adapters.acts import is_over
from shared.decisions.adapters.circumstances import FIRST_CASE, LAST_CASE
from shared.decisions.adapters.population import in_force
from shared.decisions.adapters.tables import DecisionTables
from shared.decisions.domain.determination import Cover, Covered, Draft, Line, covered
from shared.decisions.domain.outcome import Decided, Proposed
from shared.money_and_time.months import Month
from shared.service_kit.unit_of_work import UnitOfWork

_HEAD = (
    "determination_id",
    "collective_id",
    "case_no",
    "month",
    "standards",
    "kinds",
    "covers",
    "warnings",
    "yen",
    "sha256",
    "replaces",
    "proposer",
    "drafted_at",
)
_LINE = ("determination_id", "line_no", "kind", "member", "yen", "basis", "inputs", "trust")


@dataclass(frozen=True, slots=True)
class Stored:
    """A determination as its rows stand in the database; ``sha256`` is the hash that was stored with it.

    ``act`` is the number of its collective: of two determinations the one of the higher number is the newer. Where the
    act ``is_over``, nobody approves it any more.
    """

    determination_id: UUID
    collective_id: UUID
    draft: Draft
    sha256: str
    replaces: UUID | None
    proposer: str
    drafted_at: datetime
    act: int
    is_over: bool


def write_determinations(
    work: UnitOfWork,
    tables: DecisionTables,
    collective_id: UUID,
    proposer: str,
    proposed: Sequence[Proposed],
) -> None:
    """Write determinations with their lines. An id depends on collective and case alone: none is written twice."""
    now = work.clock.now()
    heads, lines = [], []
    for proposal in proposed:
        draft = proposal.draft
        key = uuid5(collective_id, f"{draft.case_no}/{draft.month}")
        heads.append(_head(key, collective_id, proposal, proposer, now))
        lines += [
            (key, number, line.kind, line.member, line.yen, line.basis, line.inputs, line.trust)
            for number, line in enumerate(draft.lines)
        ]
    work.copy(tables.determinations, heads, _HEAD)
    work.copy(tables.determination_lines, lines, _LINE)


def _head(key: UUID, collective_id: UUID, proposal: Proposed, proposer: str, now: datetime) -> tuple[object, ...]:
    draft = proposal.draft
    return (
        key,
        collective_id,
        draft.case_no,
        draft.month,
        draft.standards,
        dict(draft.kinds),
        [cover.as_fact() for cover in draft.covers],
        list(draft.warnings),
        draft.yen,
        proposal.sha256,
        proposal.replaces,
        proposer,
        now,
    )


def newest_decided(
    work: UnitOfWork,
    tables: DecisionTables,
    month: Month,
    first_case: str = FIRST_CASE,
    last_case: str = LAST_CASE,
) -> dict[str, Decided]:
    """Case number → the determination that holds for ``month``: approved, and replaced by none that is."""
    held = in_force(tables, month).where(tables.determinations.c.case_no.between(first_case, last_case))
    return {
        row.case_no: Decided(row.determination_id, row.sha256, row.kinds, row.yen, row.standards)
        for row in work.connection.execute(held)
    }


def stored_of_collective(
    work: UnitOfWork,
    tables: DecisionTables,
    collective_id: UUID,
    first_case: str = FIRST_CASE,
    last_case: str = LAST_CASE,
) -> list[Stored]:
    """Return the determinations of a collective in a range of cases, by case number."""
    determinations = tables.determinations.c
    return stored(
        work,
        tables,
        (determinations.collective_id == collective_id) & determinations.case_no.between(first_case, last_case),
    )


def stored(work: UnitOfWork, tables: DecisionTables, where: ColumnElement[bool]) -> list[Stored]:
    """Determinations with their lines, read back from their rows, by case number and act."""
    drafts, line, act = tables.determinations, tables.determination_lines, tables.collectives
    heads = work.connection.execute(
        select(drafts, act.c.number.label("act"), is_over(tables).label("is_over"))
        .join(act, act.c.collective_id == drafts.c.collective_id)
        .where(where)
        .order_by(drafts.c.case_no, act.c.number),
    ).all()
    statement: Select[Any] = (
        select(line)
        .join(drafts, drafts.c.determination_id == line.c.determination_id)
        .where(where)
        .order_by(line.c.determination_id, line.c.line_no)
    )
    lines = {
        key: [Line(row.kind, row.member, row.yen, row.basis, row.inputs, row.trust) for row in rows]
        for key, rows in groupby(work.connection.execute(statement), key=lambda row: row.determination_id)
    }
    return [_stored(head, lines.get(head.determination_id, [])) for head in heads]


def _stored(head: Any, lines: Sequence[Line]) -> Stored:
    draft = Draft(
        case_no=head.case_no,
        month=head.month,
        standards=head.standards,
        kinds=head.kinds,
        lines=lines,
        covers=[Cover(cover["person_no"], cover["need"], cover["from"], cover["to"]) for cover in head.covers],
        warnings=head.warnings,
    )
    return Stored(
        head.determination_id,
        head.collective_id,
        draft,
        head.sha256,
        head.replaces,
        head.proposer,
        head.drafted_at,
        head.act,
        head.is_over,
    )


def covered_anew(stored_: Iterable[Stored]) -> list[Covered]:
    """What the collective hash takes of determinations, each content hashed anew from its rows."""
    return [
        covered(
            determination.draft.case_no,
            determination.draft.standards,
            determination.draft.sha256(),
            determination.replaces,
        )
        for determination in stored_
    ]
