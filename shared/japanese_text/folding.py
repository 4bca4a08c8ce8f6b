"""What folding readings and folding characters have in common."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Final, TypeAlias

Table: TypeAlias = Mapping[int, str | None]
"""For `str.translate`: a code point to the character that is read for it, or None where it is dropped."""

BLANKS: Final = (
    "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\u200b\u200c\u200d\u2060\ufeff"
)
"""Every blank that Unicode has, and the widths of zero that nobody sees."""
VARIATION_SELECTORS: Final = "".join(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
"""異体字セレクタ: which drawing of a character is meant; the character is the same."""
_BEFORE: Final = str.maketrans("゛゜", "\u3099\u309a", BLANKS + VARIATION_SELECTORS)
"""The marks that stand alone join the kana before them, as those of half width do."""
_AFTER: Final = str.maketrans("İΣ", "iσ", BLANKS)
"""Blanks that NFKC made (of ´, which is an accent on a blank), and where `str.lower` makes two characters of one or
looks at what stands beside a character."""


def folded(text: str, table: Table) -> str:
    """The text in NFKC and lower case, without blanks and variation selectors, by the table.

    Returns as many characters as NFKC has, or fewer; folded again it stays as it is. Any text is taken: a character
    that is no kana or ideograph, and half a surrogate pair that stands alone, stay as they are.
    """
    plain = unicodedata.normalize("NFKC", text.translate(_BEFORE))
    return unicodedata.normalize("NFKC", plain.translate(_AFTER).lower().translate(table))


def repeated(text: str, runs: re.Pattern[str]) -> str:
    """The text with a character in the place of each mark of repetition after it: 佐々木 as 佐佐木.

    `runs` finds the character (group 1) and its marks (group 2); a mark after anything else stays.
    """
    return runs.sub(lambda run: run[1] * (1 + len(run[2])), text)
