"""What an act comes to for a part of the office: every case on assistance has exactly one outcome. Pure."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from shared.decisions.domain.circumstances import Record
from shared.decisions.domain.determination import Covered, Draft, Refused, brought_to_zero, covered
from shared.money_and_time.months import Month

Assess = Callable[[Sequence[Record], Month], Sequence[Draft | Refused]]
"""The law of a service: records of cases → a draft or a refusal of each, in yen of the month."""


@dataclass(frozen=True, slots=True)
class Decided:
    """The determination that holds for a case and month: approved and not replaced by an approved one."""

    determination_id: UUID
    sha256: str
    kinds: Mapping[str, int]
    yen: int
    standards: str


@dataclass(frozen=True, slots=True)
class Proposed:
    """A draft on its way into the database, with the hash of its content."""

    draft: Draft
    sha256: str
    replaces: UUID | None

    def covered(self) -> Covered:
        """What the collective hash takes of it."""
        return covered(self.draft.case_no, self.draft.standards, self.sha256, self.replaces)


@dataclass(slots=True)
class Outcome:
    """``on_assistance + ended = proposed + unchanged + refused + left_out``, case by case.

    ``ended`` are cases with yen in force for the month which are no longer on assistance in it: they are proposed at
    zero. What is barred to the proposer is ``left_out``, or ``left_in_force`` where it ended.
    """

    on_assistance: int
    ended: int = 0
    proposed: list[Proposed] = field(default_factory=list)
    unchanged: int = 0
    unchanged_yen: int = 0
    refused: list[Refused] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    left_in_force: list[str] = field(default_factory=list)

    @property
    def yen(self) -> int:
        """Yen of the month over what is proposed."""
        return sum(proposal.draft.yen for proposal in self.proposed)


def outcome_of(
    cases: Sequence[Record], holds: Mapping[str, Decided], barred: Collection[str], month: Month, assess: Assess
) -> Outcome:
    """Determine the ``cases`` on assistance against what ``holds`` for the month, and end what holds for others."""
    outcome = Outcome(on_assistance=len(cases))
    for answer in assess([case for case in cases if case["id"] not in barred], month):
        if isinstance(answer, Refused):
            outcome.refused.append(answer)
        else:
            _take(outcome, answer, holds.get(answer.case_no))
    outcome.left_out += (case["id"] for case in cases if case["id"] in barred)
    for case_no, held in _ended(cases, holds):
        if case_no in barred:
            outcome.left_in_force.append(case_no)
        else:
            outcome.ended += 1
            _take(outcome, brought_to_zero(case_no, month, held.standards, held.kinds), held)
    return outcome


def _ended(cases: Sequence[Record], holds: Mapping[str, Decided]) -> Iterator[tuple[str, Decided]]:
    on = {case["id"] for case in cases}
    return ((case_no, held) for case_no, held in holds.items() if case_no not in on and held.yen)


def _take(outcome: Outcome, draft: Draft, held: Decided | None) -> None:
    sha256 = draft.sha256()
    if held and held.sha256 == sha256:
        outcome.unchanged += 1
        outcome.unchanged_yen += held.yen
    elif held:
        outcome.proposed.append(Proposed(draft.naming(held.kinds), sha256, held.determination_id))
    else:
        outcome.proposed.append(Proposed(draft, sha256, None))
