"""Look at a case (閲覧): recorded with its purpose before the answer, with the names of the register."""

from services.case_management.adapters.law import PROGRAMME
from services.case_management.adapters.residents import residents_named
from services.case_management.adapters.tables import decisions
from shared.decisions.api.schemas import CaseView, LookQuery
from shared.decisions.use_cases.cases import read_case as looks
from shared.service_kit.unit_of_work import UnitOfWork


def look_at_case(work: UnitOfWork, case_no: str, query: LookQuery) -> CaseView:
    """A case as of a month, as known on a day, its members named.

    Raises:
        Problem: not-found; invalid-input.
    """
    view = looks.look_at_case(work, decisions, PROGRAMME, case_no, query)
    names = residents_named(work, [member.person_no for member in view.members])
    for member in view.members:
        resident = names[member.person_no]
        member.name, member.kana = resident.name, resident.kana
    return view
