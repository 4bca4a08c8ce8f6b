"""Draw a ward: the same households, persons and accounts for the same seed and size."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Final

from infra.one_machine.ward.accounts import Branches, Payee, with_account, without_account
from infra.one_machine.ward.files import ward_files
from infra.one_machine.ward.housing import set_rent
from infra.one_machine.ward.people import (
    Household,
    assisted_household,
    support_household,
    under_public_assistance,
)

HOUSEHOLDS: Final = 8_676
PERSONS: Final = 9_668
SUPPORT_HOUSEHOLDS: Final = 21
SUPPORT_PERSONS: Final = 32
WITHOUT_ACCOUNT: Final = 400
UNDER_BOTH_LAWS: Final = 3
DEFAULT_SEED: Final = 20261203
_LARGE: Final = ((5, 9), (4, 32), (3, 110))
"""Households of 5, 4 and 3 persons in the whole ward; those of two make up the number of persons."""
DISTRICTS: Final = 20
_FIRST_CASE: Final = {"public_assistance": 10_000_000, "support_benefit": 90_000_000}


def generate(
    directory: Path | str,
    households: int = HOUSEHOLDS,
    support_households: int = SUPPORT_HOUSEHOLDS,
    seed: int = DEFAULT_SEED,
) -> None:
    """Write a ward's CSV files into `directory`, over those that are there.

    Raises:
        ValueError: as `draw` raises it.
    """
    files = draw(households, support_households, seed)
    Path(directory).mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (Path(directory) / name).write_bytes(data)


def draw(households: int, support_households: int, seed: int) -> dict[str, bytes]:
    """Return a ward's CSV files by name; its persons are in proportion to the households.

    Raises:
        ValueError: no household at all, or a negative number of them.
    """
    if min(households, support_households) < 0 or households + support_households == 0:
        raise ValueError("a ward has at least one household")
    random = Random(seed)  # noqa: S311 (a ward that can be drawn again, no secret)
    supported = [support_household(random, size) for size in _sizes_of_support(support_households)]
    assisted = [assisted_household(random, size) for size in _sizes(random, households)]
    drawn = [*assisted, *supported]
    for household in drawn:
        set_rent(random, household)
    _number(random, drawn)
    _put_under_both_laws(random, assisted, supported)
    _lay_out_districts(seed, drawn)
    return ward_files(drawn, _payees(random, assisted, supported))


def _sizes(random: Random, households: int) -> list[int]:
    """The size of each household of public assistance, in a drawn order."""
    persons = in_proportion(PERSONS, households, HOUSEHOLDS)
    sizes = [size for size, number in _LARGE for _ in range(number * households // HOUSEHOLDS)]
    twos = min(persons - households - sum(size - 1 for size in sizes), households - len(sizes))
    sizes += [2] * twos
    sizes += [1] * (households - len(sizes))
    random.shuffle(sizes)
    return sizes


def _sizes_of_support(households: int) -> list[int]:
    couples = in_proportion(SUPPORT_PERSONS, households, SUPPORT_HOUSEHOLDS) - households
    return [2] * couples + [1] * (households - couples)


def in_proportion(number: int, size: int, whole: int) -> int:
    """`number` of the whole ward in a ward of another size, to the nearest, halves up."""
    return (2 * number * size + whole) // (2 * whole)


def _number(random: Random, households: Sequence[Household]) -> None:
    """Give case numbers (ケース番号) in order and person numbers (宛名番号) that tell nothing."""
    persons = sum(len(household.members) for household in households)
    numbers = iter(random.sample(range(1_000_000_000, 10_000_000_000), persons))
    last = dict(_FIRST_CASE)
    for household in households:
        last[household.programme] += random.randint(1, 9)
        household.case_no = str(last[household.programme])
        household.members = [replace(member, person_no=str(next(numbers))) for member in household.members]


def _put_under_both_laws(random: Random, assisted: Sequence[Household], supported: Sequence[Household]) -> None:
    """Let a few heads under support benefits stand in a household of public assistance too, alone."""
    alone = [household for household in assisted if len(household.members) == 1]
    number = min(UNDER_BOTH_LAWS, len(alone), len(supported))
    pairs = zip(random.sample(alone, number), random.sample(supported, number), strict=True)
    for household, other in pairs:
        household.members = [under_public_assistance(other.members[0])]


def _lay_out_districts(seed: int, households: Sequence[Household]) -> None:
    """Give each household the district (地区) of a caseworker; drawn apart, so that all else of the ward stays."""
    random = Random(f"districts {seed}")  # noqa: S311
    for household in households:
        household.district = f"{random.randint(1, DISTRICTS):02d}"


def _payees(random: Random, assisted: Sequence[Household], supported: Sequence[Household]) -> list[Payee]:
    branches = Branches()
    number = min(in_proportion(WITHOUT_ACCOUNT, len(assisted), HOUSEHOLDS), len(assisted))
    at_desk = {household.case_no for household in random.sample(assisted, number)}
    return [
        without_account(random, household)
        if household.case_no in at_desk
        else with_account(random, household, branches)
        for household in (*assisted, *supported)
    ]
