"""The first page: who am I, what waits for me, how far the months are, and what stands still."""

from dataclasses import asdict
from typing import Any

from services.ui_gateway.pages.board import read_boards
from services.ui_gateway.pages.door import Pages
from services.ui_gateway.pages.emergencies import read_emergencies
from services.ui_gateway.pages.open_work import read_open_work
from services.ui_gateway.pages.operations import read_standing
from services.ui_gateway.pages.replies import Shown
from services.ui_gateway.pages.visit import Visit
from shared.money_and_time.months import month_of, next_month, previous_month

pages = Pages()


@pages.get("/")
def show_home(visit: Visit) -> Shown:
    """What waits for this person, whatever the month, and the months around the business date."""
    this = month_of(visit.clock.today())
    boards = read_boards(visit, [next_month(this), this, previous_month(this)])
    work = read_open_work(visit, boards)
    emergencies, standing = read_emergencies(visit), read_standing(visit)
    seen = any(step.state != "hidden" for board in boards for step in board.steps())
    values = {
        "boards": boards if seen else [],
        "work": work,
        "today": visit.clock.today(),
        "emergencies": emergencies,
        "standing": standing,
    }
    body: dict[str, Any] = {
        "who": visit.session.identity.subject,
        "months": [{"month": one.month, "steps": [asdict(step) for step in one.steps()]} for one in boards],
        "next": [asdict(task) for task in work.tasks],
        "away": work.away,
    }
    if emergencies:
        told = [{"room": room, **one.raw()} for room, one in emergencies.items]
        body["emergencies"] = {"items": told, "away": emergencies.away}
    if standing:
        body["standing"] = {"count": standing.count, "away": sorted(standing.away)}
    return Shown("home.html", values, body)
