"""A person is found by the characters of the name, in their old, variant and everyday forms."""

import json
import unicodedata
from importlib import resources
from typing import Any

import pytest

from shared.japanese_text import fold_name
from shared.japanese_text.characters import variants
from shared.japanese_text.folding import BLANKS


def table(package: str, file: str) -> dict[str, Any]:
    loaded = json.loads(resources.files(package).joinpath("data", file).read_text(encoding="utf-8"))
    assert isinstance(loaded, dict)
    return loaded


CHARACTERS = table("shared.japanese_text", "characters.json")
PLACES = table("shared.benefit_rules", "places.json")["characters"]
OF_PLACES_ALONE = {"竃", "竈", "が", "ガ"}
"""鹽竈 is 塩釜 and 鬼ガ島 鬼ケ島 as places; in names 竈 and 釜, が and ケ are two."""


@pytest.mark.parametrize(
    ("searched", "written"),
    [
        ("渡辺", ["渡邊", "渡邉", "渡𨘢", "渡 辺", "渡　邉"]),
        ("斉藤", ["齋藤", "齊藤", "斎藤", "斊藤"]),
        ("高崎", ["髙﨑", "髙嵜", "高﨑"]),
        ("吉沢", ["𠮷澤", "𠮷沢", "吉澤"]),
        ("浜田", ["濱田", "濵田"]),
        ("広島", ["廣嶋", "廣嶌", "廣島"]),
        ("恵国", ["惠國", "惠国"]),
        ("佐佐木", ["佐々木", "佐〻木", "佐 々木"]),
        ("葛城", ["葛󠄀城", "葛󠄁城", "葛︀城"]),
        ("神谷", ["\ufa19谷"]),
        ("一ケ瀬", ["一ヶ瀬", "一ｹ瀨"]),
        ("nguyễnvăn", ["Ｎｇｕｙễn Văn", "NGUYỄN VĂN"]),
        ("さくら", ["さ く ら"]),
        ("々", ["々"]),
        ("野野野", ["野々々"]),
        ("", ["", " ", "\u200b"]),
    ],
)
def test_one_person_is_found_however_the_name_is_written(searched: str, written: list[str]) -> None:
    assert {fold_name(name) for name in [searched, *written]} == {searched}


def test_names_of_different_characters_stay_apart() -> None:
    for names in (("大坂", "大阪"), ("畠山", "畑山"), ("太田", "大田"), ("サクラ", "さくら"), ("荘司", "庄司")):
        assert len({fold_name(name) for name in names}) == 2


@pytest.mark.parametrize("blank", BLANKS)
def test_no_blank_matters(blank: str) -> None:
    assert fold_name(f"高橋{blank}恵") == "高橋恵"


@pytest.mark.parametrize("selector", ["\ufe00", "\ufe0f", "\U000e0100", "\U000e01ef"])
def test_which_drawing_of_a_character_is_meant_does_not_matter(selector: str) -> None:
    assert fold_name(f"辻{selector}") == "辻"
    assert fold_name(f"辺{selector}々") == "辺辺"


@pytest.mark.parametrize("neighbour", ["\ufdff", "\ufe10", "\U000e00ff", "\U000e01f0"])
def test_a_neighbour_of_the_variation_selectors_is_none(neighbour: str) -> None:
    assert fold_name(f"辻{neighbour}") != "辻"


def test_every_blank_of_unicode_is_one_of_ours() -> None:
    assert {chr(code) for code in range(0x110000) if chr(code).isspace()} <= set(BLANKS)


def test_all_forms_in_brackets_of_the_table_of_joyo_kanji_are_there() -> None:
    joyo = CHARACTERS["characters"]["joyo"]
    assert len(joyo) == 364
    assert len([old for old in joyo if unicodedata.normalize("NFKC", old) != old]) == 62
    several = {form for form in joyo.values() if list(joyo.values()).count(form) > 1}
    assert several == {"弁", "斉"}, "弁 has three old forms (辨, 瓣, 辯), 斉 that of 斎 as well"


def test_every_group_of_characters_names_its_source() -> None:
    assert set(CHARACTERS["source"]) == set(CHARACTERS["characters"])


def test_a_character_stands_in_one_group_once() -> None:
    groups = CHARACTERS["characters"].values()
    assert len(variants()) == sum(map(len, groups))
    text = resources.files("shared.japanese_text").joinpath("data", "characters.json").read_text(encoding="utf-8")
    pairs = [pair for pair in json.loads(text, object_pairs_hook=list) if pair[0] == "characters"]
    assert [len(group) for _, group in pairs[0][1]] == [len(group) for group in groups]


def test_every_variant_is_searched_as_its_form_and_no_form_as_another() -> None:
    assert all(fold_name(variant) == form for variant, form in variants().items())
    assert all(fold_name(form) == form for form in variants().values())
    assert not set(variants()) & set(variants().values())


def test_places_and_names_agree_on_what_is_one_character() -> None:
    known = {*variants(), *variants().values()}
    both = {variant for variant, form in PLACES.items() if {variant, form} & known}
    assert len(both) > 70
    assert {variant for variant in both if fold_name(variant) != fold_name(PLACES[variant])} == OF_PLACES_ALONE
