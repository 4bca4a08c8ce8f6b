"""A run's row: what waits to be done with it, and the one place where its state is written."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select, update

from services.payments.adapters.tables import runs
from services.payments.domain.run import TRANSITIONS
from shared.contracts.codes import RunState
from shared.service_kit.jobs.pending import is_pending
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class WaitingRun:
    """A run with work of ours to be done, and the act behind it."""

    run_id: UUID
    correlation: str
    traceparent: str


def waiting_runs(work: UnitOfWork, job: str, which: ColumnElement[bool]) -> list[WaitingRun]:
    """The runs that a condition names, oldest first, without those whose ``job`` is under way or parked."""
    columns = runs.c
    waiting = select(columns.run_id, columns.correlation, columns.traceparent)
    waiting = waiting.where(which, ~is_pending(job, columns.run_id))
    return [WaitingRun(*row) for row in work.connection.execute(waiting.order_by(columns.opened_at))]


def locked_run(work: UnitOfWork, run_id: UUID, *states: RunState) -> Any:
    """The run's row, locked; its state has to be one of ``states``.

    Raises:
        Problem: not-found; wrong-state where the run stands elsewhere.
    """
    row = work.connection.execute(
        select(runs).where(runs.c.run_id == run_id).with_for_update(),
    ).one_or_none()
    if row is None:
        raise Problem("not-found", field="run_id", detail="この支給処理はありません")
    if row.state not in states:
        raise _wrong_state()
    return row


def move_run(work: UnitOfWork, run_id: UUID, to: RunState, **values: Any) -> None:
    """Bring a run into a state that may follow its own, with what is noted of the step.

    Raises:
        Problem: wrong-state where the run stands elsewhere.
    """
    before = [state for state, after in TRANSITIONS.items() if to in after]
    here = update(runs).where(runs.c.run_id == run_id, runs.c.state.in_(before))
    if not work.connection.execute(here.values(state=to, **values).returning(runs.c.run_id)).all():
        raise _wrong_state()


def _wrong_state() -> Problem:
    return Problem("wrong-state", field="state", detail="支給処理の状態が変わっています。画面を開き直してください")
