"""The form of every figure in the engine: columns of whole yen (numpy int64), and their named roundings."""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Column: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]
Codes: TypeAlias = NDArray[np.signedinteger[Any]]

MAX_SIZE = 40
"""The largest household that the tables are unfolded for."""
_FEW = 16


def some(column: NDArray[Any]) -> bool:
    """Whether a cell of a column is true, or not 0. A few cells are looked at faster one by one."""
    return any(column.tolist()) if len(column) < _FEW else bool(np.count_nonzero(column))


def rows_where(column: NDArray[Any]) -> Codes:
    """The places of a column that are true, or not 0."""
    rows: Codes = column.nonzero()[0]
    return rows


def runs(owners: Codes) -> tuple[Codes, Codes]:
    """Where each run of equal owners begins, and how long it is; `owners` is sorted and not empty."""
    begins = np.concatenate((np.zeros(1, np.int64), rows_where(owners[1:] != owners[:-1]) + 1))
    ends = np.append(begins[1:], len(owners))
    return begins, ends - begins


def cut_below_1(numerator: Column, denominator: int) -> Column:
    """1円未満切捨て: numerator / denominator, down to whole yen."""
    return numerator // denominator


def raise_to_1(numerator: Column, denominator: int) -> Column:
    """1円未満切上げ: numerator / denominator, up to whole yen."""
    return -(-numerator // denominator)


def raise_to_10(yen: Column) -> Column:
    """10円未満切上げ: up to the next 10 yen."""
    return (yen + 9) // 10 * 10
