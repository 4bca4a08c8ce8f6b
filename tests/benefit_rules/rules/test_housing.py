"""Rent up to the ceiling of the place."""

from typing import Any

import pytest

from tests.benefit_rules.households import assessed, member, yen


@pytest.mark.parametrize(
    ("persons", "ceiling"), [(1, 53_700), (2, 64_000), (3, 69_800), (5, 69_800), (6, 75_000), (7, 83_800), (9, 83_800)]
)
def test_rent_up_to_the_ceiling(persons: int, ceiling: int) -> None:
    family = [member()] + [member(f"m{n}", relation="other") for n in range(2, persons + 1)]
    assert yen(assessed(*family, rent=200_000), "housing.rent") == ceiling
    assert yen(assessed(*family, rent=40_000), "housing.rent") == 40_000


def test_special_ceiling_of_a_person_alone() -> None:
    assert yen(assessed(rent=72_000, special_housing=True), "housing.rent") == 69_800
    assert yen(assessed(rent=50_000, special_housing=True), "housing.rent") == 50_000


def test_a_city_with_ceilings_of_its_own() -> None:
    place: dict[str, Any] = {"prefecture": "北海道", "municipality": "札幌市", "rent": 99_000, "month": "2026-07"}
    assert yen(assessed(**place), "housing.rent") == 36_000
