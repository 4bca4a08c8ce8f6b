"""Readings stand in the order in which an office looks them up (五十音順)."""

from itertools import pairwise

import pytest

from shared.japanese_text import kana_order

INDEX = (
    "ア ヨシコ",
    "アオキ",
    "オオノ",
    "オーヤ",
    "カトウ",
    "ガトウ",
    "カトウダ",
    "シズ",
    "チズ",
    "ヂズカ",
    "ハラ",
    "バラ",
    "パラ",
)
INDEX_OF_SMALL = ("ショウジ", "シヨウジ", "ジョウジ", "ショウダ", "ハツトリ", "ハットリタ", "ワタナベ")


@pytest.mark.parametrize("index", [INDEX, INDEX_OF_SMALL])
def test_each_reading_of_an_index_comes_before_the_next(index: tuple[str, ...]) -> None:
    assert all(kana_order(before) < kana_order(after) for before, after in pairwise(index))


@pytest.mark.parametrize("written", ["わたなべ　じゅん", "ﾜﾀﾅﾍﾞ ｼﾞｭﾝ", "ワタナベ  ジュン"])
def test_the_way_of_writing_changes_no_place(written: str) -> None:
    assert kana_order(written) == kana_order("ワタナベ ジュン")


@pytest.mark.parametrize("odd", ["", "ー", "Smith", "𠮷", "\ud800"])
def test_what_is_no_reading_has_a_place_too(odd: str) -> None:
    assert kana_order(odd)[1] == odd
