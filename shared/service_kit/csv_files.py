"""CSV files handed in by people: the faults by file, line and column, never with the value, and never without end.

A file is read line by line from its bytes: what is kept of it is what the caller keeps.
"""

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import partial
from itertools import islice
from typing import Final, NamedTuple, NoReturn

from shared.service_kit.characters import reading, words
from shared.service_kit.problems import Problem

MOST_FAULTS: Final = 1000
"""Faults that are counted and listed; what has more is not read to its end."""
MOST_LINE_BYTES: Final = 64 * 1024
_BOM: Final = b"\xef\xbb\xbf"
_NOT_UTF_8: Final = "not UTF-8: save the file as UTF-8 (Shift_JIS is not read)"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong and where; ``line`` counts from 1 with the header, ``column`` is its name."""

    file: str
    line: int
    column: str
    problem: str
    kind: str = "form"
    """A code, by which faults are counted: ``form``, ``unfit``, ``on_record``, ``rules``."""
    subject: str = ""
    """The record on which it says something, as a subject of facts, for the audit alone."""

    def payload(self) -> dict[str, object]:
        """As the answer lists it."""
        return {name: value for name, value in asdict(self).items() if name != "subject"}


class Faults:
    """The faults of one import as they are found."""

    def __init__(self, faults: Iterable[Fault] = ()) -> None:
        self._faults = list(faults)

    def __bool__(self) -> bool:
        return bool(self._faults)

    def add(self, *faults: Fault) -> None:
        """Take faults in.

        Raises:
            Problem: import-faults, with the first ``MOST_FAULTS``: nothing more is read.
        """
        for fault in faults:
            self._faults.append(fault)
            if len(self._faults) == MOST_FAULTS:
                self._refuse(more=True)

    def copy(self) -> "Faults":
        """The faults so far, to be added to without this one."""
        return Faults(self._faults)

    def refuse(self) -> None:
        """Refuse the import where there is a fault.

        Raises:
            Problem: import-faults, with all of them; the audit is told how many of each kind, and no value.
        """
        if self._faults:
            self._refuse(more=False)

    def _refuse(self, *, more: bool) -> NoReturn:
        faults = sorted(self._faults, key=lambda fault: (fault.file, fault.line))
        counted = f"{len(faults)} 件以上" if more else f"{len(faults)} 件"
        detail = f"{counted}の誤りがあります。何も取り込んでいません"
        problem = Problem("import-faults", detail=detail, extra={"faults": [fault.payload() for fault in faults]})
        counts = dict(Counter(fault.kind for fault in faults))
        subjects = sorted({fault.subject for fault in faults} - {""})
        problem.entry = ("import.refused.v1", {"counts": counts, "more": more, "subjects": subjects})
        raise problem


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file: its name, how a cell is read, whether it may be left out or empty (→ None)."""

    name: str
    parse: Callable[[str], object]
    required: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """One line as read."""

    line: int
    values: dict[str, object]


class Place(NamedTuple):
    """Where a line begins in its file, to be read from there again."""

    line: int
    offset: int


