"""What must hold across services, each as a function of the figures that the services tell.

A function takes a month, or what holds whatever the month, and returns one invariant. It states what holds at every
moment of lawful work: before the run, between its acts, after a fall of what was sent. Amounts are whole yen.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

Figures: TypeAlias = Mapping[str, Any]
Invariant: TypeAlias = dict[str, Any]
"""`name`, `ok`, and the `figures` that it was told by."""


INDEX_SECONDS: Final = 180
"""Two rounds of the review, which comes once a minute, and one that was lost."""


@dataclass(frozen=True)
class Month:
    """The figures of one month: of every deciding service by its name, and of payments."""

    month: str
    decided: Mapping[str, Figures]
    paid: Figures

    def summed(self, name: str) -> int:
        """A figure of all deciding services together."""
        return sum(int(figures[name]) for figures in self.decided.values())

    def each(self, name: str) -> dict[str, int]:
        """A figure of every deciding service."""
        return {service: int(figures[name]) for service, figures in self.decided.items()}


def somebody_is_determined(month: Month) -> Invariant:
    """A deciding service with cases on assistance determined some: sums that are all 0 agree with each other."""
    missed = [
        service
        for service, figures in month.decided.items()
        if figures["on_assistance"] and figures["determined"] <= figures["ended"]
    ]
    figures = {name: month.each(name) for name in ("on_assistance", "determined")}
    return invariant(f"{month.month}: somebody is determined in every service with cases", not missed, figures)


def every_case_has_an_outcome(month: Month) -> Invariant:
    """Each case on assistance is determined or refused by the rules; none waits, also for another pair, or was lost.

    What changed since it was determined is lawful, and shown: the next act takes it up.
    """
    outcomes = ("determined", "refused", "left_out", "waiting", "unexplained")
    figures = {name: month.each(name) for name in ("on_assistance", "ended", *outcomes, "changed_since")}
    adds_up = month.summed("on_assistance") + month.summed("ended") == sum(month.summed(name) for name in outcomes)
    holds = adds_up and not any(month.summed(name) for name in ("left_out", "waiting", "unexplained"))
    return invariant(f"{month.month}: every case on assistance has an outcome", holds, figures)


def nothing_is_owed_to_ended_cases(month: Month) -> Invariant:
    """What was determined in advance of a case that ended since is brought to zero."""
    figures = month.each("ended_yen")
    return invariant(
        f"{month.month}: no determination is in force after its case ended", not any(figures.values()), figures
    )


def somebody_is_paid(month: Month) -> Invariant:
    """No regular run went to the treasurer with nobody in it."""
    empty = month.paid["empty_runs"]
    return invariant(f"{month.month}: no approved regular run pays nobody", empty == 0, {"empty_runs": empty})


def determined_cases_arrived(month: Month) -> Invariant:
    """Payments has every case that was determined, and no other."""
    cases, arrived = month.each("cases"), month.paid["cases"]
    name = f"{month.month}: cases determined = cases that payments has"
    return invariant(name, sum(cases.values()) == arrived, {**cases, "payments": arrived})


def entitlements_arrived(month: Month) -> Invariant:
    """Payments has every yen that the cases are entitled to."""
    entitled, arrived = month.each("entitled_yen"), month.paid["entitled_yen"]
    name = f"{month.month}: entitled in the cases = entitlements that payments has"
    return invariant(name, sum(entitled.values()) == arrived, {**entitled, "payments": arrived})


def entitlements_are_due(month: Month) -> Invariant:
    """What is entitled and held by no other case stands in `due`."""
    figures = some(month.paid, "entitled_yen", "held_yen", "due_entitled_yen")
    holds = figures["entitled_yen"] - figures["held_yen"] == figures["due_entitled_yen"]
    return invariant(f"{month.month}: entitled = due + held", holds, figures)


def due_is_ordered_or_open(month: Month) -> Invariant:
    """All that is due is ordered or waits for a run; what was sent above it is overpaid or claimed."""
    names = ("due_entitled_yen", "overpaid_yen", "claimed_yen", "ordered_yen", "to_order_yen")
    due, overpaid, claimed, ordered, to_order = (int(month.paid[name]) for name in names)
    name = f"{month.month}: due + overpaid + claimed = ordered + still to be ordered"
    return invariant(name, due + overpaid + claimed == ordered + to_order, some(month.paid, *names))


def runs_leave_nobody_out(month: Month) -> Invariant:
    """What a run froze at its cut-off it ordered, unless it fell or was held since."""
    left_out = month.paid["left_out"]
    return invariant(f"{month.month}: no run left out what was due", left_out == 0, {"left_out": left_out})


def orders_have_transfers(month: Month) -> Invariant:
    """What approved runs ordered goes out by exactly one way each."""
    ways = ("bank_yen", "cash_desk_yen", "set_off_yen", "internal_yen")
    approved, sent = month.paid["approved_yen"], sum(month.paid[way] for way in ways)
    name = f"{month.month}: ordered by approved runs = bank + cash desk + set-off + internal"
    return invariant(name, approved == sent, {"approved_yen": approved, **some(month.paid, *ways)})


def files_hold_the_transfers(month: Month) -> Invariant:
    """The bank files hold the yen of the transfers that are in them."""
    figures = some(month.paid, "file_yen", "in_file_yen")
    name = f"{month.month}: bank files = transfers in files"
    return invariant(name, figures["file_yen"] == figures["in_file_yen"], figures)


def ledger_is_ordered(month: Month) -> Invariant:
    """The ledger has what the runs that are done have ordered."""
    figures = some(month.paid, "ledger_yen", "completed_yen")
    name = f"{month.month}: ledger = ordered by completed runs"
    return invariant(name, figures["ledger_yen"] == figures["completed_yen"], figures)


def some_month_is_determined(services: Mapping[str, Figures]) -> Invariant:
    """A deciding service with cases on assistance has determined a month, where another has: it was not passed over.

    Before the first month is determined anywhere nothing of a month is checked; that is no fault, and is said.
    """
    deciding = {service: figures for service, figures in services.items() if "on_assistance" in figures}
    figures: dict[str, Any] = {
        service: {name: counts[name] for name in ("on_assistance", "months")} for service, counts in deciding.items()
    }
    begun = any(counts["months"] for counts in deciding.values())
    missed = begun and any(counts["on_assistance"] and not counts["months"] for counts in deciding.values())
    if not begun:
        figures["not_yet"] = "no month is determined"
    return invariant("every service with cases has determined a month", not missed, figures)


def nothing_is_over_ordered(services: Mapping[str, Figures]) -> Invariant:
    """No row of `due` is ordered above what it may be."""
    figures = some(services["payments"], "over_ordered")
    return invariant("no due row is ordered over its entitlement", figures["over_ordered"] == 0, figures)


def nothing_is_paid_twice(services: Mapping[str, Figures]) -> Invariant:
    """No order is paid by two transfers."""
    figures = some(services["payments"], "double_live_transfers")
    return invariant("no order has two live transfers", figures["double_live_transfers"] == 0, figures)


def accounts_are_decided(services: Mapping[str, Figures]) -> Invariant:
    """No account that an approval left out (除斥) waits to be proposed: until then the case is paid as before."""
    figures = some(services["payments"], "accounts_left_out")
    return invariant("no account waits for another pair of people", figures["accounts_left_out"] == 0, figures)


def nothing_is_parked(services: Mapping[str, Figures]) -> Invariant:
    """Nothing waits for an operator (`./kurashi parked`)."""
    parked = {service: int(figures["parked"]) for service, figures in services.items()}
    return invariant("nothing is parked in any service", not any(parked.values()), parked)


def files_are_as_stored(services: Mapping[str, Figures]) -> Invariant:
    """Each bank file lies in the treasurer's folder as it was made, or the treasurer has it: it is read there."""
    figures = some(services["payments"], "files_not_as_stored")
    name = "every bank file lies as it was stored, or is received"
    return invariant(name, figures["files_not_as_stored"] == 0, figures)


