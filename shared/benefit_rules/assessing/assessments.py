"""assess(): many households in one month, as columns; lines and words for those that are asked for."""

from collections.abc import Sequence
from typing import overload

import numpy as np

from shared.benefit_rules.assessing.assessment import Assessment
from shared.benefit_rules.assessing.engine import Totals, calculate, totals_of, work_out
from shared.benefit_rules.assessing.lines import Written
from shared.benefit_rules.assessing.refusals import refusal, said_bounds
from shared.benefit_rules.columns import Column, Flags
from shared.benefit_rules.households.ages import Ages
from shared.benefit_rules.households.batch import Batch, check, make_batch
from shared.benefit_rules.households.household import COSTS, Household, HouseholdError
from shared.benefit_rules.households.parse import read_household
from shared.benefit_rules.law.standards import MonthTables, Standards, load_standards
from shared.money_and_time import Month

_NEIGHBOURS = 128
"""Households whose lines are written together."""

_packaged: list[Standards] = []


def parse_household(entry: object, standards: Standards | None = None) -> Household:
    """The Household that a JSON object of `assess` describes; HouseholdError names household, member, field, reason.

    The places (grades, prefectures) are those of `standards`, by default of the package.
    """
    if standards is None:
        if not _packaged:
            _packaged.append(load_standards())
        standards = _packaged[0]
    return read_household(entry, standards.places)


def assess(households: Sequence[Household], standards: Standards, month: Month, ages: Ages = "yearly") -> "Assessments":
    """Assesses each household in the month, which wins over its own. ValueError for a month before 2020-10.

    `ages`: whether the office lets those who go on receiving grow older on 1 April or on the first of each month.
    """
    tables = standards.tables(month)
    refused: dict[int, HouseholdError] = {}
    for place, household in enumerate(households):
        try:
            check(household, tables.places, month)
        except HouseholdError as error:
            refused[place] = error
    good = [place for place in range(len(households)) if place not in refused]
    named = [households[place] for place in good]
    batch = make_batch(named, tables.places, month, ages)
    written: tuple[int, Written] | None = None
    if 0 < len(good) <= _NEIGHBOURS:
        work, result = work_out(batch, tables, detailed=True)
        totals, written = totals_of(work, result), (0, Written(work, result, named))
    else:
        totals = calculate(batch, tables)
    for row, figure in totals.refused.items():
        bounds = said_bounds(figure, batch.part(row, row + 1), tables) if figure.between else ""
        refused[good[row]] = refusal(households[good[row]], figure, bounds)
    return Assessments(households, tables, batch, totals, good, refused, written)


class Assessments(Sequence[Assessment | HouseholdError]):
    """As many answers as households, in their order: an Assessment, or the HouseholdError of one that was refused.

    `payable_yen` and `refused` are columns over all; an object is made when asked for, with its neighbours.
    """

    def __init__(
        self,
        households: Sequence[Household],
        tables: MonthTables,
        batch: Batch,
        totals: Totals,
        good: Sequence[int],
        errors: dict[int, HouseholdError],
        written: tuple[int, Written] | None,
    ) -> None:
        self.households = households
        self.month = tables.month
        self.standards = tables.version
        self.totals = totals
        self._tables = tables
        self._batch = batch
        self._good = good
        self._row = {place: row for row, place in enumerate(good)}
        self._errors = errors
        self._written = written

    def __len__(self) -> int:
        return len(self.households)

    @property
    def refused(self) -> Flags:
        """Which households could not be assessed."""
        flags = np.zeros(len(self), np.bool_)
        flags[list(self._errors)] = True
        return flags

    @property
    def payable_yen(self) -> Column:
        """Yen payable of every household, 0 for a refused one."""
        yen = np.zeros(len(self), np.int64)
        yen[list(self._good)] = self.totals.payable
        yen[self.refused] = 0
        return yen

    @overload
    def __getitem__(self, place: int) -> Assessment | HouseholdError: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Assessment | HouseholdError]: ...
    def __getitem__(self, place: int | slice) -> Assessment | HouseholdError | Sequence[Assessment | HouseholdError]:
        if isinstance(place, slice):
            return [self[at] for at in range(*place.indices(len(self)))]
        if place < 0:
            place += len(self)
        if not 0 <= place < len(self):
            raise IndexError(place)
        error = self._errors.get(place)
        return error if error is not None else self._object(place, self._row[place])

    def _object(self, place: int, row: int) -> Assessment:
        first, written = self._neighbours(row)
        totals, household = self.totals, self.households[place]
        benefits = {need: int(yen[row]) for need, yen in totals.benefits.items()}
        if household.programme != "support_benefit":
            benefits.pop("spouse_support", None)
        has_costs = any(getattr(household, name) is not None for name in COSTS)
        charged = {name: int(yen[row]) for name, yen in totals.charged.items()} if has_costs else None
        start_test: dict[str, int | bool] | None = None
        if household.starting:
            start_test = self._start_test(row, household)
        return Assessment(
            id=household.id,
            month=self.month,
            standards=self.standards,
            lines=tuple(written.lines[row - first]),
            livelihood_body_yen=int(totals.body[row]),
            minimum_cost_yen=int(totals.minimum_cost[row]),
            countable_income_yen=int(totals.countable_income[row]),
            payable_yen=int(totals.payable[row]),
            benefits=benefits,
            copayment_yen=int(totals.copayment[row]),
            warnings=tuple(written.warnings[row - first]),
            start_test=start_test,
            charged=charged,
            programme=household.programme,
        )

    def _start_test(self, row: int, household: Household) -> dict[str, int | bool]:
        """The need of a whole month, costs, what counts of the basic deduction, the income after it, the result."""
        totals = self.totals
        proration, basic = (self._of_line(kind, row) for kind in ("livelihood.proration", "deduction.basic"))
        income = int(totals.start_test_income[row])
        return {
            "need_yen": int(totals.minimum_cost[row]) - proration,
            "costs_yen": sum(getattr(household, name) or 0 for name in COSTS),
            "basic_deduction_yen": int(totals.countable_income[row]) + basic - income,
            "income_yen": income,
            "needed": bool(totals.start_test_needed[row]),
        }

    def _of_line(self, kind: str, row: int) -> int:
        column = self.totals.lines.get(kind)
        return 0 if column is None else int(column[row])

    def _neighbours(self, row: int) -> tuple[int, Written]:
        first = row // _NEIGHBOURS * _NEIGHBOURS
        if self._written is None or self._written[0] != first:
            end = min(first + _NEIGHBOURS, len(self._batch))
            work, result = work_out(self._batch.part(first, end), self._tables, detailed=True)
            named = [self.households[self._good[at]] for at in range(first, end)]
            self._written = first, Written(work, result, named)
        return self._written
