"""The approval of a run proves that nothing has moved since its proposal, without opening every account again."""

from typing import Any

import psycopg
import pytest

from shared.service_kit.encryption.sealing import Sealed, Sealer
from tests.payments.office import Office

pytestmark = pytest.mark.database
PA = "public_assistance"


@pytest.fixture
def run(office: Office) -> dict[str, Any]:
    """A proposed run of two payees with accounts, and one at the cash desk."""
    office.register(("00000001", PA), ("00000002", PA))
    for case_no in ("00000001", "00000002", "00000003"):
        office.tell(office.determined(case_no, {"livelihood": 70_000, "housing": 50_000}))
    return office.proposed()


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The tables whose sealed rows are opened from here on, a name a row."""
    tables: list[str] = []
    real = Sealer.open

    def noted(sealer: Sealer, where: Any, sealed: Sealed, rows: Any) -> Any:
        found = real(sealer, where, sealed, rows)
        tables.extend(sealed.table for _ in found)
        return found

    monkeypatch.setattr(Sealer, "open", noted)
    return tables


def answer_to_approval(office: Office, run: dict[str, Any]) -> tuple[int, str]:
    answer = office.head.post(f"/runs/{run['run_id']}/approval", json={"sha256": run["sha256"]})
    return answer.status_code, answer.json.get("type", answer.json.get("state"))


def test_the_approval_opens_no_payees_account_again(office: Office, run: dict[str, Any], opened: list[str]) -> None:
    assert answer_to_approval(office, run) == (200, "approved")
    assert "accounts" not in opened, "an office of 87,000 households is approved in seconds"


def test_what_is_frozen_is_what_was_proposed(office: Office, run: dict[str, Any]) -> None:
    approved = office.approve(run)
    assert {name: approved[name] for name in ("orders", "yen", "bank_yen", "cash_yen", "sha256")} == {
        name: run[name] for name in ("orders", "yen", "bank_yen", "cash_yen", "sha256")
    }
    rows = office.running.execute(
        "SELECT t.case_no, t.channel, t.yen, a.case_no, count(*), sum(o.yen) FROM transfers t "
        "JOIN transfer_orders o USING (transfer_id) LEFT JOIN accounts a USING (account_id) "
        "WHERE t.state = 'approved' AND o.live GROUP BY t.transfer_id, a.case_no ORDER BY 1"
    )
    assert [tuple(row) for row in rows] == [
        ("00000001", "bank", 120_000, "00000001", 2, 120_000),
        ("00000002", "bank", 120_000, "00000002", 2, 120_000),
        ("00000003", "cash", 120_000, None, 2, 120_000),
    ]
    told = office.running.facts("run.approved.v1")[-1]["data"]
    assert (told["count"], told["yen"], told["sha256"]) == (6, 360_000, run["sha256"])


def test_after_a_new_key_everything_is_opened_and_has_the_same_hash(
    office: Office, run: dict[str, Any], opened: list[str]
) -> None:
    office.running.change_sealing("rotate", str)
    del opened[:]
    assert answer_to_approval(office, run) == (200, "approved")
    assert opened.count("accounts") == 3, "each payee of the run"
    assert office.running.execute("SELECT count(*) FROM transfers")[0][0] == 3, "of the first reading nothing stays"


MOVED = {
    "a payee's account": (
        "INSERT INTO payment_instructions (case_no, programme, kind, version, days, account_id) "
        "SELECT '00000002', programme, 'housing', 9, daterange(NULL, NULL), account_id "
        "FROM accounts WHERE case_no = '00000001'"
    ),
    "an order": (
        "INSERT INTO orders (order_id, run_id, case_no, month, kind, programme, yen) "
        "SELECT gen_random_uuid(), run_id, '00000004', month, kind, programme, yen FROM orders LIMIT 1"
    ),
    "the yen of an order": (
        "INSERT INTO withdrawals (order_id, fact_id, yen, withdrawn_at) "
        "SELECT order_id, gen_random_uuid(), 1, now() FROM orders WHERE case_no = '00000003' LIMIT 1"
    ),
}


@pytest.mark.parametrize("what", MOVED)
def test_what_was_moved_behind_the_offices_back_is_approved_by_nobody(
    office: Office, run: dict[str, Any], what: str
) -> None:
    office.running.execute(MOVED[what])
    assert answer_to_approval(office, run) == (409, "/problems/content-moved")
    assert office.running.execute("SELECT count(*) FROM transfers")[0][0] == 0


def test_a_sealed_number_that_stands_in_another_row_is_approved_by_nobody(office: Office, run: dict[str, Any]) -> None:
    with psycopg.connect(office.running.runtime.settings.owner_database_url) as owner:
        owner.execute(
            "UPDATE accounts SET account_number = "
            "(SELECT account_number FROM accounts WHERE case_no = '00000001') WHERE case_no = '00000002'"
        )
    assert answer_to_approval(office, run) == (409, "/problems/content-moved")
    assert office.running.execute("SELECT count(*) FROM transfers")[0][0] == 0


def test_nobody_makes_a_mark_for_other_content(office: Office, run: dict[str, Any]) -> None:
    """Who can write in the database takes the mark of another run's content for the hash that people saw."""
    office.withdraw(run)
    office.running.execute(MOVED["a payee's account"])
    other = office.proposed()
    assert other["sha256"] != run["sha256"]
    office.running.execute(
        "UPDATE runs SET sha256 = :sha256 WHERE run_id = :run_id", sha256=run["sha256"], run_id=other["run_id"]
    )
    assert answer_to_approval(office, {**run, "run_id": other["run_id"]}) == (409, "/problems/content-moved")


