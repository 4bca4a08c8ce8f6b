"""Drafting a collective determination: chunk by chunk, then one proposal whose hash covers them all."""

from collections.abc import Callable, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import insert, select

from shared.contracts.facts import CollectiveProposed, DeterminationsProposed
from shared.decisions.adapters.circumstances import circumstances_known, known_through
from shared.decisions.adapters.determinations import Decided, Proposed, newest_decided, write_determinations
from shared.decisions.adapters.tables import DecisionTables
from shared.decisions.domain.circumstances import Record, records
from shared.decisions.domain.determination import Draft, Refused, collective_sha256, covered
from shared.money_and_time.months import Month
from shared.service_kit.chunks import Chunk
from shared.service_kit.work import UnitOfWork

Assess = Callable[[Sequence[Record], Month], Sequence[Draft | Refused]]
"""The law of a service: records of cases → a draft or a refusal of each, in yen of the month."""

CHUNK: Final = 500
"""Cases a chunk."""
DETERMINE: Final = "determine"
"""The kit's job of drafting; its id is the collective's."""


def draft_chunk(work: UnitOfWork, chunk: Chunk, tables: DecisionTables, assess: Assess) -> None:
    """Draft and propose the cases of one chunk where the outcome differs from what already holds for the month."""
    collective = _collective(work, tables, UUID(chunk.job_id))
    first_case, last_case = chunk.payload["from"], chunk.payload["to"]
    month = collective.month
    through = known_through(tables, collective.known_number)
    known = circumstances_known(work, tables, month, through, first_case, last_case)
    assessed = assess(records(known, month), month)
    decided = newest_decided(work, tables, month, first_case, last_case)
    drafts = (one for one in assessed if isinstance(one, Draft))
    proposed = [found for one in drafts if (found := _changed(one, decided.get(one.case_no)))]
    write_determinations(work, tables, collective.collective_id, collective.proposer, proposed)
    _write_refusals(work, tables, collective.collective_id, [one for one in assessed if isinstance(one, Refused)])
    _close_chunk(work, tables, collective.collective_id, chunk.seq, proposed)


def _collective(work: UnitOfWork, tables: DecisionTables, collective_id: UUID) -> Any:
    table = tables.collectives
    return work.session.execute(select(table).where(table.c.collective_id == collective_id)).one()


def _changed(draft: Draft, holds: Decided | None) -> Proposed | None:
    sha256 = draft.sha256()
    if holds is None:
        return Proposed(draft, sha256, None)
    if holds.sha256 == sha256:
        return None
    return Proposed(draft.naming(holds.kinds), sha256, holds.determination_id)


def _write_refusals(work: UnitOfWork, tables: DecisionTables, collective_id: UUID, refused: Sequence[Refused]) -> None:
    columns = ("collective_id", "case_no", "type", "field", "detail")
    rows = [(collective_id, one.case_no, one.type, one.field, one.detail) for one in refused]
    work.copy(tables.collective_refusals, rows, columns)


def _close_chunk(
    work: UnitOfWork, tables: DecisionTables, collective_id: UUID, seq: int, proposed: Sequence[Proposed]
) -> None:
    """One row and one fact a chunk: count, yen, SHA-256 of its rows."""
    count, yen = len(proposed), sum(one.draft.yen for one in proposed)
    sha256 = collective_sha256([one.covered() for one in proposed])
    work.session.execute(
        insert(tables.collective_chunks).values(
            collective_id=collective_id, seq=seq, count=count, yen=yen, sha256=sha256
        ),
    )
    work.fact(
        DeterminationsProposed(collective_id=collective_id, chunk=seq, count=count, yen=yen, sha256=sha256),
        subject=f"collective:{collective_id}",
    )


def finish_drafting(work: UnitOfWork, tables: DecisionTables, collective_id: UUID) -> None:
    """Propose the whole, once: count, yen and the hash that the approval has to name."""
    one = tables.determinations
    rows = work.session.execute(
        select(one.c.case_no, one.c.standards, one.c.sha256, one.c.replaces, one.c.yen).where(
            one.c.collective_id == collective_id
        ),
    ).all()
    sha256 = collective_sha256([covered(row.case_no, row.standards, row.sha256, row.replaces) for row in rows])
    count, yen = len(rows), sum(row.yen for row in rows)
    work.session.execute(
        insert(tables.collective_proposals).values(
            collective_id=collective_id, count=count, yen=yen, sha256=sha256, proposed_at=work.clock.now()
        ),
    )
    month = _collective(work, tables, collective_id).month
    work.fact(
        CollectiveProposed(collective_id=collective_id, month=month, count=count, yen=yen, sha256=sha256),
        subject=f"collective:{collective_id}",
    )
