"""Appoint the first administrators of an office (初期設定): an operator's command, since nobody can approve yet.

It opens again where fewer than two stand, since one alone approves nothing, and no single person brings that about:
an administrator cannot end the last one's assignment, and an operator can end nobody's. Each use sounds the alarm.
"""

from collections.abc import Sequence
from typing import Final
from uuid import uuid4

from services.case_management.adapters import assignments as register
from services.case_management.domain.assignments import Assignment, duty_of
from services.case_management.use_cases.approve_assignments import put_in_force
from services.case_management.use_cases.propose_assignments import rows_of
from shared.approvals.canonical import sha256_of
from shared.contracts.permissions import ADMINISTRATOR, DUTIES
from shared.service_kit.observability.logs import log
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork

COMMAND: Final = "command:first-administrators"
"""Who proposes, in the register and in the facts; the operator who calls it stands as approver."""


def appoint_first_administrators(work: UnitOfWork, persons: Sequence[str]) -> register.ProposalEntries:
    """Make persons administrators from today on; the unit of work acts as the operator.

    Raises:
        Problem: invalid-input where they are not two at least; own-assignment where the operator is one of them;
            wrong-state where the office has two administrators.
    """
    at, today = register.lock_register(work), work.clock.today()
    if len(set(persons)) < 2:
        raise Problem("invalid-input", field="persons", detail="管理者は2人以上必要です")
    ever = [entry.assignment for entry in register.approved(work) if entry.assignment.role == ADMINISTRATOR]
    if (
        len({assignment.person for assignment in ever if assignment.holds_on(today) or assignment.valid_from > today})
        > 1
    ):
        raise Problem("wrong-state", field="state", detail="管理者がすでにいます。台帳で起案してください")
    duty = duty_of(ADMINISTRATOR, DUTIES)
    items = [
        Assignment(uuid4(), person, str(duty), ADMINISTRATOR, (), (), None, today, None)
        for person in sorted(set(persons))
    ]
    proposed = register.Proposed(uuid4(), COMMAND, at, "first", sha256_of(rows_of("first", items)), work.correlation)
    register.write_proposal(work, proposed, items)
    put_in_force(work, proposed, items, work.actor, at)
    log().error("access.first_administrators", count=len(items), again=bool(ever), id=str(proposed.proposal_id))
    return register.proposal_entries(work, proposed.proposal_id)
