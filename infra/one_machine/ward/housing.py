"""Rents (家賃) under, at and over the ceiling of 東京都 1級地 (社援発0414第9号).

No room of 15 m² or less yet: their ceilings have no source so far, and the rules refuse such a household.
"""

from random import Random
from typing import Final

from infra.one_machine.ward.people import Household

PREFECTURE, MUNICIPALITY, GRADE = "東京都", "新宿区", "1級地-1"
_CEILINGS: Final = (53_700, 64_000, 69_800, 69_800, 69_800)
_RENTING: Final = 0.85
_LEAST: Final = 28_000


def set_rent(random: Random, household: Household) -> None:
    """Give a household its rent: 15 % none, half at the ceiling to the yen, others below, one in eight above."""
    if random.random() >= _RENTING:
        return
    ceiling = _CEILINGS[min(len(household.members), len(_CEILINGS)) - 1]
    place = random.random()
    if place < 0.50:
        household.rent = ceiling
    elif place < 0.875:
        household.rent = random.randrange(_LEAST, ceiling, 500)
    else:
        household.rent = ceiling + random.randrange(500, 16_000, 500)
    if len(household.members) == 1 and random.random() < 0.6:
        household.floor_area = f"{random.randint(151, 300) / 10:.1f}"
