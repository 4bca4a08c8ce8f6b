"""Who proposes does not approve, who approves does not accept; an approval names what it approves."""

import pytest
from sqlalchemy import text

from tests.payments.office import SENDERS, Office

pytestmark = pytest.mark.database
PA = "public_assistance"


@pytest.fixture
def run(office: Office) -> dict[str, object]:
    office.register(("00000001", PA))
    office.grant("00000001", livelihood=70_000)
    return office.proposed()


def test_the_proposer_cannot_approve_even_with_the_right(office: Office, run: dict[str, object]) -> None:
    both = office.person("demo-accountant", "accountant", "head_of_accounting")
    answer = both.post(f"/runs/{run['run_id']}/approval", json={"sha256": run["sha256"]})
    assert (answer.status_code, answer.json["type"]) == (409, "/problems/same-person")


def test_who_tries_to_approve_the_own_proposal_stands_in_the_audit(office: Office, run: dict[str, object]) -> None:
    both = office.person("demo-accountant", "accountant", "head_of_accounting")
    both.post(f"/runs/{run['run_id']}/approval", json={"sha256": run["sha256"]})
    told = [(one["actor"], one["data"]["problem"]) for one in office.running.looks("refusal.v1")]
    assert told == [("person:demo-accountant", "same-person")]


def test_the_approver_cannot_accept_even_with_the_right(office: Office, run: dict[str, object]) -> None:
    office.approve(run)
    both = office.person("demo-head-of-accounting", "treasurer")
    answer = both.post(f"/runs/{run['run_id']}/acceptance", json={"sha256": run["sha256"]})
    assert (answer.status_code, answer.json["type"]) == (409, "/problems/same-person")


@pytest.mark.parametrize("column", ["approver", "treasurer"])
def test_the_database_itself_refuses_one_person_twice(office: Office, run: dict[str, object], column: str) -> None:
    with pytest.raises(Exception, match=r"two_people|treasurer_apart"), office.running.work() as work:
        work.connection.execute(text(f"UPDATE runs SET {column} = proposer"))


def test_nobody_has_the_duty_of_another(office: Office, run: dict[str, object]) -> None:
    body = {"sha256": run["sha256"]}
    assert office.treasurer.post(f"/runs/{run['run_id']}/approval", json=body).status_code == 403
    assert office.accountant.post(f"/runs/{run['run_id']}/acceptance", json=body).status_code == 403
    assert office.head.post("/runs", json={"month": "2026-12"}).status_code == 403


def test_an_approval_of_other_content_is_refused(office: Office, run: dict[str, object]) -> None:
    answer = office.head.post(f"/runs/{run['run_id']}/approval", json={"sha256": "0" * 64})
    assert (answer.status_code, answer.json["type"]) == (409, "/problems/content-moved")


def test_an_account_changed_after_the_proposal_moves_the_run(office: Office, run: dict[str, object]) -> None:
    office.register(("00000001", PA, "bank", "0005", "001", "1", "7654321", "カクウ ハナコ", ""))
    answer = office.head.post(f"/runs/{run['run_id']}/approval", json={"sha256": run["sha256"]})
    assert (answer.status_code, answer.json["type"]) == (409, "/problems/wrong-state")
    office.running.run_tasks()
    answer = office.head.post(f"/runs/{run['run_id']}/approval", json={"sha256": run["sha256"]})
    assert (answer.status_code, answer.json["type"]) == (409, "/problems/content-moved")


def test_a_month_whose_accounts_were_changed_after_the_proposal_is_proposed_again_and_paid(
    office: Office, run: dict[str, object]
) -> None:
    office.register(("00000001", PA, "bank", "0005", "001", "1", "7654321", "カクウ ハナコ", ""))
    office.running.run_tasks()
    paid = office.accept(office.approve(office.run(str(run["run_id"]))))
    content = office.treasurer.get(f"/runs/{paid['run_id']}/files/{PA}").content
    assert content[120 + 43 : 120 + 50] == b"7654321"
    assert (paid["state"], paid["bank_yen"]) == ("files_made", 70_000)


def test_an_account_changed_after_the_approval_waits_for_the_next_run(office: Office, run: dict[str, object]) -> None:
    approved = office.approve(run)
    office.register(("00000001", PA, "bank", "0005", "001", "1", "7654321", "カクウ ハナコ", ""))
    paid = office.accept(approved)
    content = office.treasurer.get(f"/runs/{paid['run_id']}/files/{PA}").content
    assert content[120 + 43 : 120 + 50] == b"0000001"


