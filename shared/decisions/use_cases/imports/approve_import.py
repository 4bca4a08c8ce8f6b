"""Approving an import (取込の決裁): another person confirms it by its hash, and the worker loads it."""

from uuid import UUID

from sqlalchemy import func, insert, select

from shared.approvals.by_hash import approve_by_hash
from shared.approvals.two_people import Approval, Proposal
from shared.contracts.facts.imports import ImportConfirmed
from shared.decisions.adapters.import_state import LOAD, Import, get_import
from shared.decisions.adapters.on_record import OnRecord, waiting_on_record
from shared.decisions.adapters.tables import DecisionTables
from shared.decisions.use_cases.imports.load_correction import refuse_what_moved
from shared.service_kit.csv_files import MOST_FAULTS
from shared.service_kit.database.locks import declare
from shared.service_kit.jobs import chunks
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork

_IMPORTS = declare("decisions.imports")


def lock_import(work: UnitOfWork, import_id: UUID) -> None:
    """One person at a time approves an import, or takes it back."""
    _IMPORTS.each(str(import_id)).hold(work.connection)


def approve_import(work: UnitOfWork, tables: DecisionTables, import_id: UUID, named_sha256: str) -> Import:
    """Approve the rows that ``named_sha256`` covers; the worker hashes them anew and loads them, all or none.

    What can be known at once is refused at once. The worker checks again, and returns what came in between.

    Raises, beside what `refuse_what_moved` raises for a correction:
        Problem: not-found; wrong-state where it does not wait for an approval, or a household or person is on record;
            same-person; content-moved where the hash is not that of the proposal.
    """
    lock_import(work, import_id)
    proposed = get_import(work, tables, import_id)
    if proposed.state != "proposed":
        raise Problem("wrong-state", field="state", detail="決裁を待っている取込だけを決裁できます")
    approval = approve_by_hash(
        work, Proposal(proposed.proposer, proposed.sha256), named_sha256, lambda: proposed.sha256
    )
    _refuse_what_is_unfit(work, tables, import_id)
    _confirm(work, tables, proposed, approval)
    chunks.plan_once(work, LOAD, str(import_id))
    work.wake("load_imports")
    return get_import(work, tables, import_id)


def _refuse_what_is_unfit(work: UnitOfWork, tables: DecisionTables, import_id: UUID) -> None:
    imports = tables.imports.c
    known_number = work.connection.scalar(select(imports.known_number).where(imports.import_id == import_id))
    if known_number is not None:
        refuse_what_moved(work, tables, import_id, known_number, work.actor)
        return
    known = waiting_on_record(work, tables, import_id)
    if known.cases or known.persons:
        raise _already_known(known.visible(work, tables))


def _already_known(seen: OnRecord) -> Problem:
    """The refusal names what the approver may see."""
    problem = Problem(
        "wrong-state",
        field="case_no",
        detail="この取込の世帯か世帯員は、すでに登録されています。起案者に確認してください",
        extra={"on_record": seen.subjects[:MOST_FAULTS]},
    )
    counts = {"on_record": len(seen.cases) + len(seen.persons)}
    problem.entry = ("import.refused.v1", {"counts": counts, "subjects": seen.subjects[:MOST_FAULTS]})
    return problem


def _confirm(work: UnitOfWork, tables: DecisionTables, proposed: Import, approval: Approval) -> None:
    confirmations = tables.import_confirmations
    before = select(func.count()).select_from(confirmations).where(confirmations.c.import_id == proposed.import_id)
    work.connection.execute(
        insert(confirmations).values(
            import_id=proposed.import_id,
            attempt=(work.connection.scalar(before) or 0) + 1,
            confirmed_at=work.clock.now(),
            sha256=approval.sha256,
            **approval.people,
        ),
    )
    event = ImportConfirmed(import_id=proposed.import_id, rows=proposed.rows, sha256=approval.sha256, **approval.people)
    work.fact(event, subject=f"import:{proposed.import_id}")
