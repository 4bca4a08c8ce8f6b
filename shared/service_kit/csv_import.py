"""CSV files handed in by people: every fault in one go, by file, line and column, never with the value."""

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Final

from shared.service_kit.problems import Problem

MOST_FAULTS: Final = 1000
"""Faults that are counted and told; what has more is not read to its end."""


@dataclass(frozen=True)
class Fault:
    """What is wrong and where; ``line`` counts from 1 with the header, ``column`` is its name."""

    file: str
    line: int
    column: str
    problem: str
    kind: str = "form"
    """A code, by which faults are counted: ``form``, ``unfit``, ``on_record``, ``rules``, ``bank``, ``sender``."""


@dataclass(frozen=True)
class Column:
    """A column of a file: its name, how a cell is read, whether it may be left out or empty (→ None)."""

    name: str
    parse: Callable[[str], object]
    required: bool = True


@dataclass(frozen=True)
class Row:
    """One line as read."""

    line: int
    values: dict[str, object]


def read_csv(file: str, data: bytes, columns: Sequence[Column]) -> tuple[list[Row], list[Fault]]:
    """Read a CSV file in UTF-8 (a byte order mark is allowed) with a header line.

    Gives the rows without fault, and all faults: bytes that are not UTF-8, missing or unknown columns, cells that
    cannot be read.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line, byte = before.count(b"\n") + 1, len(before) - before.rfind(b"\n")
        return [], [Fault(file, line, f"byte {byte}", "not UTF-8: save the file as UTF-8 (Shift_JIS is not read)")]
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        lines = [(reader.line_num, cells) for cells in reader if cells]
    except csv.Error as error:
        return [], [Fault(file, reader.line_num, "", f"not CSV: {error}")]
    if not lines:
        return [], [Fault(file, 1, "", "the file is empty; the first line must name the columns")]
    header = lines[0][1]
    faults = list(_header_faults(file, header, columns))
    return ([], faults) if faults else _read_rows(file, header, lines[1:], columns)


def _header_faults(file: str, header: list[str], columns: Sequence[Column]) -> Iterable[Fault]:
    known = {column.name for column in columns}
    for column in columns:
        if column.required and column.name not in header:
            yield Fault(file, 1, column.name, "this column is missing")
    for place, name in enumerate(header, 1):
        if name not in known:
            yield Fault(file, 1, f"column {place}", "no column of this name is known")
        elif name in header[: place - 1]:
            yield Fault(file, 1, name, "this column stands twice")


def _read_rows(
    file: str,
    header: list[str],
    lines: Sequence[tuple[int, list[str]]],
    columns: Sequence[Column],
) -> tuple[list[Row], list[Fault]]:
    rows: list[Row] = []
    faults: list[Fault] = []
    by_name = {column.name: column for column in columns}
    for line, cells in lines:
        if len(cells) != len(header):
            odd = header[len(cells)] if len(cells) < len(header) else f"column {len(header) + 1}"
            faults.append(Fault(file, line, odd, f"{len(cells)} cells where the header names {len(header)}"))
            continue
        values: dict[str, object] = {column.name: None for column in columns}
        sound = True
        for name, cell in zip(header, cells, strict=True):
            try:
                values[name] = _read_cell(by_name[name], cell)
            except ValueError as error:
                faults.append(Fault(file, line, name, str(error)))
                sound = False
        if sound:
            rows.append(Row(line, values))
    return rows, faults


def _read_cell(column: Column, cell: str) -> object:
    if cell == "":
        if column.required:
            raise ValueError("empty; a value is needed")
        return None
    return column.parse(cell)


def raise_faults(faults: Sequence[Fault], subjects: Sequence[str] = ()) -> None:
    """Refuse the import where there is a fault.

    Args:
        subjects: records on which the faults say something ("case:…"): the audit names them.

    Raises:
        Problem: import-faults, with all of them; the audit is told how many of each kind, and no value.
    """
    if not faults:
        return
    detail = f"{len(faults)} 件の誤りがあります。何も取り込んでいません"
    problem = Problem("import-faults", detail=detail, extra={"faults": [asdict(fault) for fault in faults]})
    counts = Counter(fault.kind for fault in faults)
    problem.entry = ("import.refused.v1", {"counts": dict(counts), "subjects": list(subjects)})
    raise problem


def text(most: int) -> Callable[[str], str]:
    """Text of at most ``most`` characters without control characters."""

    def parse(cell: str) -> str:
        if len(cell) > most:
            raise ValueError(f"longer than {most} characters")
        if any(ord(character) < 32 for character in cell):
            raise ValueError("has a control character")
        return cell

    return parse


def code(digits: int) -> Callable[[str], str]:
    """Exactly so many digits."""
    pattern = re.compile(rf"[0-9]{{{digits}}}")

    def parse(cell: str) -> str:
        if not pattern.fullmatch(cell):
            raise ValueError(f"not {digits} digits")
        return cell

    return parse


def yen(cell: str) -> int:
    """Whole yen, not negative, without commas."""
    if not re.fullmatch(r"-?[0-9]{1,12}", cell):
        raise ValueError("not whole yen: digits without commas")
    if cell.startswith("-"):
        raise ValueError("negative; yen here are zero or more")
    return int(cell)


def date_iso(cell: str) -> date:
    """A day that exists, YYYY-MM-DD."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", cell):
        raise ValueError("not a date of the form YYYY-MM-DD")
    try:
        return date.fromisoformat(cell)
    except ValueError:
        raise ValueError("no such day in the calendar") from None


def month_iso(cell: str) -> str:
    """A month, YYYY-MM."""
    if not re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", cell):
        raise ValueError("not a month of the form YYYY-MM")
    return cell


def flag(cell: str) -> bool:
    """0 or 1."""
    if cell not in ("0", "1"):
        raise ValueError("not 0 or 1")
    return cell == "1"


def choice(*known: str) -> Callable[[str], str]:
    """One of the named values."""

    def parse(cell: str) -> str:
        if cell not in known:
            raise ValueError(f"not one of {', '.join(known)}")
        return cell

    return parse
