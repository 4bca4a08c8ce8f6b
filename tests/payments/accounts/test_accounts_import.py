"""Accounts handed in as CSV: every fault at once, by file, line and column, never with the value."""

import json
from datetime import date
from pathlib import Path

import pytest

from services.payments.adapters.accounts.banks import Banks
from services.payments.adapters.office import OfficeSettings
from tests.payments.office import ACCOUNT_HEADER, SENDERS, Office

pytestmark = pytest.mark.database
PA = "public_assistance"
MERGED = ("3647", "001"), ("3652", "001"), ("3653", "001")
GOOD = f"00000001,{PA},bank,0001,001,1,1234567,カクウ タロウ,"


def faults(
    office: Office, *lines: str, sender: str | None = SENDERS, header: str = ACCOUNT_HEADER
) -> set[tuple[str, int, str]]:
    files = {"accounts.csv": "\n".join([header, *lines, ""]).encode()}
    if sender is not None:
        files["sender.csv"] = sender.encode()
    answer = office.accountant.post("/imports", files=files)
    if answer.status_code == 201:
        return set()
    assert (answer.status_code, answer.json["type"]) == (422, "/problems/import-faults")
    assert office.running.execute("SELECT count(*) FROM accounts")[0][0] == 0, "nothing is kept on a fault"
    return {(fault["file"], fault["line"], fault["column"]) for fault in answer.json["faults"]}


def test_a_file_without_fault_is_kept_for_approval(office: Office) -> None:
    assert faults(office, GOOD, f"00000002,{PA},cash,,,,,,口座開設不可") == set()


def test_every_fault_is_reported_in_one_go(office: Office) -> None:
    found = faults(
        office,
        GOOD,
        f"00000002,{PA},bank,9998,001,1,1234567,カクウ タロウ,",
        f"00000003,{PA},bank,0001,998,1,1234567,カクウ タロウ,",
        f"00000004,{PA},bank,0001,001,7,123456,架空太郎,",
        f"00000005,{PA},bank,,,,,,",
        f"00000006,{PA},cash,0001,,,,,理由",
        f"00000007,{PA},cash,,,,,,",
        "00000008,other,bank,0001,001,1,1234567,カクウ,",
        f"00000001,{PA},bank,0001,001,1,1234567,カクウ,",
        "too,few",
        sender="programme,sender_code\nsupport_benefit,12\n",
    )
    assert found == {
        ("accounts.csv", 3, "bank_code"),
        ("accounts.csv", 4, "branch_code"),
        ("accounts.csv", 5, "account_type"),
        ("accounts.csv", 5, "account_number"),
        ("accounts.csv", 5, "holder_kana"),
        ("accounts.csv", 6, "bank_code"),
        ("accounts.csv", 6, "branch_code"),
        ("accounts.csv", 6, "account_type"),
        ("accounts.csv", 6, "account_number"),
        ("accounts.csv", 6, "holder_kana"),
        ("accounts.csv", 7, "bank_code"),
        ("accounts.csv", 8, "reason_no_account"),
        ("accounts.csv", 9, "programme"),
        ("accounts.csv", 10, "case_no"),
        ("accounts.csv", 11, "method"),
        ("sender.csv", 1, "sender_name"),
        ("sender.csv", 1, "bank_code"),
        ("sender.csv", 1, "branch_code"),
        ("sender.csv", 1, "account_type"),
        ("sender.csv", 1, "account_number"),
    }


def test_a_fault_never_shows_the_value(office: Office) -> None:
    line = f"00000001,{PA},bank,0001,001,1,1234567,架空カナリア,"
    files = {"accounts.csv": f"{ACCOUNT_HEADER}\n{line}\n".encode(), "sender.csv": SENDERS.encode()}
    answer = office.accountant.post("/imports", files=files)
    assert "カナリア" not in answer.content.decode()
    assert "U+67B6" in answer.content.decode()


def test_shift_jis_is_refused_where_utf_8_is_meant(office: Office) -> None:
    files = {"accounts.csv": f"{ACCOUNT_HEADER}\n{GOOD}\n".encode("shift_jis"), "sender.csv": SENDERS.encode()}
    answer = office.accountant.post("/imports", files=files)
    assert [(fault["line"], fault["column"]) for fault in answer.json["faults"]] == [(2, "byte 52")]


