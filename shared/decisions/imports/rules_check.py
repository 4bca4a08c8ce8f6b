"""Whether the rules can determine what is handed in, as faults of the files."""

import re
from collections.abc import Callable, Sequence
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


def refused_by_rules(cases: Sequence[WardCase], check: Check, month: Month) -> list[Fault]:
    """Every case that the rules refuse, asked from ``month`` on: its line and the wrong column, never the value."""
    by_number = {case.case_no: case for case in cases}
    refusals = check([_record(case) for case in cases if case.members], month)
    return [_fault(by_number[refused.case_no], refused) for refused in refusals]


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


def _fault(case: WardCase, refused: Refused) -> Fault:
    of_member = _MEMBER_FIELD.match(refused.field)
    person_no, name = (of_member[1], of_member[2]) if of_member else (None, refused.field)
    return Fault(*case.at(name, person_no), f"{refused.type}: {refused.detail}", "rules")
