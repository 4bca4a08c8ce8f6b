"""The answer of one household on one page (世帯): as of a month, its history, and what was determined."""

from uuid import UUID

from shared.contracts.codes import DeterminationState
from shared.decisions.api.circumstance_schemas import CircumstanceView
from shared.decisions.api.schemas import Answer, CaseView, DeterminationView


class DeterminedMonthView(Answer):
    """A determination of a case without its lines; yen of the month."""

    determination_id: UUID
    state: DeterminationState
    month: str
    yen: int
    replaced_by: UUID | None


class OverviewView(Answer):
    """A case as of a month, as known on a day; every fact of it; its determinations, newest first.

    ``in_force`` is what holds for the month by all that is known now, with its lines.
    """

    case: CaseView
    history: list[CircumstanceView]
    determinations: list[DeterminedMonthView]
    in_force: DeterminationView | None
