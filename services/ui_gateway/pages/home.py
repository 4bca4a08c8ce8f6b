"""The first page: who am I, what waits for me, how far the months are, and what stands still."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from services.ui_gateway.clients.deciding import DECIDING, Population
from services.ui_gateway.clients.parallel import Answers, ask_all
from services.ui_gateway.clients.payments import OpenRuns
from services.ui_gateway.pages.board import boards_of, population_questions
from services.ui_gateway.pages.casework.due import due_of, due_questions
from services.ui_gateway.pages.emergencies import emergencies_of, emergency_questions
from services.ui_gateway.pages.open_work import open_work_of, work_questions
from services.ui_gateway.pages.operations import standing_of, standing_questions, upkeep_in, upkeep_questions
from services.ui_gateway.routing.page_request import PageRequest
from services.ui_gateway.routing.page_routing import Pages
from services.ui_gateway.routing.results import PageResult
from shared.money_and_time.months import month_of, next_month, previous_month

pages = Pages()


@pages.get("/", permission=None)
def show_home(request: PageRequest) -> PageResult:
    """What waits for this person, whatever the month, and the months around the business date."""
    this = month_of(request.clock.today())
    months = [next_month(this), this, previous_month(this)]
    answers = _ask(request, months)
    boards = boards_of(months, answers)
    work = open_work_of(request, boards[0], answers)
    due = due_of(request, answers)
    emergencies, standing = emergencies_of(answers), standing_of(answers)
    seen = any(step.state != "hidden" for board in boards for step in board.steps())
    values = {
        "title": "月次の仕事" if seen or standing is None else "運用の仕事",
        "boards": boards if seen else [],
        "work": work,
        "due": due,
        "today": request.clock.today(),
        "emergencies": emergencies,
        "standing": standing,
        "upkeep": upkeep_in(answers),
    }
    body: dict[str, Any] = {
        "who": request.session.identity.subject,
        "months": [{"month": board.month, "steps": [asdict(step) for step in board.steps()]} for board in boards],
        "next": [asdict(task) for task in work.tasks],
        "away": work.away,
        "due": due.counts,
    }
    if emergencies:
        notices = [{"service": service, **notice.raw()} for service, notice in emergencies.items]
        body["emergencies"] = {"items": notices, "away": emergencies.away}
    if standing:
        body["standing"] = {"count": standing.count, "away": sorted(standing.away)}
    return PageResult("home.html", values, body)


def _ask(request: PageRequest, months: Sequence[str]) -> Answers:
    """Each service once a question, all side by side; counts of the months that wait for an opened run alone.

    Who is shown the determinations is told the counts of an office that has begun no month: whether it has anybody.
    """
    standing = {**standing_questions(request), **upkeep_questions(request)}
    answers = ask_all(
        {**work_questions(request, months[-1]), **due_questions(request), **emergency_questions(request), **standing}
    )
    runs = answers.get(("runs", "payments"))
    if request.may("determination.read"):
        untouched = all(board.is_untouched for board in boards_of(months, answers))
        return {**answers, **(_counts(request, months) if untouched else {})}
    if not request.may("run.open") or not isinstance(runs, OpenRuns):
        return answers
    no_counts = {(month, service): Population() for month in months for service in DECIDING}
    waiting = [month for month in months if month in runs.unpaid_months]
    return {**answers, **no_counts, **_counts(request, waiting)}


def _counts(request: PageRequest, months: Sequence[str]) -> Answers:
    return ask_all({key: ask for month in months for key, ask in population_questions(request, month).items()})
