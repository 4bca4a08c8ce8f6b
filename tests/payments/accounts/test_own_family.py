"""Nobody acts on the case of their own family (除斥): into which account it is paid, another pair decides."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from services.payments.adapters.deciding_services import positions
from shared.service_kit.testing import Client
from tests.payments.office import TODAY, Office

pytestmark = pytest.mark.database
PA = "public_assistance"
FAMILY, STRANGER = "00000001", "00000002"
TO_MYSELF = (FAMILY, PA, "bank", "0001", "001", "1", "7654321", "カクウ ハナコ", "")


def restriction(office: Office, staff: str, case_no: str = FAMILY, **changed: Any) -> dict[str, Any]:
    """The fact that a case is barred to one of the staff."""
    people = {"proposer": "person:demo-caseworker", "approver": "person:demo-head"}
    data = {
        "restriction_id": str(uuid.uuid4()),
        "kind": "barred",
        "staff": staff,
        "lifts": None,
        "from": TODAY.isoformat(),
        "to": None,
        **people,
        **changed,
    }
    return office.running.fact("restriction.approved.v1", data, f"case:{case_no}")


def bar(office: Office, staff: str, case_no: str = FAMILY, **changed: Any) -> None:
    """The deciding service tells that a case is barred to one of the staff, and it comes to us."""
    office.tell(restriction(office, staff, case_no, **changed))


@pytest.fixture
def family(office: Office) -> Office:
    """Two cases with accounts; the first is of the accountant's family."""
    office.grant(FAMILY, livelihood=70_000)
    office.grant(STRANGER, livelihood=60_000)
    office.register((FAMILY, PA), (STRANGER, PA))
    bar(office, "demo-accountant")
    return office


def other_accountant(office: Office) -> Client:
    return office.person("demo-second-accountant", "accountant")


def hand_in(office: Office, *rows: tuple[str, ...], by: Client | None = None) -> dict[str, Any]:
    answer = (by or office.accountant).post("/imports", files=office.accounts(*rows))
    assert answer.status_code == 201, answer.content
    found: dict[str, Any] = answer.json
    return found


def approve(office: Office, handed_in: dict[str, Any], by: Client | None = None) -> dict[str, Any]:
    path = f"/imports/{handed_in['import_id']}/approval"
    answer = (by or office.head).post(path, json={"sha256": handed_in["sha256"]})
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json
    return found


def counting_account(office: Office, case_no: str) -> str:
    rows = office.running.execute(
        "SELECT i.proposer || ' ' || i.approver FROM payment_instructions p JOIN accounts a USING (account_id) "
        "JOIN account_imports i USING (import_id) WHERE p.case_no = :case_no ORDER BY p.version DESC LIMIT 1",
        case_no=case_no,
    )
    return str(rows[0][0])


def test_an_account_that_is_barred_hides_no_fault_of_the_one_after_it(office: Office) -> None:
    office.grant(FAMILY, livelihood=70_000)
    office.grant(STRANGER, livelihood=60_000)
    bar(office, "demo-accountant")
    files = office.accounts((FAMILY, "support_benefit"), (STRANGER, "support_benefit"))
    answer = office.accountant.post("/imports", files=files)
    assert answer.status_code == 422, answer.content
    assert [(fault["file"], fault["line"]) for fault in answer.json["faults"]] == [("accounts.csv", 3)]


BOTH = "person:demo-accountant person:demo-head-of-accounting"


def test_what_a_barred_accountant_hands_in_for_the_family_is_paid_into_by_nobody(family: Office) -> None:
    approve(family, hand_in(family, TO_MYSELF, (STRANGER, PA, "cash", "", "", "", "", "", "本人希望")))
    run = family.pay()
    content = family.treasurer.get(f"/runs/{run['run_id']}/files/{PA}").content
    assert b"7654321" not in content
    assert (run["bank_yen"], run["cash_yen"]) == (70_000, 60_000), "the rest of the file counts"


