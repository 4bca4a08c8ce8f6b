"""What a month came to: every figure from the service that owns it, and the audit log verified."""

import time
from base64 import b64encode
from collections.abc import Mapping
from typing import Any, Final

from infra.one_machine.commands.audit_export import export
from infra.one_machine.problems import MachineError
from infra.one_machine.processes.client import Client
from infra.one_machine.processes.office import Office
from infra.one_machine.staff.figures import figures_of, figures_of_all, figures_of_months
from infra.one_machine.staff.invariants import at_any_time, of_month
from infra.one_machine.staff.staff_session import Answer
from infra.verifier.fault import Fault
from infra.verifier.notes import WITNESS, Checkpoint, parse_key
from infra.verifier.verify import verify_log
from infra.verifier.watch import Standing, standing

PARTS: Final = ("start", "load", "determine", "pay")
PAYMENTS: Final = ("ordered_yen", "held_yen", "cash_desk_yen", "set_off_yen", "internal_yen", "ledger_yen")
PUBLISH_SECONDS: Final = 60.0


def summarise(office: Office, run: Answer, seconds: Mapping[str, float]) -> dict[str, Any]:
    """The summary of a paid month as `run --once --json` prints it; yen and counts of that month.

    It is `ok` where the log is verified, every invariant of the services' figures holds, and the rules refused nobody;
    `problem` names what not, and `refused` the cases.
    """
    (month,) = figures_of_months(office, [str(run["month"])])
    audit = verified_log(office)
    broken = [
        invariant["name"]
        for invariant in (*of_month(month), *at_any_time(figures_of_all(office)))
        if not invariant["ok"]
    ]
    broken += [] if audit["verified"] else [f"the audit log is verified ({audit['problem']})"]
    if undetermined := month.summed("refused"):
        broken.append(f"every case could be determined ({undetermined} not)")
    return {
        "ok": not broken,
        **({"problem": f"does not hold: {'; '.join(broken)}"} if broken else {}),
        "month": month.month,
        "households": month.summed("households"),
        "persons": month.summed("persons"),
        "entitled_yen": month.summed("entitled_yen"),
        **{name: int(month.paid[name]) for name in PAYMENTS},
        "in_kind_yen": month.summed("in_kind_yen"),
        "files": [{name: file[name] for name in ("path", "records", "yen", "sha256")} for file in run["files"]],
        "refused": list(run.get("refused", [])),
        "audit": audit,
        "trace_id": run["trace_id"],
        "seconds": {name: round(seconds.get(name, 0.0), 2) for name in (*PARTS, "total")},
    }


def verified_log(office: Office, patience: float = PUBLISH_SECONDS) -> dict[str, Any]:
    """Verify the log with the independent verifier, against all that the witness kept of it.

    It is verified as it is published in the data folder, or else exported to it; there no witness of ours looks at it.
    What is not published or not witnessed within `patience` seconds is not verified, and `problem` says so; `entries`
    and `root` are then what the log itself tells.
    """
    try:
        head = _verify(office, patience)
    except (Fault, MachineError) as problem:
        of_log = figures_of(office, "audit_logging")
        return {"entries": of_log["entries"], "root": of_log["root"], "verified": False, "problem": str(problem)}
    return {"entries": head.size, "root": b64encode(head.root).decode(), "verified": True}


def _verify(office: Office, patience: float) -> Checkpoint:
    """Raises MachineError where the log or its witness is late, Fault where the log does not hold."""
    folder, log = office.folders.audit, office.client("audit_logging")
    kept: dict[str, Any] = {}
    if is_witnessed(office):
        latest = time.monotonic() + patience
        wait_for_witness(office, _published(log, latest), latest)
        state = office.folders.witness
        kept = {"since": state / "kept", "witness": parse_key((state / "witness.pub").read_text(), WITNESS)}
    else:
        export(office.urls["audit_logging"], office.token_for("audit_logging"), folder)
    return verify_log(folder, parse_key(log.get("/log/key.pub").text), **kept).checkpoint


def is_witnessed(office: Office) -> bool:
    """Whether the log is published on this machine, where the witness of the run looks at it."""
    return office.client("audit_logging").get("/log/positions").json()["published"] is not None


def _published(log: Client, latest: float) -> int:
    """How many entries were signed when this was called; they are published when it returns."""
    signed = int(log.get("/log/positions").json()["signed"])
    while int(log.get("/log/positions").json()["published"]) < signed:
        if time.monotonic() > latest:
            raise MachineError("the audit log does not publish what it has signed; see the services' logs")
        time.sleep(0.2)
    return signed


def wait_for_witness(office: Office, entries: int, latest: float) -> Standing:
    """How the witness stands, once it saw so many entries or refused them.

    Raises:
        MachineError: it did neither until `latest` (of the monotonic clock).
    """
    while True:
        now = standing(office.folders.witness)
        if now and (now.refused or (now.entries or 0) >= entries):
            return now
        if time.monotonic() > latest:
            raise MachineError("the witness does not look at the audit log; see log/witness.log")
        time.sleep(0.2)


def in_words(summary: Mapping[str, Any]) -> str:
    """The summary for a person at a terminal."""
    parts = f"ordered {summary['ordered_yen']:,} + held {summary['held_yen']:,}"
    lines = [
        f"{summary['month']}: {summary['households']:,} households, {summary['persons']:,} persons",
        f"entitled {summary['entitled_yen']:>15,} yen = {parts}",
        *(f"file     {file['yen']:>15,} yen, {file['records']:,} records, {file['path']}" for file in summary["files"]),
        f"cash desk{summary['cash_desk_yen']:>15,} yen",
        f"ledger   {summary['ledger_yen']:>15,} yen",
        f"audit log {summary['audit']['entries']:,} entries, verified: {summary['audit']['verified']}",
        "seconds  " + ", ".join(f"{part} {seconds:.1f}" for part, seconds in summary["seconds"].items()),
    ]
    lines += [
        f"refused  {case['case_no']} ({case['service']}): {case['field']} {case['detail']}"
        for case in summary["refused"]
    ]
    if problem := summary.get("problem"):
        lines.append(f"NOT OK   {problem}")
    return "\n".join(lines)
