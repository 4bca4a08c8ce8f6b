"""A ward's folder as a clerk leaves it: which files are there, in which encoding, and what lies there by mistake."""

import csv
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from infra.one_machine.new_files import BOM
from infra.one_machine.problems import CallError
from infra.one_machine.ward.files import SENDER_FILE, WARD_FILES
from shared.service_kit.csv_files import Fault, Faults

MOST_BYTES: Final = 256 * 1024 * 1024
"""A file of a ward of any size is far below; what is larger is no file of a ward, and is not read into memory."""
_XLSX, _XLS = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_BOOKS: Final = (".xlsx", ".xls", ".xlsm", ".ods", ".numbers")
_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")
_NUMBER: Final = re.compile(r"[0-9]{1,8}")
_TOO_LONG: Final = "?"
_IS_DOUBLED: Final = "似た名前のファイルもあります（{}）。一つにしてください"
_IS_BOOK: Final = "Excel のブックです。Excel で「CSV UTF-8（コンマ区切り）」として保存してください"
_IS_SHIFT_JIS: Final = "Shift_JIS で保存されています。Excel では「CSV UTF-8（コンマ区切り）」で保存してください"
_IS_UTF_16: Final = "UTF-16 で保存されています。Excel では「CSV UTF-8（コンマ区切り）」で保存してください"
_IS_TABBED: Final = "タブで区切られています。コンマで区切ってください"
_IS_SEMICOLONS: Final = "セミコロンで区切られています。コンマで区切ってください"


def read_folder(directory: Path, faults: Faults) -> dict[str, bytes]:
    """Read a ward's files, in UTF-8 whatever they were written in; what is wrong with them is added to the faults.

    A file in another encoding is a fault, and is read on in its own: what else is wrong with it is told in the same go.

    Raises:
        CallError: there is no such folder, it is none, it cannot be read, or holds nothing like a ward.
    """
    names = _names(directory)
    files: dict[str, bytes] = {}
    for name in WARD_FILES:
        alike = [other for other in names if other != name and _is_alike(other, name)]
        if name in names:
            faults.add(*(Fault(name, 0, "", _IS_DOUBLED.format(other)) for other in alike))
            if (data := _read(directory / name, faults)) is not None:
                files[name] = data
        elif alike or name != SENDER_FILE:
            faults.add(Fault(name, 0, "", _missing(alike)))
    if not files and not any(_is_alike(file, name) for file in names for name in WARD_FILES):
        raise CallError(f"{directory} にファイルがありません: {', '.join(WARD_FILES)}（./kurashi ward --help）")
    return files


def case_numbers(data: bytes) -> list[int | None]:
    """Return the case number on each line below the header, without its zeros; None where a line has none.

    Each line is read alone: a quotation mark that is left open hides none of those below it.
    """
    lines = _lines(data.removeprefix(BOM))
    header = next(lines, [])
    place = header.index("case_no") if "case_no" in header else len(header)
    return [_number(cells[place]) if place < len(cells) else None for cells in lines]


def count_households(numbers: list[int | None]) -> int:
    """Count the households on these lines: one that stands twice is one, a line without a number is one of its own."""
    return len(set(numbers) - {None}) + numbers.count(None)


def _names(directory: Path) -> list[str]:
    try:
        return sorted(
            path.name for path in directory.iterdir() if path.is_file() and not path.name.startswith((".", "~$"))
        )
    except FileNotFoundError:
        raise CallError(f"フォルダー {directory} がありません") from None
    except NotADirectoryError:
        raise CallError(f"{directory} はファイルです。CSV が入ったフォルダーを指定してください") from None
    except OSError as failed:
        raise CallError(f"フォルダー {directory} を読めません（{failed.strerror}）") from None


def _is_alike(file: str, name: str) -> bool:
    """Whether a file is meant for another name: a copy of it, a workbook, or the name in other letters."""
    plain = unicodedata.normalize("NFKC", file).lower()
    stem = name.removesuffix(".csv")
    rest = plain.removeprefix(stem)
    return rest != plain and not rest[:1].isalpha()


def _missing(alike: list[str]) -> str:
    books = [other for other in alike if other.lower().endswith(_BOOKS)]
    if books:
        return f"このファイルがありません。{books[0]} は {_IS_BOOK}"
    if alike:
        return f"このファイルがありません。{alike[0]} の名前を直してください"
    return "this file is missing"


def _read(path: Path, faults: Faults) -> bytes | None:
    """The bytes of a file in UTF-8, None where nothing can be read of it."""
    try:
        if path.stat().st_size > MOST_BYTES:
            faults.add(Fault(path.name, 0, "", f"大きすぎます（{MOST_BYTES // 1024 // 1024} MiB まで）"))
            return None
        data = path.read_bytes()
    except OSError as failed:
        faults.add(Fault(path.name, 0, "", f"このファイルを読めません（{failed.strerror}）"))
        return None
    return _in_utf_8(path.name, data, faults)


def _in_utf_8(name: str, data: bytes, faults: Faults) -> bytes | None:
    if data.startswith((_XLSX, _XLS)):
        faults.add(Fault(name, 0, "", _IS_BOOK))
        return None
    if data.startswith(_UTF_16):
        faults.add(Fault(name, 0, "", _IS_UTF_16))
        data = data.decode("utf-16", errors="replace").encode()
    elif _is_shift_jis(data):
        faults.add(Fault(name, 0, "", _IS_SHIFT_JIS))
        data = data.decode("cp932").encode()
    header = data.partition(b"\n")[0]
    for mark, problem in ((b"\t", _IS_TABBED), (b";", _IS_SEMICOLONS)):
        if mark in header and b"," not in header:
            faults.add(Fault(name, 1, "", problem))
            return None
    return data


def _is_shift_jis(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        pass
    else:
        return False
    try:
        data.decode("cp932")
    except UnicodeDecodeError:
        return False
    return True


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
