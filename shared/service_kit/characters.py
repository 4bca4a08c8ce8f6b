"""Characters that people write: what is good is listed, so that whatever nobody sees or prints is refused by its name.

Not by what is bad: marks of direction, zero widths, controls, replacement characters and what Unicode adds next are
simply not in the list. Nothing is folded here: a text is taken as it stands, or refused.
"""

import re
import unicodedata
from typing import Final

_WORDS: Final = re.compile(
    "["
    r" -~À-ÖØ-öø-\u024fẠ-ỹ"  # Latin letters, those of names from abroad too
    r"ぁ-ゖゝゞァ-ヺーヽヾｦ-ﾟ゛゜"
    r"々〆〇\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # ideographs, also of the further planes
    r"\u3000、。・「」『』〈〉【】〒〜！-～‐―’“”…※①-⑳°±×÷→"
    "]*"
)
_READING: Final = re.compile("[ァ-ヺーヽヾぁ-ゖゝゞｦ-ﾟ゛゜・＝\u3000 .,'’\\-‐－A-Za-zＡ-Ｚａ-ｚ]*")
_VARIANTS: Final = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")


def words(text: str) -> str:
    """A text of letters, kana, ideographs, digits, signs and blanks; not of blanks alone.

    Raises:
        ValueError: a character is none of them; names the character, not the text it stands in.
    """
    return _checked(text, _WORDS)


def reading(text: str) -> str:
    """A reading (フリガナ) in kana, or in Latin letters where there is none.

    Raises:
        ValueError: a character is none of them, an ideograph for example.
    """
    return _checked(text, _READING)


def lines(text: str) -> str:
    """Words that may have several lines; raises as ``words``."""
    words(text.replace("\r\n", " ").replace("\n", " "))
    return text


def _checked(text: str, good: re.Pattern[str]) -> str:
    match = good.match(text)
    end = match.end() if match else 0
    if end < len(text):
        raise ValueError(_refusal(text[end]))
    if not text.replace("\u3000", " ").isprintable():
        raise ValueError("a character that Unicode does not have cannot stand here")
    if text and not text.strip():
        raise ValueError("blanks alone; something to read is needed")
    return text


def _refusal(character: str) -> str:
    named = f"U+{ord(character):04X} {unicodedata.name(character, '')}".strip()
    if unicodedata.category(character) == "Co" or _VARIANTS.match(character):
        return f"外字 ({named}): no font of ours has it; write the standard character"
    return f"the character {named} cannot stand here"
