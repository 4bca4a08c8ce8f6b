"""A ward's households and members as handed in, case by case; faults by file, line and column, never with a value."""

import re
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any, Final

from shared.contracts.assistance import Programme
from shared.contracts.ward_files import HOUSEHOLDS, HOUSEHOLDS_FILE, MEMBERS, MEMBERS_FILE, WardColumn
from shared.service_kit import csv_files
from shared.service_kit.csv_files import Column, Fault, Faults, Place, Row, Sheet

MOST_MEMBERS: Final = 100
"""Members of a household that are read; the rules take fewer."""
_FILES: Final = (HOUSEHOLDS_FILE, MEMBERS_FILE)
_NO_MEMBER: Final = "no member of this household stands in the members' file"
_CASE_NO: Final = re.compile(r"[0-9]{8}")
_WHO_IT_IS: Final = ("name", "kana", "foreign")


@dataclass(frozen=True, slots=True)
class WardMember:
    """One line of the members' file: facts by name, each a mapping of the cells that are filled."""

    line: int
    person_no: str
    facts: Mapping[str, dict[str, Any]]
    is_first: bool = True
    """The person stands in no line that was given before, under either programme."""


@dataclass(frozen=True, slots=True)
class WardCase:
    """One line of the households' file with its members; the period is that on assistance, None is open."""

    line: int
    case_no: str
    programme: Programme
    valid_from: date | None
    valid_to: date | None
    facts: Mapping[str, dict[str, Any]]
    members: list[WardMember] = field(default_factory=list)

    def at(self, name: str, person_no: str | None) -> tuple[str, int, str]:
        """File, line and column of a field of the case or of one of its members."""
        for member in self.members:
            if member.person_no == person_no:
                return MEMBERS_FILE, member.line, name
        known = {column.name for column in HOUSEHOLDS}
        return HOUSEHOLDS_FILE, self.line, name if name in known else ""


def read_ward(files: Mapping[str, bytes], faults: Faults) -> Iterator[WardCase]:
    """The cases of both programmes that are sound in themselves, in the order of the households' file.

    Every fault of the two files is added by the time the last case is given. Beside the files' bytes a few numbers a
    line are kept: a ward of any size is read in little more than its own size.
    """
    faults.add(
        *(Fault(name, 0, "", "this file is missing") for name in _FILES if name not in files),
        *(Fault(name, 0, "", "no file of this name is known") for name in files if name not in _FILES),
    )
    households = _sheet(HOUSEHOLDS_FILE, files, HOUSEHOLDS, faults)
    members = _Members(_sheet(MEMBERS_FILE, files, MEMBERS, faults))
    if households:
        yield from _cases(households, members, faults)
    complete = households is not None and households.sound
    for row in members.left():
        if complete:
            faults.add(
                _unfit(MEMBERS_FILE, row, "case_no", "no household of this number stands in the households' file")
            )


def _sheet(file: str, files: Mapping[str, bytes], layout: Sequence[WardColumn], faults: Faults) -> Sheet | None:
    if file not in files:
        return None
    return Sheet(file, files[file], [Column(column.name, parser(column), column.required) for column in layout], faults)


def parser(column: WardColumn) -> Callable[[str], object]:
    """Return what reads a cell of the column; it raises ValueError, in words without the value."""
    made: dict[str, Callable[[str], object]] = {
        "text": csv_files.text(column.size),
        "kana": csv_files.kana(column.size),
        "digits": csv_files.code(column.size),
        "date": csv_files.date_iso,
        "yen": csv_files.yen,
        "flag": csv_files.flag,
        "choice": csv_files.choice(*column.choices),
        "area": _area,
        "staff": _staff,
    }
    return made[column.form]


def _area(cell: str) -> str:
    """Square metres with at most two decimals, as the text of the number."""
    if not re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,2})?", cell):
        raise ValueError("not square metres: digits, with at most two after the point")
    return str(Decimal(cell))


