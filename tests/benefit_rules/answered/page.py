"""Writes docs/rules/answered.md: which share of invented households is answered in each of the last five years' months.

python -m tests.benefit_rules.answered.page > docs/rules/answered.md
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple, TypeVar

import numpy as np

from infra.one_machine.commands.bench_rules import synthetic_batch
from shared.benefit_rules import Standards, load_standards
from shared.benefit_rules.assessing.engine import calculate
from shared.benefit_rules.households.batch import Batch
from shared.benefit_rules.law.places import GRADES
from shared.money_and_time import Month, months_from

T = TypeVar("T")
FIRST, LAST = "2021-12", "2026-11"
HOUSEHOLDS = 4_000
PREFECTURE = "東京都"
SIZES = range(1, 7)
_HEAD = """# Which share is answered

Of every household the rules either give all lines or refuse it with the name of a figure. This page counts that, for
each month of five years, each of the six grades and each number of persons, over the same {households:,} invented
households with children, pensions, earnings, disabilities, maternity, some of them in hospital or a care home (the ward
of `./kurashi bench rules`, in every grade once, in 東京都). A share is per cent, cut: 100 is everybody. Months that
follow each other and have the same shares stand in one row. Winter months (November to March here) refuse who is away.

Written by `python -m tests.benefit_rules.answered.page`; a test compares it with what the rules do.
"""


class Counted(NamedTuple):
    """Of one month and grade: the share answered by number of persons, then of all; refused households by figure."""

    shares: tuple[int, ...]
    refused: Counter[str]


def page(households: int = HOUSEHOLDS, first: Month = FIRST, last: Month = LAST) -> str:
    """The page as text."""
    standards = load_standards()
    ward = synthetic_batch(households, standards)
    months = list(months_from(first, last))
    counted = {
        (month, grade): count(in_grade(ward, grade, standards), standards, month)
        for month in months
        for grade in range(len(GRADES))
    }
    return "\n".join(_lines(counted, months, households)) + "\n"


def in_grade(ward: Batch, grade: int, standards: Standards) -> Batch:
    """The same households in another grade."""
    row = standards.places.housing_row(PREFECTURE, None, grade)
    households = ward.households._replace(
        grade=np.full(len(ward), grade, np.int8), place=np.full(len(ward), row, np.int16)
    )
    return Batch(households, ward.members, ward.begins, ward.ages)


def count(ward: Batch, standards: Standards, month: Month) -> Counted:
    """Who is answered in the month. A household is refused for the first figure that it needs and that is not known."""
    refused = calculate(ward, standards.tables(month)).refused
    persons = np.diff(ward.begins)
    answered = np.ones(len(ward), np.bool_)
    answered[list(refused)] = False
    groups = [persons == size for size in SIZES] + [persons > 0]
    shares = tuple(int(100 * answered[group].sum() // group.sum()) for group in groups)
    return Counted(shares, Counter(figure.title for figure in refused.values()))


def _lines(counted: Mapping[tuple[Month, int], Counted], months: Sequence[Month], households: int) -> Iterator[str]:
    yield _HEAD.format(households=households)
    for grade, name in enumerate(GRADES):
        yield f"## {name}\n"
        yield "| months | " + " | ".join(f"{size} 人" for size in SIZES) + " | all |"
        yield "|---|" + "---:|" * (len(SIZES) + 1)
        shares = {month: counted[month, grade].shares for month in months}
        for span, row in _spans(shares):
            yield f"| {span} | " + " | ".join(str(share) for share in row) + " |"
        yield ""
    yield "## For which figure\n"
    yield "Households refused of a thousand, over all grades; a household counts for the first figure that it lacks.\n"
    yield "| months | figure: households of a thousand |"
    yield "|---|---|"
    for span, text in _spans({month: _refused(counted, month, households) for month in months}):
        yield f"| {span} | {text} |"


def _refused(counted: Mapping[tuple[Month, int], Counted], month: Month, households: int) -> str:
    total: Counter[str] = Counter()
    for grade in range(len(GRADES)):
        total.update(counted[month, grade].refused)
    ordered = sorted(total.items(), key=lambda figure: (-figure[1], figure[0]))
    return "; ".join(f"{title} {1000 * number / households / len(GRADES):.1f}" for title, number in ordered) or "none"


def _spans(by_month: Mapping[Month, T]) -> Iterator[tuple[str, T]]:
    """Months that follow each other with the same content, as one."""
    for content, run in groupby(by_month.items(), key=lambda entry: entry[1]):
        months = [month for month, _ in run]
        yield (months[0] if len(months) == 1 else f"{months[0]} to {months[-1]}"), content


if __name__ == "__main__":
    print(page(), end="")
