"""Loading an approved import (取込の反映) by the worker: in one transaction, so that nobody ever sees half of it."""

from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, and_, insert, literal, select

from shared.approvals.canonical import sha256_of
from shared.contracts.facts.imports import ImportApproved, ImportReturned
from shared.decisions.adapters.circumstances import lock_circumstances
from shared.decisions.adapters.on_record import CASE_FACT, waiting_on_record
from shared.decisions.adapters.tables import DecisionTables
from shared.decisions.imports.rows import CASE_FACTS, waiting_rows
from shared.decisions.use_cases.deciding import Deciding
from shared.decisions.use_cases.imports.load_correction import load_correction
from shared.service_kit.database.locks import declare
from shared.service_kit.jobs.chunks import Chunk
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork

_COLUMNS = ("case_no", "person_no", "fact", "valid_from", "valid_to", "data")
_LOADING = declare("decisions.loading")


def load_import(work: UnitOfWork, chunk: Chunk, deciding: Deciding) -> None:
    """Load what was confirmed by its hash, the rows hashed anew; what cannot be loaded waits for an approval again."""
    tables = deciding.tables
    confirmed = _confirmation(work, tables, UUID(chunk.job_id))
    if confirmed is None:
        return
    subject = f"import:{confirmed.import_id}"
    try:
        with work.connection.begin_nested():
            _load(work, deciding, confirmed)
    except Problem as problem:
        _return(work, tables, confirmed, problem)
        work.fact(ImportReturned(import_id=confirmed.import_id, reason=problem.name), subject=subject)
        return
    people = {"proposer": confirmed.proposer, "approver": confirmed.approver}
    event = ImportApproved(import_id=confirmed.import_id, rows=confirmed.rows, sha256=confirmed.sha256, **people)
    work.fact(event, subject=subject)


def _confirmation(work: UnitOfWork, tables: DecisionTables, import_id: UUID) -> Any:
    """The newest confirmation, with what it is of; None where it was carried out, returned or withdrawn."""
    imports, confirmation, returned = tables.imports, tables.import_confirmations, tables.import_returns
    ends = (
        select(table.c.import_id).where(table.c.import_id == confirmation.c.import_id).exists()
        for table in (tables.import_approvals, tables.import_withdrawals)
    )
    return work.connection.execute(
        select(confirmation, imports.c.rows, imports.c.known_number)
        .join(imports, imports.c.import_id == confirmation.c.import_id)
        .outerjoin(
            returned,
            and_(returned.c.import_id == confirmation.c.import_id, returned.c.attempt == confirmation.c.attempt),
        )
        .where(confirmation.c.import_id == import_id, returned.c.attempt.is_(None), *(~end for end in ends))
        .order_by(confirmation.c.attempt.desc())
        .limit(1),
    ).one_or_none()


def _load(work: UnitOfWork, deciding: Deciding, confirmed: Any) -> None:
    """Enter the rows in the order in which imports are loaded; the lock of what is known is held for the last part.

    Raises, beside what `load_correction` raises:
        Problem: content-moved where the rows are not those that the hash names; wrong-state where a household or
            person came on record since.
    """
    tables = deciding.tables
    rows = (row.cells for part in waiting_rows(work, tables, confirmed.import_id) for row in part)
    if sha256_of(rows) != confirmed.sha256:
        raise Problem("content-moved", field="sha256", detail="取込の内容が、決裁されたハッシュと合いません")
    _LOADING.hold(work.connection)
    deciding.members.enter(work, confirmed.import_id)
    lock_circumstances(work)
    work.connection.execute(
        insert(tables.import_approvals).values(
            import_id=confirmed.import_id,
            proposer=confirmed.proposer,
            approver=confirmed.approver,
            approved_at=confirmed.confirmed_at,
            sha256=confirmed.sha256,
        ),
    )
    if confirmed.known_number is None:
        _load_ward(work, tables, confirmed.import_id)
    else:
        load_correction(work, tables, confirmed.import_id, confirmed.known_number, confirmed.approver)


def _load_ward(work: UnitOfWork, tables: DecisionTables, import_id: UUID) -> None:
    waiting, cases, circumstances = tables.import_rows, tables.cases, tables.circumstances
    known = waiting_on_record(work, tables, import_id)
    if known.cases or known.persons:
        raise Problem("wrong-state", detail="この取込の世帯か世帯員は、決裁の間に登録されました")
    mine, at = waiting.c.import_id == import_id, literal(work.clock.now(), DateTime(timezone=True))
    work.connection.execute(
        insert(cases).from_select(
            ["case_no", "import_id", "recorded_at"],
            select(waiting.c.case_no, waiting.c.import_id, at).where(mine, waiting.c.fact == CASE_FACT),
        ),
    )
    work.connection.execute(
        insert(circumstances).from_select(
            [*_COLUMNS, "import_id", "recorded_at"],
            select(*(waiting.c[name] for name in _COLUMNS), waiting.c.import_id, at)
            .where(mine, waiting.c.fact.in_(CASE_FACTS))
            .order_by(waiting.c.row_no),
        ),
    )


def _return(work: UnitOfWork, tables: DecisionTables, confirmed: Any, problem: Problem) -> None:
    work.connection.execute(
        insert(tables.import_returns).values(
            import_id=confirmed.import_id,
            attempt=confirmed.attempt,
            returned_at=work.clock.now(),
            type=problem.name,
            detail=problem.detail,
        ),
    )
