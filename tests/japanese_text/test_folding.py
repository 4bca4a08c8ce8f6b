"""A person is found however the name is written (表記ゆれ)."""

import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given as each
from hypothesis import strategies as st

from shared.japanese_text import fold_kana, fold_name, folding, is_kana

DATA = json.loads((Path(folding.__file__).parent / "data" / "characters.json").read_text(encoding="utf-8"))
FORMS = {**DATA["characters"], **DATA["variants"]}


@pytest.mark.parametrize(
    ("written", "searched"),
    [
        ("ﾜﾀﾅﾍﾞ ﾊﾅｺ", "ワタナヘハナコ"),
        ("わたなべ　はなこ", "ワタナヘハナコ"),
        ("ワタナヘ゛ハナコ", "ワタナヘハナコ"),
        ("キャシー・ジョーンズ", "キヤシシヨンス"),
        ("きやしいしよんす", "キヤシイシヨンス"),
        ("ミヅキ", "ミスキ"),
        ("ミズキ", "ミスキ"),
        ("ヂロウ", "シロウ"),
        ("ヱビス ヲサム", "エヒスオサム"),
        ("ヴァン", "ウアン"),
        ("ヷヸヹヺ", "ワイエオ"),
    ],
)
def test_a_reading_is_one_whatever_its_width_kana_size_and_marks(written: str, searched: str) -> None:
    assert fold_kana(written) == searched
    assert is_kana(searched)


@pytest.mark.parametrize(
    ("written", "searched"),
    [
        ("渡邉 花子", "渡辺花子"),
        ("渡邊\U000e0101　花子", "渡辺花子"),
        ("齋藤", "斉藤"),
        ("斎藤", "斉藤"),
        ("髙﨑", "高崎"),
        ("𠮷澤 國廣", "吉沢国広"),
        ("神\ufa19", "神神"),
        ("ＡＢＣ商店 1-2-3", "abc商店1-2-3"),
    ],
)
def test_a_name_is_one_in_old_and_new_characters(written: str, searched: str) -> None:
    assert fold_name(written) == searched


@each(st.text())
def test_what_is_folded_stays_as_it_is_and_any_text_can_be_folded(text: str) -> None:
    assert fold_name(fold_name(text)) == fold_name(text)
    assert fold_kana(fold_kana(text)) == fold_kana(text)


def test_lone_halves_of_characters_are_folded_to_themselves() -> None:
    assert fold_kana("\ud842ア") == "\ud842ア"


def test_each_form_leads_to_one_that_leads_nowhere_else() -> None:
    assert {form for form in FORMS.values() if form in FORMS} == set()
    assert [form for form in (*FORMS, *FORMS.values()) if unicodedata.normalize("NFKC", form) != form] == []
    assert DATA["characters"].keys() & DATA["variants"].keys() == set()


def test_places_and_persons_read_the_same_characters_alike() -> None:
    path = Path("shared/benefit_rules/data/places.json")
    places = json.loads(path.read_text(encoding="utf-8"))["characters"]
    kana = {"ヶ", "が", "ガ"}
    differing = {variant for variant, form in places.items() if fold_name(variant) != fold_name(form)} - kana
    assert differing == set()


@pytest.mark.parametrize("text", ["", "花子", "03", "abc"])
def test_what_has_no_kana_is_no_reading(text: str) -> None:
    assert not is_kana(fold_kana(text))
