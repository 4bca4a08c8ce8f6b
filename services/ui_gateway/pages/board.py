"""The board of a month: what the two laws and payments have, and which of the five acts is next."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Literal

from services.ui_gateway.clients import deciding, payments
from services.ui_gateway.clients.deciding import DECIDING, Collective, OpenCollectives, Population
from services.ui_gateway.clients.parallel import Answers, Question, ask_all, of_each
from services.ui_gateway.clients.payments import OpenRuns, Run
from services.ui_gateway.routing.page_request import PageRequest
from shared.service_kit.problems import Problem

StepState = Literal["done", "ready", "running", "waiting", "nobody", "hidden", "unknown"]
"""nobody: households come on record first; hidden: not this person's to see; unknown: it cannot be known now."""
ACTS_IN_MOTION = frozenset({"drafting", "approving"})
RUNS_IN_MOTION = frozenset({"opened", "ordering", "accepted"})
"""States that a machine leaves by itself."""


@dataclass(frozen=True)
class Part:
    """What one deciding service has for the month; ``hidden`` where the person may not see it."""

    service: str
    collectives: Sequence[Collective] = ()
    problem: Problem | None = None
    hidden: bool = False
    counts: Population | None = None
    """Counts without names, for all who are shown the month; None while they say nothing or cannot be had."""
    left: int = 0
    """Cases of a decided month without a determination, as the list of open acts counts them."""

    @property
    def newest(self) -> Collective | None:
        """The newest collective determination that nobody took back."""
        return next((act for act in reversed(self.collectives) if act.state != "withdrawn"), None)

    @property
    def taken_back(self) -> Collective | None:
        """The newest of all, where it was taken back or returned and nobody has proposed another since."""
        last = self.collectives[-1] if self.collectives else None
        return last if last and last.state == "withdrawn" else None

    @property
    def undetermined(self) -> int:
        """Cases on assistance for which nothing is determined, as far as it is known."""
        return self.counts.undetermined if self.counts else self.left

    @property
    def state(self) -> str:
        """Its state; "none" where there is none, "hidden" where it may not, "unknown" where it cannot be seen now."""
        if self.hidden or self.problem:
            return "hidden" if self.hidden else "unknown"
        return self.newest.state if self.newest else "none"


@dataclass(frozen=True)
class Step:
    """One of the five acts of the month and whose it is."""

    number: int
    name: str
    permission: str
    state: StepState
    undetermined: int = 0
    """Households without a determination: what the act is to bring, or what it leaves unpaid."""


@dataclass(frozen=True)
class Board:
    """A month as this person may see it."""

    month: str
    parts: Sequence[Part]
    runs: Sequence[Run]
    runs_problem: Problem | None
    runs_hidden: bool

    @property
    def regular(self) -> Run | None:
        """The regular run (定例) that counts: the newest that was not withdrawn."""
        regular = [run for run in self.runs if run.run_kind == "regular" and run.state != "withdrawn"]
        return regular[-1] if regular else None

    @property
    def left(self) -> int:
        """Households that were left without a determination by acts that are decided; 0 while an act is open."""
        if not {part.state for part in self.parts} <= {"approved", "none", "hidden"}:
            return 0
        return sum(part.undetermined for part in self.parts if part.newest or _acted(part))

    @property
    def is_untouched(self) -> bool:
        """True where no law has an act, so that it is worth asking whether there is anybody to determine."""
        return all(part.state == "none" for part in self.parts)

    @property
    def has_nobody(self) -> bool:
        """True where it is known that nobody is on assistance or determined under either law."""
        counts = [part.counts for part in self.parts]
        return all(count is not None and not count.on_assistance and not count.determined for count in counts)

    def counted(self, answers: Answers) -> "Board":
        """The same month with its counts, as far as they were told."""
        counts = of_each(answers, self.month)
        return replace(self, parts=[replace(part, counts=_counts(counts.get(part.service))) for part in self.parts])

    @property
    def in_motion(self) -> bool:
        """True while something changes by itself."""
        acts, runs = {part.state for part in self.parts}, {run.state for run in self.runs}
        return bool(acts & ACTS_IN_MOTION or runs & RUNS_IN_MOTION)

    def steps(self) -> list[Step]:
        """The five acts in their order."""
        states = {part.state for part in self.parts}
        run = self.regular.state if self.regular else "none"
        unseen: StepState | None = "hidden" if self.runs_hidden else "unknown" if self.runs_problem else None
        opened, left = unseen or _opened(self.parts, states, run), self.left
        proposed: StepState = "nobody" if self.is_untouched and self.has_nobody else _proposed(states, left)
        return [
            Step(1, "一括決定の起案", "determination.propose", proposed, left),
            Step(2, "一括決定の決裁", "determination.approve", _approved(states, left)),
            Step(3, "支払の起票", "run.open", opened, left if opened == "ready" else 0),
            Step(4, "支払の決裁", "run.approve", unseen or _run_step(run, "proposed")),
            Step(5, "支出命令の確認", "disbursement.accept", unseen or _run_step(run, "approved")),
        ]