def _staff(cell: str) -> str:
    """The id of a member of staff as the identity provider names them."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}", cell):
        raise ValueError("not an id of staff: at most 64 letters, digits and . _ @ -")
    return cell


def _cases(households: Sheet, members: "_Members", faults: Faults) -> Iterator[WardCase]:
    lines: dict[int, int] = {}
    people = _People()
    for row in households.rows():
        cells: Any = row.values
        number = int(cells["case_no"])
        if cells["from"] and cells["to"] and cells["from"] > cells["to"]:
            faults.add(_unfit(HOUSEHOLDS_FILE, row, "to", "lies before the day in column from"))
        if number in lines:
            detail = f"this household stands in line {lines[number]} already"
            faults.add(_unfit(HOUSEHOLDS_FILE, row, "case_no", detail))
            continue
        lines[number] = row.line
        case = WardCase(
            row.line, cells["case_no"], cells["programme"], cells["from"], cells["to"], _facts(row, HOUSEHOLDS)
        )
        lines_of_members = members.of(number)
        case.members.extend(people.members(case.programme, islice(lines_of_members, MOST_MEMBERS), faults))
        if next(lines_of_members, None):
            faults.add(_unfit(HOUSEHOLDS_FILE, row, "case_no", f"has more than {MOST_MEMBERS} members"))
        if members.sound and not case.members:
            faults.add(_unfit(HOUSEHOLDS_FILE, row, "case_no", _NO_MEMBER))
        yield case


def _unfit(file: str, row: Row, column: str, problem: str) -> Fault:
    return Fault(file, row.line, column, problem, "unfit")


class _Members:
    """The members' file by household: of each line three numbers are kept, its cells are read when they are wanted."""

    def __init__(self, sheet: Sheet | None) -> None:
        self._sheet = sheet
        self._lines, self._offsets, self._before = array("Q"), array("Q"), array("q")
        self._last: dict[int, int] = {}
        if sheet and sheet.names:
            self._note_all(sheet, sheet.names.index("case_no"), len(sheet.names))

    def _note_all(self, sheet: Sheet, key: int, width: int) -> None:
        for place, cells in sheet.lines():
            if len(cells) == width and _CASE_NO.fullmatch(cells[key]):
                case = int(cells[key])
                self._before.append(self._last.get(case, -1))
                self._last[case] = len(self._lines)
                self._lines.append(place.line)
                self._offsets.append(place.offset)
            else:
                sheet.row(place.line, cells)

    @property
    def sound(self) -> bool:
        """No line was met so far that could not be read."""
        return self._sheet is not None and self._sheet.sound

    def of(self, case: int) -> Iterator[Row]:
        """The lines of a household that are sound, in the order of the file; they are given once."""
        places = []
        at = self._last.pop(case, -1)
        while at >= 0:
            places.append(Place(self._lines[at], self._offsets[at]))
            at = self._before[at]
        sheet = self._sheet
        return (row for place in reversed(places) if sheet and (row := sheet.row_at(place)))

    def left(self) -> Iterator[Row]:
        """The sound lines that nobody asked for."""
        return (row for case in list(self._last) for row in self.of(case))


class _People:
    """Who was met in the files, by number: the line, and by what the person is known."""

    def __init__(self) -> None:
        self._met: dict[int, tuple[int, int]] = {}
        self._lines: defaultdict[str, dict[int, int]] = defaultdict(dict)

    def members(self, programme: Programme, rows: Iterable[Row], faults: Faults) -> Iterator[WardMember]:
        """The rows as members of one household; who stands twice, or under another name, is a fault."""
        lines = self._lines[programme]
        for row in rows:
            number = int(str(row.values["person_no"]))
            known = hash(tuple(row.values[name] for name in _WHO_IT_IS))
            line, first = self._met.setdefault(number, (row.line, known))
            if first != known:
                detail = f"this person has another name or nationality in line {line}"
                faults.add(_unfit(MEMBERS_FILE, row, "person_no", detail))
            if number in lines:
                detail = f"this person stands in line {lines[number]} already under the same programme"
                faults.add(_unfit(MEMBERS_FILE, row, "person_no", detail))
                continue
            lines[number] = row.line
            yield WardMember(row.line, str(row.values["person_no"]), _facts(row, MEMBERS), line == row.line)


def _facts(row: Row, layout: Sequence[WardColumn]) -> dict[str, dict[str, Any]]:
    facts: dict[str, dict[str, Any]] = {column.fact: {} for column in layout if column.fact}
    for column in layout:
        value = row.values[column.name]
        if column.fact and value is not None:
            facts[column.fact][column.name] = value.isoformat() if isinstance(value, date) else value
    return facts
