"""What somebody typed into the search box: a number, a birth date, a telephone number, a reading or a name."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import merge
from typing import Final, Literal

from shared.japanese_text import fold_kana, fold_name

Kind = Literal["case", "record", "birth", "telephone", "kana", "name", "nothing"]
LEAST_DIGITS: Final = 4
"""Digits of a telephone number that are looked for."""
_ANY_KANA: Final = re.compile("[ぁ-ゖァ-ヺ]")
_READING: Final = re.compile(r"[0-9a-z]*[ァ-ヺ][ァ-ヺ0-9a-z]*")
"""Kana, with letters and digits among them."""
_PHONE: Final = re.compile(r"[0-9+() -]+")


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for, as it is compared."""

    kind: Kind
    text: str


def read_query(typed: str, read_birth: Callable[[str], str]) -> Query:
    """Return what was meant: 8 digits are a case number, 10 a person number or a receipt number.

    Args:
        read_birth: returns the ISO day of a text that is a date, ValueError for any other.
    """
    text = unicodedata.normalize("NFKC", typed).strip()
    if re.fullmatch(r"[0-9]{8}", text):
        return Query("case", text)
    if re.fullmatch(r"[0-9]{10}", text):
        return Query("record", text)
    try:
        return Query("birth", read_birth(text))
    except ValueError:
        pass
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
    """Somebody who can be found; `subject` is the record as the audit names it.

    `leads_to` is there where it is no record of its own but by what somebody is reached: the subject that is meant.
    """

    subject: str
    name: str
    kana: str
    birth: str = ""
    telephone: str = ""
    address: str = ""
    leads_to: str = ""

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
        """Where it stands among others: by reading, then by number; without a reading at the end."""
        return fold_kana(self.kana) or "\uffff", self.subject

    def texts(self, kind: Kind) -> Iterable[str]:
        """By what it is found: whole readings and their parts from the beginning, names and addresses anywhere."""
        if kind == "kana":
            parts = re.split(r"[\s・]+", unicodedata.normalize("NFKC", self.kana))
            return dict.fromkeys([fold_kana(self.kana), *map(fold_kana, parts), *self._names_in_kana()])
        if kind == "name":
            return fold_name(self.name), fold_name(self.address)
        if kind == "telephone":
            return (re.sub(r"[^0-9]", "", self.telephone),)
        return (self.birth,) if kind == "birth" else (self.no,)

    def _names_in_kana(self) -> list[str]:
        """Parts of the name that are their own reading: みどり is found by it, whatever the reading says or lacks."""
        if not _ANY_KANA.search(self.name):
            return []
        folded = map(fold_kana, re.split(r"[\s・]+", unicodedata.normalize("NFKC", self.name)))
        return [part for part in folded if _READING.fullmatch(part)]


_LOOKED_THROUGH: Final[tuple[Kind, ...]] = ("kana", "name", "telephone", "birth", "record")
_EDGE: Final = "\n"
"""Stands before and after each text, and in none."""


class People:
    """Many people, to be found by one look through all their texts."""

    def __init__(self, people: Iterable[Known]) -> None:
        self._people = sorted(people, key=lambda person: person.place)
        self._columns = {kind: self._column(kind) for kind in _LOOKED_THROUGH}

    def _column(self, kind: Kind) -> tuple[str, list[int]]:
        parts, begins, length = [], [], 0
        for person in self._people:
            text = _EDGE + _EDGE.join(text for text in person.texts(kind) if text) + _EDGE
            begins.append(length)
            parts.append(text)
            length += len(text)
        return "".join(parts), [*begins, length]

    def everybody(self) -> Sequence[Known]:
        """Return all, by their places."""
        return self._people

    def find(self, query: Query) -> Iterator[Known]:
        """Yield who fits, by their places; 10 digits may be a telephone number too."""
        if query.kind != "record":
            return self._fitting(query)
        meanings = (query, Query("telephone", query.text))
        return merge(*map(self._fitting, meanings), key=lambda person: person.place)

    def _fitting(self, query: Query) -> Iterator[Known]:
        if query.kind not in self._columns or not query.text:
            return
        text, begins = self._columns[query.kind]
        sought = _sought(query)
        at = text.find(sought)
        while at >= 0:
            number = bisect_right(begins, at) - 1
            yield self._people[number]
            at = text.find(sought, begins[number + 1])


def _sought(query: Query) -> str:
    """A reading from its beginning, a name or a telephone number anywhere, a number or a birth date whole."""
    if query.kind == "kana":
        return _EDGE + query.text
    return query.text if query.kind in ("name", "telephone") else _EDGE + query.text + _EDGE
