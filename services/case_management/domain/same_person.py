"""Whether two person numbers may be one person (名寄せ), and by which signs. Pure."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Final, Literal

from services.case_management.domain.search import Known
from shared.japanese_text import fold_kana, fold_name

Sign = Literal["birth", "reading", "name", "other_name", "telephone", "address"]
SIGNS: Final[tuple[Sign, ...]] = ("birth", "reading", "name", "other_name", "telephone", "address")
"""生年月日, フリガナ, 氏名, 一方の旧姓・通称, 電話番号, 住所: in this order they are shown."""
ENOUGH: Final[tuple[tuple[Sign, Sign], ...]] = (
    ("birth", "reading"),
    ("birth", "name"),
    ("birth", "other_name"),
    ("birth", "telephone"),
    ("birth", "address"),
    ("telephone", "reading"),
    ("telephone", "name"),
    ("telephone", "other_name"),
    ("address", "reading"),
    ("address", "name"),
    ("address", "other_name"),
)
"""Two signs that are reason enough together. One alone never is, and all that are names count as one."""
LEAST_DIGITS: Final = 9
"""Of a telephone number that is somebody's: what is shorter was typed in part."""
_WHOLE_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SOUGHT: Final = tuple(pair for pair in ENOUGH if "name" not in pair)
"""Who shares a name shares one among all names too: the pairs with it find nobody more."""


@dataclass(frozen=True, slots=True)
class Traits:
    """What is compared of a person number: folded texts, none of them empty."""

    birth: frozenset[str] = frozenset()
    reading: frozenset[str] = frozenset()
    name: frozenset[str] = frozenset()
    other_name: frozenset[str] = frozenset()
    telephone: frozenset[str] = frozenset()
    address: frozenset[str] = frozenset()

    @property
    def any_name(self) -> frozenset[str]:
        """By what the person is called or was called."""
        return self.name | self.other_name

    @property
    def keys(self) -> Iterator[tuple[str, ...]]:
        """Yield what who may be the same person has at least one of, for finding them without comparing all."""
        for signs in _SOUGHT:
            texts = (self.any_name if sign == "other_name" else getattr(self, sign) for sign in signs)
            yield from ((*signs, *pair) for pair in product(*texts))


def traits_of(names: Iterable[Known], reached: Iterable[Known], births: Iterable[str]) -> Traits:
    """Return the traits of a person by the names of the register (the one that holds first), contacts and births."""
    current, *others = names
    contacts = list(reached)
    digits = (re.sub(r"[^0-9]", "", contact.telephone) for contact in contacts)
    return Traits(
        birth=frozenset(birth for birth in births if _WHOLE_DAY.fullmatch(birth)),
        reading=_texts(fold_kana(current.kana)),
        name=_texts(fold_name(current.name)),
        other_name=_texts(*(fold_name(other.name) for other in others)),
        telephone=frozenset(number for number in digits if len(number) >= LEAST_DIGITS),
        address=_texts(*(fold_name(contact.address) for contact in contacts)),
    )


def _texts(*texts: str) -> frozenset[str]:
    return frozenset(text for text in texts if text)


def reasons(first: Traits, second: Traits) -> tuple[Sign, ...]:
    """Return the signs that the two share, in the order of `SIGNS`; none where they are not enough."""
    shared = {sign for sign in SIGNS if _shares(sign, first, second)}
    return tuple(sign for sign in SIGNS if sign in shared) if any(shared.issuperset(pair) for pair in ENOUGH) else ()


def _shares(sign: Sign, first: Traits, second: Traits) -> bool:
    if sign == "other_name":
        return bool(first.other_name & second.any_name or first.any_name & second.other_name)
    return bool(getattr(first, sign) & getattr(second, sign))
