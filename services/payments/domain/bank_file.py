"""Write a bank file (総合振込) of one programme. Its bytes depend on nothing but what is handed in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from services.payments.domain.accounts import Account, Sender
from services.payments.domain.bank_file_layout import (
    DATA,
    END,
    HEADER,
    MOST_RECORDS,
    MOST_YEN,
    RECORD_BYTES,
    TRAILER,
    Field,
)
from services.payments.domain.names import ALLOWED, ENCODING, fit


class FileFault(ValueError):
    """Something that cannot stand in a bank file; names the field, never its value."""


@dataclass(frozen=True, slots=True)
class Payment:
    """One transfer: yen to one account, known to the bank by the case number (顧客コード)."""

    case_no: str
    account: Account
    yen: int


def bank_file(sender: Sender, transfer_date: date, payments: Iterable[Payment]) -> bytes:
    """The file: header, one data record a payment in the order of case numbers, trailer, end.

    Args:
        transfer_date: 振込指定日, a bank business day; MMDD of it goes into the header.

    Raises:
        FileFault: no payment, too many, an amount outside 1 to 9,999,999,999 yen, or a value that does not fit.
    """
    ordered = sorted(payments, key=lambda payment: (payment.case_no, payment.account.account_number, payment.yen))
    if not 1 <= len(ordered) <= MOST_RECORDS:
        raise FileFault(f"a file holds 1 to {MOST_RECORDS} payments, not {len(ordered)}")
    total = sum(payment.yen for payment in ordered)
    records = [
        _record(HEADER, _sender_values(sender, transfer_date)),
        *(_record(DATA, _payment_values(payment)) for payment in ordered),
        _record(TRAILER, (str(len(ordered)), str(total))),
        _record(END, ()),
    ]
    return b"".join(records)


def _sender_values(sender: Sender, transfer_date: date) -> Sequence[str]:
    account = sender.account
    return (
        sender.code,
        fit(sender.name, 40),
        f"{transfer_date:%m%d}",
        account.bank_code,
        fit(account.bank_name, 15),
        account.branch_code,
        fit(account.branch_name, 15),
        account.account_type,
        account.account_number,
    )


def _payment_values(payment: Payment) -> Sequence[str]:
    if not 1 <= payment.yen <= MOST_YEN:
        raise FileFault(f"振込金額 is outside 1 to {MOST_YEN} yen")
    account = payment.account
    return (
        account.bank_code,
        fit(account.bank_name, 15),
        account.branch_code,
        fit(account.branch_name, 15),
        account.account_type,
        account.account_number,
        fit(account.holder, 30),
        str(payment.yen),
        payment.case_no,
    )


def _record(layout: Sequence[Field], values: Sequence[str]) -> bytes:
    remaining = iter(values)
    text = "".join(_filled(field, next(remaining) if field.fixed is None else field.fixed) for field in layout)
    record = text.encode(ENCODING)
    if len(record) != RECORD_BYTES:
        raise FileFault(f"a record has {len(record)} bytes")
    return record


def _filled(field: Field, value: str) -> str:
    if field.form == "N":
        if not (value.isascii() and value.isdigit()) or len(value) > field.width:
            raise FileFault(f"{field.name} is not a number of at most {field.width} digits")
        return value.rjust(field.width, "0")
    if len(value) > field.width or not ALLOWED.issuperset(value):
        raise FileFault(f"{field.name} has more than {field.width} bytes or a character that no bank takes")
    return value.ljust(field.width)