class Sheet:
    """A CSV file in UTF-8 (a byte order mark is allowed) with a header line.

    Bytes that are not UTF-8, missing or unknown columns and what is not CSV are a fault and end the reading of the
    file; lines of empty cells, as spreadsheets leave them behind, are passed over.
    """

    def __init__(self, file: str, data: bytes, columns: Sequence[Column], faults: Faults) -> None:
        self.sound = True
        """No fault was found in this file so far."""
        self._file, self._data, self._faults = file, data, faults
        self._columns: list[Column] = []
        self._empty: dict[str, object] = dict.fromkeys(column.name for column in columns)
        self._body = Place(1, len(_BOM) if data.startswith(_BOM) else 0)
        names = next((cells for _, cells in self._lines(self._body)), None)
        if names is not None:
            self._read_header(names, {column.name: column for column in columns})
        elif self.sound:
            self._fault(1, "", "the file is empty; the first line must name the columns")

    def lines(self) -> Iterator[tuple[Place, list[str]]]:
        """Where each line begins, and its cells as they stand; nothing where the header has a fault."""
        return islice(self._lines(self._body), 1, None) if self._columns else iter(())

    def rows(self) -> Iterator[Row]:
        """The lines without fault, in the order of the file."""
        return (row for place, cells in self.lines() if (row := self.row(place.line, cells)))

    def row_at(self, place: Place) -> Row | None:
        """The line at a place that ``lines`` gave; None where it has a fault."""
        return self.row(*next((begin.line, cells) for begin, cells in self._lines(place)))

    def row(self, line: int, cells: list[str]) -> Row | None:
        """The cells of a line as their columns read them; None where one has a fault."""
        if len(cells) != len(self._columns):
            odd = (
                self._columns[len(cells)].name
                if len(cells) < len(self._columns)
                else f"column {len(self._columns) + 1}"
            )
            self._fault(line, odd, f"{len(cells)} cells where the header names {len(self._columns)}")
            return None
        values, sound = self._empty.copy(), True
        for column, cell in zip(self._columns, cells, strict=True):
            if not cell and not column.required:
                continue
            try:
                values[column.name] = _read_cell(column, cell)
            except ValueError as error:
                sound = False
                self._fault(line, column.name, str(error))
        return Row(line, values) if sound else None

    @property
    def names(self) -> list[str]:
        """The columns in the order of the file; none where the header has a fault."""
        return [column.name for column in self._columns]

    def _fault(self, line: int, column: str, problem: str) -> None:
        self.sound = False
        self._faults.add(Fault(self._file, line, column, problem))

    def _read_header(self, names: list[str], known: dict[str, Column]) -> None:
        for column in known.values():
            if column.required and column.name not in names:
                self._fault(1, column.name, "this column is missing")
        seen: set[str] = set()
        for place, name in enumerate(names, 1):
            if name not in known:
                self._fault(1, f"column {place}", "no column of this name is known")
            elif name in seen:
                self._fault(1, name, "this column stands twice")
            seen.add(name)
        if self.sound:
            self._columns = [known[name] for name in names]

    def _lines(self, begin: Place) -> Iterator[tuple[Place, list[str]]]:
        tape = _Tape(self._data, begin)
        reader = csv.reader(tape, strict=True)
        while True:
            place = tape.place
            try:
                cells = next(reader)
            except StopIteration:
                return
            except UnicodeDecodeError as error:
                return self._fault(tape.place.line - 1, f"byte {error.start + 1}", _NOT_UTF_8)
            except (csv.Error, OverflowError) as error:
                return self._fault(place.line, "", f"not CSV: {error}")
            if any(cells):
                yield place, cells


class _Tape:
    """The lines of a file, decoded one by one."""

    def __init__(self, data: bytes, begin: Place) -> None:
        self.place = begin
        self._data = data

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line, offset = self.place
        if offset >= len(self._data):
            raise StopIteration
        end = self._data.find(b"\n", offset) + 1 or len(self._data)
        self.place = Place(line + 1, end)
        if end - offset > MOST_LINE_BYTES:
            raise OverflowError(f"a line has more than {MOST_LINE_BYTES} bytes")
        return self._data[offset:end].decode()


def _read_cell(column: Column, cell: str) -> object:
    if not cell:
        raise ValueError("empty; a value is needed")
    return column.parse(cell)


def text(most: int) -> Callable[[str], str]:
    """Text of at most ``most`` characters that can be read, not of blanks alone."""
    return partial(_bounded, most, words)


def kana(most: int) -> Callable[[str], str]:
    """A reading of at most ``most`` characters, in kana or Latin letters."""
    return partial(_bounded, most, reading)


def _bounded(most: int, good: Callable[[str], str], cell: str) -> str:
    if len(cell) > most:
        raise ValueError(f"longer than {most} characters")
    return good(cell)


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
    if re.fullmatch(r"[1-9][0-9]{4}", cell):
        raise ValueError("a day as a number of Excel's: write it YYYY-MM-DD, as text")
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", cell):
        raise ValueError("not a date of the form YYYY-MM-DD")
    try:
        return date.fromisoformat(cell)
    except ValueError:
        raise ValueError("no such day in the calendar") from None


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
