"""What support benefits (支援給付, 平成6年法律第30号 14条) give a case in a month, drafted as determinations."""

from collections.abc import Sequence
from typing import Final

from services.support_benefits.domain.unit import unit
from shared.benefit_rules.entries import Law
from shared.contracts.assistance import Programme
from shared.decisions.domain.answers import decided_by, refused_by
from shared.decisions.domain.circumstances import Record
from shared.decisions.domain.determination import Draft, Refused
from shared.money_and_time.months import Month

PROGRAMME: Final[Programme] = "support_benefit"
LAW: Final = Law(PROGRAMME)


def assess_cases(records: Sequence[Record], month: Month) -> list[Draft | Refused]:
    """A draft or a refusal of each case. The unit of this law is covered."""
    answers = zip(LAW.assess(records, month), records, strict=True)
    return [decided_by(answer.to_json(), record, month, unit(record)) for answer, record in answers]


def refused_cases(records: Sequence[Record], month: Month) -> list[Refused]:
    """The refusals alone, in the month or within a year from it, as far as the standards reach."""
    return [refused_by(error.to_json()) for error in LAW.refused_within_a_year(records, month)]
