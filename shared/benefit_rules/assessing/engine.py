"""The one calculation path: columns in, columns out, block by block."""

from dataclasses import dataclass, field

import numpy as np

from shared.benefit_rules.columns import Column, Flags
from shared.benefit_rules.households.batch import Batch
from shared.benefit_rules.law.figures import Figure
from shared.benefit_rules.law.standards import MonthTables
from shared.benefit_rules.rules.additions import additions
from shared.benefit_rules.rules.benefit import Result, result
from shared.benefit_rules.rules.education import education
from shared.benefit_rules.rules.housing import housing
from shared.benefit_rules.rules.income import income
from shared.benefit_rules.rules.livelihood import livelihood
from shared.benefit_rules.rules.work import Work

BLOCK = 16_384
"""Households worked on at once: their columns stay in the processor's cache."""


@dataclass
class Totals:
    """Yen per household of a whole batch. `lines` has a column per kind; a kind that is not there is 0 everywhere.

    `refused` names the household by place and the figure that may not be used; its yen mean nothing.
    """

    body: Column
    minimum_cost: Column
    countable_income: Column
    payable: Column
    copayment: Column
    start_test_income: Column
    start_test_needed: Flags
    benefits: dict[str, Column] = field(default_factory=dict)
    charged: dict[str, Column] = field(default_factory=dict)
    lines: dict[str, Column] = field(default_factory=dict)
    refused: dict[int, Figure] = field(default_factory=dict)

    @classmethod
    def of(cls, count: int) -> "Totals":
        """Columns of zeros for so many households."""
        body, minimum, income, payable, copayment, test = np.zeros((6, count), np.int64)
        return cls(body, minimum, income, payable, copayment, test, np.ones(count, np.bool_))


def calculate(batch: Batch, tables: MonthTables) -> Totals:
    """Every line of every household as columns. One household is a batch of one."""
    count = len(batch)
    totals = Totals.of(count)
    for first in range(0, count, BLOCK):
        end = min(first + BLOCK, count)
        whole = first == 0 and end == count
        work, outcome = work_out(batch if whole else batch.part(first, end), tables)
        _store(totals, work, outcome, first, end)
    return totals


def work_out(batch: Batch, tables: MonthTables, *, detailed: bool = False) -> tuple[Work, Result]:
    """The rules applied to one block; with `detailed`, the notes from which lines are written."""
    work = Work(batch, tables, detailed=detailed)
    livelihood(work)
    additions(work)
    housing(work)
    education(work)
    income(work)
    return work, result(work)


def totals_of(work: Work, outcome: Result) -> Totals:
    """The totals of a batch that was worked out as one block."""
    return Totals(
        work.body,
        outcome.minimum_cost,
        outcome.countable_income,
        outcome.payable,
        outcome.copayment,
        outcome.start_test_income,
        outcome.start_test_needed,
        outcome.benefits,
        outcome.charged,
        work.columns,
        work.refused,
    )


def _store(totals: Totals, work: Work, outcome: Result, first: int, end: int) -> None:
    totals.body[first:end] = work.body
    for name in ("minimum_cost", "countable_income", "payable", "copayment", "start_test_income", "start_test_needed"):
        getattr(totals, name)[first:end] = getattr(outcome, name)
    blocks = (totals.benefits, outcome.benefits), (totals.charged, outcome.charged), (totals.lines, work.columns)
    for columns, block in blocks:
        for name, yen in block.items():
            if name not in columns:
                columns[name] = np.zeros(len(totals.body), np.int64)
            columns[name][first:end] = yen
    totals.refused.update({first + place: figure for place, figure in work.refused.items()})
