"""From need to benefit (生活保護法 第8条; 次官通知 第10): proration, the difference, and how the income is charged."""

from functools import reduce
from typing import NamedTuple

import numpy as np

from shared.benefit_rules.columns import Column, Flags, cut_below_1, rows_where, some
from shared.benefit_rules.households.household import COSTS
from shared.benefit_rules.kinds import KINDS, NEEDS_IN_ORDER
from shared.benefit_rules.rules.work import Work
from shared.money_and_time import days_in_month


class Result(NamedTuple):
    """Yen per household. `benefits` by kind of assistance, `charged` what of the income left goes to further costs."""

    minimum_cost: Column
    countable_income: Column
    payable: Column
    benefits: dict[str, Column]
    charged: dict[str, Column]
    copayment: Column
    start_test_income: Column
    start_test_needed: Flags


def result(work: Work) -> Result:
    """Proration, need, income, the difference, and its allocation."""
    prorate(work)
    needs = {need: work.sum_of(need) for need in NEEDS_IN_ORDER}
    minimum = reduce(np.add, needs.values())
    income = -work.sum_of("income")
    work.household_line("floor", np.maximum(income - minimum, 0))
    test_income, needed = start_test(work, minimum, income)
    benefits, left = charge(needs, income)
    if not needed.all():
        benefits, left = {need: yen * needed for need, yen in benefits.items()}, left * needed
    payable = reduce(np.add, benefits.values())
    if some(work.members.spouse_support):
        spouse_support(work, needed)
        benefits["spouse_support"] = work.column("spouse_support")
        payable = payable + benefits["spouse_support"]
    charged, own_share = copayment(work, left)
    return Result(minimum, income, payable, benefits, charged, own_share, test_income, needed)


def prorate(work: Work) -> None:
    """日割: 生活扶助 × days / 実日数, cut below 1 yen, as one line that takes away the other days.

    Year-end and the actual premium are whole, as are rent, education and high school.
    """
    rows = rows_where(work.households.days)
    if not len(rows):
        return
    prorated = (yen for kind, yen in work.columns.items() if KINDS[kind].need == "livelihood" and KINDS[kind].prorated)
    whole = np.add.reduce([yen[rows] for yen in prorated])
    days, of = work.households.days[rows].astype(np.int64), days_in_month(work.tables.month)
    yen = cut_below_1(whole * days, of) - whole
    month_days = np.full(len(rows), of)
    work.some_households_line(
        "livelihood.proration", rows, yen, rule="proration", whole=whole, days=days, days_in_month=month_days
    )
    left_whole = work.sum_of("housing") + work.sum_of("education") + work.sum_of("occupational")
    work.doubt("rent_not_prorated", rows[left_whole[rows] > 0])


def charge(needs: dict[str, Column], income: Column) -> tuple[dict[str, Column], Column]:
    """Charges the income to 生活, 住宅, 教育, 高校等就学費 in turn; returns the benefits and the income left."""
    left = income
    benefits = {}
    for need, yen in needs.items():
        met = np.minimum(yen, left)
        benefits[need] = yen - met
        left = left - met
    return benefits, left


def copayment(work: Work, left: Column) -> tuple[dict[str, Column], Column]:
    """Income left is charged to 介護, 医療, 出産, 生業, 葬祭 in turn; what goes to the first two is 本人支払額.

    Where no cost is given all that is left is 本人支払額: the most that can be asked.
    """
    known = work.households.costs_given
    if not some(known):
        return {}, left
    costs = {name.removesuffix("_cost"): getattr(work.households, name) for name in COSTS}
    borne_by_assistance, _ = charge(costs, left)
    charged = {name: cost - borne_by_assistance[name] for name, cost in costs.items()}
    return charged, np.where(known, charged["care"] + charged["medical"], left)


def start_test(work: Work, minimum: Column, income: Column) -> tuple[Column, Flags]:
    """要否判定 at the start: is the need of a whole month above the income, with 70 % of the basic deduction?

    The costs that were entered (COSTS) belong to the need (次官通知 第10). Who is not in need gets nothing, and is
    charged with nothing. Returns the income of the test, and who is in need (all who do not start).
    """
    starting = work.households.starting
    if not some(starting):
        return income, np.ones(work.size, np.bool_)
    basic = work.column("deduction.basic")
    counted = cut_below_1(basic * work.tables.rules["start_test_share"].number, 10_000)
    test_income = income + basic - counted
    whole_month = minimum - work.column("livelihood.proration")
    costs = reduce(np.add, (getattr(work.households, name) for name in COSTS))
    needed = np.asarray(~starting | (test_income < whole_month + costs))
    work.doubt("start_test_costs", rows_where(starting & needed & (test_income >= whole_month)))
    rows = rows_where(~needed & (income < minimum))
    if len(rows):
        inputs = {"test_income": test_income[rows], "need": whole_month[rows]}
        work.some_households_line("start_test", rows, (income - minimum)[rows], rule="start_test_share", **inputs)
    return test_income, needed


def spouse_support(work: Work, needed: Flags) -> None:
    """配偶者支援金: two thirds of the full basic pension of who was born after 1 April 1956 (平成6年法律第30号 第15条).

    Cut below 1 yen. For who has a right to 支援給付: not after a start test that found no need.
    """
    entitled = (work.households.support & needed)[work.owner]
    rows = rows_where(work.members.spouse_support & entitled)
    full = work.look_up("support.full_basic_pension", np.ones_like(rows), households=work.owner[rows])
    work.member_line(
        "spouse_support", rows, cut_below_1(full * 2, 3), rule="spouse_support_base", full_basic_pension=full
    )
