"""追加給付 for 2013-08 to 2026-03 (告示43号 令和8年2月20日): a share of what was granted, by item and month."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from shared.money_and_time import Month, days_in_month, raise_to_10


@dataclass(frozen=True, slots=True)
class Granted:
    """An item as granted in a month: the full monthly yen, and the days on assistance (None: all of them)."""

    item: str
    month: Month
    yen: int
    days: int | None = None


@dataclass(frozen=True, slots=True)
class AdditionalLine:
    """The additional yen of one item and month; `rate` in 1/10,000."""

    item: str
    title: str
    month: Month
    yen: int
    rate: int
    inputs: Mapping[str, int]
    basis: str
    trust: str


def additional_payment(granted: Iterable[Granted]) -> tuple[AdditionalLine, ...]:
    """A line for each item and month in its period: yen × rate (× days / 実日数), each raised to 10 yen.

    Months outside the period of an item give no line. ValueError for an unknown item, negative yen, impossible days,
    or an item and month named twice.
    """
    data = _data()
    lines = []
    seen: set[tuple[str, Month]] = set()
    for grant in granted:
        if grant.item not in data["items"]:
            raise ValueError("no such item")
        if (grant.item, grant.month) in seen:
            raise ValueError("an item is named twice in a month")
        seen.add((grant.item, grant.month))
        rate = _rate(grant.item, grant.month)
        if rate:
            lines.append(_line(grant, rate))
    return tuple(sorted(lines, key=lambda line: (line.month, line.item)))


def additional_items() -> tuple[str, ...]:
    """The names of the items that the notice covers."""
    return tuple(_data()["items"])


def _line(grant: Granted, rate: int) -> AdditionalLine:
    of = days_in_month(grant.month)
    days = of if grant.days is None else grant.days
    if grant.yen < 0 or not 1 <= days <= of:
        raise ValueError("yen of 0 or more and days of the month are needed")
    exact_numerator, denominator = grant.yen * rate * days, 10_000 * of
    yen = raise_to_10(-(-exact_numerator // denominator))
    data = _data()
    inputs = {"granted_yen": grant.yen, "rate_per_10000": rate, "days": days, "days_in_month": of}
    return AdditionalLine(
        grant.item, data["items"][grant.item]["title"], grant.month, yen, rate, inputs, data["source"], data["trust"]
    )


def _rate(item: str, month: Month) -> int:
    """The rate of the item in the month, 0 outside its period."""
    data = _data()
    entry = data["items"][item]
    if not entry["from"] <= month <= entry["to"] or (item == "year_end" and not month.endswith("-12")):
        return 0
    if "rate" in entry:
        return int(entry["rate"])
    return next((int(r["rate"]) for r in data["rates"] if r["from"] <= month <= r["to"]), 0)


@cache
def _data() -> dict[str, Any]:
    file = resources.files("shared.benefit_rules").joinpath("data", "additional_payment.json")
    loaded: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return loaded