@pytest.mark.parametrize("mark", [None, "0" * 64, "sealed:00000000-0000-4000-8000-000000000000"])
def test_a_run_without_a_mark_of_this_service_is_opened_and_hashed(
    office: Office, run: dict[str, Any], opened: list[str], mark: str | None
) -> None:
    office.running.execute("UPDATE runs SET content_mark = :mark", mark=mark)
    assert answer_to_approval(office, run) == (200, "approved")
    assert opened.count("accounts") == 3


ALTERED = {
    "the account of a transfer": (
        "UPDATE transfers t SET account_id = o.account_id FROM transfers o "
        "WHERE t.channel = 'bank' AND o.channel = 'bank' AND o.transfer_id <> t.transfer_id"
    ),
    "the yen of transfers": (
        "UPDATE transfers SET yen = yen + CASE case_no WHEN '00000001' THEN 1000 ELSE -1000 END WHERE channel = 'bank'"
    ),
    "the yen of orders and transfers": (
        "WITH moved AS (UPDATE transfers SET yen = yen + CASE case_no WHEN '00000001' THEN 1000 ELSE -1000 END "
        "WHERE channel = 'bank' RETURNING transfer_id, case_no) "
        "UPDATE transfer_orders p SET yen = p.yen + CASE m.case_no WHEN '00000001' THEN 1000 ELSE -1000 END "
        "FROM moved m JOIN transfer_orders q USING (transfer_id) JOIN orders o USING (order_id) "
        "WHERE p.order_id = o.order_id AND o.kind = 'housing'"
    ),
    "the branch of an account": "UPDATE accounts SET branch_code = '002' WHERE case_no = '00000001'",
    "the day of payment": "UPDATE runs SET payment_date = payment_date + 1",
}


@pytest.mark.parametrize("what", ALTERED)
def test_of_what_the_owner_of_the_database_altered_after_the_approval_no_file_is_made(
    office: Office, run: dict[str, Any], what: str
) -> None:
    office.approve(run)
    with psycopg.connect(office.running.runtime.settings.owner_database_url) as owner:
        owner.execute(ALTERED[what])
    accepted = office.accept(run)
    assert (accepted["state"], accepted["files"]) == ("accepted", [])
    assert office.running.execute("SELECT count(*) FROM bank_files")[0][0] == 0


def test_accounts_sealed_under_a_new_key_after_the_approval_are_paid(office: Office, run: dict[str, Any]) -> None:
    office.approve(run)
    office.running.change_sealing("rotate", str)
    assert office.accept(run)["state"] == "files_made"
