"""What other figures would cost: the same households under two standards, by type of household (世帯類型)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from shared.benefit_rules.assessing.assessments import assess
from shared.benefit_rules.households.ages import Ages, age_of_fiscal_year
from shared.benefit_rules.households.household import Household, Member
from shared.benefit_rules.law.standards import Standards
from shared.money_and_time import Month

TYPES = ("高齢者世帯 単身", "高齢者世帯 複数", "母子世帯", "障害者・傷病者世帯", "その他の世帯")


@dataclass(frozen=True, slots=True)
class TypeDifference:
    """One type of household in one month: how many, refused under either standard, and yen before and after."""

    type: str
    households: int
    refused: int
    before_yen: int
    after_yen: int
    raised: int
    lowered: int

    @property
    def yen(self) -> int:
        """After − before."""
        return self.after_yen - self.before_yen


def compare(
    households: Sequence[Household], before: Standards, after: Standards, month: Month, ages: Ages = "yearly"
) -> tuple[TypeDifference, ...]:
    """A row for each type that occurs. ValueError for a month before 2020-10."""
    old, new = assess(households, before, month, ages), assess(households, after, month, ages)
    refused = old.refused | new.refused
    difference = np.where(refused, 0, new.payable_yen - old.payable_yen)
    types = np.array([TYPES.index(household_type(household, month)) for household in households])
    rows = []
    for number, name in enumerate(TYPES):
        of_type = types == number
        good = of_type & ~refused
        if of_type.any():
            rows.append(
                TypeDifference(
                    type=name,
                    households=int(of_type.sum()),
                    refused=int((of_type & refused).sum()),
                    before_yen=int(old.payable_yen[good].sum()),
                    after_yen=int(new.payable_yen[good].sum()),
                    raised=int((difference[of_type] > 0).sum()),
                    lowered=int((difference[of_type] < 0).sum()),
                )
            )
    return tuple(rows)


def household_type(household: Household, month: Month) -> str:
    """世帯類型 of 被保護者調査: the aged (65 and over, and under 18), lone parents, the disabled or sick, others."""
    ages = [_age(member, month) for member in household.members]
    if any(age >= 65 for age in ages) and all(age >= 65 or age < 18 for age in ages):
        return TYPES[0] if len(ages) == 1 else TYPES[1]
    if any(member.lone_parent for member in household.members):
        return TYPES[2]
    ill = (member.disability or member.home_patient or member.residence == "hospital" for member in household.members)
    return TYPES[3] if any(ill) else TYPES[4]


def _age(member: Member, month: Month) -> int:
    if member.age is not None:
        return member.age
    assert member.birth_date is not None
    return age_of_fiscal_year(month, member.birth_date)
