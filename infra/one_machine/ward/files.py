"""The ward as CSV in the layout of docs/data/."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from infra.one_machine.ward.accounts import SENDER_BANK, SENDER_BRANCH, SENDER_CODE, Payee
from infra.one_machine.ward.housing import GRADE, MUNICIPALITY, PREFECTURE
from infra.one_machine.ward.people import Household, Person
from shared.contracts.ward_files import HOUSEHOLDS, HOUSEHOLDS_FILE, MEMBERS, MEMBERS_FILE

ACCOUNTS_FILE: Final = "accounts.csv"
SENDER_FILE: Final = "sender.csv"
WARD_FILES: Final = (HOUSEHOLDS_FILE, MEMBERS_FILE, ACCOUNTS_FILE, SENDER_FILE)
ACCOUNTS: Final = (
    "case_no",
    "programme",
    "method",
    "bank_code",
    "branch_code",
    "account_type",
    "account_number",
    "holder_kana",
    "reason_no_account",
)
SENDER: Final = (
    "programme",
    "sender_code",
    "sender_name",
    "bank_code",
    "branch_code",
    "account_type",
    "account_number",
)
_SENDERS: Final = (("public_assistance", "DEMO SEIKATSU HOGO"), ("support_benefit", "DEMO SHIEN KYUFU"))


def ward_files(households: Sequence[Household], payees: Sequence[Payee]) -> dict[str, bytes]:
    """Return the four files by name; the same ward gives the same bytes."""
    members = [_member(household, person) for household in households for person in household.members]
    senders = [_sender(programme, name) for programme, name in _SENDERS]
    return {
        HOUSEHOLDS_FILE: _csv([column.name for column in HOUSEHOLDS], map(_household, households)),
        MEMBERS_FILE: _csv([column.name for column in MEMBERS], members),
        ACCOUNTS_FILE: _csv(ACCOUNTS, map(_payee, payees)),
        SENDER_FILE: _csv(SENDER, senders),
    }


def _household(household: Household) -> dict[str, str]:
    return {
        "case_no": household.case_no,
        "programme": household.programme,
        "prefecture": PREFECTURE,
        "municipality": MUNICIPALITY,
        "grade": GRADE,
        "rent": _yen(household.rent),
        "floor_area": household.floor_area,
        "district": household.district,
    }


def _member(household: Household, person: Person) -> dict[str, str]:
    return {
        "case_no": household.case_no,
        "person_no": person.person_no,
        "name": person.name.written,
        "kana": person.name.kana,
        "foreign": "1" if person.foreign else "0",
        "birth_date": person.birth_date.isoformat(),
        "relation": person.relation,
        "residence": "home",
        "earned_income": _yen(person.earned_income),
        "necessary_expenses": _yen(person.necessary_expenses),
        "basic_pension": _yen(person.basic_pension),
        "pension": _yen(person.pension),
        "support_from_relatives": _yen(person.support_from_relatives),
        "other_income": _yen(person.other_income),
    }


def _payee(payee: Payee) -> dict[str, str]:
    return {
        "case_no": payee.household.case_no,
        "programme": payee.household.programme,
        "method": payee.method,
        "bank_code": payee.bank_code,
        "branch_code": payee.branch_code,
        "account_type": payee.account_type,
        "account_number": payee.account_number,
        "holder_kana": payee.holder_kana,
        "reason_no_account": payee.reason_no_account,
    }


def _sender(programme: str, name: str) -> dict[str, str]:
    return {
        "programme": programme,
        "sender_code": SENDER_CODE,
        "sender_name": name,
        "bank_code": SENDER_BANK,
        "branch_code": SENDER_BRANCH,
        "account_type": "1",
        "account_number": "0000000",
    }


def _yen(yen: int) -> str:
    return str(yen) if yen else ""


def _csv(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8")
