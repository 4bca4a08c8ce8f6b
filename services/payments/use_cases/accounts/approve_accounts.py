"""Approve accounts: another person, by the hash; they count from here on."""

from collections.abc import Collection, Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import select, text, update

from services.payments.adapters.accounts.banks import not_there
from services.payments.adapters.accounts.import_list import locked_import
from services.payments.adapters.accounts.restrictions import barred_to
from services.payments.adapters.deciding_services.positions import Positions, refuse_unread
from services.payments.adapters.runs.run_rows import move_run
from services.payments.adapters.sealed import ACCOUNTS, SENDERS
from services.payments.adapters.tables import account_imports, accounts, runs, senders
from shared.approvals.by_hash import OPEN_AGAIN, approve_by_hash
from shared.approvals.canonical import sha256_of
from shared.approvals.two_people import Proposal
from shared.contracts.facts.imports import ImportApproved
from shared.service_kit.database.locks import declare
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork

_MOST_NAMED = 10
_IDS = ("account_id", "import_id")
_LOCK = declare("payments.accounts")
_NEXT = text("SELECT coalesce(max(version), 0) + 1 FROM account_imports")
_INSTRUCT = text("""
INSERT INTO payment_instructions (case_no, programme, kind, version, days, account_id)
SELECT case_no, programme, '*', :version, daterange(NULL, NULL), account_id
FROM accounts WHERE import_id = :import_id AND case_no <> ALL (:barred) ORDER BY case_no, programme
""")
_BRANCHES = text("""
SELECT bank_code, branch_code, count(*) AS accounts FROM (
  SELECT bank_code, branch_code FROM accounts WHERE import_id = :import_id AND method = 'bank'
  UNION ALL SELECT bank_code, branch_code FROM senders WHERE import_id = :import_id
) used GROUP BY bank_code, branch_code
""")
_DECIDED_SINCE = text("""
SELECT count(*) FROM accounts a WHERE a.import_id = :import_id AND a.case_no <> ALL (:barred)
  AND (EXISTS (SELECT FROM payment_instructions p
               WHERE p.case_no = a.case_no AND p.programme = a.programme AND p.version > :known)
       OR EXISTS (SELECT FROM import_left_out l JOIN accounts b USING (account_id)
                  JOIN account_imports m ON m.import_id = l.import_id
                  WHERE l.case_no = a.case_no AND b.programme = a.programme AND m.version > :known))
""")
_LEAVE_OUT = text("""
INSERT INTO import_left_out (account_id, import_id, case_no)
SELECT account_id, import_id, case_no FROM accounts WHERE import_id = :import_id AND case_no = ANY (:barred)
RETURNING account_id
""")


def approve_accounts(work: UnitOfWork, import_id: UUID, sha256: str, positions: Positions) -> None:
    """Make the accounts of an import the payees of all kinds of their cases; proposed runs are proposed again.

    The rows are opened and hashed anew: what was altered since the proposal is approved by nobody. Accounts of cases
    that are barred today to one of the two people (除斥) stay out as a remainder; the answer is the same as if there
    were none, and it is for people who may know of them to see and to propose.

    Args:
        positions: how far the deciding services had published just now: who is barred has to be known as far.

    Raises:
        Problem: unavailable where that is not read yet; not-found, wrong-state, same-person, content-moved;
            content-moved also where an account of the same case was decided since these were handed in, wrong-state
            where a bank or branch closed since.
    """
    refuse_unread(work, positions)
    _LOCK.hold(work.connection)
    row = locked_import(work, import_id)
    proposal = Proposal(row.proposer, row.sha256)
    approval = approve_by_hash(work, proposal, sha256, lambda: sha256_of(_rows(work, import_id)), again=OPEN_AGAIN)
    _refuse_decided_since(work, row)
    _refuse_closed(work, import_id)
    version = work.connection.execute(_NEXT).scalar_one()
    work.connection.execute(
        update(account_imports)
        .where(account_imports.c.import_id == import_id)
        .values(state="approved", approver=approval.approver, version=version, approved_at=work.clock.now()),
    )
    left_out = _instruct(work, import_id, version, approval.people.values())
    _propose_runs_again(work)
    counts = {"rows": row.rows - left_out, "left_out": left_out}
    work.fact(
        ImportApproved(import_id=import_id, sha256=sha256, **counts, **approval.people), subject=f"import:{import_id}"
    )


def _refuse_decided_since(work: UnitOfWork, row: Any) -> None:
    """What was decided since, or left to another pair, is newer; what is barred to one of the two stays out anyhow."""
    barred = sorted(barred_to(work, {row.proposer, work.actor}))
    asked = {"import_id": row.import_id, "known": row.known_version, "barred": barred}
    if decided := work.connection.execute(_DECIDED_SINCE, asked).scalar_one():
        detail = (
            f"この取込を起案した後に、{decided:,}件の口座が決裁されています。"
            "この取込を取り下げ、新しい内容でもう一度渡してください"
        )
        raise Problem("content-moved", field="import_id", detail=detail)


def _refuse_closed(work: UnitOfWork, import_id: UUID) -> None:
    used = {
        (row.bank_code, row.branch_code): row.accounts
        for row in work.connection.execute(_BRANCHES, {"import_id": import_id})
    }
    if closed := not_there(used, work.clock.today()):
        codes = "、".join("-".join(branch) for branch in closed[:_MOST_NAMED])
        detail = (
            f"渡された後に廃止された銀行・支店の口座が{sum(used[branch] for branch in closed):,}件あります({codes})。"
            "直したファイルを渡してください"
        )
        raise Problem("wrong-state", field="branch_code", detail=detail)


def _instruct(work: UnitOfWork, import_id: UUID, version: int, people: Collection[str]) -> int:
    """Make the accounts count, less those that are barred to one of the people; returns how many these are."""
    barred = {"import_id": import_id, "barred": sorted(barred_to(work, people))}
    work.connection.execute(_INSTRUCT, {**barred, "version": version})
    return len(work.connection.execute(_LEAVE_OUT, barred).all())


def _rows(work: UnitOfWork, import_id: UUID) -> Iterator[dict[str, Any]]:
    """The accounts and senders as they stand now: they are only ever added, and need no lock."""
    ordered = (accounts, ACCOUNTS, accounts.c.case_no), (senders, SENDERS, senders.c.programme)
    for table, sealed, order in ordered:
        rows = select(table).where(table.c.import_id == import_id).order_by(order, table.c.programme)
        for part in work.connection.execute(rows.execution_options(yield_per=5000)).mappings().partitions():
            for row in work.unseal(sealed, part):
                yield {str(name): value for name, value in row.items() if name not in _IDS}


def _propose_runs_again(work: UnitOfWork) -> None:
    """Send proposed runs back: their payees may have moved, and the hash on them could be approved by nobody.

    Runs whose orders are being made are locked too: one that is proposed at this moment has read the old accounts.
    """
    open_runs = (
        select(runs.c.run_id, runs.c.state)
        .where(runs.c.state.in_(("ordering", "proposed")))
        .order_by(runs.c.opened_at.desc(), runs.c.run_id)
        .with_for_update()
    )
    proposed = [row.run_id for row in work.connection.execute(open_runs).all() if row.state == "proposed"]
    for run_id in proposed:
        move_run(work, run_id, "ordering", sha256=None, proposed_at=None)
