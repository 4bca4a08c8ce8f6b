"""A collective determination as it is shown: how far it is, what it comes to, and whom it cannot determine."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from shared.contracts.codes import ActState
from shared.decisions.adapters.acts import APPROVE, DETERMINE, MISSING, is_over
from shared.decisions.adapters.on_record import READ
from shared.decisions.adapters.population import undetermined_cases
from shared.decisions.adapters.restrictions import barred_drafts, barred_to
from shared.decisions.adapters.scope import may_see_cases
from shared.decisions.adapters.tables import DecisionTables
from shared.decisions.adapters.tallies import cut_out, tallies
from shared.decisions.domain.outlier import outlies
from shared.money_and_time.months import Month
from shared.service_kit.jobs import chunks
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork

OPEN: Final = frozenset({"drafting", "proposed", "approving", "failed"})
_SHOWN: Final = (
    "collective_id",
    "month",
    "reason",
    "opened_at",
    "sha256",
    "proposer",
    "approver",
    "correlation",
)
_COUNTED: Final = (
    "cases",
    "yen",
    "on_assistance",
    "ended",
    "unchanged",
    "left_out",
    "month_cases",
    "month_yen",
    "last_month_cases",
    "last_month_yen",
)
_PERSON_NO: Final = re.compile(r"(?<![0-9])[0-9]{10}(?![0-9])")
"""A person number in the field or the words of a refusal."""


@dataclass(frozen=True, slots=True)
class RefusedCase:
    """A case that the rules cannot determine: which field, never its value."""

    case_no: str
    type: str
    field: str
    detail: str


@dataclass(frozen=True, slots=True)
class Collective:
    """A collective determination and how far it is; sums are of its month, in yen, None where nothing was counted.

    ``undetermined`` counts the cases that the rules cannot determine; ``refused`` are those of them that the caller may
    see. ``barred_cases`` and ``barred_yen`` of a proposed act are barred today to its proposer or the caller.
    """

    collective_id: UUID
    month: str
    reason: str
    state: ActState
    opened_at: datetime
    cases: int
    yen: int
    sha256: str | None
    proposer: str
    approver: str | None
    correlation: str
    undetermined: int
    refused: list[RefusedCase]
    on_assistance: int | None
    ended: int | None
    unchanged: int | None
    left_out: int | None
    month_cases: int | None
    month_yen: int | None
    last_month_cases: int | None
    last_month_yen: int | None
    outlier: bool
    barred_cases: int = 0
    barred_yen: int = 0


@dataclass(frozen=True, slots=True)
class Collectives:
    """Acts, and of each month whose acts are over the cases on assistance that have no determination."""

    items: list[Collective]
    undetermined: dict[str, int] = field(default_factory=dict)


def get_collective(work: UnitOfWork, tables: DecisionTables, collective_id: UUID) -> Collective:
    """Return one collective determination.

    Raises:
        Problem: not-found.
    """
    acts = _acts(work, tables, tables.collectives.c.collective_id == collective_id)
    if not acts:
        raise Problem("not-found", field="collective_id")
    return acts[0]


def list_collectives(
    work: UnitOfWork, tables: DecisionTables, month: Month | None = None, since: Month | None = None
) -> Collectives:
    """Return the acts of a month, oldest first; without a month those of any month that are open.

    Args:
        since: a month; beside what is open, all acts of it and of later months.
    """
    act_month = tables.collectives.c.month
    if month is not None:
        return Collectives(_acts(work, tables, act_month == month))
    if since is None:
        return Collectives(_acts(work, tables, ~is_over(tables)))
    acts = _acts(work, tables, ~is_over(tables) | (act_month >= since))
    return Collectives(acts, _undetermined(work, tables, acts))


def _undetermined(work: UnitOfWork, tables: DecisionTables, acts: Sequence[Collective]) -> dict[str, int]:
    states = defaultdict[str, set[str]](set)
    for act in acts:
        states[act.month].add(act.state)
    done = [month for month, of_month in states.items() if "approved" in of_month and not of_month & OPEN]
    barred = barred_to(work, tables, {work.actor}) if done else set()
    counts = {month: len(undetermined_cases(work, tables, month) - barred) for month in done}
    return {month: count for month, count in counts.items() if count}


def _acts(work: UnitOfWork, tables: DecisionTables, where: ColumnElement[bool]) -> list[Collective]:
    rows = work.connection.execute(_select(tables).where(where).order_by(tables.collectives.c.number)).all()
    refused, undetermined = _refused(work, tables, [row.collective_id for row in rows])
    parked = {*chunks.jobs(work, DETERMINE, "parked"), *chunks.jobs(work, APPROVE, "parked")}
    acts = [
        _act(row, refused[row.collective_id], undetermined[row.collective_id], str(row.collective_id) in parked)
        for row in rows
    ]
    return [_as_decided_by(work, tables, act) if act.state == "proposed" else act for act in acts]


def _as_decided_by(work: UnitOfWork, tables: DecisionTables, act: Collective) -> Collective:
    """What of a proposed act is barred today to its proposer or to the caller."""
    barred = barred_drafts(work, tables, act.collective_id, {act.proposer, work.actor})
    return replace(act, barred_cases=len(barred), barred_yen=sum(row.yen for row in barred))


def _select(tables: DecisionTables) -> Any:
    """Each act with what its rows add up to, less what stayed out at its approval."""
    act, proposal, approval = tables.collectives, tables.collective_proposals, tables.collective_approvals
    done, gone = tables.collective_completions, tables.collective_withdrawals
    drafted, cut = tallies(tables), cut_out(tables)
    cut_count, cut_yen = func.coalesce(cut.c.count, 0), func.coalesce(cut.c.yen, 0)
    cases = func.coalesce(proposal.c.count, drafted.c.count, 0) - cut_count
    yen = func.coalesce(proposal.c.yen, drafted.c.yen, 0) - cut_yen
    statement = select(
        act,
        act.c.known_at.label("opened_at"),
        cases.label("cases"),
        yen.label("yen"),
        *(drafted.c[name] for name in ("on_assistance", "ended", "unchanged")),
        (drafted.c.left_out + cut_count).label("left_out"),
        (cases + drafted.c.unchanged - drafted.c.ended).label("month_cases"),
        (yen + drafted.c.unchanged_yen).label("month_yen"),
        proposal.c.last_month_cases,
        proposal.c.last_month_yen,
        proposal.c.sha256,
        approval.c.approver,
        done.c.completed_at,
        gone.c.reason.label("gone"),
    )
    for other in (drafted, cut, proposal, approval, done, gone):
        statement = statement.outerjoin(other, other.c.collective_id == act.c.collective_id)
    return statement


def _act(row: Any, refused: list[RefusedCase], undetermined: int, parked: bool) -> Collective:
    columns: dict[str, Any] = {name: row._mapping[name] for name in _SHOWN}
    counts: dict[str, Any] = {name: _whole(row._mapping[name]) for name in _COUNTED}
    state = _state(row, parked)
    return Collective(
        **columns, **counts, state=state, undetermined=undetermined, refused=refused, outlier=_outlies(row)
    )


def _whole(sum_: Any) -> int | None:
    """The database adds up numerics."""
    return None if sum_ is None else int(sum_)


def _outlies(row: Any) -> bool:
    """Nothing is said of sums that nobody has counted."""
    sums = row.month_yen, row.month_cases, row.last_month_yen, row.last_month_cases
    return None not in sums and outlies(*map(int, sums))


def _state(row: Any, parked: bool) -> ActState:
    if row.gone:
        return "failed" if row.gone == MISSING else "withdrawn"
    if row.completed_at:
        return "approved"
    if parked:
        return "failed"
    if row.approver:
        return "approving"
    return "proposed" if row.sha256 else "drafting"


def _refused(
    work: UnitOfWork, tables: DecisionTables, ids: Sequence[UUID]
) -> tuple[defaultdict[UUID, list[RefusedCase]], Counter[UUID]]:
    """The cases without a determination that the caller may see, and how many there are; the look is recorded."""
    table = tables.collective_refusals
    rows = work.connection.execute(select(table).where(table.c.collective_id.in_(ids)).order_by(table.c.case_no)).all()
    refused: defaultdict[UUID, list[RefusedCase]] = defaultdict(list)
    seen = may_see_cases(work, tables, READ, {row.case_no for row in rows})
    shown = [row for row in rows if row.case_no in seen]
    if shown:
        persons = {number for row in shown for number in _PERSON_NO.findall(f"{row.field} {row.detail}")}
        subjects = [f"case:{case_no}" for case_no in sorted(seen)]
        work.look("undetermined", subjects + [f"person:{number}" for number in sorted(persons)], "determination")
    for row in shown:
        refused[row.collective_id].append(RefusedCase(row.case_no, row.type, row.field, row.detail))
    return refused, Counter(row.collective_id for row in rows)
