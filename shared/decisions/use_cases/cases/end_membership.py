"""End a membership (世帯員の転出・死亡・世帯分離): no fact of the person holds after their last day."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from shared.contracts.codes import CircumstanceReason
from shared.decisions.adapters.circumstances import lock_circumstances, require_case
from shared.decisions.adapters.on_record import PERSON_FACT
from shared.decisions.adapters.opened_cases import refuse_withdrawn
from shared.decisions.domain.circumstances import Circumstance, lose_a_day, uncorrected
from shared.decisions.use_cases.cases.read_circumstances import all_of_case
from shared.decisions.use_cases.cases.record_circumstance import (
    NOBODY_LEFT,
    refuse_if_changed,
    refuse_member_elsewhere,
    write_circumstance,
)
from shared.decisions.use_cases.deciding import Deciding
from shared.money_and_time.eras import format_era
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Leaving:
    """Who leaves, their last day as a member, and why; `seen` is the newest circumstance that the writer saw.

    With `corrects`, the number of the fact by which they ceased to be a member, it puts another day in its place.
    """

    person_no: str
    last_day: date
    reason: CircumstanceReason
    seen: int
    corrects: int | None = None


def end_membership(work: UnitOfWork, deciding: Deciding, case_no: str, leaving: Leaving) -> list[int]:
    """Correct every fact of the person that would hold on, and return the numbers of the corrections.

    A last day that was wrong is put right in the same way: what the act ended holds until the right day, but nothing
    longer than it would have without the act.

    Raises:
        Problem: not-found; changed-meanwhile; wrong-state where the application of the case was taken back, a fact
            begins after the last day, a household on assistance would be without members on a day on which it has
            one, or the person was in another household, or in this one again, by then.
    """
    is_on_assistance = require_case(work, deciding.tables, case_no)
    lock_circumstances(work)
    refuse_withdrawn(work, deciding.tables, case_no)
    known = all_of_case(work, deciding.tables, case_no)
    refuse_if_changed(known, leaving.seen)
    ends = _ends(known, leaving)
    if is_on_assistance and _empties(known, ends):
        raise Problem("wrong-state", field="person_no", detail=NOBODY_LEFT)
    if leaving.corrects is not None:
        since = min(leaving.last_day, *(fact.valid_to for fact, _ in ends if fact.valid_to))
        refuse_member_elsewhere(work, deciding, case_no, leaving.person_no, (since, leaving.last_day))
    now = work.clock.now()
    ended = [
        replace(fact, number=fact.number + leaving.seen, valid_to=last, recorded_at=now, corrects=fact.number)
        for fact, last in ends
    ]
    return [write_circumstance(work, deciding, circumstance, leaving.reason) for circumstance in ended]


def _ends(known: Sequence[Circumstance], leaving: Leaving) -> list[tuple[Circumstance, date]]:
    """Which facts of the person get which last day."""
    own = [fact for fact in uncorrected(known) if fact.person_no == leaving.person_no]
    undone = _ended_by_the_act(own, leaving.corrects) if leaving.corrects is not None else []
    if undone and (back_on := _back_on(own, undone)):
        if leaving.last_day >= back_on:
            detail = f"{format_era(back_on)}から、またこの世帯の世帯員です。その前の日までにしてください"
            raise Problem("wrong-state", field="last_day", detail=detail)
        own = undone
    lasts = [(fact, _without_the_act(fact, known) if fact in undone else fact.valid_to or date.max) for fact in own]
    ends = [(fact, min(last, leaving.last_day)) for fact, last in lasts if last > leaving.last_day or fact in undone]
    if not ends:
        raise Problem("not-found", field="person_no", detail="この日より後も世帯員である人ではありません")
    if any(fact.valid_from and fact.valid_from > leaving.last_day for fact, _ in ends):
        detail = "この日より後に始まる記録があります。先にその記録を訂正してください"
        raise Problem("wrong-state", field="last_day", detail=detail)
    return ends


def _ended_by_the_act(own: Sequence[Circumstance], number: int) -> list[Circumstance]:
    """What one act ended has one instant; what was corrected since is left alone."""
    acts = [fact for fact in own if (fact.number, fact.fact) == (number, PERSON_FACT)]
    if not acts or not acts[0].corrects or not acts[0].valid_to:
        raise Problem("not-found", field="corrects", detail="訂正する「最後の日」の記録がありません")
    return [fact for fact in own if fact.recorded_at == acts[0].recorded_at and fact.corrects]


def _back_on(own: Sequence[Circumstance], undone: Sequence[Circumstance]) -> date | None:
    """The day on which who left by an act came back."""
    left_on = next(fact.valid_to for fact in undone if fact.fact == PERSON_FACT)
    days = [fact.valid_from for fact in own if fact.fact == PERSON_FACT and fact.valid_from]
    return min((day for day in days if left_on and day > left_on), default=None)


def _without_the_act(fact: Circumstance, known: Sequence[Circumstance]) -> date:
    """Until when a fact held before somebody's leaving ended it."""
    numbered = {circumstance.number: circumstance for circumstance in known}
    before = numbered[fact.corrects] if fact.corrects else fact
    while before.corrects and (before.valid_to or date.max) <= (fact.valid_to or date.max):
        before = numbered[before.corrects]
    return max(before.valid_to or date.max, fact.valid_to or date.max)


def _empties(known: Sequence[Circumstance], ends: Sequence[tuple[Circumstance, date]]) -> bool:
    """Whether the household loses its only member of a day: of each it counts what held before, and what does then."""
    last_days = {fact.number: last for fact, last in ends}
    members = [fact for fact in uncorrected(known) if fact.fact == PERSON_FACT]
    then = [replace(fact, valid_to=last_days.get(fact.number, fact.valid_to)) for fact in members]
    return lose_a_day(members, then)
