"""An import of accounts is taken back before it is approved, and none replaces what was decided since it was made."""

from typing import Any

import pytest

from shared.service_kit.testing import Client, Reply
from tests.payments.accounts.test_own_family import (
    FAMILY,
    PA,
    STRANGER,
    TO_MYSELF,
    approve,
    bar,
    counting_account,
    hand_in,
    other_accountant,
)
from tests.payments.office import Office

pytestmark = pytest.mark.database


def withdraw(client: Client, handed_in: dict[str, Any], reason: str = "mistake") -> Reply:
    return client.post(f"/imports/{handed_in['import_id']}/withdrawal", json={"reason": reason})


def approval(office: Office, handed_in: dict[str, Any]) -> Reply:
    return office.head.post(f"/imports/{handed_in['import_id']}/approval", json={"sha256": handed_in["sha256"]})


def refused(answer: Reply) -> tuple[int, str]:
    return answer.status_code, answer.json["type"].removeprefix("/problems/")


def test_the_proposer_takes_accounts_back_and_they_are_paid_into_by_nobody(office: Office) -> None:
    handed_in = hand_in(office, (FAMILY, PA))
    taken = withdraw(office.accountant, handed_in)
    assert taken.status_code == 200, taken.content
    assert (taken.json["state"], taken.json["approver"]) == ("withdrawn", None)
    assert taken.json["withdrawn_by"] == "person:demo-accountant"
    (told,) = office.running.facts("import.withdrawn.v1")
    assert (told["actor"], told["subject"]) == ("person:demo-accountant", f"import:{handed_in['import_id']}")
    assert told["data"] == {"import_id": handed_in["import_id"], "reason": "mistake"}
    assert refused(approval(office, handed_in)) == (409, "wrong-state")
    assert refused(withdraw(office.accountant, handed_in)) == (409, "wrong-state")
    (listed,) = office.head.get("/imports").json["items"]
    assert (listed["state"], listed["differences"], listed["left_out"]) == ("withdrawn", None, 0)
    assert office.running.execute("SELECT count(*) FROM payment_instructions")[0][0] == 0
    office.register((FAMILY, PA))
    assert counting_account(office, FAMILY), "the same account can be handed in anew"


def test_the_head_of_accounting_returns_accounts_and_no_other_accountant_takes_them_back(office: Office) -> None:
    handed_in = hand_in(office, (FAMILY, PA))
    assert refused(withdraw(other_accountant(office), handed_in)) == (403, "not-permitted")
    assert refused(withdraw(office.treasurer, handed_in)) == (403, "not-permitted")
    assert refused(withdraw(office.accountant, handed_in, "whatever")) == (422, "invalid-input")
    assert withdraw(office.head, handed_in, "returned").json["withdrawn_by"] == "person:demo-head-of-accounting"


def test_accounts_that_are_approved_are_not_taken_back(office: Office) -> None:
    handed_in = hand_in(office, (FAMILY, PA))
    approve(office, handed_in)
    assert refused(withdraw(office.accountant, handed_in)) == (409, "wrong-state")
    nowhere = {"import_id": "00000000-0000-0000-0000-000000000000"}
    assert refused(withdraw(office.head, nowhere)) == (404, "not-found")


def test_a_remainder_that_was_taken_back_is_left_to_be_proposed_again(office: Office) -> None:
    bar(office, "demo-accountant")
    mixed = hand_in(office, TO_MYSELF)
    approve(office, mixed)
    other, path = other_accountant(office), f"/imports/{mixed['import_id']}/remainder"
    assert withdraw(other, other.post(path).json).status_code == 200
    assert other.get(f"/imports/{mixed['import_id']}").json["left_out"] == 1
    assert other.post(path).status_code == 201


def test_an_import_replaces_no_account_that_was_decided_since_it_was_handed_in(office: Office) -> None:
    old = hand_in(office, (FAMILY, PA), (STRANGER, PA))
    approve(office, hand_in(office, (FAMILY, PA), by=other_accountant(office)))
    answer = approval(office, old)
    assert refused(answer) == (409, "content-moved")
    assert "起案した後に、1件の口座が決裁されています" in answer.json["detail"]
    assert counting_account(office, FAMILY).startswith("person:demo-second-accountant")
    assert withdraw(office.accountant, old).status_code == 200
    approve(office, hand_in(office, (FAMILY, PA), (STRANGER, PA)))
    assert counting_account(office, FAMILY).startswith("person:demo-accountant")


def test_what_was_decided_of_other_cases_keeps_no_import_from_its_approval(office: Office) -> None:
    old = hand_in(office, (FAMILY, PA))
    approve(office, hand_in(office, (STRANGER, PA)))
    approve(office, old)


def test_a_left_out_account_is_no_remainder_where_a_newer_one_was_decided_before_its_import(office: Office) -> None:
    bar(office, "demo-accountant")
    old = hand_in(office, TO_MYSELF, (STRANGER, PA))
    other = other_accountant(office)
    approve(office, hand_in(office, (FAMILY, PA), by=other))
    approve(office, old)
    assert other.get(f"/imports/{old['import_id']}").json["left_out"] == 0
    assert refused(other.post(f"/imports/{old['import_id']}/remainder")) == (409, "wrong-state")