def test_unknown_columns_and_files_are_faults(office: Office) -> None:
    assert ("accounts.csv", 1, "column 10") in faults(office, header=f"{ACCOUNT_HEADER},nickname")
    answer = office.accountant.post("/imports", files={**office.accounts(("00000001", PA)), "more.csv": b"x"})
    assert {fault["file"] for fault in answer.json["faults"]} == {"more.csv"}


def test_nobody_can_be_paid_by_bank_without_the_offices_own_account(office: Office) -> None:
    assert faults(office, GOOD, sender=None) == {("sender.csv", 1, "programme")}
    office.register(("00000009", PA))
    answer = office.accountant.post("/imports", files={"accounts.csv": f"{ACCOUNT_HEADER}\n{GOOD}\n".encode()})
    assert answer.status_code == 201, "the sender that was approved before still stands"


def test_an_account_under_the_other_programme_is_a_fault(office: Office) -> None:
    """It was taken without a word, and 360,240 yen went to the cash desk."""
    office.grant("00000001", livelihood=70_000)
    wrong = GOOD.replace(PA, "support_benefit")
    assert faults(office, wrong, GOOD.replace("00000001", "00000002")) == {("accounts.csv", 2, "programme")}
    assert faults(office, GOOD) == set()


def test_the_list_of_imports_says_what_those_that_wait_would_change(office: Office) -> None:
    office.grant("00000001", livelihood=70_000)
    office.grant("00000002", livelihood=70_000)
    office.register(("00000001", PA))
    rows = ("00000001", PA, "cash", "", "", "", "", "", "no_account"), ("00000002", PA), ("00000099", PA)
    office.accountant.post("/imports", files=office.accounts(*rows))
    waiting, approved = office.head.get("/imports").json["items"]
    assert (approved["state"], approved["differences"], approved["rows"]) == ("approved", None, 1)
    assert (waiting["state"], waiting["proposer"]) == ("proposed", "person:demo-accountant")
    assert waiting["differences"] == {
        "added": 2,
        "changed": 1,
        "to_cash_desk": 1,
        "unknown": 1,
        "unknown_cases": ["00000099"],
    }


def test_a_bank_that_was_merged_is_no_bank_any_more(office: Office) -> None:
    """The package still lists them: 岩沼市, 名取岩沼 and みやぎ亘理 are the bank 3636 since April 2025."""
    merged = [
        GOOD.replace("00000001", f"0000000{case}").replace("0001,001", f"{bank},{branch}")
        for case, (bank, branch) in enumerate(MERGED)
    ]
    assert faults(office, *merged) == {("accounts.csv", line, "bank_code") for line in (2, 3, 4)}
    for bank, branch in MERGED:
        assert Banks(date(2025, 3, 31)).names_of(bank, branch)


def test_the_office_adds_what_closed_and_opened_with_its_day(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "changes.json"
    closed = {"bank_code": "0001", "branch_code": "005", "closed_on": "2026-11-24", "source": "a notice"}
    opened = {"bank_code": "0001", "branch_code": "999", "opened_on": "2026-11-25", "source": "a notice"}
    own.write_text(json.dumps([closed, {**opened, "bank_kana": "ミズホ", "branch_kana": "アタラシ"}]))
    monkeypatch.setenv("KURASHI_PAYMENT_BANK_CHANGES", str(own))
    lines = [GOOD.replace("0001,001", "0001,005"), GOOD.replace("00000001", "00000002").replace(",001,", ",999,")]
    assert faults(office, *lines) == {("accounts.csv", 2, "branch_code"), ("accounts.csv", 3, "branch_code")}
    office.running.clock.set(today=date(2026, 11, 25))
    assert faults(office, lines[1]) == set()


def test_the_office_adds_days_on_which_the_bank_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not OfficeSettings().calendar().holidays(date(2026, 12, 3))
    monkeypatch.setenv("KURASHI_PAYMENT_CLOSED_DAYS", '["2026-12-03"]')
    assert OfficeSettings().calendar().holidays(date(2026, 12, 3))


def test_names_of_closed_branches_stay_with_the_account(office: Office) -> None:
    office.register(("00000001", PA))
    (row,) = office.running.execute("SELECT bank_name, branch_name FROM accounts")
    assert tuple(row) == ("ﾐｽﾞﾎ", "ﾄｳｷﾖｳ")
