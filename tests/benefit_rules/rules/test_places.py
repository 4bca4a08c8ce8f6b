"""Municipalities are found as registers write them; where two may be meant, none is."""

import pytest

from shared.benefit_rules.law.places import Places
from tests.benefit_rules.households import STANDARDS

PLACES = STANDARDS.places
DATA = {
    "winter_zone": {"東京都": 6},
    "characters": {"龍": "竜"},
    "grade_of_municipality": {"東京都": {"3級地-1": ["龍田村"], "3級地-2": ["竜田村"]}},
    "others": {},
    "designated_cities": {},
}


@pytest.mark.parametrize(
    ("prefecture", "written", "official"),
    [
        ("高知県", "梼原町", "檮原町"),
        ("高知県", "高岡郡梼原町", "檮原町"),
        ("高知県", "高知県高岡郡檮原町", "檮原町"),
        ("福岡県", "糟屋郡須惠町", "須恵町"),
        ("宮城県", "塩釜市", "塩竈市"),
        ("茨城県", "竜ヶ崎市", "龍ケ崎市"),
        ("千葉県", "鎌ヶ谷市", "鎌ケ谷市"),
        ("千葉県", "鎌が谷市", "鎌ケ谷市"),
        ("千葉県", "鎌ｹ谷市", "鎌ケ谷市"),
        ("奈良県", "葛\U000e0100城市", "葛城市"),
        ("東京都", "東京都新宿区", "新宿区"),
        ("東京都", " 新宿区　", "新宿区"),
        ("東京都", "西多摩郡　桧原村", "檜原村"),
        ("兵庫県", "上郡町", "上郡町"),
        ("兵庫県", "赤穂郡上郡町", "上郡町"),
        ("福島県", "郡山市", "郡山市"),
        ("奈良県", "大和郡山市", "大和郡山市"),
        ("神奈川県", "横浜市　西区", "横浜市"),
        ("神奈川県", "横濱市西区", "横浜市"),
    ],
)
def test_a_municipality_is_found_as_registers_write_it(prefecture: str, written: str, official: str) -> None:
    assert PLACES.official(prefecture, written) == official
    assert PLACES.grade(prefecture, written) == PLACES.grade(prefecture, official)
    row = PLACES.housing_row(prefecture, official, 0)
    assert PLACES.housing_row(prefecture, written, 0) == row


def test_every_municipality_is_itself_with_its_prefecture_and_with_a_county_before_it() -> None:
    listed = [*PLACES._grades, *PLACES._by_absence]
    assert len(listed) == 1_741
    for prefecture, name in listed:
        county = "某郡" if name[-1] in "町村" else ""
        for written in (name, prefecture + name, county + name, f"{prefecture} {county}{name}"):
            assert PLACES.official(prefecture, written) == name, (prefecture, written)


@pytest.mark.parametrize(
    "written", ["", "　", "東京都", "新宿", "西多摩郡", "郡檜原村町", "府中市中央区", "新宿区新宿区"]
)
def test_what_names_no_municipality_is_found_nowhere(written: str) -> None:
    assert PLACES.official("東京都", written) is None
    assert PLACES.grade("東京都", written) is None


def test_where_two_municipalities_may_be_meant_only_the_official_name_is_found() -> None:
    places = Places(DATA, [])
    assert [places.official("東京都", name) for name in ("龍田村", "竜田村")] == ["龍田村", "竜田村"]
    assert [places.grade("東京都", name) for name in ("龍田村", "竜田村")] == [4, 5]
    assert places.official("東京都", "龍\ufe00田村") is None
