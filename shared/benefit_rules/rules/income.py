"""収入認定 (次官通知 第8): income as negative yen, deductions as positive yen."""

import numpy as np

from shared.benefit_rules.columns import Codes, Column, Flags, cut_below_1, rows_where, runs, some
from shared.benefit_rules.households.ages import BIRTH_YEAR_OF_THE_OTHER_AMOUNT
from shared.benefit_rules.households.batch import RELATIONS
from shared.benefit_rules.law.figures import Figure
from shared.benefit_rules.rules.work import Work
from shared.money_and_time import first_day, fiscal_year

_NO_INCOME_LEFT = (
    "必要経費{expenses:,}円のうち{rest:,}円は、ほかの控除を引いた後に勤労収入も年金も残らないため控除しない"
    " (次官通知 第8-3-(1), (2))"
)


def income(work: Work) -> None:
    """Every line of income and its deductions; no deduction is larger than the income it belongs to."""
    rows = rows_where(work.members.earned_income)
    if len(rows):
        earned(work, rows)
    pension(work)
    _in_full(work, "income.relatives", work.members.support_from_relatives)
    _in_full(work, "income.other", work.members.other_income)
    occasional(work)
    uncounted(work)
    if work.detailed and some(work.members.necessary_expenses):
        _say_which_expenses_are_left(work)


def _say_which_expenses_are_left(work: Work) -> None:
    """Of the necessary expenses that are deducted in part the rest, for which no income is left."""
    expenses = work.members.necessary_expenses
    deducted = np.zeros_like(expenses)
    for note in work.notes:
        if note.kind == "deduction.expenses":
            deducted[note.rows] += note.yen
    rows = rows_where((deducted > 0) & (deducted < expenses))
    rest = (expenses - deducted)[rows]
    work.withhold("deduction.expenses", rows, _NO_INCOME_LEFT, expenses=expenses[rows], rest=rest)


def earned(work: Work, rows: Codes) -> None:
    """Earnings less the deductions, each at most what is left of the earnings (次官通知 第8-3-(1), (4))."""
    members, gross = work.members, work.members.earned_income[rows]
    supported = work.households.support[work.owner[rows]]
    work.member_line("income.earned", rows, -gross)
    new, young = members.new_employment[rows], under_20(work, rows)
    expenses = members.necessary_expenses[rows]
    if some(supported):
        new, young = new & ~supported, young & ~supported
    others = expenses + _amount(work, "new_employment", rows, new) + _amount(work, "under_20", rows, young)
    work.forget_figures()
    basic, kinder = basic_deduction(work, rows, others)
    left = _deduct(work, "basic", rows, gross, basic * ~supported, rule="first_earner", ruled=kinder)
    if some(new):
        left = _deduct(work, "new_employment", rows, left, _amount(work, "new_employment", rows, new))
    if some(young):
        left = _deduct(work, "under_20", rows, left, _amount(work, "under_20", rows, young))
    if some(expenses):
        left = _deduct(work, "expenses", rows, left, expenses)
    if some(supported):
        support_share(work, rows, gross, left, supported)


def _amount(work: Work, name: str, rows: Codes, entitled: Flags) -> Column:
    """The yen of a deduction for those to whom it is given, 0 for the others."""
    if not some(entitled):
        return np.zeros(len(rows), np.int64)
    return work.look_up(f"deduction.{name}", households=work.owner[rows], where=entitled) * entitled


def _deduct(
    work: Work,
    name: str,
    rows: Codes,
    left: Column,
    deduction: Column,
    rule: str | None = None,
    ruled: Flags | None = None,
) -> Column:
    """Writes the deduction, at most what is left, and returns what is left then."""
    yen = np.minimum(deduction, left)
    work.member_line(f"deduction.{name}", rows, yen, rule=rule, ruled=ruled, wanted=deduction)
    return left - yen


def basic_deduction(work: Work, rows: Codes, others: Column) -> tuple[Column, Flags]:
    """基礎控除 of the first earner (1人目) and of all further ones (2人目以降; 次官通知 別表).

    Returns the yen, and who is the first earner though another one has higher earnings (ADR 10).
    """
    gross, owners = work.members.earned_income[rows], work.owner[rows]
    yen = _stepped(gross, work.figure("deduction.basic.first"))
    further = work.figure("deduction.basic.further")
    kinder = np.zeros(len(rows), np.bool_)
    if not some(owners[1:] == owners[:-1]):
        return yen, kinder
    _, lengths = runs(owners)
    several = rows_where(np.repeat(lengths > 1, lengths))
    gross, first_yen, others = gross[several], yen[several], others[several]
    further_yen = _stepped(gross, further)
    gain = np.minimum(first_yen + others, gross) - np.minimum(further_yen + others, gross)
    owners, seniority = owners[several], work.members.seniority[rows[several]]
    first = first_earners(owners, gain, gross, others, seniority)
    yen[several] = np.where(first, first_yen, further_yen)
    begins, lengths = runs(owners)
    kinder[several] = first & (gross < np.repeat(np.maximum.reduceat(gross, begins), lengths))
    return yen, kinder


