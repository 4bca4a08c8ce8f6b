"""Households as JSON objects, assessed together: one that cannot be read is refused in its place, the others go on."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from shared.benefit_rules.assessment import Assessment
from shared.benefit_rules.assessments import Assessments, assess, parse_household
from shared.benefit_rules.household import Household, HouseholdError
from shared.benefit_rules.standards import Standards
from shared.money_and_time import Month

Entry = Mapping[str, Any]


def assess_entries(entries: Sequence[Entry], standards: Standards, month: Month) -> list[Assessment | HouseholdError]:
    """An assessment or an error of each entry, in their order, in yen of the month.

    Raises:
        ValueError: the standards do not reach the month.
    """
    errors, assessments = _assess(entries, standards, month)
    found = iter(assessments)
    return [errors[place] if place in errors else next(found) for place in range(len(entries))]


def refused_entries(entries: Sequence[Entry], standards: Standards, month: Month) -> list[HouseholdError]:
    """The errors alone; no line is written for the others.

    Raises:
        ValueError: the standards do not reach the month.
    """
    errors, assessments = _assess(entries, standards, month)
    refused = (assessments[int(place)] for place in assessments.refused.nonzero()[0])
    return [*errors.values(), *(one for one in refused if isinstance(one, HouseholdError))]


def _assess(
    entries: Sequence[Entry], standards: Standards, month: Month
) -> tuple[dict[int, HouseholdError], Assessments]:
    errors: dict[int, HouseholdError] = {}
    households: list[Household] = []
    for place, entry in enumerate(entries):
        try:
            households.append(parse_household(_with_area(entry), standards))
        except HouseholdError as error:
            errors[place] = error
    return errors, assess(households, standards, month)


def _with_area(entry: Entry) -> Entry:
    """An area may stand as the exact text of its number, as it is kept where floats are not."""
    area = entry.get("floor_area")
    if not isinstance(area, str) or not re.fullmatch(r"[0-9]+(\.[0-9]+)?", area):
        return entry
    return {**entry, "floor_area": float(area)}
