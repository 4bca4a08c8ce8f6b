"""Accounts that an approval left out are work of somebody until another pair has decided them."""

from uuid import UUID

import pytest

from services.payments.adapters.accounts import import_list
from tests.payments.accounts.test_own_family import (
    FAMILY,
    PA,
    STRANGER,
    TO_MYSELF,
    approve,
    bar,
    hand_in,
    other_accountant,
)
from tests.payments.office import Office

pytestmark = pytest.mark.database
TO_A_NEWER_ONE = (*TO_MYSELF[:6], "7654322", *TO_MYSELF[7:])


def left_out(office: Office) -> int:
    return int(office.figures()["accounts_left_out"])


def test_accounts_for_another_pair_are_counted_until_they_are_proposed(office: Office) -> None:
    bar(office, "demo-accountant")
    mixed = hand_in(office, TO_MYSELF, (STRANGER, PA))
    assert left_out(office) == 0, "nobody approved it"
    approve(office, mixed)
    assert left_out(office) == 1
    assert other_accountant(office).post(f"/imports/{mixed['import_id']}/remainder").status_code == 201
    assert left_out(office) == 0


def test_an_import_with_accounts_for_another_pair_stays_listed_for_who_may_know_of_them(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_list, "NEWEST", 1)
    bar(office, "demo-accountant")
    mixed = hand_in(office, TO_MYSELF)
    approve(office, mixed)
    office.register((STRANGER, PA))
    listed = other_accountant(office).get("/imports").json["items"]
    assert [one["left_out"] for one in listed if one["import_id"] == mixed["import_id"]] == [1]
    assert len(office.accountant.get("/imports").json["items"]) == 1, "nothing is told to whom it is barred"


def test_there_is_no_remainder_of_an_import_that_is_not_there(office: Office) -> None:
    answer = office.accountant.post(f"/imports/{UUID(int=9)}/remainder")
    assert (answer.status_code, answer.json["type"]) == (404, "/problems/not-found")


def test_of_two_accounts_of_one_case_that_wait_for_another_pair_the_newer_counts(office: Office) -> None:
    bar(office, "demo-accountant")
    old, new = hand_in(office, TO_MYSELF), hand_in(office, TO_A_NEWER_ONE)
    approve(office, old)
    approve(office, new)
    other = other_accountant(office)
    assert left_out(office) == 1
    assert other.post(f"/imports/{old['import_id']}/remainder").status_code == 409
    assert other.post(f"/imports/{new['import_id']}/remainder").status_code == 201


def test_a_remainder_replaces_no_newer_account_that_waits_for_another_pair(office: Office) -> None:
    bar(office, "demo-accountant")
    old = hand_in(office, TO_MYSELF)
    approve(office, old)
    remainder = other_accountant(office).post(f"/imports/{old['import_id']}/remainder").json
    approve(office, hand_in(office, TO_A_NEWER_ONE))
    path = f"/imports/{remainder['import_id']}/approval"
    answer = office.head.post(path, json={"sha256": remainder["sha256"]})
    assert (answer.status_code, answer.json["type"]) == (409, "/problems/content-moved")
    assert office.running.execute("SELECT 1 FROM payment_instructions WHERE case_no = :case_no", case_no=FAMILY) == []
