"""A person is found by the reading, in whichever kana and width and with or without marks it is typed."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.japanese_text import fold_kana
from shared.japanese_text.folding import BLANKS

KATAKANA = "".join(map(chr, range(0x30A1, 0x30FB)))
HIRAGANA = "".join(map(chr, range(0x3041, 0x3097)))
MARKED = "ガギグゲゴザジズゼゾダデドバビブベボパピプペポヴヷヺ"
readings = st.text(KATAKANA + HIRAGANA + "ーヽヾゝゞ 　・-゛゜" + "".join(map(chr, range(0xFF65, 0xFFA0))))


@pytest.mark.parametrize(
    "typed",
    [
        "ワタナベ ジュンコ",
        "わたなべ　じゅんこ",
        "ﾜﾀﾅﾍﾞ ｼﾞｭﾝｺ",
        "ﾜﾀﾅﾍﾞｼﾞﾕﾝｺ",
        "ワタナへ゛シ゛ユンコ",
        "ワタナヘ シユンコ",
        "ワタナベ・ジュンコー",
        "わたなべ-ヂゅんこ",
    ],
)
def test_one_person_is_found_however_the_reading_is_typed(typed: str) -> None:
    assert fold_kana(typed) == "ワタナヘシユンコ"


@pytest.mark.parametrize(
    ("typed", "searched"),
    [
        ("はっとり", "ハツトリ"),
        ("ジャン・ピエール", "シヤンヒエル"),
        ("ヰノウヱ ヲサム", "イノウエオサム"),
        ("ヸ ヹ ヺ ヷ ヴ", "イエオワウ"),
        ("みすゞ", "ミスス"),
        ("いすヾ", "イスス"),
        ("ヽ", "ヽ"),
        ("ㇰㇷ゚ㇿ", "クフロ"),
        ("ヵヶゕゖ", "カケカケ"),
        ("㋐㌔", "アキロ"),
        ("Ｎｇｕｙễn Văn", "nguyễnvăn"),
        ("渡邉", "渡邉"),
        ("\u3040\u3097\u3098", "\u3040\u3097\u3098"),
        ("ﾀﾅｶ2", "タナカ2"),
        ("", ""),
    ],
)
def test_what_becomes_of_a_reading(typed: str, searched: str) -> None:
    assert fold_kana(typed) == searched


def test_kana_of_one_sound_are_the_same() -> None:
    assert {fold_kana(kana) for kana in "ヂジシぢじし"} == {"シ"}
    assert {fold_kana(kana) for kana in "ヅズスづずす"} == {"ス"}
    assert fold_kana("ﾁﾞ") == fold_kana("チ゛") == fold_kana("チ\u3099") == "シ"


def test_names_that_sound_different_stay_apart() -> None:
    for names in (("イチカワ", "イシカワ"), ("ツル", "スル"), ("オオノ", "オノ"), ("ウエダ", "ウエノ")):
        assert len({fold_kana(name) for name in names}) == 2


@pytest.mark.parametrize("dropped", [*"ーｰ-－‐‑‒–—―−〜～・･·", *BLANKS])
def test_long_marks_hyphens_dots_and_blanks_do_not_matter(dropped: str) -> None:
    assert fold_kana(f"アベ{dropped}ユウ") == fold_kana("アベユウ")


def test_every_kana_is_folded_to_a_large_one_without_a_mark() -> None:
    large = set("アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン")
    assert {fold_kana(kana) for kana in KATAKANA + HIRAGANA} == large


@given(readings)
def test_hiragana_do_not_matter(reading: str) -> None:
    hiragana = reading.translate({ord(kana) + 0x60: kana for kana in HIRAGANA})
    assert fold_kana(hiragana) == fold_kana(reading)


@given(st.text(KATAKANA[:-4]))
def test_width_does_not_matter(reading: str) -> None:
    narrow = {unicodedata.normalize("NFKC", chr(code)): chr(code) for code in range(0xFF66, 0xFF9E)}
    parts = unicodedata.normalize("NFD", reading)
    half = "".join({"\u3099": "ﾞ", "\u309a": "ﾟ"}.get(part) or narrow.get(part, part) for part in parts)
    assert fold_kana(half) == fold_kana(reading)


@given(st.text(MARKED))
def test_marks_do_not_matter(reading: str) -> None:
    bare = "".join(part for part in unicodedata.normalize("NFD", reading) if part not in "\u3099\u309a")
    assert fold_kana(reading) == fold_kana(bare)


@given(readings, st.sampled_from(BLANKS), st.integers(0, 40))
def test_a_blank_anywhere_does_not_matter(reading: str, blank: str, place: int) -> None:
    assert fold_kana(reading[:place] + blank + reading[place:]) == fold_kana(reading)