def read_board(request: PageRequest, month: str) -> Board:
    """Ask all services for one month at once; one that does not answer leaves its part empty and says so."""
    questions: dict[Question, Callable[[], Any]] = {}
    if request.may("determination.read"):
        questions |= {("acts", service): partial(_collectives, request, service, month) for service in DECIDING}
    elif request.may("run.open"):
        questions |= population_questions(request, month)
    if request.may("run.read"):
        questions["runs", "payments"] = partial(_runs, request, month)
    answers = ask_all(questions)
    board = _board(month, of_each(answers, "acts") or of_each(answers, month), answers.get(("runs", "payments")))
    decided = all(part.state == "approved" for part in board.parts)
    if not (request.may("determination.read") and (decided or board.is_untouched)):
        return board  # while an act waits or is carried out, counts say nothing yet
    return board.counted(ask_all(population_questions(request, month)))


def _counts(answer: Any) -> Population | None:
    return answer if isinstance(answer, Population) else None


def boards_of(months: Sequence[str], answers: Answers) -> list[Board]:
    """The boards of the newest months.

    Args:
        answers: "acts" of each deciding service and "runs" of payments since the oldest of the months, and the counts
            of a month under its name; what was not asked is hidden.
    """
    acts, runs = of_each(answers, "acts"), answers.get(("runs", "payments"))
    boards = [_board(month, acts or of_each(answers, month), runs) for month in months]
    return [board.counted(answers) for board in boards] if acts else boards


def population_questions(request: PageRequest, month: str) -> dict[Question, Callable[[], Any]]:
    """Counts of a month under its name, for those who open runs and may not see the determinations."""
    return {(month, service): partial(_population, request, service, month) for service in DECIDING}


def _board(month: str, parts: Mapping[str, Any], answer: OpenRuns | Sequence[Run] | Problem | None) -> Board:
    runs = answer.items if isinstance(answer, OpenRuns) else answer
    return Board(
        month,
        [_part(service, month, parts.get(service)) for service in DECIDING],
        runs=[] if runs is None or isinstance(runs, Problem) else [run for run in runs if run.month == month],
        runs_problem=runs if isinstance(runs, Problem) else None,
        runs_hidden=runs is None,
    )


def _acted(part: Part) -> bool:
    return bool(part.counts and part.counts.acts_approved)


def _part(service: str, month: str, answer: OpenCollectives | list[Collective] | Population | Problem | None) -> Part:
    if isinstance(answer, Problem):
        return Part(service, problem=answer)
    if isinstance(answer, OpenCollectives):
        mine = [act for act in answer.items if act.month == month]
        return Part(service, mine, left=answer.undetermined.get(month, 0))
    if isinstance(answer, list):
        return Part(service, [act for act in answer if act.month == month])
    return Part(service, hidden=True, counts=answer)


def _collectives(request: PageRequest, service: str, month: str) -> list[Collective]:
    return deciding.collectives(request.client(service), month)


def _population(request: PageRequest, service: str, month: str) -> Population:
    return deciding.population(request.gateway.client_for_sums(service), month)


def _runs(request: PageRequest, month: str) -> list[Run]:
    return payments.runs(request.client("payments"), month)


def _unseen(states: set[str]) -> StepState | None:
    return "hidden" if "hidden" in states else "unknown" if "unknown" in states else None


def _proposed(states: set[str], left: int) -> StepState:
    if unseen := _unseen(states):
        return unseen
    return "ready" if states & {"none", "failed"} or left else "running" if "drafting" in states else "done"


def _approved(states: set[str], left: int) -> StepState:
    if unseen := _unseen(states):
        return unseen
    if "proposed" in states:
        return "ready"
    if "approving" in states:
        return "running"
    return "done" if states == {"approved"} and not left else "waiting"


def _opened(parts: Sequence[Part], states: set[str], run: str) -> StepState:
    if run != "none":
        return "running" if run in ("opened", "ordering") else "done"
    counted = [part.counts for part in parts if part.hidden and part.counts]
    if len(counted) == len(parts):
        return "ready" if _pays_somebody(counted) else "waiting"
    if counted and "unknown" in states:
        return "unknown"
    if unseen := _unseen(states):
        return unseen
    return "ready" if states == {"approved"} else "waiting"


def _pays_somebody(counted: Sequence[Population]) -> bool:
    """Whether a regular run of the month would be opened, and has anybody to pay."""
    decided = any(counts.acts_approved for counts in counted) and all(counts.is_decided for counts in counted)
    return decided and (
        any(counts.determined for counts in counted) or not any(counts.on_assistance for counts in counted)
    )


def _run_step(run: str, ready: str) -> StepState:
    order = ["none", "opened", "ordering", "proposed", "approved", "accepted", "files_made"]
    if run == ready:
        return "ready"
    return "done" if order.index(run) > order.index(ready) else "waiting"
