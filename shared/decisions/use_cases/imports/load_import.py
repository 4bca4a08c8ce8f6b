"""Loading an approved import (取込の反映) by the worker: in one transaction, so that nobody ever sees half of it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, and_, insert, literal, select

from shared.approvals.canonical import sha256_of
from shared.contracts.facts.imports import ImportApproved, ImportReturned
from shared.decisions.adapters.circumstances import lock_circumstances
from shared.decisions.adapters.on_record import CASE_FACT, waiting_on_record
from shared.decisions.adapters.tables import DecisionTables
from shared.decisions.imports.rows import CASE_FACTS, waiting_rows
from shared.decisions.use_cases.imports.load_correction import load_correction
from shared.service_kit.database.locks import declare
from shared.service_kit.jobs.chunks import Chunk
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork

Enter = Callable[[UnitOfWork, UUID], None]
"""What a room enters of an import beside cases and circumstances."""
_COLUMNS = ("case_no", "person_no", "fact", "valid_from", "valid_to", "data")
_LOADING = declare("decisions.loading")


def load_import(work: UnitOfWork, chunk: Chunk, tables: DecisionTables, enter: Enter) -> None:
    """Load what was confirmed by its hash, the rows hashed anew; what cannot be loaded waits for an approval again."""
    said = _confirmation(work, tables, UUID(chunk.job_id))
    if said is None:
        return
    subject = f"import:{said.import_id}"
    try:
        with work.session.begin_nested():
            _load(work, tables, said, enter)
    except Problem as problem:
        _return(work, tables, said, problem)
        work.fact(ImportReturned(import_id=said.import_id, reason=problem.name), subject=subject)
        return
    people = {"proposer": said.proposer, "approver": said.approver}
    told = ImportApproved(import_id=said.import_id, rows=said.rows, sha256=said.sha256, **people)
    work.fact(told, subject=subject)


def _confirmation(work: UnitOfWork, tables: DecisionTables, import_id: UUID) -> Any:
    """The newest confirmation, with what it is of; None where it was carried out, returned or withdrawn."""
    one, said, back = tables.imports, tables.import_confirmations, tables.import_returns
    done, gone = tables.import_approvals, tables.import_withdrawals
    over = (select(table.c.import_id).where(table.c.import_id == said.c.import_id).exists() for table in (done, gone))
    return work.session.execute(
        select(said, one.c.rows, one.c.known_number)
        .join(one, one.c.import_id == said.c.import_id)
        .outerjoin(back, and_(back.c.import_id == said.c.import_id, back.c.attempt == said.c.attempt))
        .where(said.c.import_id == import_id, back.c.attempt.is_(None), *(~one for one in over))
        .order_by(said.c.attempt.desc())
        .limit(1),
    ).one_or_none()


def _load(work: UnitOfWork, tables: DecisionTables, said: Any, enter: Enter) -> None:
    """Enter the rows in the order in which imports are loaded; the lock of what is known is held for the last part.

    Raises, beside what `load_correction` raises:
        Problem: content-moved where the rows are not those that the hash names; wrong-state where a household or
            person came on record since.
    """
    rows = (row.cells for part in waiting_rows(work, tables, said.import_id) for row in part)
    if sha256_of(rows) != said.sha256:
        raise Problem("content-moved", field="sha256", detail="取込の内容が、決裁されたハッシュと合いません")
    _LOADING.hold(work.session)
    enter(work, said.import_id)
    lock_circumstances(work)
    work.session.execute(
        insert(tables.import_approvals).values(
            import_id=said.import_id,
            proposer=said.proposer,
            approver=said.approver,
            approved_at=said.confirmed_at,
            sha256=said.sha256,
        ),
    )
    if said.known_number is None:
        _load_ward(work, tables, said.import_id)
    else:
        load_correction(work, tables, said.import_id, said.known_number, said.approver)


def _load_ward(work: UnitOfWork, tables: DecisionTables, import_id: UUID) -> None:
    waiting, cases, circumstances = tables.import_rows, tables.cases, tables.circumstances
    known = waiting_on_record(work, tables, import_id)
    if known.cases or known.persons:
        raise Problem("wrong-state", detail="この取込の世帯か世帯員は、決裁の間に登録されました")
    mine, at = waiting.c.import_id == import_id, literal(work.clock.now(), DateTime(timezone=True))
    work.session.execute(
        insert(cases).from_select(
            ["case_no", "import_id", "recorded_at"],
            select(waiting.c.case_no, waiting.c.import_id, at).where(mine, waiting.c.fact == CASE_FACT),
        ),
    )
    work.session.execute(
        insert(circumstances).from_select(
            [*_COLUMNS, "import_id", "recorded_at"],
            select(*(waiting.c[name] for name in _COLUMNS), waiting.c.import_id, at)
            .where(mine, waiting.c.fact.in_(CASE_FACTS))
            .order_by(waiting.c.row_no),
        ),
    )


def _return(work: UnitOfWork, tables: DecisionTables, said: Any, problem: Problem) -> None:
    work.session.execute(
        insert(tables.import_returns).values(
            import_id=said.import_id,
            attempt=said.attempt,
            returned_at=work.clock.now(),
            type=problem.name,
            detail=problem.detail,
        ),
    )
