"""The board of the monthly job: both laws, the run, and the acts by which a month is paid."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any
from uuid import UUID, uuid5

from services.ui_gateway.clients import deciding, payments
from services.ui_gateway.clients.deciding import DECIDING, Collective, Population
from services.ui_gateway.clients.identity import Approval
from services.ui_gateway.clients.parallel import ask_all
from services.ui_gateway.pages import labels
from services.ui_gateway.pages.board import Board, Part, population_questions, read_board
from services.ui_gateway.routing.page_request import PageRequest
from services.ui_gateway.routing.page_routing import Pages
from services.ui_gateway.routing.results import ActResult, PageResult
from shared.contracts.correlation import month_correlation
from shared.money_and_time import months
from shared.money_and_time.eras import format_era_month
from shared.service_kit.problems import Problem

pages = Pages()
REASONS = frozenset({"monthly", "standard_revision", "winter", "year_end"})
KINDS = frozenset({"regular", "extra"})
FIRST, LAST = "1950-05", "2099-12"
"""The months that have a page: from that in which 生活保護法 came into force."""
_EXTRA = UUID("d7f5f6cf-5c6e-5a7e-8d3c-2f3f0e7b1a55")


def of_month(request: PageRequest, month: str) -> str:
    """All regular acts of a month are one journey; an extra run has one of its own."""
    if request.sent.get("run_kind") == "extra":
        return str(uuid5(_EXTRA, request.key))
    return month_correlation(month)


@pages.get("/months/<month>", permission=None)
def show_month(request: PageRequest, month: str) -> PageResult:
    """The month: determinations, runs, and the acts that are open to this person."""
    board = read_board(request, _month(month))
    values = {
        "board": board,
        "steps": board.steps(),
        "reasons": labels.REASONS,
        "before": months.previous_month(month),
        "after": months.next_month(month),
    }
    return PageResult("month.html", values, _as_json(board))


@pages.act("/months/<month>/determinations", permission="determination.propose", correlation=of_month)
def propose_determinations(request: PageRequest, month: str) -> ActResult:
    """Determine the office for a month, both laws, as one act of one person; one law alone where the other stands."""
    reason, key = request.sent_field("reason", choices=REASONS), request.key
    parts = [Part(service, deciding.collectives(request.client(service), _month(month))) for service in DECIDING]
    _refuse_nobody(request, month)
    lacking = [part.service for part in parts if part.state in ("none", "failed")]
    done: dict[str, Collective] = {}
    for service in lacking or DECIDING:
        with _saying_what_is_done(done):
            done[service] = deciding.propose_collective(request.client(service), month, reason, key)
    message = "一括決定を起案しました。計算が終わると、世帯数と金額を表示します。"
    return ActResult(f"/months/{month}", message, _raw(done), 202)


def _refuse_nobody(request: PageRequest, month: str) -> None:
    """An act over an empty register would be approved, could not be taken back, and would determine nobody.

    One law may have nobody. What was determined of those who are on assistance no more is still brought to zero.

    Raises:
        Problem: wrong-state where neither law has anybody; unavailable where a service does not answer.
    """
    counts: list[Population] = []
    for answer in ask_all(population_questions(request, month)).values():
        if isinstance(answer, Problem):
            raise answer
        counts.append(answer)
    if not any(counts_of_law.on_assistance or counts_of_law.determined for counts_of_law in counts):
        detail = "この月に受給中の世帯がどちらの制度にもありません。世帯の取込の決裁を先に済ませてください"
        raise Problem("wrong-state", field="month", detail=detail)


def determinations_to_approve(request: PageRequest, month: str) -> Approval:
    """What the sent hashes name; nothing is confirmed unless every hash is that of a proposal."""
    acts = _named_by_hashes(request, month)
    sums = "、".join(_to_decide(service, act) for service, act in acts.items())
    said = f"{format_era_month(months.first_day(month))}分 一括決定の決裁({sums})"
    return Approval(sha256=[str(act.sha256) for act in acts.values()], words=said)


def _to_decide(service: str, act: Collective) -> str:
    """What this person's approval decides, and how much of the act another pair decides."""
    others = f"、ほかに別の組が決める {act.barred_cases:,}世帯" if act.barred_cases else ""
    return f"{labels.SERVICES[service]} {act.decided_cases:,}世帯 {act.decided_yen:,}円{others}"


