"""`./kurashi check`: what must hold across services, each asked over HTTP for its own figures."""

import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final, TypeAlias

from infra.one_machine.acts import DECIDING
from infra.one_machine.calls import Parser
from infra.one_machine.month import told_by_all, wait_for_log
from infra.one_machine.office import Office
from infra.one_machine.progress import Steps
from infra.one_machine.stack import open_office
from infra.one_machine.summary import figures_of, is_witnessed, verified_log
from infra.verifier.watch import refusals, standing

WITNESS_SECONDS: Final = 30
Figures: TypeAlias = dict[str, Any]
Invariant: TypeAlias = dict[str, Any]


def main(arguments: Sequence[str]) -> int:
    """Check; 1 where something does not hold."""
    parser = Parser("check", "Check what must hold across the services.")
    parser.add_data_dir()
    parser.add_json()
    given = parser.parse_args(arguments)
    steps = Steps()
    with open_office(given.data_dir, say=steps.say) as office:
        invariants = check(office, steps)
    ok = all(one["ok"] for one in invariants)
    for one in invariants:
        sys.stderr.write(f"{'holds ' if one['ok'] else 'BROKEN'} {one['name']}: {one['figures']}\n")
    if given.json:
        print(json.dumps({"ok": ok, "invariants": invariants}, ensure_ascii=False))
    return 0 if ok else 1


def check(office: Office, steps: Steps) -> list[Invariant]:
    """Every invariant with the figures it was told by; over all months that the office has determined or paid."""
    told = wait_for_log(office, steps)
    decided = {service: figures_of(office, service) for service in DECIDING}
    paid = figures_of(office, "payments")
    months = sorted({str(month) for one in (*decided.values(), paid) for month in one.get("months", [])})
    found = [one for month in months for one in _of_month(office, month)]
    return [*found, *_at_any_time(paid), *_audit(office, told)]


def _of_month(office: Office, month: str) -> list[Invariant]:
    decided = {service: figures_of(office, service, month) for service in DECIDING}
    entitled = {service: int(one["entitled_yen"]) for service, one in decided.items()}
    cases = {service: int(one["cases"]) for service, one in decided.items()}
    paid = figures_of(office, "payments", month)
    sent = [paid[name] for name in ("file_yen", "cash_desk_yen", "set_off_yen", "internal_yen")]
    ordered, held, ledger = paid["ordered_yen"], paid["held_yen"], paid["ledger_yen"]
    received = {"entitled_yen": paid["entitled_yen"]}
    return [
        _invariant(
            f"{month}: cases determined = cases that payments has",
            sum(cases.values()) == paid["cases"],
            {**cases, "payments": paid["cases"]},
        ),
        _invariant(
            f"{month}: entitled in the cases = entitlements that payments has",
            sum(entitled.values()) == paid["entitled_yen"],
            {**entitled, "payments": paid["entitled_yen"]},
        ),
        _invariant(
            f"{month}: entitled = ordered + held",
            paid["entitled_yen"] == ordered + held,
            {**received, "ordered_yen": ordered, "held_yen": held},
        ),
        _invariant(
            f"{month}: ordered = files + cash desk + set-off + internal",
            ordered == sum(sent),
            {"ordered_yen": ordered, **_some(paid, "file_yen", "cash_desk_yen", "set_off_yen", "internal_yen")},
        ),
        _invariant(f"{month}: ledger = ordered", ledger == ordered, {"ledger_yen": ledger, "ordered_yen": ordered}),
    ]


def _at_any_time(paid: Figures) -> list[Invariant]:
    return [
        _invariant(
            "no due row is ordered over its entitlement", paid["over_ordered"] == 0, _some(paid, "over_ordered")
        ),
        _invariant(
            "no order has two live transfers", paid["double_live_transfers"] == 0, _some(paid, "double_live_transfers")
        ),
    ]


def _audit(office: Office, told_before: int) -> list[Invariant]:
    """The log holds all that was told before it was read, and nothing that nobody told."""
    log = verified_log(office)
    witness = [_witness(office.folders.witness)] if is_witnessed(office) else []
    told = told_by_all(office)
    complete = told_before <= log["entries"] <= sum(told.values())
    checked = _some(figures_of(office, "audit_logging"), "self_check", "self_check_day", "self_check_faults")
    return [
        _invariant("the audit log is verified", log["verified"], log),
        _invariant("the audit log has every fact and look", complete, {"entries": log["entries"], **told}),
        _invariant("the audit log found no fault in itself", checked["self_check"] != "faulty", checked),
        *witness,
    ]


def _witness(state: Path) -> Invariant:
    """It is alive and agrees with what is published; how often it ever refused is told beside."""
    now = standing(state)
    ok = now is not None and now.holds(time.time(), WITNESS_SECONDS)
    figures = asdict(now) if now else {}
    name = f"the witness co-signed the published log within {WITNESS_SECONDS} seconds"
    return _invariant(name, ok, {**figures, "refusals": refusals(state)})


def _invariant(name: str, ok: bool, figures: Figures) -> Invariant:
    return {"name": name, "ok": bool(ok), "figures": figures}


def _some(figures: Figures, *names: str) -> Figures:
    return {name: figures[name] for name in names}
