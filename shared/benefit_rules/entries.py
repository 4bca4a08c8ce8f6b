"""Cases as JSON objects under one law: one that cannot be read is refused in its place, the others go on."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from shared.benefit_rules.assessment import Assessment
from shared.benefit_rules.assessments import Assessments, assess, parse_household
from shared.benefit_rules.household import Household, HouseholdError, Programme
from shared.benefit_rules.standards import Standards, load_standards
from shared.money_and_time import Month

Entry = Mapping[str, Any]
"""A household as ``assess`` reads it, without ``month`` and ``programme``."""


@dataclass(frozen=True)
class Law:
    """One law on one set of standards, by default that of the package. Yen are of the month asked for."""

    programme: Programme
    standards: Standards = field(default_factory=load_standards)

    def reaches(self, month: Month) -> bool:
        """Whether the standards have tables for the month."""
        try:
            self.standards.tables(month)
        except ValueError:
            return False
        return True

    def assess(self, entries: Sequence[Entry], month: Month) -> list[Assessment | HouseholdError]:
        """An assessment or an error of each entry, in their order.

        Raises:
            ValueError: the standards do not reach the month.
        """
        errors, assessments = self._assess(entries, month)
        found = iter(assessments)
        return [errors[place] if place in errors else next(found) for place in range(len(entries))]

    def refused(self, entries: Sequence[Entry], month: Month) -> list[HouseholdError]:
        """The errors alone; no line is written for the others.

        Raises:
            ValueError: the standards do not reach the month.
        """
        errors, assessments = self._assess(entries, month)
        refused = (assessments[int(place)] for place in assessments.refused.nonzero()[0])
        return [*errors.values(), *(one for one in refused if isinstance(one, HouseholdError))]

    def _assess(self, entries: Sequence[Entry], month: Month) -> tuple[dict[int, HouseholdError], Assessments]:
        errors: dict[int, HouseholdError] = {}
        households: list[Household] = []
        for place, entry in enumerate(entries):
            try:
                households.append(parse_household(self._whole(entry, month), self.standards))
            except HouseholdError as error:
                errors[place] = error
        return errors, assess(households, self.standards, month)

    def _whole(self, entry: Entry, month: Month) -> Entry:
        """With month and programme. An area may stand as the text of its number, as it is kept where floats are not."""
        whole = {**entry, "month": month, "programme": self.programme}
        area = entry.get("floor_area")
        if isinstance(area, str) and re.fullmatch(r"[0-9]+(\.[0-9]+)?", area):
            whole["floor_area"] = Decimal(area)
        return whole
