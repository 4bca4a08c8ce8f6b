"""Each invariant of `./kurashi check` holds on lawful figures, and is broken by the sighting that it stands for."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from infra.one_machine.staff.invariants import AT_ANY_TIME, OF_A_MONTH, Invariant, Month, at_any_time, of_month

CASES, SUPPORT = "case_management", "support_benefits"
NOBODY_LEFT = {
    "refused": 0,
    "left_out": 0,
    "waiting": 0,
    "unexplained": 0,
    "ended": 0,
    "ended_yen": 0,
    "changed_since": 0,
}
DECIDED = {"on_assistance": 300, "determined": 300, "cases": 300, "entitled_yen": 39_000_000, **NOBODY_LEFT}
PAID = {
    "cases": 321,
    "entitled_yen": 42_000_000,
    "held_yen": 300_000,
    "due_entitled_yen": 41_700_000,
    "overpaid_yen": 0,
    "claimed_yen": 0,
    "ordered_yen": 41_700_000,
    "to_order_yen": 0,
    "left_out": 0,
    "empty_runs": 0,
    "approved_yen": 41_700_000,
    "bank_yen": 40_000_000,
    "cash_desk_yen": 1_700_000,
    "set_off_yen": 0,
    "internal_yen": 0,
    "file_yen": 40_000_000,
    "in_file_yen": 40_000_000,
    "ledger_yen": 41_700_000,
    "completed_yen": 41_700_000,
    "over_ordered": 0,
    "double_live_transfers": 0,
    "files_not_as_stored": 0,
    "accounts_left_out": 0,
    "overdue_runs": 0,
    "files_unknown": 0,
}
SUPPORT_ALONE = {
    **{name: 3_000_000 if yen > 30_000_000 else 0 for name, yen in PAID.items()},
    "cases": 21,
}
"""What payments tells where the 300 cases were never determined."""
LOG = {
    "self_check": "good",
    "self_check_day": "2026-11-24",
    "self_check_faults": [],
    "index_lag": 2,
    "index_missing": 0,
    "passed_over": 1,
}
Changes = Mapping[str, Any]
NOTHING_ELSE: Changes = {}


def month(of_payments: Changes = NOTHING_ELSE, of_cases: Changes = NOTHING_ELSE) -> Month:
    """A month that is paid: 300 cases of public assistance and 21 of support benefits."""
    support = {"on_assistance": 21, "determined": 21, "cases": 21, "entitled_yen": 3_000_000, **NOBODY_LEFT}
    return Month("2026-12", {CASES: {**DECIDED, **of_cases}, SUPPORT: support}, {**PAID, **of_payments})


def services(
    of_payments: Changes = NOTHING_ELSE,
    of_log: Changes = NOTHING_ELSE,
    parked: int = 0,
    months: Sequence[str] = ("2026-12",),
) -> dict[str, Changes]:
    """The figures of all months together."""
    return {
        CASES: {**DECIDED, "months": list(months), "parked": 0},
        SUPPORT: {**DECIDED, "months": ["2026-12"], "parked": parked},
        "payments": {**PAID, "unknown_files": [], **of_payments, "parked": 0},
        "audit_logging": {**LOG, **of_log, "parked": 0},
        "ui_gateway": {"parked": 0},
    }


def broken(found: list[Invariant]) -> list[str]:
    return [one["name"].split(": ")[-1] for one in found if not one["ok"]]


MONTHS_NOT_AS_THEY_SHOULD_BE = {
    "somebody_is_determined": (
        month(SUPPORT_ALONE, {"cases": 0, "determined": 0, "refused": 300, "entitled_yen": 0}),
        "somebody is determined in every service with cases",
    ),
    "every_case_has_an_outcome": (
        month(of_cases={"on_assistance": 301, "unexplained": 1}),
        "every case on assistance has an outcome",
    ),
    "nothing_is_owed_to_ended_cases": (
        month(of_cases={"on_assistance": 299, "ended": 1, "ended_yen": 120_000}),
        "no determination is in force after its case ended",
    ),
    "somebody_is_paid": (month({"empty_runs": 1}), "no approved regular run pays nobody"),
    "determined_cases_arrived": (month(of_cases={"cases": 299}), "cases determined = cases that payments has"),
    "entitlements_arrived": (
        month(of_cases={"entitled_yen": 39_000_001}),
        "entitled in the cases = entitlements that payments has",
    ),
    "entitlements_are_due": (month({"held_yen": 0}), "entitled = due + held"),
    "due_is_ordered_or_open": (
        month({"ordered_yen": 41_700_001}),
        "due + overpaid + claimed = ordered + still to be ordered",
    ),
    "runs_leave_nobody_out": (month({"left_out": 1}), "no run left out what was due"),
    "orders_have_transfers": (
        month({"cash_desk_yen": 1_700_001}),
        "ordered by approved runs = bank + cash desk + set-off + internal",
    ),
    "files_hold_the_transfers": (month({"file_yen": 39_999_999}), "bank files = transfers in files"),
    "ledger_is_ordered": (month({"ledger_yen": 83_400_000}), "ledger = ordered by completed runs"),
}
SERVICES_NOT_AS_THEY_SHOULD_BE = {
    "some_month_is_determined": (services(months=()), "every service with cases has determined a month"),
    "nothing_is_over_ordered": (services({"over_ordered": 1}), "no due row is ordered over its entitlement"),
    "nothing_is_paid_twice": (services({"double_live_transfers": 1}), "no order has two live transfers"),
    "nothing_is_parked": (services(parked=1), "nothing is parked in any service"),
    "accounts_are_decided": (services({"accounts_left_out": 1}), "no account waits for another pair of people"),
    "files_are_as_stored": (
        services({"files_not_as_stored": 1}),
        "every bank file lies as it was stored, or is received",
    ),
    "no_approved_run_is_overdue": (services({"overdue_runs": 1}), "no approved run is past its payment date"),
    "files_are_all_ours": (
        services({"files_unknown": 1, "unknown_files": ["2026-12/a copy.dat"]}),
        "no file of others lies in the treasurer's folder",
    ),
    "log_finds_no_fault": (services(of_log={"self_check": "faulty"}), "the audit log found no fault in itself"),
    "log_index_has_every_entry": (services(of_log={"index_missing": 1}), "the index of the audit log has every entry"),
    "log_index_keeps_up": (
        services(of_log={"index_lag": 181}),
        "no entry of the audit log waits for index or review over 180 seconds",
    ),
}


def test_everything_holds_in_a_month_that_is_paid() -> None:
    assert not broken(of_month(month())) + broken(at_any_time(services()))


@pytest.mark.parametrize("name", MONTHS_NOT_AS_THEY_SHOULD_BE)
def test_each_invariant_of_a_month_is_broken_by_what_it_is_for(name: str) -> None:
    figures, told = MONTHS_NOT_AS_THEY_SHOULD_BE[name]
    assert broken(of_month(figures)) == [told]


@pytest.mark.parametrize("name", SERVICES_NOT_AS_THEY_SHOULD_BE)
def test_each_invariant_at_any_time_is_broken_by_what_it_is_for(name: str) -> None:
    figures, told = SERVICES_NOT_AS_THEY_SHOULD_BE[name]
    assert broken(at_any_time(figures)) == [told]


@pytest.mark.parametrize(
    ("invariants", "breakages"),
    [(OF_A_MONTH, MONTHS_NOT_AS_THEY_SHOULD_BE), (AT_ANY_TIME, SERVICES_NOT_AS_THEY_SHOULD_BE)],
)
def test_no_invariant_is_without_a_test_that_breaks_it(
    invariants: tuple[Callable[..., Invariant], ...], breakages: Mapping[str, object]
) -> None:
    assert {one.__name__ for one in invariants} == set(breakages)


def test_before_the_first_month_is_determined_its_absence_is_said_and_is_no_fault() -> None:
    figures = services()
    not_yet = {**figures, **{name: {**figures[name], "months": []} for name in (CASES, SUPPORT)}}
    assert broken(at_any_time(not_yet)) == []
    (entry,) = [entry for entry in at_any_time(not_yet) if entry["name"].endswith("has determined a month")]
    assert entry["figures"]["not_yet"] == "no month is determined"


@pytest.mark.parametrize("name", ["left_out", "waiting", "unexplained"])
def test_a_case_that_nobody_decided_is_never_ok(name: str) -> None:
    figures = month(of_cases={"on_assistance": 301, name: 1})
    assert broken(of_month(figures)) == ["every case on assistance has an outcome"]


def test_a_ward_of_which_nobody_is_determined_and_nobody_is_paid_is_never_ok() -> None:
    nothing = dict.fromkeys(PAID, 0)
    empty = {**DECIDED, "determined": 0, "waiting": 300, "cases": 0, "entitled_yen": 0}
    month = Month("2026-12", {CASES: empty, SUPPORT: empty}, {**nothing, "empty_runs": 1})
    assert broken(of_month(month)) == [
        "somebody is determined in every service with cases",
        "every case on assistance has an outcome",
        "no approved regular run pays nobody",
    ]
