"""End a membership (世帯員の転出・死亡・世帯分離): no fact of the person holds after their last day."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from shared.contracts.codes import CircumstanceReason
from shared.decisions.adapters.circumstances import lock_circumstances, require_case
from shared.decisions.adapters.on_record import PERSON_FACT
from shared.decisions.adapters.opened_cases import refuse_withdrawn
from shared.decisions.domain.circumstances import Circumstance
from shared.decisions.use_cases.cases.read_circumstances import all_of_case
from shared.decisions.use_cases.cases.record_circumstance import refuse_if_changed, write_circumstance
from shared.decisions.use_cases.deciding import Deciding
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Leaving:
    """Who leaves, their last day as a member, and why; `seen` is the newest circumstance that the writer saw."""

    person_no: str
    last_day: date
    reason: CircumstanceReason
    seen: int


def end_membership(work: UnitOfWork, deciding: Deciding, case_no: str, leaving: Leaving) -> list[int]:
    """Correct every fact of the person that would hold on, and return the numbers of the corrections.

    Raises:
        Problem: not-found; changed-meanwhile; wrong-state where the application of the case was taken back, a fact
            begins after the last day, or nobody would stay in a household on assistance.
    """
    is_on_assistance = require_case(work, deciding.tables, case_no)
    lock_circumstances(work)
    refuse_withdrawn(work, deciding.tables, case_no)
    known = all_of_case(work, deciding.tables, case_no)
    refuse_if_changed(known, leaving.seen)
    if is_on_assistance and not _stays(known, leaving):
        raise Problem("wrong-state", field="person_no", detail="最後の世帯員です。保護の廃止は決定で行います")
    ended = [_ended(circumstance, leaving, work) for circumstance in _holding_on(known, leaving)]
    return [write_circumstance(work, deciding, circumstance, leaving.reason) for circumstance in ended]


def _holding_on(known: Sequence[Circumstance], leaving: Leaving) -> list[Circumstance]:
    corrected = {circumstance.corrects for circumstance in known}
    own = [fact for fact in known if fact.person_no == leaving.person_no and fact.number not in corrected]
    held = [fact for fact in own if fact.valid_to is None or fact.valid_to > leaving.last_day]
    if not held:
        raise Problem("not-found", field="person_no", detail="この日より後も世帯員である人ではありません")
    if any(fact.valid_from and fact.valid_from > leaving.last_day for fact in held):
        detail = "この日より後に始まる記録があります。先にその記録を訂正してください"
        raise Problem("wrong-state", field="last_day", detail=detail)
    return held


def _stays(known: Sequence[Circumstance], leaving: Leaving) -> bool:
    """Whether somebody else is a member after that day."""
    corrected = {circumstance.corrects for circumstance in known}
    others = [fact for fact in known if fact.fact == PERSON_FACT and fact.person_no != leaving.person_no]
    return any(
        fact.number not in corrected and (fact.valid_to is None or fact.valid_to > leaving.last_day) for fact in others
    )


def _ended(circumstance: Circumstance, leaving: Leaving, work: UnitOfWork) -> Circumstance:
    return replace(
        circumstance,
        number=circumstance.number + leaving.seen,
        valid_to=leaving.last_day,
        recorded_at=work.clock.now(),
        corrects=circumstance.number,
    )
