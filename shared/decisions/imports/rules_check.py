"""Whether the rules can determine what is handed in: faults of the files, and cases for which a figure is not known."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from shared.decisions.adapters.on_record import CASE_FACT
from shared.decisions.domain.circumstances import Record
from shared.decisions.domain.determination import Refused
from shared.decisions.imports.rows import RULE_FACTS
from shared.decisions.imports.ward_csv import WardCase
from shared.money_and_time.months import Month
from shared.service_kit.csv_files import Fault

_MEMBER_FIELD = re.compile(r"members\[([^\]]+)\]\.?(.*)")
Check = Callable[[Sequence[Record], Month], Sequence[Refused]]
"""The law of a service: records of cases and the first month → the refusals alone."""


@dataclass(frozen=True, slots=True)
class RefusedByRules:
    """What the rules refuse: line and column, never the value.

    Attributes:
        faults: what was entered cannot be; it is mended before anything is taken in.
        without_figure: a figure of the law is not known, and nothing is wrong with the files. The case is taken in, and
            each determination counts it as refused, with the figure.
    """

    faults: list[Fault]
    without_figure: list[Fault]


def refused_by_rules(cases: Sequence[WardCase], check: Check, month: Month) -> RefusedByRules:
    """Every case that the rules refuse, asked from ``month`` on."""
    by_number = {case.case_no: case for case in cases}
    refusals = RefusedByRules([], [])
    for refused in check([_record(case) for case in cases if case.members], month):
        case = by_number[refused.case_no]
        if refused.of_a_figure:
            refusals.without_figure.append(_fault(case, refused, refused.detail))
        else:
            refusals.faults.append(_fault(case, refused, f"{refused.type}: {refused.detail}"))
    return refusals


def _record(case: WardCase) -> Record:
    record: dict[str, Any] = {"id": case.case_no, "members": []}
    record.update(case.facts[CASE_FACT])
    for member in case.members:
        entry: dict[str, Any] = {"id": member.person_no}
        for fact, cells in member.facts.items():
            if fact in RULE_FACTS:
                entry.update(cells)
        record["members"].append(entry)
    return record


def _fault(case: WardCase, refused: Refused, problem: str) -> Fault:
    of_member = _MEMBER_FIELD.match(refused.field)
    person_no, name = (of_member[1], of_member[2]) if of_member else (None, refused.field)
    return Fault(*case.at(name, person_no), problem, "rules")
