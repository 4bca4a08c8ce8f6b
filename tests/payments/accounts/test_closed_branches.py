"""A bank or branch that closed is paid into by nobody, however long ago the account was taken (廃止・合併)."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from services.payments.adapters.accounts.banks import closed_branches
from tests.payments.office import Office

pytestmark = pytest.mark.database
PA = "public_assistance"
STAYS, CLOSES = "00000001", "00000002"
AT_CLOSING = (CLOSES, PA, "bank", "0001", "005", "1", "7654321", "カクウ ハナコ", "")


@pytest.fixture
def closes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Tells the office that branch 005 of bank 0001, or the whole of bank 0005, closes on a day."""
    told: list[dict[str, Any]] = []

    def tell(day: str, **which: str) -> None:
        told.append({"bank_code": "0001", "branch_code": "005", "closed_on": day, "source": "a notice", **which})
        path = tmp_path / f"changes{len(told)}.json"
        path.write_text(json.dumps(told))
        monkeypatch.setenv("KURASHI_PAYMENT_BANK_CHANGES", str(path))

    return tell


@pytest.fixture
def paid_in_november(office: Office) -> Office:
    """Both cases were paid by bank last month."""
    office.register((STAYS, PA), AT_CLOSING)
    for month in ("2026-11", "2026-12"):
        office.tell(*(office.determined(one, {"livelihood": 70_000}, month=month) for one in (STAYS, CLOSES)))
    assert office.pay(month="2026-11")["bank_yen"] == 140_000
    return office


def desk(office: Office, run: dict[str, Any]) -> list[tuple[str, str, str | None]]:
    items = office.head.get(f"/runs/{run['run_id']}/desk").json["items"]
    return [(one["case_no"], one["account"], one["last_month"]) for one in items]


def test_an_account_whose_branch_is_closed_on_the_payment_date_is_paid_at_the_cash_desk(
    paid_in_november: Office, closes: Callable[..., None]
) -> None:
    closes("2026-12-03")
    run = paid_in_november.proposed()
    assert run["payment_date"] == "2026-12-03"
    assert (run["bank_yen"], run["cash_yen"]) == (70_000, 70_000)
    assert run["desk"] == {"cases": 1, "yen": 70_000, "moved_cases": 1, "moved_yen": 70_000}
    assert desk(paid_in_november, run) == [(CLOSES, "closed", "bank")], "told where it is approved"
    done = paid_in_november.accept(paid_in_november.approve(run))
    assert b"7654321" not in paid_in_november.treasurer.get(f"/runs/{run['run_id']}/files/{PA}").content
    assert desk(paid_in_november, done) == [(CLOSES, "closed", "bank")]
    assert done["state"] == "files_made"


def test_a_branch_that_closes_after_the_payment_date_is_paid_into(
    paid_in_november: Office, closes: Callable[..., None]
) -> None:
    closes("2026-12-04")
    assert paid_in_november.proposed()["bank_yen"] == 140_000


def test_all_branches_of_a_bank_that_merged_are_closed(office: Office, closes: Callable[..., None]) -> None:
    office.register((STAYS, PA), (CLOSES, PA, "bank", "0005", "001", "1", "7654321", "カクウ ハナコ", ""))
    office.tell(*(office.determined(one, {"livelihood": 70_000}) for one in (STAYS, CLOSES)))
    closes("2026-12-01", bank_code="0005", branch_code=None)
    run = office.proposed()
    assert (run["bank_yen"], desk(office, run)) == (70_000, [(CLOSES, "closed", None)])


def test_a_branch_that_closes_between_proposal_and_approval_moves_the_content(
    paid_in_november: Office, closes: Callable[..., None]
) -> None:
    run = paid_in_november.proposed()
    closes("2026-12-03")
    path = f"/runs/{run['run_id']}/approval"
    answer = paid_in_november.head.post(path, json={"sha256": run["sha256"]})
    assert (answer.status_code, answer.json["type"]) == (409, "/problems/content-moved")


def test_accounts_whose_branch_closed_since_they_were_handed_in_are_approved_by_nobody(
    office: Office, closes: Callable[..., None]
) -> None:
    handed_in = office.accountant.post("/imports", files=office.accounts((STAYS, PA), AT_CLOSING)).json
    closes("2026-11-24")
    path = f"/imports/{handed_in['import_id']}/approval"
    answer = office.head.post(path, json={"sha256": handed_in["sha256"]})
    assert (answer.status_code, answer.json["type"], answer.json["field"]) == (
        409,
        "/problems/wrong-state",
        "branch_code",
    )
    assert "0001-005" in answer.json["detail"]
    assert office.running.execute("SELECT count(*) FROM payment_instructions")[0][0] == 0


def test_each_branch_in_use_is_looked_at_once(office: Office, closes: Callable[..., None]) -> None:
    for holder in ("カクウ タロウ", "カクウ ジロウ"):
        rows = [(STAYS, PA), AT_CLOSING, ("00000003", PA, "bank", "0005", "001", "1", "1111111", holder, "")]
        office.register(*rows)
    closes("2026-11-25")
    closes("2026-11-25", bank_code="0005", branch_code="001")
    with office.running.work() as work:
        assert closed_branches(work, date(2026, 11, 24)) == []
        assert closed_branches(work, date(2026, 11, 25)) == [("0001", "005"), ("0005", "001")]
