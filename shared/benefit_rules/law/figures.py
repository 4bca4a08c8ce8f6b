"""One figure of the law for one period: its values, unfolded so that a column of codes can look them up at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shared.benefit_rules.columns import MAX_SIZE, Codes, Column, Flags, rows_where


class Trust(IntEnum):
    """How far a figure can be trusted; the greater, the weaker. From MEMORY on it is kept and never used."""

    CONFIRMED = 0
    SINGLE = 1
    RECONSTRUCTED = 2
    DERIVED = 3
    MEMORY = 4
    UNKNOWN = 5


_LETTERS = {"c": Trust.CONFIRMED, "s": Trust.SINGLE, "r": Trust.RECONSTRUCTED, "d": Trust.DERIVED, "m": Trust.MEMORY}
_LENGTHS = {
    "grade": 6,
    "grade3": 3,
    "age_band": 11,
    "zone": 6,
    "month": 12,
    "child_band": 6,
    "radiation": 2,
    "room": 3,
    "facility": 2,
    "born": 2,
    "steps": 5,
    "children": 3,
    "size_10_and_more": 10,
    "size_9_and_each_further": 10,
    "housing_size": 5,
    "housing_size_7": 7,
}


class FigureError(Exception):
    """A data file of the standards is wrong; the text names series and period."""


@dataclass(frozen=True)
class Figure:
    """Values of one series in one period.

    `values` are whole yen (or the unit of the series), one axis a code; `trusts` has the same shape. `in_force` is
    False where the law had no such item then: all values are 0. `known` is False in a declared gap.
    An unknown value is 0 with Trust.UNKNOWN. `between`: where the unknown values are bounded, the place of a cell in
    `flat` with the least and the most that it can be.
    """

    name: str
    title: str
    basis: str
    source: str
    first: date
    last: date | None
    in_force: bool
    known: bool
    values: Column
    trusts: NDArray[np.int8]
    between: Mapping[int, tuple[int, int]]

    @cached_property
    def usable(self) -> Flags:
        """Cell by cell: whether it may be used for money."""
        return np.asarray(self.trusts < Trust.MEMORY).ravel()

    @cached_property
    def all_usable(self) -> bool:
        """True where no cell is from memory or unknown."""
        return bool(self.usable.all())

    @cached_property
    def all_confirmed(self) -> bool:
        """True where no cell gives a warning."""
        return not self.trusts.any()

    @cached_property
    def flat_trusts(self) -> Column:
        """The trusts in one row, for take()."""
        return self.trusts.ravel().astype(np.int64)

    @cached_property
    def weakest(self) -> int:
        """The weakest trust of all cells."""
        return int(self.trusts.max())

    @cached_property
    def flat(self) -> Column:
        """The values in one row, for take()."""
        return np.ascontiguousarray(self.values.ravel())

    def index(self, *codes: Codes) -> Codes:
        """The place in `flat` of the cells named by one code per axis."""
        place = codes[0].astype(np.int64, copy=False)
        for axis, code in enumerate(codes[1:], start=1):
            place = place * self.values.shape[axis] + code
        return place

    @property
    def number(self) -> int:
        """The single value of a figure without axes."""
        return int(self.flat[0])


def read_figure(name: str, series: dict[str, Any], period: dict[str, Any]) -> Figure:
    """A Figure from its entry in a data file; FigureError where shape, trust or dates are wrong."""
    try:
        first = date.fromisoformat(period["from"])
        last = date.fromisoformat(period["to"]) if period["to"] else None
        values, trusts = _cells(series, period)
        bounds = _bounds(period, trusts) if "between" in period else []
    except (IndexError, KeyError, ValueError, TypeError) as error:
        raise FigureError(f"{name}, from {period.get('from')}: {error}") from error
    source = period.get("source") or period.get("absent") or period.get("unknown") or ""
    unfolded_values, unfolded_trusts = values, trusts
    for axis, kind in enumerate(series["axes"]):
        unfolded_values = _unfold(kind, axis, unfolded_values, further=True)
        unfolded_trusts = _unfold(kind, axis, unfolded_trusts, further=False)
        bounds = [_unfold(kind, axis, edge, further=False) for edge in bounds]
    return Figure(
        name=name,
        title=series["title"],
        basis=series["basis"],
        source=source,
        first=first,
        last=last,
        in_force="absent" not in period,
        known="unknown" not in period,
        values=unfolded_values.astype(np.int64),
        trusts=unfolded_trusts.astype(np.int8),
        between=_between(*(edge.ravel() for edge in bounds)) if bounds else {},
    )


def _bounds(period: dict[str, Any], trusts: NDArray[Any]) -> list[NDArray[Any]]:
    """The least and the most of each unknown cell that `between` names as [place on each axis …, least, most]."""
    least, most = np.zeros((2, *trusts.shape), np.int64)
    for *place, low, high in period["between"]:
        cell = tuple(place)
        if trusts[cell] != Trust.UNKNOWN or not 0 <= low < high or most[cell]:
            raise ValueError(f"{cell}: only an unknown value lies between two others")
        least[cell], most[cell] = low, high
    return [least, most]


def _between(least: Column, most: Column) -> Mapping[int, tuple[int, int]]:
    return {int(cell): (int(least[cell]), int(most[cell])) for cell in rows_where(most)}


def _cells(series: dict[str, Any], period: dict[str, Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Values and trusts in the shape of the axes."""
    shape = tuple(
        len(series["places"]) if axis.startswith("housing_place") else _LENGTHS[axis] for axis in series["axes"]
    )
    if "absent" in period or "unknown" in period:
        trust = Trust.CONFIRMED if "absent" in period else Trust.UNKNOWN
        return np.zeros(shape, np.int64), np.full(shape, trust, np.int8)
    raw = np.array(period["values"], dtype=object)
    if raw.shape != shape:
        raise ValueError(f"the values have the shape {raw.shape}, not {shape}")
    if any(value is not None and type(value) is not int for value in raw.ravel()):
        raise ValueError("every value is a whole number or null")
    known = np.array([value is not None for value in raw.ravel()]).reshape(shape)
    values = np.where(known, raw, 0).astype(np.int64)
    trusts = _trusts(period, shape)
    return values, np.where(known, trusts, Trust.UNKNOWN)


