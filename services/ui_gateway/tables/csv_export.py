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
    """The whole list as it is filtered and sorted: UTF-8 with a mark, days as YYYY-MM-DD, no cell a formula.

    Where the service gave only the first of the lines, the last line says so: a file has no page around it.
    """
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(column.heading for column in listed.table.columns)
    for row in listed.rows:
        values = ((column, column.holds(row)) for column in listed.table.columns)
        writer.writerow("" if value is None else harmless(column.plain(value)) for column, value in values)
    if listed.cut:
        count, first = listed.count, len(listed.all_rows)
        writer.writerow([f"一部だけ: {count}件のうち、最初の{first}件だけから作ったファイルです"])
    return (_BOM + file.getvalue()).encode()


def harmless(cell: str | int) -> str | int:
    """A cell that no spreadsheet runs: what begins as a formula does is made a text by an apostrophe."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
