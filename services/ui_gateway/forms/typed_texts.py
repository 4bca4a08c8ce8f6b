"""What people type, made one writing: the same letters however the keyboard stood. What they meant is not touched."""

import unicodedata
from typing import Final

_BLANKS: Final = " \t\r\n\u3000\u00a0"
_DIGITS: Final = str.maketrans("０１２３４５６７８９", "0123456789")
_NUMBERS: Final = _DIGITS | str.maketrans("－‐‑–—−ー（）＋", "-------()+")
_HIRAGANA: Final = {code: code + 0x60 for code in (*range(0x3041, 0x3097), 0x309D, 0x309E)}
"""ぁ to ゖ, ゝ and ゞ, to the katakana of the same sound (Unicode blocks Hiragana and Katakana)."""
_HALF_WIDTH_KANA: Final = frozenset(map(chr, range(0xFF61, 0xFFA0)))


def tidy(typed: str) -> str:
    """NFC, lines that end one way, no blanks at the ends; variation selectors stay."""
    return unicodedata.normalize("NFC", typed.replace("\r\n", "\n").replace("\r", "\n")).strip(_BLANKS)


def fold_digits(text: str) -> str:
    """Full-width digits as half-width ones."""
    return text.translate(_DIGITS)


def fold_numbers(text: str) -> str:
    """A number of a telephone or a paper with its hyphens, brackets and plus in half width."""
    return text.translate(_NUMBERS)


def to_katakana(text: str) -> str:
    """Hiragana and half-width kana as full-width katakana; what is neither stays as it is."""
    widened, run = "", ""
    for letter in f"{text}\0":
        if letter in _HALF_WIDTH_KANA:
            run += letter  # a voicing mark belongs to the letter before it
        else:
            widened += unicodedata.normalize("NFKC", run) + letter
            run = ""
    return widened[:-1].translate(_HIRAGANA)
