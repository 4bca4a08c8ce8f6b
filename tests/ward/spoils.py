"""What goes wrong with a ward's files on their way from a clerk, done to the files of a sound ward."""

from collections.abc import Callable
from pathlib import Path

from infra.one_machine.ward.files import WARD_FILES

HOUSEHOLDS, MEMBERS, ACCOUNTS, SENDER = WARD_FILES
Spoil = Callable[[Path], None]
"""Spoils the files in a folder."""


def rows_of(path: Path) -> list[list[str]]:
    return [line.split(",") for line in path.read_text().splitlines()]


def write(path: Path, rows: list[list[str]], newline: str = "\n") -> None:
    path.write_bytes("".join(",".join(row) + newline for row in rows).encode())


def cell(file: str, column: str, value: str, *lines: int) -> Spoil:
    def spoil(ward: Path) -> None:
        rows = rows_of(ward / file)
        for line in lines or (2,):
            rows[line - 1][rows[0].index(column)] = value
        write(ward / file, rows)

    return spoil


def cells(file: str, values: dict[str, str], line: int = 2) -> Spoil:
    def spoil(ward: Path) -> None:
        for column, value in values.items():
            cell(file, column, value, line)(ward)

    return spoil


def encoded(file: str, encoding: str) -> Spoil:
    def spoil(ward: Path) -> None:
        (ward / file).write_bytes((ward / file).read_text().encode(encoding))

    return spoil


def text(file: str, change: Callable[[str], str]) -> Spoil:
    def spoil(ward: Path) -> None:
        (ward / file).write_bytes(change((ward / file).read_text()).encode())

    return spoil


def content(file: str, data: bytes) -> Spoil:
    def spoil(ward: Path) -> None:
        (ward / file).write_bytes(data)

    return spoil


def moved(file: str, to: str) -> Spoil:
    def spoil(ward: Path) -> None:
        (ward / file).rename(ward / to)

    return spoil


def copied(file: str, to: str) -> Spoil:
    return lambda ward: content(to, (ward / file).read_bytes())(ward)


def missing(file: str) -> Spoil:
    return lambda ward: (ward / file).unlink()


def without_column(file: str, column: str) -> Spoil:
    def spoil(ward: Path) -> None:
        rows = rows_of(ward / file)
        at = rows[0].index(column)
        write(ward / file, [row[:at] + row[at + 1 :] for row in rows])

    return spoil


def doubled_line(file: str) -> Spoil:
    return text(file, lambda whole: whole + whole.splitlines()[1] + "\n")


def without_line(file: str, line: int = 2) -> Spoil:
    def spoil(ward: Path) -> None:
        rows = rows_of(ward / file)
        write(ward / file, rows[: line - 1] + rows[line:])

    return spoil


def with_members(case_no: str, count: int = 1, **values: str) -> Spoil:
    """Members of a household at the end of their file, each a person of their own."""

    def spoil(ward: Path) -> None:
        rows = rows_of(ward / MEMBERS)
        usual = {
            "case_no": case_no,
            "name": "架空甲",
            "kana": "カクウコウ",
            "birth_date": "1980-02-16",
            "relation": "other",
        }
        for number in range(count):
            member = {**usual, "person_no": f"{number:010d}", **values}
            rows.append([member.get(column, "") for column in rows[0]])
        write(ward / MEMBERS, rows)

    return spoil


def with_first_person_again(case_no: str) -> Spoil:
    """The first person of the ward as a member of another household, under another name."""
    return lambda ward: with_members(case_no, person_no=rows_of(ward / MEMBERS)[1][1])(ward)


def with_bytes(file: str, data: bytes) -> Spoil:
    return lambda ward: content(file, (ward / file).read_bytes() + data)(ward)


def both(*spoils: Spoil) -> Spoil:
    def spoil(ward: Path) -> None:
        for each in spoils:
            each(ward)

    return spoil
