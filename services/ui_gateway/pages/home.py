"""The first page: who am I, which months, what is mine to do next."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from services.ui_gateway.pages.board import Board, Step, read_board
from services.ui_gateway.pages.door import Pages
from services.ui_gateway.pages.emergencies import read_emergencies
from services.ui_gateway.pages.replies import Shown
from services.ui_gateway.pages.visit import Visit
from shared.money_and_time.months import month_of, next_month, previous_month

pages = Pages()


@pages.get("/")
def show_home(visit: Visit) -> Shown:
    """The months around the business date, and the person's next act in them."""
    this = month_of(visit.clock.today())
    boards = [read_board(visit, month) for month in (next_month(this), this, previous_month(this))]
    mine = list(_mine(visit, boards[:2]))
    emergencies = read_emergencies(visit)
    values = {"boards": boards, "mine": mine, "today": visit.clock.today(), "emergencies": emergencies}
    body: dict[str, Any] = {
        "who": visit.session.identity.subject,
        "months": [{"month": one.month, "steps": [asdict(step) for step in one.steps()]} for one in boards],
        "next": [{"month": board.month, **asdict(step)} for board, step in mine],
    }
    if emergencies:
        told = [{"room": room, **one.raw()} for room, one in emergencies.items]
        body["emergencies"] = {"items": told, "away": emergencies.away}
    return Shown("home.html", values, body)


def _mine(visit: Visit, boards: list[Board]) -> Iterator[tuple[Board, Step]]:
    """Acts that are ready for this person; those of a month nobody has begun count for the next month alone."""
    for board in boards:
        for step in board.steps():
            begun = board is boards[0] or board.runs or any(part.newest for part in board.parts)
            if step.state == "ready" and begun and visit.may(step.permission):
                yield board, step
