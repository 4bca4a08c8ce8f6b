"""What staff write: names and words as typed, in NFC, and birth dates as far as they are known."""

import re
import unicodedata
from datetime import date
from typing import Annotated, Final

from pydantic import AfterValidator, Field

from shared.service_kit import characters

_BIRTH: Final = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_VARIANT: Final = re.compile("([\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff])[\ufe00-\ufe0f\U000e0100-\U000e01ef]")


def written(text: str) -> str:
    """Return a line in NFC, so that one spelling is one text; a variant (異体字) keeps its selector.

    Raises:
        ValueError: a character cannot stand there, or nothing is to be read.
    """
    characters.words(_VARIANT.sub(r"\1", text))
    return unicodedata.normalize("NFC", text)


def written_lines(text: str) -> str:
    """Return words of several lines like `written`; raises like it."""
    characters.lines(_VARIANT.sub(r"\1", text))
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n"))


def reading(text: str) -> str:
    """Return a reading (フリガナ) as typed, in NFC.

    Raises:
        ValueError: a character is neither kana nor a Latin letter.
    """
    return unicodedata.normalize("NFC", characters.reading(text))


def birth(text: str) -> str:
    """Return a birth date as far as it is known: ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD`` (一部不詳).

    Raises:
        ValueError: it has another form, or is no day of the calendar.
    """
    parts = _BIRTH.fullmatch(text)
    if parts is None or not 1873 <= int(parts[1]) <= 2999:
        raise ValueError("a birth date is YYYY, YYYY-MM or YYYY-MM-DD")
    date(int(parts[1]), int(parts[2] or 1), int(parts[3] or 1))
    return text


Line = Annotated[str, Field(min_length=1, max_length=200, description="one line"), AfterValidator(written)]
Reading = Annotated[
    str, Field(min_length=1, max_length=200, description="a reading (フリガナ)"), AfterValidator(reading)
]
Words = Annotated[
    str, Field(min_length=1, max_length=10_000, description="words, of several lines"), AfterValidator(written_lines)
]
Birth = Annotated[
    str,
    Field(max_length=10, pattern=r"^[0-9]{4}(-[0-9]{2}){0,2}$", description="a birth date as far as it is known"),
    AfterValidator(birth),
]
Telephone = Annotated[str, Field(pattern=r"^[0-9+() -]{3,20}$", description="a telephone number as typed")]
ReceiptNo = Annotated[str, Field(pattern=r"^[0-9]{10}$", description="fiscal year and number (受付番号)")]
PersonNo = Annotated[str, Field(pattern=r"^[0-9]{10}$", description="person number (宛名番号)")]