def _trusts(period: dict[str, Any], shape: tuple[int, ...]) -> NDArray[Any]:
    """One trust for the period, or a letter for each cell of the last axis."""
    if "trust" in period:
        return np.full(shape, Trust[period["trust"].upper()], np.int8)
    rows = np.array(period["trusts"], dtype=object).ravel()
    letters = [_LETTERS.get(letter, Trust.UNKNOWN) for row in rows for letter in row]
    return np.array(letters, np.int8).reshape(shape)


def _unfold(kind: str, axis: int, cells: NDArray[Any], *, further: bool) -> NDArray[Any]:
    """An axis of sizes gets one cell for each size from 0 to MAX_SIZE; zones count from 1, places get one more."""
    cells = np.moveaxis(cells, axis, 0)
    nothing = np.zeros_like(cells[:1])
    sizes = range(1, MAX_SIZE + 1)
    if kind == "size_10_and_more":
        rows = [cells[min(size, 10) - 1] for size in sizes]
    elif kind == "housing_size":
        rows = [cells[(0, 1, 2, 2, 2, 3, 4)[min(size, 7) - 1]] for size in sizes]
    elif kind == "housing_size_7":
        rows = [cells[min(size, 7) - 1] for size in sizes]
    elif kind in ("size_9_and_each_further", "children"):
        listed = 9 if kind == "size_9_and_each_further" else 2
        rows = [_with_further(cells, listed, size, further) for size in sizes]
    elif kind == "zone":
        rows = list(cells)
    elif kind.startswith("housing_place"):
        unknown = nothing[0] if further else np.full_like(nothing[0], Trust.UNKNOWN)
        return np.moveaxis(np.stack([*cells, unknown]), 0, axis)
    else:
        return np.moveaxis(cells, 0, axis)
    return np.moveaxis(np.stack([nothing[0], *rows]), 0, axis)


def _with_further(cells: NDArray[Any], listed: int, size: int, further: bool) -> Any:
    if size <= listed:
        return cells[size - 1]
    if not further:
        return np.maximum(cells[listed - 1], cells[listed])
    return cells[listed - 1] + cells[listed] * (size - listed)
