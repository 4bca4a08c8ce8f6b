"""Rent up to the ceiling of the place."""

from typing import Any

import pytest

from shared.benefit_rules import Assessment, HouseholdError, Trust, assess, parse_household
from tests.benefit_rules.households import STANDARDS, assessed, household, member, yen


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


@pytest.mark.parametrize(
    ("municipality", "ceilings"),
    [
        ("新宿区", [69_800, 75_000, 81_000, 86_000, 91_000, 91_000, 97_000]),
        ("羽村市", [59_000, 63_000, 68_000, 72_000, 77_000, 77_000, 81_000]),
        ("檜原村", [53_200, 57_000, 61_000, 65_000, 70_000, 70_000, 74_000]),
    ],
)
def test_special_ceilings_of_tokyo_by_grade_and_persons(municipality: str, ceilings: list[int]) -> None:
    """Read once, in a table of 2017: a warning stands beside each but that of a person alone in 1級地."""
    for persons, ceiling in enumerate(ceilings, start=1):
        family = [member()] + [member(f"m{n}", relation="other") for n in range(2, persons + 1)]
        assessment = assessed(*family, municipality=municipality, rent=200_000, special_housing=True)
        assert (persons, yen(assessment, "housing.rent")) == (persons, ceiling)
        doubted = any(warning.kind == "housing.rent" and warning.type == "single" for warning in assessment.warnings)
        assert doubted == ((municipality, persons) != ("新宿区", 1))