def other_sender(office: Office) -> None:
    """The office pays from another account from here on."""
    header, line, _ = SENDERS.splitlines()
    files = {**office.accounts(), "sender.csv": f"{header}\n{line.replace('0000000', '7777777')}\n".encode()}
    handed_in = office.accountant.post("/imports", files=files).json
    ok = office.head.post(f"/imports/{handed_in['import_id']}/approval", json={"sha256": handed_in["sha256"]})
    assert ok.status_code == 200, ok.content


def debited(office: Office, run: dict[str, object]) -> bytes:
    """Account number of the office in the file's header."""
    content = office.treasurer.get(f"/runs/{run['run_id']}/files/{PA}").content
    return bytes(content[96:103])


def test_the_office_pays_from_the_account_that_was_approved_with_the_run(
    office: Office, run: dict[str, object]
) -> None:
    approved = office.approve(run)
    other_sender(office)
    assert debited(office, office.accept(approved)) == b"0000000"


def test_another_account_of_the_office_is_another_hash_for_the_approval(office: Office, run: dict[str, object]) -> None:
    other_sender(office)
    office.running.run_tasks()
    moved = office.run(str(run["run_id"]))
    assert (moved["state"], moved["yen"]) == ("proposed", run["yen"])
    assert moved["sha256"] != run["sha256"]
    assert debited(office, office.accept(office.approve(moved))) == b"7777777"


def test_a_run_that_was_sent_back_is_approved_again_with_the_account_of_its_new_hash(
    office: Office, run: dict[str, object]
) -> None:
    approved = office.approve(run)
    other_sender(office)
    office.grant("00000001", livelihood=60_000)
    office.running.run_tasks()
    again = office.approve(office.run(str(approved["run_id"])))
    assert debited(office, office.accept(again)) == b"7777777"


def test_what_was_approved_once_is_not_approved_again(office: Office, run: dict[str, object]) -> None:
    office.approve(run)
    answer = office.head.post(f"/runs/{run['run_id']}/approval", json={"sha256": run["sha256"]})
    assert (answer.status_code, answer.json["type"]) == (409, "/problems/wrong-state")
    assert office.figures()["transfers"] == 1


def test_the_same_request_twice_is_one_act(office: Office, run: dict[str, object]) -> None:
    path, body = f"/runs/{run['run_id']}/approval", {"sha256": run["sha256"]}
    first = office.head.post(path, json=body, key="one-key-for-one-act")
    second = office.head.post(path, json=body, key="one-key-for-one-act")
    assert first.content == second.content
    assert len(office.running.facts("run.approved.v1")) == 1


def test_accounts_need_two_people(office: Office) -> None:
    answer = office.accountant.post("/imports", files=office.accounts(("00000001", PA)))
    path = f"/imports/{answer.json['import_id']}/approval"
    both = office.person("demo-accountant", "head_of_accounting")
    assert both.post(path, json={"sha256": answer.json["sha256"]}).json["type"] == "/problems/same-person"
    assert office.head.post(path, json={"sha256": "0" * 64}).json["type"] == "/problems/content-moved"
    with pytest.raises(Exception, match="import_two_people"), office.running.work() as work:
        work.connection.execute(
            text("UPDATE account_imports SET state = 'approved', version = 1, approver = proposer"),
        )


def test_accounts_that_were_altered_after_the_proposal_are_approved_by_nobody(office: Office) -> None:
    answer = office.accountant.post("/imports", files=office.accounts(("00000001", PA)))
    office.running.execute(
        "INSERT INTO accounts (account_id, import_id, case_no, programme, method) "
        "SELECT gen_random_uuid(), import_id, '00000002', programme, 'cash' FROM accounts"
    )
    path = f"/imports/{answer.json['import_id']}/approval"
    refused = office.head.post(path, json={"sha256": answer.json["sha256"]})
    assert (refused.status_code, refused.json["type"]) == (409, "/problems/content-moved")


def test_accounts_that_nobody_approved_are_paid_into_by_nobody(office: Office) -> None:
    office.accountant.post("/imports", files=office.accounts(("00000001", PA)))
    office.grant("00000001", livelihood=70_000)
    run = office.proposed()
    assert (run["bank_yen"], run["cash_yen"]) == (0, 70_000)
