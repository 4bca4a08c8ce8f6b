"""A ward's households and members as handed in: read whole, every fault in one go, never with a value."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import partial
from itertools import chain
from typing import Any, Final

from shared.contracts.assistance import Programme
from shared.contracts.ward_files import HOUSEHOLDS, HOUSEHOLDS_FILE, MEMBERS, MEMBERS_FILE, WardColumn
from shared.service_kit import csv_import
from shared.service_kit.csv_import import Column, Fault, Row, read_csv

_WHO_IT_IS: Final = ("name", "kana", "foreign")


@dataclass(frozen=True, slots=True)
class WardMember:
    """One line of the members' file: facts by name, each a mapping of the cells that are filled."""

    line: int
    person_no: str
    facts: Mapping[str, dict[str, Any]]


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


def read_ward(files: Mapping[str, bytes]) -> tuple[list[WardCase], list[Fault]]:
    """The cases of both programmes that are sound in themselves, and every fault of the two files."""
    faults = [
        Fault(name, 0, "", "this file is missing") for name in (HOUSEHOLDS_FILE, MEMBERS_FILE) if name not in files
    ] + [Fault(name, 0, "", "no file of this name is known") for name in files if name not in _FILES]
    households, in_households = _read(HOUSEHOLDS_FILE, files, HOUSEHOLDS)
    members, in_members = _read(MEMBERS_FILE, files, MEMBERS)
    cases: dict[str, WardCase] = {}
    faults += chain(in_households, in_members, _take_households(households, cases))
    faults += _take_members(members, cases, complete=not in_households)
    if not in_members and MEMBERS_FILE in files:
        faults += (
            Fault(HOUSEHOLDS_FILE, one.line, "case_no", _NO_MEMBER, "unfit")
            for one in cases.values()
            if not one.members
        )
    return list(cases.values()), faults


_NO_MEMBER: Final = "no member of this household stands in the members' file"
_FILES: Final = (HOUSEHOLDS_FILE, MEMBERS_FILE)


def _read(file: str, files: Mapping[str, bytes], layout: Sequence[WardColumn]) -> tuple[list[Row], list[Fault]]:
    if file not in files:
        return [], []
    return read_csv(file, files[file], [Column(one.name, _parser(one), one.required) for one in layout])


def _parser(column: WardColumn) -> Callable[[str], object]:
    made: dict[str, Callable[[str], object]] = {
        "text": csv_import.text(column.size),
        "digits": csv_import.code(column.size),
        "date": csv_import.date_iso,
        "yen": csv_import.yen,
        "flag": csv_import.flag,
        "choice": csv_import.choice(*column.choices),
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


def _take_households(rows: Sequence[Row], cases: dict[str, WardCase]) -> Iterator[Fault]:
    for row in rows:
        case: Any = row.values
        at = partial(Fault, HOUSEHOLDS_FILE, row.line, kind="unfit")
        if case["from"] and case["to"] and case["from"] > case["to"]:
            yield at("to", "lies before the day in column from")
        first = cases.get(case["case_no"])
        if first:
            yield at("case_no", f"this household stands in line {first.line} already")
            continue
        cases[case["case_no"]] = WardCase(
            line=row.line,
            case_no=case["case_no"],
            programme=case["programme"],
            valid_from=case["from"],
            valid_to=case["to"],
            facts=_facts(row, HOUSEHOLDS),
        )


def _take_members(rows: Sequence[Row], cases: dict[str, WardCase], *, complete: bool) -> Iterator[Fault]:
    """Put members under their households; ``complete`` where every household's line could be read."""
    seen: dict[tuple[str, str], int] = {}
    people: dict[str, Row] = {}
    for row in rows:
        at = partial(Fault, MEMBERS_FILE, row.line, kind="unfit")
        case, person_no = cases.get(str(row.values["case_no"])), str(row.values["person_no"])
        known = people.setdefault(person_no, row)
        if any(known.values[name] != row.values[name] for name in _WHO_IT_IS):
            yield at("person_no", f"this person has another name or nationality in line {known.line}")
        if case is None:
            if complete:
                yield at("case_no", "no household of this number stands in the households' file")
            continue
        first = seen.setdefault((case.programme, person_no), row.line)
        if first != row.line:
            yield at("person_no", f"this person stands in line {first} already under the same programme")
            continue
        case.members.append(WardMember(row.line, person_no, _facts(row, MEMBERS)))


def _facts(row: Row, layout: Sequence[WardColumn]) -> dict[str, dict[str, Any]]:
    facts: dict[str, dict[str, Any]] = {column.fact: {} for column in layout if column.fact}
    for column in layout:
        value = row.values[column.name]
        if column.fact and value is not None:
            facts[column.fact][column.name] = value.isoformat() if isinstance(value, date) else value
    return facts
