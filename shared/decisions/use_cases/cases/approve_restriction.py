"""Approve a restriction on a case, or its lifting (閲覧制限の決裁), by its hash: it holds on its days."""

from uuid import UUID

from sqlalchemy import insert

from shared.approvals.by_hash import approve_by_hash
from shared.approvals.canonical import sha256_of
from shared.approvals.tables import approval_values
from shared.approvals.two_people import Proposal
from shared.contracts.facts.decisions import RestrictionApproved
from shared.decisions.adapters.restrictions import RestrictionEntry, entry_of_case
from shared.decisions.adapters.tables import DecisionTables
from shared.service_kit.database.locks import declare
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork

_LOCK = declare("decisions.restrictions")


def approve_restriction(
    work: UnitOfWork, tables: DecisionTables, case_no: str, restriction_id: UUID, named_sha256: str
) -> RestrictionEntry:
    """Put a restriction, or its lifting, in force; hashed anew from its row.

    Raises:
        Problem: not-found; wrong-state where it is approved; same-person; content-moved.
    """
    _LOCK.hold(work.connection)
    entry = entry_of_case(work, tables, case_no, restriction_id)
    if entry.state != "proposed":
        raise Problem("wrong-state", field="state", detail="この制限は決裁が済んでいます")
    restriction, proposal = entry.restriction, Proposal(entry.proposer, entry.sha256)
    approval = approve_by_hash(work, proposal, named_sha256, lambda: sha256_of([restriction.canonical_row()]))
    values = approval_values(approval, work.clock.now())
    work.connection.execute(insert(tables.restriction_approvals).values(restriction_id=restriction_id, **values))
    event = RestrictionApproved(
        restriction_id=restriction_id,
        kind=entry.kind,
        staff=entry.staff,
        lifts=entry.lifts,
        **{"from": entry.valid_from, "to": entry.valid_to},
        **approval.people,
    )
    work.fact(event, subject=f"case:{case_no}")
    return entry_of_case(work, tables, case_no, restriction_id)
