"""What `./kurashi check` holds payments to is true at every moment of lawful work, and not where a row was changed."""

import pytest

from infra.one_machine.staff import invariants
from infra.one_machine.staff.invariants import Month
from tests.payments.office import MONTH, Office

pytestmark = pytest.mark.database
PA = "public_assistance"
PERSON = "0000000007"
OF_PAYMENTS_ALONE = (
    invariants.somebody_is_paid,
    invariants.entitlements_are_due,
    invariants.due_is_ordered_or_open,
    invariants.runs_leave_nobody_out,
    invariants.orders_have_transfers,
    invariants.files_hold_the_transfers,
    invariants.ledger_is_ordered,
)


def broken(office: Office) -> list[str]:
    month = Month(MONTH, {}, office.figures())
    return [one["name"] for one in (look(month) for look in OF_PAYMENTS_ALONE) if not one["ok"]]


def test_the_figures_hold_before_a_run_and_at_each_of_its_steps(office: Office) -> None:
    office.register(("00000001", PA))
    office.grant("00000001", livelihood=70_000)
    office.grant("00000002", livelihood=60_000)
    assert not broken(office)
    run = office.proposed()
    assert not broken(office)
    run = office.approve(run)
    assert not broken(office)
    office.accept(run)
    assert not broken(office)
    assert office.figures()["to_order_yen"] == 0


def test_the_figures_hold_after_a_fall_of_what_was_sent_and_after_a_rise(office: Office) -> None:
    office.register(("00000001", PA))
    office.grant("00000001", livelihood=70_000, housing=50_000)
    office.pay()
    office.grant("00000001", livelihood=40_000, housing=50_000)
    assert office.figures()["overpaid_yen"] == 30_000
    assert not broken(office), "a fall after the treasurer took the order is lawful"
    office.grant("00000001", livelihood=75_000, housing=50_000)
    assert office.figures()["to_order_yen"] == 5_000
    assert not broken(office), "a rise waits for the extra run"
    office.pay("extra")
    assert not broken(office)


def test_the_figures_hold_where_a_fall_takes_back_what_is_approved(office: Office) -> None:
    office.grant("00000001", livelihood=70_000)
    office.grant("00000002", livelihood=60_000)
    office.approve(office.proposed())
    office.grant("00000001", livelihood=50_000)
    assert not broken(office)
    office.running.run_tasks()
    assert not broken(office)


def test_the_figures_hold_where_another_case_lets_go_after_the_cut_off(office: Office) -> None:
    office.tell(office.determined("00000001", {"livelihood": 70_000}, persons=(PERSON,)))
    support = office.determined("00000021", {"livelihood": 80_000}, persons=(PERSON,), producer="support_benefits")
    office.tell(support, producer="support_benefits")
    office.pay()
    assert office.figures()["held_yen"] == 70_000
    assert not broken(office)
    office.tell(office.determined("00000021", {}, producer="support_benefits"), producer="support_benefits")
    assert not broken(office)


def test_a_case_that_a_run_left_out_is_found(office: Office) -> None:
    office.grant("00000001", livelihood=70_000)
    office.grant("00000002", livelihood=60_000)
    office.pay()
    office.running.execute("UPDATE due SET ordered = 0 WHERE case_no = '00000002' RETURNING 1")
    assert office.figures()["left_out"] == 1
    assert broken(office) == [
        f"{MONTH}: due + overpaid + claimed = ordered + still to be ordered",
        f"{MONTH}: no run left out what was due",
    ]


def test_the_figures_hold_after_a_run_was_withdrawn(office: Office) -> None:
    office.register(("00000001", PA))
    office.grant("00000001", livelihood=70_000)
    office.withdraw(office.proposed())
    assert not broken(office)
    office.pay()
    assert not broken(office)


def sums(office: Office) -> dict[str, int]:
    found: dict[str, int] = office.running.client(machine="ui_gateway").get(f"/months/{MONTH}/sums").json
    return {name: yen for name, yen in found.items() if name != "month"}


def test_the_sums_beside_a_run_are_those_of_the_figures_at_each_step(office: Office) -> None:
    def agree() -> dict[str, int]:
        found, figures = sums(office), office.figures()
        assert found == {name: figures[name] for name in ("entitled_yen", "ordered_yen", "held_yen")}
        return found

    assert agree() == {"entitled_yen": 0, "ordered_yen": 0, "held_yen": 0}
    office.tell(office.determined("00000001", {"livelihood": 70_000, "housing": 50_000}, persons=(PERSON,)))
    support = office.determined("00000021", {"livelihood": 80_000}, persons=(PERSON,), producer="support_benefits")
    office.tell(support, producer="support_benefits")
    assert agree()["held_yen"] == 70_000
    office.approve(office.proposed())
    office.tell(office.determined("00000001", {"livelihood": 70_000, "housing": 40_000}, persons=(PERSON,)))
    assert agree() == {"entitled_yen": 190_000, "ordered_yen": 120_000, "held_yen": 70_000}
    office.running.run_tasks()
    office.withdraw(office.proposed("extra"))
    office.grant("00000003", livelihood=10_000)
    office.pay("extra")
    agree()


def test_the_sums_of_a_month_that_is_none_are_refused(office: Office) -> None:
    assert office.running.client(machine="ui_gateway").get("/months/2026-13/sums").status_code == 422
    assert office.accountant.get(f"/months/{MONTH}/sums").status_code == 403
