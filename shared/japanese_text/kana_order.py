"""フリガナ: the order of an index (五十音順)."""

import unicodedata
from typing import Final

_SMALL: Final = dict(zip("ァィゥェォッャュョヮヵヶ", "アイウエオツヤユヨワカケ", strict=True))
_VOWELS: Final = {
    kana: row[0]
    for row in (
        "アカサタナハマヤラワ",
        "イキシチニヒミリヰ",
        "ウクスツヌフムユル",
        "エケセテネヘメレヱ",
        "オコソトノホモヨロヲ",
    )
    for kana in row
}
_HIRAGANA: Final = {code: code + 0x60 for code in range(0x3041, 0x3097)}


def kana_order(reading: str) -> tuple[str, str]:
    """By what two readings are compared, as JIS X 4061 does: カトウ, ガトウ, カトウダ; キヨタ beside キョウダ.

    Marks and small kana count only where all else is equal: カ before ガ, ハ before バ before パ, ョ before ヨ. A long
    mark is read as the vowel before it. A blank comes before every kana, so that a family stands together.
    """
    katakana = " ".join(unicodedata.normalize("NFKC", reading).translate(_HIRAGANA).split())
    large = ""
    for letter in katakana:
        plain = unicodedata.normalize("NFD", letter)[0]
        large += _VOWELS.get(large[-1:], plain) if plain == "ー" else _SMALL.get(plain, plain)
    return large, katakana
