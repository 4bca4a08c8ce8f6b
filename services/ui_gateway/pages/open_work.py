"""What waits for this person (次の仕事): whatever is open, of any month, the oldest first."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from services.ui_gateway.clients import deciding, payments
from services.ui_gateway.clients.deciding import DECIDING, Collective, OpenCollectives
from services.ui_gateway.clients.imports import Import, imports
from services.ui_gateway.clients.merging.merges import WaitingMerges, waiting_merges
from services.ui_gateway.clients.parallel import Answers, Question, of_each, parted
from services.ui_gateway.clients.payments import OpenRuns, Run
from services.ui_gateway.pages.board import Board
from services.ui_gateway.pages.imports import APPROVALS, IMPORTS
from services.ui_gateway.routing.page_request import PageRequest
from shared.service_kit.problems import Problem

WRONG = frozenset({"altered", "missing"})
"""How a bank file stands that nobody may take to the bank before it is issued again."""


@dataclass(frozen=True, order=True)
class Task:
    """One act that waits for this person, and the page where it is done."""

    month: str
    """Empty where it belongs to none."""
    number: int
    """Which of the five acts of a month; 0 comes before them, 6 after."""
    name: str
    to: str


@dataclass(frozen=True)
class OpenWork:
    """Tasks, oldest month first; ``away`` are the services that could not say whether there is more."""

    tasks: Sequence[Task]
    away: Sequence[str]


def work_questions(request: PageRequest, since: str) -> dict[Question, Callable[[], Any]]:
    """What to ask the services for this person's duty: what is open of any month, and all of the months since one."""
    questions: dict[Question, Callable[[], Any]] = {}
    if request.may("determination.read"):
        questions |= {("acts", service): partial(_acts, request, service, since) for service in DECIDING}
    if request.may("run.read"):
        questions["runs", "payments"] = partial(_runs, request, since)
    if request.may("merge.approve"):
        questions["merges", "case_management"] = partial(_merges, request)
    asked = {service for service, permission in APPROVALS.items() if request.may(permission)}
    if request.may("account.propose"):
        asked.add("payments")
    return questions | {("imports", service): partial(_imports, request, service) for service in asked}


def open_work_of(request: PageRequest, upcoming: Board, answers: Answers) -> OpenWork:
    """What of the answers is this person's to do.

    Args:
        upcoming: the next month, which nobody has begun, so that no service lists it.
    """
    runs = answers.get(("runs", "payments"))
    tasks = {
        *_importing(request, of_each(answers, "imports")),
        *_merging(request, answers.get(("merges", "case_management"))),
        *_determining(request, upcoming, [act for act in _known(answers, "acts") for act in _newest(act.items)]),
        *_determining_the_rest(request, _known(answers, "acts")),
        *_paying(request, runs if isinstance(runs, OpenRuns) else OpenRuns(items=[], unpaid_months=[])),
    }
    return OpenWork(sorted(tasks), sorted(_away(request, answers)))


def _away(request: PageRequest, answers: Answers) -> set[str]:
    """The services that do not answer and that this person's work depends on."""
    needs = {
        "acts": request.may("determination.propose") or request.may("determination.approve"),
        "runs": request.may("run.open") or request.may("run.approve") or request.may("disbursement.accept"),
        "imports": True,
        "merges": True,
    }
    return {service for (what, service), answer in answers.items() if isinstance(answer, Problem) and needs.get(what)}


def _known(answers: Answers, what: str) -> list[Any]:
    known, _ = parted(of_each(answers, what))
    return list(known.values())


def _newest(acts: Sequence[Collective]) -> Iterable[Collective]:
    """Of one service's acts the newest of each month that nobody took back."""
    return {act.month: act for act in acts if act.state != "withdrawn"}.values()


def _imports(request: PageRequest, service: str) -> list[Import]:
    return imports(request.client(service))


def _importing(request: PageRequest, answers: Mapping[str, list[Import] | Problem]) -> Iterator[Task]:
    handed_in, _ = parted(answers)
    waiting = [item for service, items in handed_in.items() if request.may(APPROVALS[service]) for item in items]
    if any(item.state == "proposed" and item.proposer != request.actor for item in waiting):
        yield Task("", 0, "取込の決裁", IMPORTS)
    left_out = (item for item in handed_in.get("payments", []) if item.state == "approved" and item.left_out)
    if request.may("account.propose") and any(left_out):
        yield Task("", 0, "残りの口座の起案", IMPORTS)


def _merges(request: PageRequest) -> WaitingMerges:
    return waiting_merges(request.client("case_management"), "casework")


def _merging(request: PageRequest, waiting: WaitingMerges | Problem | None) -> Iterator[Task]:
    """名寄せ that somebody else proposed."""
    proposed = waiting.merges if isinstance(waiting, WaitingMerges) else []
    if any(merge.proposer != request.actor for merge in proposed):
        yield Task("", 0, "名寄せの決裁", "/merges")


def _acts(request: PageRequest, service: str, since: str) -> OpenCollectives:
    return deciding.open_collectives(request.client(service), since)


def _runs(request: PageRequest, since: str) -> OpenRuns:
    return payments.open_runs(request.client("payments"), since)


def _determining(request: PageRequest, upcoming: Board, acts: Sequence[Collective]) -> Iterator[Task]:
    if request.may("determination.propose"):
        if upcoming.steps()[0].state == "ready" and not upcoming.left:
            yield _of_month(upcoming.month, 1, "一括決定の起案")
        yield from (_of_month(act.month, 1, "一括決定の起案") for act in acts if act.state == "failed")
    if request.may("determination.approve"):
        waiting = (act for act in acts if act.state == "proposed" and act.proposer != request.actor)
        yield from (_of_month(act.month, 2, "一括決定の決裁") for act in waiting)


def _determining_the_rest(request: PageRequest, answers: Sequence[OpenCollectives]) -> Iterator[Task]:
    """Households that an approved act left undetermined, but for those that are barred to this person."""
    if not request.may("determination.propose"):
        return
    open_ = {act.month for answer in answers for act in _newest(answer.items) if act.state != "approved"}
    left = Counter[str]()
    for answer in answers:
        left.update(answer.undetermined)
    for month in left.keys() - open_:
        yield _of_month(month, 1, f"未決定の世帯 {left[month]:,}: 一括決定の起案")


def _paying(request: PageRequest, runs: OpenRuns) -> Iterator[Task]:
    if request.may("run.open"):
        yield from (_of_month(month, 3, "支払の起票") for month in runs.unpaid_months)
    for run in runs.items:
        if run.state == "proposed" and request.may("run.approve") and request.actor != run.proposer:
            yield _of_run(run, 4, "支払の決裁")
        if run.state == "approved" and request.may("disbursement.accept") and request.actor not in _deciders(run):
            yield _of_run(run, 5, "支出命令の確認")
        wrong = any(file.standing in WRONG for file in run.files)
        if request.may("file.reissue") and wrong:
            yield _of_run(run, 6, "振込ファイルの再発行")
        elif request.may("file.receive") and any(file.written and not file.received_by for file in run.files):
            yield _of_run(run, 6, "振込ファイルの受領")


def _deciders(run: Run) -> tuple[str | None, ...]:
    return run.proposer, run.approver


def _of_month(month: str, number: int, name: str) -> Task:
    return Task(month, number, name, f"/months/{month}")


def _of_run(run: Run, number: int, name: str) -> Task:
    return Task(run.month, number, name, f"/runs/{run.run_id}")