@pages.act(
    "/months/<month>/determinations/approval",
    permission="determination.approve",
    correlation=of_month,
    confirms=determinations_to_approve,
)
def approve_determinations(request: PageRequest, month: str) -> ActResult:
    """Approve what the sent hashes name; nothing is approved unless every hash is that of a proposal."""
    key, acts = request.key, _named_by_hashes(request, month)
    done: dict[str, Collective] = {}
    for service, collective in acts.items():
        with _saying_what_is_done(done):
            done[service] = deciding.approve_collective(
                request.client(service), collective.collective_id, str(collective.sha256), key
            )
    sums = "、".join(f"{labels.SERVICES[service]} {act.cases:,}世帯 {act.yen:,}円" for service, act in done.items())
    return ActResult(f"/months/{month}", f"一括決定を決裁しました({sums})。", _raw(done), 202)


@pages.act("/months/<month>/determinations/withdrawal", permission="determination.withdraw", correlation=of_month)
def withdraw_determinations(request: PageRequest, month: str) -> ActResult:
    """Take back what was proposed, or return it to its proposer (差戻し); each law whose act is named."""
    reason, key = request.sent_field("reason", choices=frozenset(labels.WITHDRAWALS)), request.key
    done: dict[str, Collective] = {}
    for service, collective_id in _named_acts(request).items():
        with _saying_what_is_done(done):
            done[service] = deciding.withdraw_collective(request.client(service), collective_id, reason, key)
    names = "、".join(labels.SERVICES[service] for service in done)
    taken_back = labels.TAKEN_BACK[reason == "returned"]
    return ActResult(f"/months/{_month(month)}", f"一括決定の起案を{taken_back}({names})。", _raw(done))


@pages.act("/months/<month>/runs", permission="run.open", correlation=of_month)
def open_run(request: PageRequest, month: str) -> ActResult:
    """Open the month's regular run, or an extra one."""
    run_kind = request.sent.get("run_kind") or "regular"
    if run_kind not in KINDS:
        raise Problem("invalid-input", field="run_kind", detail="定例か随時を選んでください")
    run = payments.open_run(request.client("payments"), _month(month), run_kind, request.key)
    message = f"{labels.RUN_KINDS[run_kind]}支給を起票しました。締切までの決定を読み終えると、金額が確定します。"
    return ActResult(f"/runs/{run.run_id}", message, run.raw(), 201)


def _named_acts(request: PageRequest) -> dict[str, UUID]:
    named = {service: request.sent[f"{service}_id"] for service in DECIDING if request.sent.get(f"{service}_id")}
    try:
        acts = {service: UUID(text) for service, text in named.items()}
    except ValueError:
        raise Problem("invalid-input", field="collective_id", detail="画面を開き直してください") from None
    if not acts:
        raise Problem("invalid-input", field="collective_id", detail="取り下げる一括決定がありません")
    return acts


def _month(text: str) -> str:
    try:
        if not FIRST <= months.parse_month(text) <= LAST:
            raise ValueError("before the law, or after all plans")
        return text
    except ValueError:
        raise Problem(
            "not-found", field="month", detail="月は 2026-12 の形で、1950-05 から 2099-12 までを指定してください"
        ) from None


def _named_by_hashes(request: PageRequest, month: str) -> dict[str, Collective]:
    """The collective determinations that the sent hashes name, by service."""
    named = {service: request.sent.get(f"{service}_sha256", "") for service in DECIDING}
    acts = {
        service: _named(deciding.collectives(request.client(service), _month(month)), sha256)
        for service, sha256 in named.items()
        if sha256
    }
    if not acts:
        raise Problem("invalid-input", field="sha256", detail="決裁する一括決定がありません")
    return acts


def _named(items: list[Collective], sha256: str) -> Collective:
    named = [act for act in items if act.sha256 == sha256]
    if not named:
        raise Problem("determinations-moved", field="sha256", detail="画面を開き直して、もう一度確認してください")
    return named[-1]


@contextmanager
def _saying_what_is_done(done: dict[str, Collective]) -> Iterator[None]:
    """A failure between two services says what is done already; the same key does the rest."""
    try:
        yield
    except Problem as error:
        if not done:
            raise
        names = "、".join(labels.SERVICES[service] for service in done)
        detail = f"{names}は済みました。もう一度同じ操作をすると、残りだけを行います。{error.detail}"
        extra = {**error.extra, "done": sorted(done)}
        raise Problem(
            error.name, status=error.status, title=error.title, detail=detail, field=error.field, extra=extra
        ) from None


def _raw(done: dict[str, Collective]) -> dict[str, Any]:
    return {service: act.raw() for service, act in done.items()}


def _as_json(board: Board) -> dict[str, Any]:
    return {
        "month": board.month,
        "determinations": {
            part.service: {
                "state": part.state,
                "items": [act.raw() for act in part.collectives],
                **({"problem": part.problem.body()} if part.problem else {}),
            }
            for part in board.parts
        },
        "runs": [run.raw() for run in board.runs],
        **({"runs_problem": board.runs_problem.body()} if board.runs_problem else {}),
        "steps": [asdict(step) for step in board.steps()],
    }