def no_approved_run_is_overdue(services: Mapping[str, Figures]) -> Invariant:
    """No approved run waits although its payment date has passed: nobody can accept it, and it is withdrawn."""
    figures = some(services["payments"], "overdue_runs")
    return invariant("no approved run is past its payment date", figures["overdue_runs"] == 0, figures)


def files_are_all_ours(services: Mapping[str, Figures]) -> Invariant:
    """Nothing lies in the treasurer's folder that payments did not make: its name may be one that is believed."""
    figures = some(services["payments"], "files_unknown", "unknown_files")
    return invariant("no file of others lies in the treasurer's folder", figures["files_unknown"] == 0, figures)


def log_finds_no_fault(services: Mapping[str, Figures]) -> Invariant:
    """The log's daily look at itself found nothing."""
    figures = some(services["audit_logging"], "self_check", "self_check_day", "self_check_faults")
    return invariant("the audit log found no fault in itself", figures["self_check"] != "faulty", figures)


def log_index_has_every_entry(services: Mapping[str, Figures]) -> Invariant:
    """What the index has passed can be searched, or is known to say nothing any more, or was passed over aloud."""
    figures = some(services["audit_logging"], "index_missing", "passed_over")
    return invariant("the index of the audit log has every entry", figures["index_missing"] == 0, figures)


def log_index_keeps_up(services: Mapping[str, Figures]) -> Invariant:
    """No entry waits for search or review longer than the log alarms for."""
    figures = some(services["audit_logging"], "index_lag")
    name = f"no entry of the audit log waits for index or review over {INDEX_SECONDS} seconds"
    return invariant(name, figures["index_lag"] <= INDEX_SECONDS, figures)


OF_A_MONTH: Final[tuple[Callable[[Month], Invariant], ...]] = (
    somebody_is_determined,
    every_case_has_an_outcome,
    nothing_is_owed_to_ended_cases,
    somebody_is_paid,
    determined_cases_arrived,
    entitlements_arrived,
    entitlements_are_due,
    due_is_ordered_or_open,
    runs_leave_nobody_out,
    orders_have_transfers,
    files_hold_the_transfers,
    ledger_is_ordered,
)
AT_ANY_TIME: Final[tuple[Callable[[Mapping[str, Figures]], Invariant], ...]] = (
    some_month_is_determined,
    nothing_is_over_ordered,
    nothing_is_paid_twice,
    accounts_are_decided,
    nothing_is_parked,
    files_are_as_stored,
    no_approved_run_is_overdue,
    files_are_all_ours,
    log_finds_no_fault,
    log_index_has_every_entry,
    log_index_keeps_up,
)
"""Of the figures of all services by their names, all months together."""


def of_month(month: Month) -> list[Invariant]:
    """Every invariant of a month."""
    return [check(month) for check in OF_A_MONTH]


def at_any_time(services: Mapping[str, Figures]) -> list[Invariant]:
    """Every invariant of all months together."""
    return [check(services) for check in AT_ANY_TIME]


def invariant(name: str, ok: bool, figures: Figures) -> Invariant:
    """An invariant as `./kurashi check` prints it."""
    return {"name": name, "ok": bool(ok), "figures": dict(figures)}


def some(figures: Figures, *names: str) -> dict[str, Any]:
    """The figures of these names."""
    return {name: figures[name] for name in names}
