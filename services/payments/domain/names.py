"""Names as a bank takes them (振込用カナ): folded to half-width bytes, or refused with the character's name.

Allowed: ``0-9 A-Z``, space, ``( ) - . /`` and the half-width kana bytes B1-DF; ﾞ and ﾟ are bytes of their own.
ｦ, small kana and the long mark are folded (ｵ, large kana, ``-``), as banks ask. Source: domain.md §5.1 (BK-M).
Taken are those, their full-width forms, small letters and kana of either kind and width; nothing else is folded: a
letter that only looks like one of ours (ß, ı, ſ, ﬀ, the sign of Kelvin) is refused.
"""

import unicodedata
from typing import Final

import jaconv

ENCODING: Final = "shift_jis"
"""One byte a character within the allowed set (JIS X 0201)."""

_LETTERS: Final = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ ()-./")
_KANA: Final = frozenset(chr(code) for code in range(0xFF71, 0xFFA0))
ALLOWED: Final = _LETTERS | _KANA
MARKS: Final = frozenset("ﾞﾟ")

_REPLACED: Final = str.maketrans(
    {
        **dict(zip("ァィゥェォッャュョヮヵヶ", "アイウエオツヤユヨワカケ", strict=True)),
        **dict(zip("ｧｨｩｪｫｯｬｭｮ", "ｱｲｳｴｵﾂﾔﾕﾖ", strict=True)),
        "ヰ": "イ",
        "ヱ": "エ",
        "ヲ": "オ",
        "ｦ": "ｵ",
        **dict.fromkeys("ーｰ‐‑‒–—―−－", "-"),
        "\u3000": " ",
        "゛": "ﾞ",
        "゜": "ﾟ",
        "\u3099": "ﾞ",
        "\u309a": "ﾟ",
    },
)
_ASCII: Final = "".join(sorted(_LETTERS)) + "abcdefghijklmnopqrstuvwxyz"
_TAKEN: Final = frozenset(
    _ASCII
    + "".join(chr(ord(letter) + 0xFEE0) for letter in _ASCII if letter != " ")
    + "".join(map(chr, (*range(0x3041, 0x3097), *range(0x30A1, 0x30FB), *range(0xFF66, 0xFFA0))))
    + "ーｰ‐‑‒–—―−－\u3000゛゜\u3099\u309a"
)
"""What a name may be written in before it is folded."""


class NotFoldable(ValueError):
    """A character that no bank takes. The message names the character, not the name it stands in."""

    def __init__(self, character: str) -> None:
        self.character = character
        name = unicodedata.name(character, "a character without a name")
        super().__init__(f"no bank takes the character U+{ord(character):04X} {name}")


def fold(name: str) -> str:
    """``name`` in the bank's characters, one character a byte.

    Raises:
        NotFoldable: a character is neither allowed nor folded.
        ValueError: a voiced mark stands without a kana that it can voice before it.
    """
    stripped = name.strip(" \u3000")
    for character in stripped:
        if character not in _TAKEN:
            raise NotFoldable(character)
    katakana = jaconv.hira2kata(_composed(stripped))
    narrow = jaconv.z2h(katakana.translate(_REPLACED), kana=True, ascii=True, digit=True)
    folded = narrow.upper().translate(_REPLACED)
    for at, character in enumerate(folded):
        if character not in ALLOWED:
            raise NotFoldable(character)
        if character in MARKS and (at == 0 or folded[at - 1] not in _KANA - MARKS):
            raise ValueError("a voiced mark stands without its kana before it")
    return folded


def _composed(name: str) -> str:
    """Kana with a mark of their own (カ + U+3099) as one; there is nothing else in a name that is taken to compose."""
    return unicodedata.normalize("NFC", name)


def fit(folded: str, width: int) -> str:
    """At most ``width`` bytes of a folded name; a kana is never cut from its voiced mark."""
    if len(folded) <= width:
        return folded
    cut = width - 1 if folded[width] in MARKS else width
    return folded[:cut].rstrip()
