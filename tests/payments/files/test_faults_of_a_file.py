"""Each fault of a bank file is found at its own record and byte, and nothing else is."""

import hashlib
from datetime import date

import pytest

from services.payments.domain.accounts import Account, Sender
from services.payments.domain.bank_file import Payment, bank_file
from services.payments.domain.bank_file_inspector import FileError, inspect
from services.payments.domain.bank_file_layout import DATA as DATA_FIELDS
from services.payments.domain.bank_file_layout import END as END_FIELDS
from services.payments.domain.bank_file_layout import HEADER as HEADER_FIELDS
from services.payments.domain.bank_file_layout import TRAILER as TRAILER_FIELDS

DAY = date(2026, 12, 3)
OFFICE = Account("0001", "ﾐｽﾞﾎ", "001", "ﾄｳｷﾖｳ", "1", "0000000", "DEMO ｶｺｳｸ")
PAYEE = Account("0005", "ﾐﾂﾋﾞｼ", "001", "ﾎﾝﾃﾝ", "1", "1234567", "ｶｸｳ ﾀﾛｳ")
WHOLE = bank_file(
    Sender("9999999999", "DEMO ｶｺｳｸ", OFFICE),
    DAY,
    (Payment("00000001", PAYEE, 5), Payment("00000002", PAYEE, 6)),
)
HEADER, FIRST, SECOND, TRAILER, END = (WHOLE[at : at + 120] for at in range(0, 600, 120))


def faults(content: bytes, day: date | None = DAY) -> list[tuple[int, int, str, str]]:
    return [(error.record, error.byte, error.field, error.problem) for error in inspect(content, day).errors]


def put(record: int, position: int, byte: bytes) -> bytes:
    """The whole file with one byte changed, both counted from 1."""
    at = 120 * (record - 1) + position - 1
    return WHOLE[:at] + byte + WHOLE[at + 1 :]


def test_a_whole_file_says_how_much_it_is_and_has_no_fault() -> None:
    inspection = inspect(WHOLE, DAY)
    assert (inspection.records, inspection.yen, inspection.errors) == (2, 11, [])
    assert inspection.sha256 == hashlib.sha256(WHOLE).hexdigest()
    assert (inspection.sender_code, inspection.month_day) == ("9999999999", "1203")


@pytest.mark.parametrize(
    ("content", "record", "byte"),
    [(b"", 1, 1), (HEADER, 2, 121), (HEADER + TRAILER, 3, 241), (HEADER + TRAILER + END, 4, 361)],
)
def test_a_file_without_its_records_says_where_the_first_one_is_missing(content: bytes, record: int, byte: int) -> None:
    assert faults(content)[-1] == (record, byte, "", "a record is missing")


def test_a_file_that_ends_inside_a_record_says_in_which_and_at_which_byte() -> None:
    assert faults(WHOLE[:-1])[0] == (5, 599, "", "ends inside a record")
    assert faults(WHOLE + b" ")[0] == (6, 601, "", "ends inside a record")


@pytest.mark.parametrize(
    ("content", "record"),
    [
        (FIRST + HEADER + SECOND + TRAILER + END, 1),
        (HEADER + FIRST + TRAILER + SECOND + END, 3),
        (HEADER + FIRST + SECOND + END + TRAILER, 4),
        (HEADER + FIRST + SECOND + TRAILER + TRAILER, 5),
        (HEADER + TRAILER + FIRST + END, 2),
    ],
)
def test_the_first_record_out_of_order_is_named_and_once(content: bytes, record: int) -> None:
    named = [fault for fault in faults(content) if fault[3] == "is out of order"]
    assert named == [(record, 120 * (record - 1) + 1, "データ区分", "is out of order")]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (put(1, 3, b"2"), [(1, 2, "種別コード", "is not 21")]),
        (put(1, 4, b"1"), [(1, 4, "コード区分", "is not 0")]),
        (put(1, 58, b"4"), [(1, 55, "振込指定日", "is not the day of the run")]),
        (put(2, 43, b"3"), [(2, 163, "預金種目", "is none of 1, 2, 4, 9")]),
        (put(4, 7, b"3"), [(4, 362, "合計件数", "is not the number of data records")]),
        (put(4, 19, b"2"), [(4, 368, "合計金額", "is not the sum of the data records")]),
        (put(5, 120, b"X"), [(5, 482, "ダミー", "is not blank")]),
    ],
)
def test_one_wrong_byte_is_one_fault_at_the_beginning_of_its_field(
    content: bytes, expected: list[tuple[int, int, str, str]]
) -> None:
    assert faults(content) == expected


def test_nothing_is_paid_as_nothing_and_to_nobody() -> None:
    nothing = HEADER + FIRST[:80] + b"0" * 10 + FIRST[90:] + SECOND + TRAILER + END
    assert (2, 201, "振込金額", "is zero") in faults(nothing)
    nobody = HEADER + FIRST[:50] + b" " * 30 + FIRST[80:] + SECOND + TRAILER + END
    assert faults(nobody) == [(2, 171, "受取人名", "is blank")]


def test_the_same_record_twice_is_named_where_it_comes_again() -> None:
    twice = [fault for fault in faults(HEADER + FIRST + FIRST + TRAILER + END) if "second time" in fault[3]]
    assert twice == [(3, 241, "", "is the same record a second time")]


def test_the_day_is_not_asked_of_a_file_whose_day_nobody_knows() -> None:
    assert faults(put(1, 58, b"4"), None) == []
    assert inspect(put(1, 58, b"4"), date(2026, 12, 4)).errors == []
    assert FileError(1, 55, "振込指定日", "is not the day of the run") in inspect(WHOLE, date(2026, 11, 3)).errors


def test_a_byte_that_no_bank_takes_is_found_wherever_it_stands() -> None:
    for at in range(len(WHOLE)):
        content = WHOLE[:at] + b"\0" + WHOLE[at + 1 :]
        assert any(fault[0] == at // 120 + 1 for fault in faults(content)), at
    for at in (*range(14, 54), *range(62, 77), *range(80, 95)):
        assert (1, at + 1) in {fault[:2] for fault in faults(WHOLE[:at] + b"\0" + WHOLE[at + 1 :])}, at


def test_a_fault_is_named_by_the_field_in_which_its_byte_stands_and_by_no_other() -> None:
    layouts = (HEADER_FIELDS, DATA_FIELDS, DATA_FIELDS, TRAILER_FIELDS, END_FIELDS)
    for at in range(len(WHOLE)):
        for record, byte, name, _ in faults(WHOLE[:at] + b"\0" + WHOLE[at + 1 :]):
            place = byte - 120 * (record - 1)
            assert name in ("", *(f.name for f in layouts[record - 1] if f.first <= place <= f.last)), at