def test_elsewhere_the_special_ceilings_follow_the_rule_that_fits_those_of_tokyo() -> None:
    """3 to 5 persons' ceiling for one; that of one person × 1.4 1.5 1.6 1.7 1.7 1.8 to the nearest 1,000 yen."""
    tables = STANDARDS.tables("2026-10")
    ordinary, special = tables["housing.ceiling"], tables["housing.special_ceiling"]
    places = STANDARDS.series["housing.ceiling"]["places"]
    for row, place in enumerate(places):
        one, three = ordinary.values[row, 1], ordinary.values[row, 3]
        by_rule = [three, *((one * tenths + 5_000) // 10_000 * 1_000 for tenths in (14, 15, 16, 17, 17, 18))]
        assert special.values[row, 1:8].tolist() == by_rule, place
        read = place in ("東京都 1級地", "東京都 2級地", "東京都 3級地")
        assert (special.trusts[row, 1:8] < Trust.RECONSTRUCTED).all() == read, place


def test_the_small_rooms_of_every_place_are_tenths_of_the_ceiling_of_one_person() -> None:
    """× 0.9, 0.8, 0.7 to the nearest 1,000 yen; where 500 yen are left the cell is not used."""
    tables = STANDARDS.tables("2026-10")
    ordinary, rooms = tables["housing.ceiling"], tables["housing.small_room_ceiling"]
    for row in range(len(STANDARDS.series["housing.ceiling"]["places"])):
        for room, tenths in enumerate((9, 8, 7)):
            thousands, rest = divmod(int(ordinary.values[row, 1]) * tenths, 10_000)
            assert rooms.usable[row * 3 + room] == (rest != 5_000)
            if rest != 5_000:
                assert rooms.values[row, room] == (thousands + (rest > 5_000)) * 1_000
    osaka = STANDARDS.places.housing_row("大阪府", "大阪市", 0)
    assert rooms.values[osaka].tolist() == [36_000, 32_000, 28_000]


@pytest.mark.parametrize(("rent", "refused"), [(40_000, False), (40_001, True), (53_700, True)])
def test_a_small_room_is_refused_only_above_what_its_ceiling_is_at_least(rent: int, refused: bool) -> None:
    """羽村市, 12 ㎡: 45,000 × 0.9 is 40,500, so the ceiling is 40,000 or 41,000."""
    entry = household(municipality="羽村市", rent=rent, floor_area=12)
    (answer,) = assess([parse_household(entry)], STANDARDS, "2026-10")
    assert isinstance(answer, HouseholdError) == refused
    if isinstance(answer, Assessment):
        assert yen(answer, "housing.rent") == rent


def test_ceilings_read_twice_are_confirmed_and_those_of_later_core_cities_are_not() -> None:
    assert assessed(prefecture="大阪府", municipality="大阪市", rent=40_000).warnings == ()
    core_city = assessed(prefecture="大阪府", municipality="吹田市", rent=30_000)
    assert [warning.type for warning in core_city.warnings] == ["single"]


def test_deposit_and_renewal_follow_the_special_ceilings() -> None:
    """Three times and once of it (局長通知 第7-4-(1)-カ, ク): the three stand in the data as their texts do."""
    special, deposit, renewal = (
        STANDARDS.tables("2026-10")[name]
        for name in ("housing.special_ceiling", "one_off.deposit", "one_off.lease_renewal")
    )
    assert (deposit.values == special.values * 3).all()
    assert (renewal.values == special.values).all()
    assert (deposit.trusts == special.trusts).all()


@pytest.mark.parametrize(
    ("municipality", "area", "ceiling"),
    [
        ("新宿区", 15, 48_000),
        ("新宿区", 10, 43_000),
        ("新宿区", 6, 38_000),
        ("檜原村", 15, 37_000),
        ("羽村市", 10, 36_000),
    ],
)
def test_small_rooms_of_tokyo_by_the_rule_that_was_found_again(municipality: str, area: float, ceiling: int) -> None:
    assessment = assessed(municipality=municipality, rent=53_700, floor_area=area)
    assert yen(assessment, "housing.rent") == ceiling
    about_the_rent = [warning.type for warning in assessment.warnings if warning.kind == "housing.rent"]
    assert about_the_rent == ["reconstructed", "not-given"]
    assert yen(assessed(municipality=municipality, rent=20_000, floor_area=area), "housing.rent") == 20_000


def test_a_city_with_ceilings_of_its_own() -> None:
    place: dict[str, Any] = {"prefecture": "北海道", "municipality": "札幌市", "rent": 99_000, "month": "2026-07"}
    assert yen(assessed(**place), "housing.rent") == 36_000


ALONE_TEXT = "入院の日が入力されていない"
BEYOND_SIX = "入院6か月を超えた単身の者の家賃"


def rent_in_hospital(admitted: str | None, month: str, *others: dict[str, Any]) -> tuple[int, set[str]]:
    """The rent of a patient, and which of the three things are said about it."""
    patient = member(residence="hospital", **({"admitted": admitted} if admitted else {}))
    assessment = assessed(patient, *others, month=month, rent=53_700)
    texts = [warning.detail for warning in assessment.warnings]
    said = {part for part in (ALONE_TEXT, BEYOND_SIX, "第7-4-(1)-エ") if any(part in text for text in texts)}
    return yen(assessment, "housing.rent"), said


@pytest.mark.parametrize(
    ("admitted", "rent", "said"),
    [
        ("2026-09-01", 53_700, set()),
        ("2026-04-02", 53_700, set()),
        ("2026-04-01", 53_700, {BEYOND_SIX}),
        ("2026-01-02", 53_700, {BEYOND_SIX}),
        ("2026-01-01", 0, {"第7-4-(1)-エ"}),
        ("2020-01-01", 0, {"第7-4-(1)-エ"}),
        (None, 53_700, {ALONE_TEXT}),
    ],
)
def test_the_rent_of_a_person_alone_in_hospital(admitted: str | None, rent: int, said: set[str]) -> None:
    """In October: six months from 2 April last until 1 October, nine from 2 January; the day of admission decides."""
    assert rent_in_hospital(admitted, "2026-10") == (rent, said)


def test_the_rent_goes_on_where_somebody_lives_at_home() -> None:
    assert rent_in_hospital("2020-01-01", "2026-10", member("m2", relation="spouse")) == (53_700, set())
    in_care_home = member("m2", relation="spouse", residence="care_home")
    assert rent_in_hospital("2020-01-01", "2026-10", in_care_home) == (53_700, set()), "a couple is no person alone"
    couple = member(residence="hospital", admitted="2020-01-01"), in_care_home
    assert any("居宅にだれもいない" in warning.detail for warning in assessed(*couple, rent=53_700).warnings)


def test_of_a_rent_that_is_not_given_no_part_is_said_to_be_above_the_ceiling() -> None:
    """60,000 yen, a year in hospital: one sentence, and not a second one that a part of it were given."""
    patient = member(age=60, residence="hospital", admitted="2025-10-01")
    said = [warning.detail for warning in assessed(patient, rent=60_000).warnings if warning.kind == "housing.rent"]
    assert len(said) == 1
    assert "入院が9か月を超える単身の者" in said[0]


def test_the_rent_of_several_who_are_all_in_hospital_is_a_rule_that_was_not_read() -> None:
    both = [member("m1", residence="hospital"), member("m2", relation="spouse", residence="hospital")]
    assessment = assessed(*both, rent=60_000)
    assert yen(assessment, "housing.rent") == 60_000
    assert any("2人以上の世帯の全員が入院し" in warning.detail for warning in assessment.warnings)
    for_long = [{**person, "admitted": "2020-01-01"} for person in both]
    assert yen(assessed(*for_long, rent=60_000), "housing.rent") == 60_000


def test_a_rent_of_nobody_in_hospital_says_nothing_of_it() -> None:
    assert assessed(rent=53_700).warnings == ()
    assert not [w for w in assessed(member(residence="hospital")).warnings if "家賃" in w.detail]
