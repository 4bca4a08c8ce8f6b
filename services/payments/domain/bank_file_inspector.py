"""Read a bank file (総合振込) as a bank would, to find what is wrong with it before a bank does.

This module shares no code and no table with the writer: offsets are written down here a second time, so that one
mistake cannot hide in both. It works on bytes alone and says where each fault is, to the byte (counted from 1).
"""

import hashlib
from dataclasses import dataclass, field
from datetime import date
from itertools import islice

_LENGTH = 120
_DIGITS = frozenset(b"0123456789")
_TEXT = frozenset(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ ()-./") | frozenset(range(0xB1, 0xE0))
_VOICED, _HALF_VOICED = 0xDE, 0xDF

# (name, offset from 0, length) of digits and of text, record by record
_SHAPES: dict[int, tuple[str, tuple[tuple[str, int, int], ...], tuple[tuple[str, int, int], ...]]] = {
    0x31: (
        "header",
        (
            ("種別コード", 1, 2),
            ("コード区分", 3, 1),
            ("委託者コード", 4, 10),
            ("振込指定日", 54, 4),
            ("仕向銀行番号", 58, 4),
            ("仕向支店番号", 77, 3),
            ("預金種目", 95, 1),
            ("口座番号", 96, 7),
        ),
        (("委託者名", 14, 40), ("仕向銀行名", 62, 15), ("仕向支店名", 80, 15), ("ダミー", 103, 17)),
    ),
    0x32: (
        "data",
        (
            ("被仕向銀行番号", 1, 4),
            ("被仕向支店番号", 20, 3),
            ("手形交換所番号", 38, 4),
            ("預金種目", 42, 1),
            ("口座番号", 43, 7),
            ("振込金額", 80, 10),
            ("新規コード", 90, 1),
            ("顧客コード1", 91, 10),
            ("顧客コード2", 101, 10),
            ("振込指定区分", 111, 1),
        ),
        (
            ("被仕向銀行名", 5, 15),
            ("被仕向支店名", 23, 15),
            ("受取人名", 50, 30),
            ("識別表示", 112, 1),
            ("ダミー", 113, 7),
        ),
    ),
    0x38: ("trailer", (("合計件数", 1, 6), ("合計金額", 7, 12)), (("ダミー", 19, 101),)),
    0x39: ("end", (), (("ダミー", 1, 119),)),
}


@dataclass(frozen=True, slots=True)
class FileError:
    """One fault: record (from 1), byte within the file (from 1), field and what is wrong, never the value."""

    record: int
    byte: int
    field: str
    problem: str


@dataclass(slots=True)
class Inspection:
    """What the bytes say of themselves: data records, yen, SHA-256 (hex), and every fault."""

    records: int = 0
    yen: int = 0
    sha256: str = ""
    month_day: str = ""
    sender_code: str = ""
    errors: list[FileError] = field(default_factory=list)


def inspect(content: bytes, transfer_date: date | None = None) -> Inspection:
    """Count and total the data records of ``content`` and find its faults."""
    inspection = Inspection(sha256=hashlib.sha256(content).hexdigest())
    if len(content) % _LENGTH:
        inspection.errors.append(FileError(len(content) // _LENGTH + 1, len(content), "", "ends inside a record"))
    kinds: list[int] = []
    seen: set[bytes] = set()
    for number in range(len(content) // _LENGTH):
        record = content[number * _LENGTH : (number + 1) * _LENGTH]
        kinds.append(record[0])
        _fields(record, number, inspection)
        if record[0] == 0x31:
            _header(record, number, inspection, transfer_date)
        elif record[0] == 0x32:
            _data(record, number, inspection, seen)
        elif record[0] == 0x38:
            _trailer(record, number, inspection)
    _sequence(kinds, inspection)
    return inspection


def _fields(record: bytes, number: int, inspection: Inspection) -> None:
    shape = _SHAPES.get(record[0])
    if shape is None:
        _fault(inspection, number, 0, "データ区分", "is none of 1, 2, 8, 9")
        return
    _, digits, texts = shape
    for name, start, length in digits:
        for at in range(start, start + length):
            if record[at] not in _DIGITS:
                _fault(inspection, number, at, name, "is not a digit")
    for name, start, length in texts:
        _text(record[start : start + length], number, start, name, inspection)


def _text(value: bytes, number: int, start: int, name: str, inspection: Inspection) -> None:
    if name == "ダミー" and value.strip(b" "):
        _fault(inspection, number, start, name, "is not blank")
    for at, byte in enumerate(value):
        if byte not in _TEXT:
            _fault(inspection, number, start + at, name, "is a character that no bank takes")
        if byte in (_VOICED, _HALF_VOICED) and (at == 0 or not 0xB1 <= value[at - 1] <= 0xDD):
            _fault(inspection, number, start + at, name, "is a voiced mark without its kana")


def _header(record: bytes, number: int, inspection: Inspection, transfer_date: date | None) -> None:
    inspection.sender_code, inspection.month_day = record[4:14].decode("latin-1"), record[54:58].decode("latin-1")
    if record[1:3] != b"21":
        _fault(inspection, number, 1, "種別コード", "is not 21")
    if record[3:4] != b"0":
        _fault(inspection, number, 3, "コード区分", "is not 0")
    if transfer_date and inspection.month_day != f"{transfer_date.month:02}{transfer_date.day:02}":
        _fault(inspection, number, 54, "振込指定日", "is not the day of the run")


def _data(record: bytes, number: int, inspection: Inspection, seen: set[bytes]) -> None:
    inspection.records += 1
    amount = record[80:90]
    if amount.isdigit():
        inspection.yen += int(amount)
        if int(amount) == 0:
            _fault(inspection, number, 80, "振込金額", "is zero")
    if record[42:43] not in (b"1", b"2", b"4", b"9"):
        _fault(inspection, number, 42, "預金種目", "is none of 1, 2, 4, 9")
    if not record[50:80].strip(b" "):
        _fault(inspection, number, 50, "受取人名", "is blank")
    if record in seen:
        _fault(inspection, number, 0, "", "is the same record a second time")
    seen.add(record)


def _trailer(record: bytes, number: int, inspection: Inspection) -> None:
    if record[1:7] != f"{inspection.records:06}".encode():
        _fault(inspection, number, 1, "合計件数", "is not the number of data records")
    if record[7:19] != f"{inspection.yen:012}".encode():
        _fault(inspection, number, 7, "合計金額", "is not the sum of the data records")


def _sequence(kinds: list[int], inspection: Inspection) -> None:
    expected = [0x31, *[0x32] * (len(kinds) - 3), 0x38, 0x39] if len(kinds) > 3 else [0x31, 0x32, 0x38, 0x39]
    wrong = (at for at, pair in enumerate(zip(kinds, expected, strict=False)) if pair[0] != pair[1])
    for number in islice(wrong, 1):
        _fault(inspection, number, 0, "データ区分", "is out of order")
    if len(kinds) < 4:
        inspection.errors.append(FileError(len(kinds) + 1, len(kinds) * _LENGTH + 1, "", "a record is missing"))


def _fault(inspection: Inspection, number: int, at: int, name: str, problem: str) -> None:
    inspection.errors.append(FileError(number + 1, number * _LENGTH + at + 1, name, problem))
