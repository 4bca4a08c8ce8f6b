"""Whatever is typed is folded: no text is refused, none grows, and what is folded stays."""

import unicodedata
from collections.abc import Callable
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.japanese_text import fold_kana, fold_name
from shared.japanese_text.characters import variants

BOTH = pytest.mark.parametrize("fold", [fold_kana, fold_name])
Fold = Callable[[str], str]
OF_NAMES = (
    "".join(variants()) + "々〻ヽヾゝゞ゛゜\u3099\u309a\u0301\u0307´¨ 　ー・-がぢヂﾞİΣςA\ufe00\U000e0100\ud842\udfb7"
)
texts = st.text() | st.text(OF_NAMES) | st.text(st.characters(categories=["Cs", "Mn", "Lo", "Zs", "Lm", "Sk"]))


@BOTH
@given(text=texts)
def test_what_is_folded_stays(fold: Fold, text: str) -> None:
    assert fold(fold(text)) == fold(text)


@BOTH
@given(text=texts)
def test_a_folded_text_is_no_longer_than_nfkc_has_it(fold: Fold, text: str) -> None:
    assert len(fold(text)) <= len(unicodedata.normalize("NFKC", text))


@BOTH
def test_every_character_alone_is_folded_once_and_for_all(fold: Fold) -> None:
    for character in map(chr, range(0x110000)):
        once = fold(character)
        assert fold(once) == once
        assert len(once) <= len(unicodedata.normalize("NFKC", character))


@BOTH
def test_half_a_surrogate_pair_stays_as_it_is(fold: Fold) -> None:
    assert fold("\ud842") == "\ud842"
    assert fold("田\udfb7 中") == "田\udfb7中"


@BOTH
def test_letters_are_searched_without_regard_to_their_size(fold: Fold) -> None:
    assert fold("ＡİΣ") == fold("aiσ") == "aiσ"
    assert fold("ΑΣ Α") == fold("ΑΣΑ")


@BOTH
def test_a_hundred_thousand_names_are_folded_while_nobody_waits(fold: Fold) -> None:
    names = ["渡邉　𠮷郎", "齋藤 花子", "佐々木 澤男", "ﾜﾀﾅﾍﾞ　じゅんこ", "いすゞ ハナコ"] * 20_000
    begin = process_time()
    for name in names:
        fold(name)
    assert process_time() - begin < 2
