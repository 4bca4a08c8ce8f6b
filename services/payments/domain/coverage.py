"""One person, one need, one case: which entitlement stands where two cases cover the same days (併給の調整).

What is already ordered stands. Among the rest support benefits (支援給付) come before public assistance (生活保護),
which the law makes the last resort (補足性, 生活保護法 4条), then the smaller case number: an order that depends on
what was decided and never on which message came first. The others are held, ordered by nobody, until a person decides.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

NEEDS: Final = {
    "livelihood": 1,
    "housing": 2,
    "education": 3,
    "care": 4,
    "medical": 5,
    "maternity": 6,
    "occupational": 7,
    "funeral": 8,
    "spouse_support": 9,
}
"""Codes of needs in the guard table; never renumbered."""

Key = tuple[str, str, str]
"""Case number, month, kind: one entitlement."""


@dataclass(frozen=True, slots=True)
class Cover:
    """Days, first and last, on which one person's need is met by an entitlement."""

    person_no: int
    need: int
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Covered:
    """An entitlement with all it covers."""

    key: Key
    programme: str
    ordered: bool
    covers: tuple[Cover, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """Why an entitlement is held: the person and the other case."""

    key: Key
    person_no: int
    other_case_no: str


def resolve(entitlements: Iterable[Covered]) -> dict[Key, Held]:
    """The entitlements to be held, each with the first reason met."""
    taken: dict[tuple[int, int], list[tuple[Cover, str]]] = {}
    held: dict[Key, Held] = {}
    for entitlement in sorted(entitlements, key=_precedence):
        rival = _rival(entitlement, taken)
        if rival:
            held[entitlement.key] = rival
            continue
        for cover in entitlement.covers:
            taken.setdefault((cover.person_no, cover.need), []).append((cover, entitlement.key[0]))
    return held


def _precedence(entitlement: Covered) -> tuple[bool, bool, Key]:
    return (not entitlement.ordered, entitlement.programme != "support_benefit", entitlement.key)


def _rival(entitlement: Covered, taken: dict[tuple[int, int], list[tuple[Cover, str]]]) -> Held | None:
    for cover in entitlement.covers:
        for other, case_no in taken.get((cover.person_no, cover.need), ()):
            if case_no != entitlement.key[0] and cover.first <= other.last and other.first <= cover.last:
                return Held(entitlement.key, cover.person_no, case_no)
    return None
