"""The lines of a ward's file as they stand, where some of them cannot be read: how many there are, of which cases."""

import csv
import re
from collections.abc import Iterator
from typing import Final

_BOM: Final = b"\xef\xbb\xbf"
_TOO_LONG: Final = "?"
_NUMBER: Final = re.compile(r"[0-9]{1,8}")


def case_numbers(data: bytes) -> list[int | None]:
    """Return the case number on each line below the header, without its zeros; None where a line has none.

    Each line is read alone: a quotation mark that is left open hides none of those below it.
    """
    lines = _lines(data.removeprefix(_BOM))
    header = next(lines, [])
    place = header.index("case_no") if "case_no" in header else len(header)
    return [_number(cells[place]) if place < len(cells) else None for cells in lines]


def count_households(numbers: list[int | None]) -> int:
    """Count the households on these lines: one that stands twice is one, a line without a number is one of its own."""
    return len(set(numbers) - {None}) + numbers.count(None)


def _number(cell: str) -> int | None:
    return int(cell) if _NUMBER.fullmatch(cell) else None


def _lines(data: bytes) -> Iterator[list[str]]:
    for line in data.splitlines():
        try:
            cells = next(csv.reader([line.decode(errors="replace")]), [])
        except csv.Error:
            cells = [_TOO_LONG]
        if any(cells):
            yield cells
