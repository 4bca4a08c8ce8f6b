"""一時扶助 and other items granted on application: what is asked, up to the limit of the item.

The limits are figures like all others (data/one_off.json): dated, sourced, refused where from memory or unknown.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from shared.benefit_rules.households.household import HouseholdError
from shared.benefit_rules.law.figures import Figure, Trust
from shared.benefit_rules.law.places import Places
from shared.benefit_rules.law.standards import Standards
from shared.money_and_time import Month

_PREFIX = "one_off."


@dataclass(frozen=True, slots=True)
class OneOff:
    """Yen granted of one item. `need` is the kind of assistance; `per` what the limit is for (month, year, …)."""

    item: str
    title: str
    need: str
    per: str
    yen: int
    asked_yen: int
    limit_yen: int
    basis: str
    trust: str


def one_off_items(standards: Standards) -> tuple[str, ...]:
    """The names of all items, whether their figures may be used or not."""
    return tuple(name.removeprefix(_PREFIX) for name in standards.series if name.startswith(_PREFIX))


def grant_one_off(
    standards: Standards,
    month: Month,
    item: str,
    asked_yen: int,
    *,
    grade: int | None = None,
    prefecture: str | None = None,
    municipality: str | None = None,
    persons: int = 1,
) -> OneOff:
    """What of `asked_yen` is granted for the item in the month.

    `grade` (0–5) is needed for items whose limit depends on the place; for 敷金 and 更新料 also `prefecture`,
    `municipality` where a city of the prefecture has ceilings of its own, and `persons`.
    HouseholdError where the item is none, the place is missing, or the limit may not be used.
    """
    name = _PREFIX + item
    if name not in standards.series:
        raise HouseholdError(None, "wrong-value", "item", "no such item")
    if asked_yen < 0 or persons < 1:
        raise HouseholdError(None, "wrong-value", "asked_yen", "0 yen or more, 1 person or more")
    series, figure = standards.series[name], standards.tables(month)[name]
    place = _place(standards, series, figure, grade, (prefecture, municipality), persons)
    trust = Trust(int(figure.trusts.ravel()[place]))
    if trust >= Trust.MEMORY:
        raise HouseholdError(None, "figure-refused", name, f"{figure.title}: この月の額は使わない({figure.source})")
    limit = int(figure.flat[place])
    return OneOff(
        item=item,
        title=figure.title,
        need=str(series["need"]),
        per=str(series["per"]),
        yen=min(asked_yen, limit),
        asked_yen=asked_yen,
        limit_yen=limit,
        basis=figure.basis,
        trust=trust.name.lower(),
    )


def _place(
    standards: Standards,
    series: Any,
    figure: Figure,
    grade: int | None,
    of: tuple[str | None, str | None],
    persons: int,
) -> int:
    codes: list[int] = []
    for axis in series["axes"]:
        if axis == "housing_size_7":
            codes.append(persons)
        elif grade is None:
            raise HouseholdError(None, "missing", "grade", "the limit depends on the place")
        elif axis == "grade3":
            codes.append(grade // 2)
        else:
            codes.append(_housing_row(standards.places, *of, grade))
    return int(figure.index(*(np.array(code) for code in codes))) if codes else 0


def _housing_row(places: Places, prefecture: str | None, municipality: str | None, grade: int) -> int:
    if prefecture is None or (municipality is None and places.may_have_own_ceiling(prefecture)):
        missing = "municipality" if prefecture else "prefecture"
        raise HouseholdError(None, "missing", missing, "the limit depends on the place")
    row = places.housing_row(prefecture, municipality, grade)
    if row is None:
        raise HouseholdError(None, "figure-refused", "prefecture", "no ceiling is known for this place")
    return row