def test_a_barred_head_approves_no_account_of_the_family(office: Office) -> None:
    bar(office, "demo-head-of-accounting")
    approve(office, hand_in(office, TO_MYSELF, (STRANGER, PA)))
    rows = office.running.execute("SELECT case_no FROM payment_instructions")
    assert [row[0] for row in rows] == [STRANGER]


def test_who_is_barred_between_proposal_and_approval_is_barred_at_the_approval(office: Office) -> None:
    handed_in = hand_in(office, TO_MYSELF, (STRANGER, PA))
    bar(office, "demo-accountant")
    approve(office, handed_in)
    rows = office.running.execute("SELECT case_no FROM payment_instructions")
    assert [row[0] for row in rows] == [STRANGER]


def test_no_account_is_decided_before_what_was_told_of_the_barred_is_read(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(positions, "WAIT", timedelta(0))
    handed_in = hand_in(office, TO_MYSELF, (STRANGER, PA))
    barring = restriction(office, "demo-head-of-accounting")
    office.producers.positions["case_management"] += 1
    acts = {
        "approval": office.head.post(
            f"/imports/{handed_in['import_id']}/approval", json={"sha256": handed_in["sha256"]}
        ),
        "proposal": office.accountant.post("/imports", files=office.accounts((FAMILY, PA))),
        "remainder": office.accountant.post(f"/imports/{handed_in['import_id']}/remainder"),
    }
    for act, answer in acts.items():
        assert (answer.status_code, answer.json["type"]) == (503, "/problems/unavailable"), act
        assert "読み終えていません" in answer.json["detail"]
    office.running.deliver("case_management", [barring])
    approve(office, handed_in)
    rows = office.running.execute("SELECT case_no FROM payment_instructions")
    assert [row[0] for row in rows] == [STRANGER]


def test_what_is_read_while_the_approval_asks_lets_it_go_on(office: Office) -> None:
    handed_in = hand_in(office, (STRANGER, PA))
    office.producers.positions["case_management"] += 1
    with ThreadPoolExecutor(1) as pool:
        approving = pool.submit(approve, office, handed_in)
        office.running.deliver("case_management", [restriction(office, "demo-accountant")])
        assert approving.result(timeout=30)["state"] == "approved"


def test_the_remainder_is_counted_and_decided_by_another_pair(family: Office) -> None:
    mixed = hand_in(family, TO_MYSELF, (STRANGER, PA))
    other = other_accountant(family)
    assert other.get(f"/imports/{mixed['import_id']}").json["left_out"] == 1, "told before the approval"
    assert approve(family, mixed)["left_out"] == 1
    assert family.running.facts("import.approved.v1")[-1]["data"]["left_out"] == 1
    answer = other.post(f"/imports/{mixed['import_id']}/remainder")
    assert answer.status_code == 201, answer.content
    remainder = answer.json
    assert (remainder["rows"], remainder["left_out"], remainder["remainder_of"]) == (1, 0, mixed["import_id"])
    assert counting_account(family, FAMILY) == BOTH, "until another pair decided"
    approve(family, remainder)
    assert counting_account(family, FAMILY) == "person:demo-second-accountant person:demo-head-of-accounting"
    assert family.head.get(f"/imports/{mixed['import_id']}").json["left_out"] == 0
    run = family.pay()
    assert b"7654321" in family.treasurer.get(f"/runs/{run['run_id']}/files/{PA}").content


def test_a_remainder_is_proposed_once(family: Office) -> None:
    mixed = hand_in(family, TO_MYSELF)
    approve(family, mixed)
    path = f"/imports/{mixed['import_id']}/remainder"
    assert other_accountant(family).post(path).status_code == 201
    again = other_accountant(family).post(path)
    assert (again.status_code, again.json["type"]) == (409, "/problems/wrong-state")


def test_an_account_that_was_decided_since_is_not_replaced_by_the_remainder_of_an_older_import(family: Office) -> None:
    mixed = hand_in(family, TO_MYSELF)
    approve(family, mixed)
    other = other_accountant(family)
    approve(family, hand_in(family, (FAMILY, PA), by=other))
    answer = other.post(f"/imports/{mixed['import_id']}/remainder")
    assert (answer.status_code, answer.json["type"]) == (409, "/problems/wrong-state")
    assert other.get(f"/imports/{mixed['import_id']}").json["left_out"] == 0, "nothing is left to be decided"


def test_who_is_barred_does_not_propose_the_remainder(family: Office) -> None:
    mixed = hand_in(family, TO_MYSELF)
    approve(family, mixed)
    answer = family.accountant.post(f"/imports/{mixed['import_id']}/remainder")
    assert (answer.status_code, answer.json["type"]) == (409, "/problems/wrong-state")


@pytest.mark.parametrize("case_no", [FAMILY, "00000009"])
def test_who_is_barred_learns_nothing_of_the_case(family: Office, case_no: str) -> None:
    """The family's number is answered as one that is no case at all: handed in, waiting, approved, and left over."""
    handed_in = hand_in(family, (case_no, PA))
    waiting = [one for one in family.accountant.get("/imports").json["items"] if one["state"] == "proposed"]
    approve(family, handed_in)
    done = family.accountant.get(f"/imports/{handed_in['import_id']}").json
    left = family.accountant.post(f"/imports/{handed_in['import_id']}/remainder")
    assert [one["differences"] for one in waiting] == [
        {"added": 1, "changed": 0, "to_cash_desk": 0, "unknown": 1, "unknown_cases": [case_no]}
    ]
    assert [one["left_out"] for one in (handed_in, *waiting, done)] == [0, 0, 0]
    assert left.status_code == 409


def test_who_is_barred_learns_no_programme_of_the_case(family: Office) -> None:
    assert hand_in(family, (FAMILY, "support_benefit"))["left_out"] == 0


def test_a_barred_head_is_told_of_no_remainder(office: Office) -> None:
    bar(office, "demo-head-of-accounting")
    approved = approve(office, hand_in(office, (FAMILY, PA)))
    assert (approved["state"], approved["left_out"]) == ("approved", 0)
    assert office.accountant.get(f"/imports/{approved['import_id']}").json["left_out"] == 1


def test_a_lifted_restriction_bars_nobody(family: Office) -> None:
    (known,) = family.running.execute("SELECT restriction_id FROM restrictions")
    bar(family, "demo-accountant", lifts=str(known[0]))
    approve(family, hand_in(family, TO_MYSELF))
    run = family.pay()
    assert b"7654321" in family.treasurer.get(f"/runs/{run['run_id']}/files/{PA}").content


def test_a_restriction_bars_on_its_days_alone(office: Office) -> None:
    bar(office, "demo-accountant", **{"from": "2026-01-01", "to": "2026-11-23"})
    approve(office, hand_in(office, TO_MYSELF))
    assert counting_account(office, FAMILY) == BOTH


def test_a_restriction_behind_a_parked_fact_bars_as_well(office: Office) -> None:
    office.tell(office.determined(FAMILY, {"livelihood": -1}))
    bar(office, "demo-accountant")
    assert office.running.execute("SELECT count(*) FROM restrictions")[0][0] == 0, "it waits behind the parked one"
    approve(office, hand_in(office, TO_MYSELF))
    assert office.running.execute("SELECT count(*) FROM payment_instructions")[0][0] == 0


@pytest.mark.parametrize("subject", ["case:1", "run:00000001", "case:０００００００１"])
def test_a_restriction_of_no_case_is_parked(office: Office, subject: str) -> None:
    people = {"proposer": "person:a", "approver": "person:b", "restriction_id": str(uuid.uuid4())}
    data = {**people, "kind": "barred", "staff": "demo-accountant", "lifts": None, "from": "2026-01-01", "to": None}
    office.tell(office.running.fact("restriction.approved.v1", data, subject))
    assert office.running.execute("SELECT reason FROM parked")[0][0] == "restriction-malformed"
