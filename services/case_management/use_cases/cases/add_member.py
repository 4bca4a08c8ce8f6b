"""Add a member to a household (世帯員の追加): somebody of the register, or somebody who is entered with it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from services.case_management.adapters.deciding import deciding
from services.case_management.adapters.residents import Names
from services.case_management.use_cases.residents.enter_resident import enter_resident
from shared.contracts.codes import ResidentReason
from shared.decisions.adapters.circumstances import require_case
from shared.decisions.adapters.opened_cases import refuse_withdrawn
from shared.decisions.domain.circumstances import Circumstance, uncorrected
from shared.decisions.imports.cells import read_cells
from shared.decisions.use_cases.cases.read_circumstances import all_of_case
from shared.decisions.use_cases.cases.record_circumstance import Entered, record_circumstance, refuse_if_changed
from shared.money_and_time.eras import format_era
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class NewResident:
    """Somebody who is not on the register yet: what they are called, and why they are entered."""

    names: Names
    reason: ResidentReason


@dataclass(frozen=True, slots=True)
class Added:
    """The member, and the number of the circumstance that says so."""

    person_no: str
    number: int


def add_member(work: UnitOfWork, case_no: str, entered: Entered, new: NewResident | None) -> Added:
    """Record that a person is a member from a day on; who is `new` is entered into the register in the same act.

    What cannot be recorded is refused before the register is asked: nobody learns from a refusal who is on it.

    Raises:
        Problem: not-found; invalid-input where neither a number nor a name is there, or a cell cannot be read;
            changed-meanwhile; wrong-state where the application of the case was taken back, the number is somebody's
            already, or the person is a member already, of this household or another one.
    """
    require_case(work, deciding.tables, case_no)
    read_cells(entered.fact, entered.cells)
    refuse_withdrawn(work, deciding.tables, case_no)
    known = all_of_case(work, deciding.tables, case_no)
    refuse_if_changed(known, entered.seen)
    _refuse_who_is_one_already(known, entered)
    if new is not None:
        person_no = enter_resident(work, new.names, new.reason, person_no=entered.person_no)
        entered = replace(entered, person_no=person_no)
    if entered.person_no is None:
        raise Problem("invalid-input", field="person_no", detail="宛名番号か、氏名とフリガナを入力してください")
    return Added(entered.person_no, record_circumstance(work, deciding, case_no, entered))


def _refuse_who_is_one_already(known: Sequence[Circumstance], entered: Entered) -> None:
    """Another fact of who is a member would take the place of what is known of them, without a word."""
    own = [fact for fact in uncorrected(known) if (fact.person_no, fact.fact) == (entered.person_no, entered.fact)]
    if any((fact.valid_to or date.max) >= (entered.valid_from or date.min) for fact in own):
        first = min(fact.valid_from or date.min for fact in own)
        since = "開始のとき" if first == date.min else format_era(first)
        detail = (
            f"{since}からこの世帯の世帯員です。変わったことは「世帯員の変更」、誤りは「訂正する」で記録してください"
        )
        raise Problem("wrong-state", field="person_no", detail=detail)
