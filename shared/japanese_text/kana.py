"""フリガナ: readings, folded to large katakana without marks."""

import re
import unicodedata
from typing import Final

from shared.japanese_text.folding import Table, folded, repeated

_SMALL: Final = dict(
    zip(
        "ァィゥェォッャュョヮヵヶㇰㇱㇲㇳㇴㇵㇶㇷㇸㇹㇺㇻㇼㇽㇾㇿ",
        "アイウエオツヤユヨワカケクシストヌハヒフヘホムラリルレロ",
        strict=True,
    )
)
_SAME_SOUND: Final = {"ヰ": "イ", "ヱ": "エ", "ヲ": "オ", "ヂ": "シ", "ヅ": "ス"}
_DROPPED: Final = "ー-‐‑‒–—―⸺⸻−゠〜~・·‧•∙⋅\u3099\u309a"
"""Long marks, hyphens and whatever is typed for them, middle dots, and marks that no kana took up."""
_REPEATED: Final = re.compile("([ァ-ヺ])(ヽ+)")


def _large(kana: str) -> str:
    """The katakana without its mark that is read for one katakana: ヂ and ジ as シ, ッ as ツ, ヴ as ウ, ヺ as オ."""
    if kana in _SAME_SOUND:
        return _SAME_SOUND[kana]
    plain = unicodedata.normalize("NFD", kana)[0]
    return _SMALL.get(plain) or _SAME_SOUND.get(plain, plain)


def _table() -> Table:
    katakana = [*map(chr, range(0x30A1, 0x30FB)), "ヽ", "ヾ", *_SMALL]
    hiragana = [*map(chr, range(0x3041, 0x3097)), "ゝ", "ゞ"]
    large = {ord(kana): _large(kana) for kana in katakana}
    return {
        **large,
        **{ord(kana): large[ord(kana) + 0x60] for kana in hiragana},
        **dict.fromkeys(map(ord, _DROPPED)),
    }


_TABLE: Final = _table()


def fold_kana(text: str) -> str:
    """The reading as it is searched: ワタナヘ for わたなべ, ﾜﾀﾅﾍﾞ, ワタナベ; シユンコ for ジュンコ, ヂュンコ, しゆんこ.

    - Hiragana and half width become katakana (NFKC), small kana large: ッ as ツ, ャ as ヤ, ヵ as カ.
    - Marks (濁点・半濁点) are folded away, being lost in transfers and misheard at the counter: ガ as カ, バ and
      パ as ハ, ヴ as ウ.
    - ヂ is read as ジ and ヅ as ズ, thus シ and ス. チ and ツ stay: who writes チ for ヂ is not found, for else every
      イチカワ would be an イシカワ.
    - ヰ as イ, ヱ as エ, ヲ as オ; ヽ and ヾ as the kana before them (ミスヾ as ミスス).
    - The long mark ー, hyphens, blanks and middle dots are dropped: オーノ as オノ, which オオノ is not.
    - What is no kana stays, in NFKC and lower case.

    Returns at most as many characters as NFKC has; folded again it stays as it is. Never raises: half a surrogate
    pair that stands alone stays as it is.
    """
    return repeated(folded(text, _TABLE), _REPEATED)
