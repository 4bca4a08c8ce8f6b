"""What was found in a ward's files, grouped for people: the column, how many lines, and where the first one is."""

import re
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from infra.one_machine.ward.column_texts import COLUMN_TEXTS, column_title
from infra.one_machine.ward.fault_texts import in_japanese
from shared.service_kit.csv_files import Fault, Faults

MOST_LISTED: Final = 10_000
"""Places that are listed for machines; all are counted."""
RANGES_SHOWN: Final = 5
MISSING: Final = "this file is missing"
_LINE: Final = re.compile(r"(?<=[^A-Za-z])\d+(?=行目)")


@dataclass
class Group:
    """One thing that is wrong in one column of one file, in so many lines."""

    file: str
    column: str
    message: str
    lines: "array[int]" = field(default_factory=lambda: array("L"))

    def in_words(self) -> str:
        """Return "birth_date（生年月日）: 19行、例 2行目（2–20）: 暦にない日です"."""
        lines = sorted(set(self.lines))
        where = ""
        if lines != [0]:
            where = f"{len(lines)}行、例 {lines[0]}行目（{_ranges(lines)}）" if len(lines) > 1 else f"{lines[0]}行目"
        title = column_title(self.file, self.column)
        return ": ".join(part for part in (title, where, self.message) if part)


class FoundFaults(Faults):
    """Faults as they are found, without end: a file that is wrong in each line is read to its last one."""

    def __init__(self) -> None:
        super().__init__()
        self.total = 0
        self.listed: list[dict[str, Any]] = []
        """The first `MOST_LISTED`: file, line, column, problem, and the Japanese `message`."""
        self._groups: dict[tuple[str, str, str], Group] = {}
        self._in_file: dict[str, int] = {}

    def __bool__(self) -> bool:
        return self.total > 0

    def add(self, *faults: Fault) -> None:
        """Take faults in; there may be any number of them."""
        for fault in faults:
            if fault.problem == MISSING and self.in_file(fault.file):
                continue  # told already, with what lies there in its place
            self.total += 1
            self._in_file[fault.file] = self._in_file.get(fault.file, 0) + 1
            message = in_japanese(fault.problem)
            if self.total <= MOST_LISTED:
                place = {"file": fault.file, "line": fault.line, "column": fault.column}
                self.listed.append({**place, "problem": fault.problem, "message": message})
            alike = fault.file, fault.column, _LINE.sub("N", message)
            group = self._groups.setdefault(alike, Group(fault.file, fault.column, message))
            group.lines.append(fault.line)

    def in_file(self, file: str) -> int:
        """Return how many were found in one file."""
        return self._in_file.get(file, 0)

    def in_words(self) -> Iterator[str]:
        """Yield each file, and below it a line a group, in the order of files and columns."""
        file = ""
        for group in sorted(self._groups.values(), key=_place):
            if group.file != file:
                file = group.file
                yield file
            yield f"  {group.in_words()}"


def _place(group: Group) -> tuple[int, str, int, int]:
    files = list(COLUMN_TEXTS)
    columns = list(COLUMN_TEXTS.get(group.file, ()))
    number = files.index(group.file) if group.file in files else len(files)
    column = columns.index(group.column) if group.column in columns else -1
    return number, group.file, column, group.lines[0]


def _ranges(lines: list[int]) -> str:
    """Return "2–20, 31" of sorted lines, cut after a few."""
    ranges: list[list[int]] = []
    for line in lines:
        if ranges and line == ranges[-1][1] + 1:
            ranges[-1][1] = line
        else:
            ranges.append([line, line])
    shown = [str(first) if first == last else f"{first}–{last}" for first, last in ranges[:RANGES_SHOWN]]
    return ", ".join(shown) + (" ほか" if len(ranges) > RANGES_SHOWN else "")