def _stepped(gross: Column, figure: Figure) -> Column:
    numbers: list[int] = figure.flat.tolist()
    limit, start, base, step, width = numbers
    return np.where(gross < start, np.minimum(gross, limit), base + step * ((gross - start) // width))


def first_earners(owners: Codes, gain: Column, gross: Column, others: Column, seniority: Codes) -> Flags:
    """Of each household the one whose being first leaves the household most: who earns most, unless nothing is left.

    The gain of the first table over the further one grows with the earnings; only where deductions are larger than
    the earnings can it be smaller (ADR 10). Then come the highest earnings, the least other deductions and the eldest,
    so that the order in which members are named never matters.
    """
    begins, _ = runs(owners)
    first = np.zeros(len(owners), np.bool_)
    first[np.lexsort((seniority, others, -gross, -gain, owners))[begins]] = True
    return first


def under_20(work: Work, rows: Codes) -> Flags:
    """20歳未満控除: not for a person alone, or who lives only with the own spouse or child (次官通知 第8-3-(4))."""
    members = work.members
    young: Flags = members.age_now[rows] < 20
    if not some(young):
        return young
    relation = members.relation
    others = work.total((relation == RELATIONS.index("other")).astype(np.int64))
    head_or_spouse = relation[rows] <= RELATIONS.index("spouse")
    by_relation: Flags = ~(head_or_spouse & (others.take(work.owner[rows]) == 0))
    return young & by_relation


def support_share(work: Work, rows: Codes, gross: Column, left: Column, supported: Flags) -> None:
    """支援給付: 30 % of the earnings is left out of the income."""
    share = work.tables.rules["support_share"].number
    yen = np.minimum(cut_below_1(gross * share, 10_000), left) * supported
    work.member_line("deduction.support_share", rows, yen, rule="support_share", of_earnings=gross)


def pension(work: Work) -> None:
    """Pensions less their necessary expenses (次官通知 第8-3-(2)).

    In 支援給付 the basic pension is left out up to the full amount (満額) of the birth date, and 30 % of what it has
    above and of others.
    """
    members = work.members
    both = members.basic_pension + members.pension
    rows = rows_where(both)
    if not len(rows):
        return
    work.member_line(
        "income.pension", rows, -both[rows], basic=members.basic_pension[rows], other=members.pension[rows]
    )
    left = both[rows]
    supported = work.households.support[work.owner[rows]]
    if some(supported):
        entitled = rows[supported]
        basic, other = members.basic_pension[entitled], members.pension[entitled]
        born_after = members.age_in_april[entitled] < _age_of_the_other_amount(work)
        owners = work.owner[entitled]
        full = work.look_up(
            "support.full_basic_pension", born_after.astype(np.int64), households=owners, where=basic > 0
        )
        left_out = np.minimum(basic, full)
        other = other + basic - left_out
        share = cut_below_1(other * work.tables.rules["support_share"].number, 10_000)
        work.member_line(
            "deduction.full_basic_pension", entitled, left_out, rule="support_basic_pension", full_basic_pension=full
        )
        work.member_line("deduction.support_share", entitled, share, rule="support_share", of_pensions=other)
        left[supported] -= left_out + share
    expenses_of_pensions(work, rows, left)


def _age_of_the_other_amount(work: Work) -> int:
    """How old, on 1 April, who was born by 1 April 1956 is at the least: those have another full basic pension."""
    return fiscal_year(first_day(work.tables.month)) - BIRTH_YEAR_OF_THE_OTHER_AMOUNT


def expenses_of_pensions(work: Work, rows: Codes, left: Column) -> None:
    """The necessary expenses that exceed the earnings, at most what is left of the pensions (次官通知 第8-3-(2)-ア)."""
    members = work.members
    expenses = np.maximum(members.necessary_expenses[rows] - members.earned_income[rows], 0)
    if some(expenses):
        work.member_line("deduction.expenses", rows, np.minimum(expenses, left), wanted=expenses)


def occasional(work: Work) -> None:
    """臨時的収入: counted above 8,000 yen a month of the whole household (次官通知 第8-3-(2))."""
    if not some(work.members.occasional_income):
        return
    total = work.total(work.members.occasional_income)
    rows = rows_where(total)
    work.some_households_line("income.occasional", rows, -total[rows])
    free = work.look_up("income.occasional_free", households=rows)
    work.some_households_line("deduction.occasional", rows, np.minimum(total[rows], free), free=free)


def uncounted(work: Work) -> None:
    """認定しない収入: shown and left out in full (次官通知 第8-3-(3))."""
    rows = rows_where(work.members.uncounted_income)
    if len(rows):
        yen = work.members.uncounted_income[rows]
        work.member_line("income.uncounted", rows, -yen)
        work.member_line("deduction.uncounted", rows, yen)


def _in_full(work: Work, kind: str, yen: Column) -> None:
    rows = rows_where(yen)
    if len(rows):
        work.member_line(kind, rows, -yen[rows])
