"""Cases as JSON objects under one law: one that cannot be read is refused in its place, the others go on."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Final

from shared.benefit_rules.assessing.assessment import Assessment
from shared.benefit_rules.assessing.assessments import assess, parse_household
from shared.benefit_rules.households.ages import Ages
from shared.benefit_rules.households.batch import check, winter_may_matter
from shared.benefit_rules.households.household import Household, HouseholdError, Programme
from shared.benefit_rules.law.places import Places
from shared.benefit_rules.law.standards import Standards, load_standards
from shared.money_and_time import Month
from shared.money_and_time.months import next_month

_MONTHS_AHEAD: Final = 11
Entry = Mapping[str, Any]
"""A household as ``assess`` reads it, without ``month`` and ``programme``."""


@dataclass(frozen=True)
class Law:
    """One law on one set of standards, by default that of the package. Yen are of the month asked for.

    `ages`: when those who go on receiving grow older, a setting of the office.
    """

    programme: Programme
    standards: Standards = field(default_factory=load_standards)
    ages: Ages = "yearly"

    def reaches(self, month: Month) -> bool:
        """Whether the standards have tables for the month."""
        try:
            self.standards.tables(month)
        except ValueError:
            return False
        return True

    def with_ages(self, ages: Ages) -> "Law":
        """The law in an office of this setting."""
        return replace(self, ages=ages)

    def assess(self, entries: Sequence[Entry], month: Month) -> list[Assessment | HouseholdError]:
        """An assessment or an error of each entry, in their order.

        Raises:
            ValueError: the standards do not reach the month.
        """
        errors, households = self._parsed(entries, month)
        assessed = iter(assess(households, self.standards, month, self.ages))
        return [errors[place] if place in errors else next(assessed) for place in range(len(entries))]

    def refused_within_a_year(self, entries: Sequence[Entry], month: Month) -> list[HouseholdError]:
        """The errors alone, in ``month`` or the eleven after it as far as the standards reach.

        Of an entry the first error of what was entered, and the first for a figure that is not known: neither hides
        the other. Who has no prefecture is refused in winter alone, for example. Months that can tell nothing new are
        not tried.

        Raises:
            ValueError: the standards do not reach ``month``.
        """
        errors, households = self._parsed(entries, month)
        refused = {(error.household, error.of_a_figure): error for error in _refused(self, households, month)}
        tables, winters = self.standards.tables(month), {winter_may_matter(month)}
        later = month
        for _ in range(_MONTHS_AHEAD):
            later = next_month(later)
            here = self.standards.tables(later)
            if here.may_refuse_beside(tables):
                new = _refused(self, households, later, without=here.gaps - tables.gaps)
            elif winter_may_matter(later) not in winters:
                new = _checked(households, here.places, later)
            else:
                continue
            winters.add(winter_may_matter(later))
            refused = {(error.household, error.of_a_figure): error for error in new} | refused
        return [*errors.values(), *refused.values()]

    def _parsed(self, entries: Sequence[Entry], month: Month) -> tuple[dict[int, HouseholdError], list[Household]]:
        errors: dict[int, HouseholdError] = {}
        households: list[Household] = []
        for place, entry in enumerate(entries):
            try:
                households.append(parse_household(self._whole(entry, month), self.standards))
            except HouseholdError as error:
                errors[place] = error
        return errors, households

    def _whole(self, entry: Entry, month: Month) -> Entry:
        """With month and programme. An area may stand as the text of its number, as it is kept where floats are not."""
        whole = {**entry, "month": month, "programme": self.programme}
        area = entry.get("floor_area")
        if isinstance(area, str) and re.fullmatch(r"[0-9]+(\.[0-9]+)?", area):
            whole["floor_area"] = Decimal(area)
        return whole


def _refused(
    law: Law, households: Sequence[Household], month: Month, without: Collection[str] = ()
) -> Iterator[HouseholdError]:
    """Who is refused in a month, and not for one of the figures ``without``."""
    assessments = assess(households, law.standards, month, law.ages)
    for place in assessments.refused.nonzero()[0]:
        error = assessments[int(place)]
        if isinstance(error, HouseholdError) and not (error.type == "figure-refused" and error.field in without):
            yield error


def _checked(households: Sequence[Household], places: Places, month: Month) -> Iterator[HouseholdError]:
    """Who cannot be assessed in a month whatever the figures."""
    for household in households:
        try:
            check(household, places, month)
        except HouseholdError as error:
            yield error
