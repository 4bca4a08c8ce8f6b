"""The standards: every figure with its periods, proved to have no undeclared gap and no overlap."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from importlib import resources
from itertools import pairwise
from typing import Any

from shared.benefit_rules.law.figures import Figure, FigureError, Trust, read_figure
from shared.benefit_rules.law.places import Places
from shared.benefit_rules.law.version import RULES_SHA256
from shared.money_and_time import Month, first_day

FIRST_MONTH: Month = "2020-10"
"""No month before is assessed: the tables begin here."""

_FILES = ("livelihood.json", "additions.json", "housing.json", "education.json", "income.json", "one_off.json")


@dataclass(frozen=True)
class Rule:
    """A rule of which the text was not read: used, with its trust and a warning. `number` is in 1/10,000."""

    name: str
    trust: Trust
    text: str
    source: str
    number: int = 0


@dataclass(frozen=True)
class MonthTables:
    """Every figure as it stands on the first day of one month.

    `version` names them and the code that computes: newest period # hash of the figures . hash of the rules.
    """

    month: Month
    version: str
    figures: Mapping[str, Figure]
    rules: Mapping[str, Rule]
    places: Places

    @cached_property
    def number(self) -> int:
        """The month of the year, 1 to 12."""
        return first_day(self.month).month

    @cached_property
    def gaps(self) -> frozenset[str]:
        """The figures that are not known in the month."""
        return frozenset(name for name, figure in self.figures.items() if not figure.known)

    def may_refuse_beside(self, other: "MonthTables") -> bool:
        """Whether a household may be refused here and not in ``other``: by a figure that is another one, and doubted.

        A declared gap is no such figure: a month that the standards do not reach yet refuses nobody before it is due.
        """
        return any(
            figure.known and not figure.all_usable and figure is not other.figures.get(name)
            for name, figure in self.figures.items()
        )

    def __getitem__(self, name: str) -> Figure:
        return self.figures[name]


@dataclass
class Standards:
    """All dated figures. `sha256` is of the data as read; two standards with the same figures have the same."""

    series: Mapping[str, Mapping[str, Any]]
    figures: Mapping[str, tuple[Figure, ...]]
    rules: Mapping[str, Rule]
    places: Places
    sha256: str
    _months: dict[Month, MonthTables] = field(default_factory=dict)

    def tables(self, month: Month) -> MonthTables:
        """The figures of the month; ValueError for a month before 2020-10 or not written "YYYY-MM"."""
        if month not in self._months:
            self._months[month] = self._tables(month)
        return self._months[month]

    def _tables(self, month: Month) -> MonthTables:
        day = first_day(month)
        if month < FIRST_MONTH:
            raise ValueError(f"the tables begin with {FIRST_MONTH}")
        now = {
            name: next(f for f in periods if f.last is None or day <= f.last) for name, periods in self.figures.items()
        }
        newest = max(figure.first for figure in now.values())
        version = f"{newest.isoformat()}#{self.sha256[:12]}.{RULES_SHA256[:12]}"
        return MonthTables(month, version, now, self.rules, self.places)


def load_standards(changes: Mapping[str, Any] | None = None) -> Standards:
    """The standards of the package; with `changes`, another set of figures laid over them.

    `changes` has the form of a data file ({"series": {name: {..., "periods": [...]}}}): a series that exists keeps its
    periods up to the day before the first changed one. FigureError where a figure, period or shape is wrong.
    """
    series: dict[str, dict[str, Any]] = {}
    for name in _FILES:
        series.update(_read(name)["series"])
    for of_places in (entry for entry in series.values() if "housing_place" in entry["axes"]):
        of_places["places"] = series["housing.ceiling"]["places"]
    if changes is not None:
        series.update(_laid_over(series, changes))
    rules = {
        name: Rule(name, Trust[entry["trust"].upper()], entry["text"], entry["source"], entry.get("number", 0))
        for name, entry in _read("rules.json")["rules"].items()
    }
    figures = {name: _periods(name, entry) for name, entry in series.items()}
    places = Places(_read("places.json"), series["housing.ceiling"]["places"])
    canonical = json.dumps([series, _read("rules.json"), _read("places.json")], sort_keys=True, ensure_ascii=False)
    return Standards(series, figures, rules, places, hashlib.sha256(canonical.encode()).hexdigest())


def _read(name: str) -> dict[str, Any]:
    text = resources.files("shared.benefit_rules").joinpath("data", name).read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def _laid_over(series: Mapping[str, dict[str, Any]], changes: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The series that `changes` names, with its periods in place of those that they cover."""
    merged = {}
    for name, change in changes["series"].items():
        known = series.get(name)
        if known is None:
            raise FigureError(f"{name}: no rule uses a series of this name")
        begins = min(period["from"] for period in change["periods"])
        eve = (date.fromisoformat(begins) - timedelta(days=1)).isoformat()
        kept = [{**p, "to": min(p["to"] or eve, eve)} for p in known["periods"] if p["from"] < begins]
        merged[name] = {**known, **change, "periods": [*kept, *change["periods"]]}
    return merged


def _periods(name: str, series: Mapping[str, Any]) -> tuple[Figure, ...]:
    """The figures of a series in the order of time, from FIRST_MONTH without end, touching each other."""
    figures = tuple(read_figure(name, dict(series), period) for period in series["periods"])
    expected: date | None = first_day(FIRST_MONTH)
    for figure in figures:
        if expected is None or figure.first != expected:
            raise FigureError(f"{name}, from {figure.first}: a gap or an overlap; {expected} was expected")
        if figure.first.day != 1 or (figure.last is not None and figure.last < figure.first):
            raise FigureError(f"{name}, from {figure.first}: a period begins on the first of a month and ends after it")
        expected = figure.last + timedelta(days=1) if figure.last else None
    if expected is not None:
        raise FigureError(f"{name}: no figure and no declared gap from {expected} on")
    for (before, after), period in zip(pairwise(figures), series["periods"][1:], strict=True):
        _prove_begin(before, after, period.get("begins", "read"))
    return figures


def _prove_begin(before: Figure, after: Figure, begins: str) -> None:
    """Between the last month of an old value and the first of a new one that was only seen in force it is unknown."""
    where = f"{after.name}, from {after.first}"
    both = before.usable & after.usable
    if begins not in ("read", "same", "seen"):
        raise FigureError(f'{where}: "begins" is "read", "same" or "seen"')
    if begins == "seen" and before.known and both.any():
        raise FigureError(f"{where}: its begin was not read, so that what stands before it is unknown")
    if begins == "same" and (before.flat != after.flat)[both].any():
        raise FigureError(f"{where}: another value than before")
