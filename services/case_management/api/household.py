"""One household on one page (世帯): what deciding knows of it, its newest notes, and what is to be done."""

from typing import Final

from services.case_management.adapters.deciding import deciding
from services.case_management.api.casework_schemas import NotesView, TasksView
from services.case_management.api.investigations.consents import ConsentView
from services.case_management.use_cases.casework.read_notes import notes_of_case
from services.case_management.use_cases.casework.read_tasks import tasks_to_do
from services.case_management.use_cases.investigations.consents import consents_of_case
from shared.decisions.adapters.scope import case_record
from shared.decisions.api.overview_schemas import OverviewView
from shared.decisions.api.schemas import LookQuery
from shared.decisions.use_cases.cases.read_overview import read_overview as read
from shared.service_kit.http.routing import Routes
from shared.service_kit.unit_of_work import UnitOfWork

routes = Routes("cases")
MOST: Final = 10
"""Notes, and tasks, that stand on a household's page; all of them are operations of their own."""


class HouseholdView(OverviewView):
    """What is known and decided, the newest notes, and the first of what is to be done.

    ``notes``, ``tasks`` and ``consents`` are there where the question is of now: they have no month.
    """

    notes: NotesView | None = None
    tasks: TasksView | None = None
    consents: list[ConsentView] | None = None


@routes.get("/cases/<case_no>/overview", permission="case.read", query=LookQuery, of=case_record(deciding.tables))
def read_overview(work: UnitOfWork, case_no: str, query: LookQuery) -> HouseholdView:
    """A case as of a month, every fact of it, what was determined, the newest notes, and what is to be done.

    Who may read a case may read all of this, in the same scope; one look says that it was shown.
    """
    if query.month or query.known_on:
        overview = read(work, deciding, case_no, query.purpose, query.month, query.known_on)
        return HouseholdView.model_validate(overview)
    overview = read(work, deciding, case_no, query.purpose, what="household")
    household = HouseholdView.model_validate(overview)
    household.notes = NotesView.of(case_no, notes_of_case(work, case_no, unsigned=False, newest=MOST))
    household.tasks = TasksView.of(*tasks_to_do(work, case_no, MOST))
    household.consents = [ConsentView.model_validate(consent) for consent in consents_of_case(work, case_no)]
    return household
