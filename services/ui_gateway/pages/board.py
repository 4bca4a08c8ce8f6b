"""The board of a month: what the two laws and payments have, and which of the five acts is next."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

from services.ui_gateway.clients import rooms
from services.ui_gateway.clients.rooms import DECIDING, Collective, Run
from services.ui_gateway.pages.visit import Visit
from shared.service_kit.problems import Problem

Found = TypeVar("Found")
StepState = Literal["done", "ready", "running", "waiting", "unknown"]
IN_MOTION = frozenset({"drafting", "approving", "opened", "ordering", "accepted"})
"""States that a machine leaves by itself."""


@dataclass(frozen=True)
class Part:
    """What one deciding room has for the month; ``hidden`` where the person may not see it."""

    room: str
    collectives: Sequence[Collective] = ()
    problem: Problem | None = None
    hidden: bool = False

    @property
    def newest(self) -> Collective | None:
        """The newest collective determination."""
        return self.collectives[-1] if self.collectives else None

    @property
    def state(self) -> str:
        """Its state; "none" where there is none, "unknown" where it cannot be seen."""
        if self.hidden or self.problem:
            return "unknown"
        return self.newest.state if self.newest else "none"


@dataclass(frozen=True)
class Step:
    """One of the five acts of the month and whose it is."""

    number: int
    name: str
    permission: str
    state: StepState


@dataclass(frozen=True)
class Board:
    """A month as this person may see it."""

    month: str
    parts: Sequence[Part]
    runs: Sequence[Run]
    runs_problem: Problem | None
    runs_hidden: bool
    may_open: bool = False
    """True for those who open runs: what they cannot see of the determinations does not hold them up."""

    @property
    def regular(self) -> Run | None:
        """The regular run (定例) that counts: the newest that did not fail."""
        found = [run for run in self.runs if run.run_kind == "regular" and run.state != "failed"]
        return found[-1] if found else None

    @property
    def in_motion(self) -> bool:
        """True while something changes by itself."""
        states = {part.state for part in self.parts} | {run.state for run in self.runs}
        return bool(states & IN_MOTION)

    def steps(self) -> list[Step]:
        """The five acts in their order."""
        states = {part.state for part in self.parts}
        run = self.regular.state if self.regular else "none"
        known = not (self.runs_hidden or self.runs_problem)
        return [
            Step(1, "一括決定の起案", "determination.propose", _proposed(states)),
            Step(2, "一括決定の決裁", "determination.approve", _approved(states)),
            Step(3, "支払の起票", "run.open", _opened(states, run, self.may_open) if known else "unknown"),
            Step(4, "支払の決裁", "run.approve", _run_step(run, "proposed") if known else "unknown"),
            Step(5, "支出命令の確認", "disbursement.accept", _run_step(run, "approved") if known else "unknown"),
        ]


def read_board(visit: Visit, month: str) -> Board:
    """Ask the rooms; one that does not answer leaves its part empty and says so."""
    parts = [_part(visit, room, month) for room in DECIDING]
    if not visit.may("run.read"):
        return Board(month, parts, [], None, runs_hidden=True)
    runs, problem = _tried(lambda: rooms.runs(visit.room("payments"), month))
    return Board(month, parts, runs, problem, runs_hidden=False, may_open=visit.may("run.open"))


def _part(visit: Visit, room: str, month: str) -> Part:
    if not visit.may("determination.read"):
        return Part(room, hidden=True)
    found, problem = _tried(lambda: rooms.collectives(visit.room(room), month))
    return Part(room, found, problem)


def _tried(ask: Callable[[], list[Found]]) -> tuple[list[Found], Problem | None]:
    try:
        return ask(), None
    except Problem as problem:
        if problem.status != 503:
            raise
        return [], problem


def _proposed(states: set[str]) -> StepState:
    if "unknown" in states:
        return "unknown"
    return "ready" if states & {"none", "failed"} else "running" if "drafting" in states else "done"


def _approved(states: set[str]) -> StepState:
    if "unknown" in states:
        return "unknown"
    if "proposed" in states:
        return "ready"
    if "approving" in states:
        return "running"
    return "done" if states == {"approved"} else "waiting"


def _opened(states: set[str], run: str, may_open: bool) -> StepState:
    if run != "none":
        return "running" if run in ("opened", "ordering") else "done"
    if "unknown" in states and not may_open:
        return "unknown"
    return "ready" if states <= {"approved", "unknown"} else "waiting"


def _run_step(run: str, ready: str) -> StepState:
    order = ["none", "opened", "ordering", "proposed", "approved", "accepted", "files_made"]
    if run == ready:
        return "ready"
    return "done" if order.index(run) > order.index(ready) else "waiting"
