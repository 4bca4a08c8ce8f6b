"""A list as a CSV file that a spreadsheet of the office opens and runs nothing of."""

import csv
import io
from typing import Final

from services.ui_gateway.tables.table import Listed

_BOM: Final = "\ufeff"
"""Without it a spreadsheet takes the file for Shift_JIS."""
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""How a cell begins that a spreadsheet would run, in full width too."""


def csv_of(listed: Listed) -> bytes:
    """The whole list as it is filtered and sorted: UTF-8 with a mark, days as YYYY-MM-DD, no cell a formula."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(column.heading for column in listed.table.columns)
    for row in listed.rows:
        values = ((column, column.holds(row)) for column in listed.table.columns)
        writer.writerow("" if value is None else harmless(column.plain(value)) for column, value in values)
    return (_BOM + file.getvalue()).encode()


def harmless(cell: str | int) -> str | int:
    """A cell that no spreadsheet runs: what begins as a formula does is made a text by an apostrophe."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
