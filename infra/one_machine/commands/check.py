"""`./kurashi check`: what must hold across services, each asked over HTTP for its own figures."""

import json
import time
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from infra.one_machine.commands.arguments import Parser, tell
from infra.one_machine.commands.summary import is_witnessed, verified_log
from infra.one_machine.processes.office import Office
from infra.one_machine.processes.stack import open_office
from infra.one_machine.progress import Steps
from infra.one_machine.staff.acts import DECIDING
from infra.one_machine.staff.answering import ANSWER_SECONDS, NO_ANSWER, silent, who_is_silent
from infra.one_machine.staff.figures import figures_of_all, figures_of_months
from infra.one_machine.staff.invariants import Figures, Invariant, at_any_time, invariant, of_month
from infra.one_machine.staff.month import log_has, published_by_all
from infra.one_machine.staff.readings import Reading, lost_to, readers_have_what_was_published, readings
from infra.verifier.watch import refusals, standing

WITNESS_SECONDS: Final = 30
_INSTANTS: Final = ("at", "since", "signed_at", "new_at")
"""Figures of the witness that are seconds since 1970."""
READERS_SECONDS: Final = 3.0
"""How long the services may need to read what was told just now."""
LOG_SECONDS: Final = 3.0
"""How long the log may need for what is told just now; one that needs longer lags, and that is said."""


def main(arguments: Sequence[str]) -> int:
    """Check; 1 where something does not hold."""
    parser = Parser("check", "Check what must hold across the services.")
    parser.add_data_dir()
    parser.add_json()
    args = parser.parse_args(arguments)
    steps = Steps()
    with open_office(args.data_dir, say=steps.say) as office:
        invariants = check(office)
    ok = all(entry["ok"] for entry in invariants)
    for entry in invariants:
        tell(in_words(entry), as_json=args.json)
    if args.json:
        print(json.dumps({"ok": ok, "invariants": invariants}, ensure_ascii=False))
    return 0 if ok else 1


def in_words(entry: Invariant) -> str:
    """Return one invariant for the person at the terminal: whether it holds, and its figures."""
    figures = ", ".join(_figure(name, value) for name, value in entry["figures"].items() if value not in (None, ""))
    return f"{'holds ' if entry['ok'] else 'BROKEN'} {entry['name']}" + (f": {figures}" if figures else "")


def _figure(name: str, value: object) -> str:
    if isinstance(value, dict):
        value = "; ".join(_figure(str(part), of_part) for part, of_part in value.items()) or "none"
    elif isinstance(value, list | tuple):
        value = "; ".join(str(part) for part in value) or "none"
    elif isinstance(value, bool):
        value = "yes" if value else "no"
    elif isinstance(value, int) and name in _INSTANTS:
        value = datetime.fromtimestamp(value, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    elif isinstance(value, int):
        value = f"{value:,}"
    return f"{name.replace('_', ' ')} {value}"


def check(office: Office) -> list[Invariant]:
    """Every invariant with the figures it was told by; over all months that the office has determined or paid.

    What lags for three seconds is broken. Where a service or the issuer does not answer, it is named, and nothing else
    can be said; that takes five seconds, and fifteen at most where it falls silent meanwhile.
    """
    if names := silent(office):
        return [_all_answer(names)]
    try:
        return [_all_answer([]), *_checked(office.in_hurry())]
    except NO_ANSWER as error:
        return [_all_answer([who_is_silent(office, error)])]


def _all_answer(away: Sequence[str]) -> Invariant:
    figures = dict.fromkeys(away, f"no answer within {ANSWER_SECONDS:.0f} seconds")
    return invariant("every service and the issuer answer", not away, figures)


def _checked(office: Office) -> list[Invariant]:
    published = published_by_all(office)
    services = figures_of_all(office)
    known = {str(month) for name in (*DECIDING, "payments") for month in services[name]["months"]}
    of_months = [entry for month in figures_of_months(office, sorted(known)) for entry in of_month(month)]
    read = readings(office, published, READERS_SECONDS)
    return [
        *of_months,
        *at_any_time(services),
        readers_have_what_was_published(read, published),
        *_audit(office, published, read),
    ]


def _audit(office: Office, published_before: dict[str, int], read: Sequence[Reading]) -> list[Invariant]:
    """The log holds all that was told before it was read, and nothing that nobody told."""
    latest = time.monotonic() + LOG_SECONDS
    taken = log_has(office, published_before, LOG_SECONDS)
    log = verified_log(office, max(0.5, latest - time.monotonic()))
    witness = [_witness(office.folders.witness)] if is_witnessed(office) else []
    published, lost = published_by_all(office), lost_to(read, "audit_logging")
    complete = taken and sum(published_before.values()) <= log["entries"] - lost <= sum(published.values())
    return [
        invariant("the audit log is verified", log["verified"], log),
        invariant(
            "the audit log has every fact and look", complete, {"entries": log["entries"], "lost": lost, **published}
        ),
        *witness,
    ]


def _witness(state: Path) -> Invariant:
    """It is alive and agrees with what is published; how often it ever refused is told beside."""
    now = standing(state)
    ok = now is not None and now.holds(time.time(), WITNESS_SECONDS)
    figures: Figures = asdict(now) if now else {}
    name = f"the witness co-signed the published log within {WITNESS_SECONDS} seconds"
    return invariant(name, ok, {**figures, "refusals": refusals(state)})
