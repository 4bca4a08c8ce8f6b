"""What somebody typed into the search box: a number, a birth date, a telephone number, a reading or a name."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from shared.japanese_text import fold_kana, fold_name

Kind = Literal["case", "record", "birth", "telephone", "kana", "name", "nothing"]
LEAST_DIGITS: Final = 4
"""Digits of a telephone number that are looked for."""
_READING: Final = re.compile(r"[0-9a-z]*[ァ-ヺ][ァ-ヺ0-9a-z]*")
"""Kana, with letters and digits among them."""
_PHONE: Final = re.compile(r"[0-9+() -]+")


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for, as it is compared."""

    kind: Kind
    text: str


def read_query(typed: str, read_birth: Callable[[str], str]) -> Query:
    """Return what was meant: 8 digits are a case, 10 a person or receipt number (or a telephone number from 0).

    Args:
        read_birth: returns the ISO day of a text that is a date, ValueError for any other.
    """
    text = unicodedata.normalize("NFKC", typed).strip()
    if re.fullmatch(r"[0-9]{10}", text) and not text.startswith("0"):
        return Query("record", text)
    try:
        return Query("birth", read_birth(text))
    except ValueError:
        pass
    if re.fullmatch(r"[0-9]{8}", text):
        return Query("case", text)
    if re.fullmatch(r"[0-9]{10}", text):
        return Query("record", text)
    digits = re.sub(r"[^0-9]", "", text)
    if _PHONE.fullmatch(text) and len(digits) >= LEAST_DIGITS:
        return Query("telephone", digits)
    reading = fold_kana(text)
    if _READING.fullmatch(reading):
        return Query("kana", reading)
    name = fold_name(text)
    return Query("name", name) if name else Query("nothing", "")


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody who can be found, by what they are found; `subject` is the record as the audit names it."""

    subject: str
    name: str
    kana: str
    birth: str = ""
    telephone: str = ""
    address: str = ""
    names: tuple[str, ...] = ()
    readings: tuple[str, ...] = ()
    digits: str = ""

    @property
    def kind(self) -> str:
        """What the record is: person, consultation or application."""
        return self.subject.partition(":")[0]

    @property
    def no(self) -> str:
        """The record's number."""
        return self.subject.partition(":")[2]

    @property
    def place(self) -> tuple[str, str]:
        """Where it stands among others: by reading, then by number."""
        return self.readings[0] if self.readings else "\uffff", self.subject

    def fits(self, query: Query) -> bool:
        """Whether it is one that is looked for."""
        if query.kind == "kana":
            return any(reading.startswith(query.text) for reading in self.readings)
        if query.kind == "name":
            return any(query.text in name for name in self.names)
        if query.kind == "telephone":
            return query.text in self.digits
        if query.kind == "birth":
            return self.birth == query.text
        return query.kind == "record" and self.subject.endswith(f":{query.text}")


def known(subject: str, name: str, kana: str, *, birth: str = "", telephone: str = "", address: str = "") -> Known:
    """Return somebody as they are searched: by the whole name and reading, and by each part of the reading."""
    parts = [fold_kana(part) for part in re.split(r"[\s・]+", unicodedata.normalize("NFKC", kana))]
    readings = dict.fromkeys([fold_kana(kana), *parts])
    return Known(
        subject,
        name,
        kana,
        birth,
        telephone,
        address,
        tuple(folded for folded in (fold_name(name), fold_name(address)) if folded),
        tuple(folded for folded in readings if folded),
        re.sub(r"[^0-9]", "", telephone),
    )
