"""What support benefits (支援給付, 平成6年法律第30号 14条) give a case in a month, drafted as determinations."""

from collections.abc import Sequence
from functools import cache
from typing import Final

from shared.benefit_rules import Standards, load_standards
from shared.benefit_rules.entries import Entry, assess_entries, refused_entries
from shared.contracts.assistance import Programme
from shared.decisions.domain.answers import decided_by, refused_by
from shared.decisions.domain.circumstances import Record
from shared.decisions.domain.determination import Draft, Refused
from shared.money_and_time.months import Month

PROGRAMME: Final[Programme] = "support_benefit"
_UNIT: Final = ("self", "spouse")


@cache
def standards() -> Standards:
    """The standards of the package, read once a process."""
    return load_standards()


def refused_month(month: Month) -> bool:
    """Whether the standards do not reach the month, so that nothing may be determined for it."""
    try:
        standards().tables(month)
    except ValueError:
        return True
    return False


def assess_cases(records: Sequence[Record], month: Month) -> list[Draft | Refused]:
    """A draft or a refusal of each case. Covered are the returnee and the spouse, who are the unit of this law."""
    answers = assess_entries(_entries(records, month), standards(), month)
    return [
        decided_by(answer.to_json(), record, month, unit(record))
        for answer, record in zip(answers, records, strict=True)
    ]


def refused_cases(records: Sequence[Record], month: Month) -> list[Refused]:
    """The refusals alone."""
    return [refused_by(error.to_json()) for error in refused_entries(_entries(records, month), standards(), month)]


def _entries(records: Sequence[Record], month: Month) -> list[Entry]:
    return [{**record, "month": month, "programme": PROGRAMME} for record in records]


def unit(record: Record) -> list[str]:
    """The person numbers of the household unit: children and others who live there have no part in it."""
    return [member["id"] for member in record["members"] if member.get("relation", "self") in _UNIT]
