"""What a month came to: every figure from the service that owns it, and the audit log verified."""

import time
from base64 import b64encode
from collections.abc import Mapping
from typing import Any, Final

from infra.one_machine.acts import DECIDING
from infra.one_machine.audit_export import export
from infra.one_machine.client import Client
from infra.one_machine.desk import Answer
from infra.one_machine.office import Office
from infra.one_machine.problems import MachineError
from infra.verifier.fault import Fault
from infra.verifier.notes import WITNESS, parse_key
from infra.verifier.verify import verify_log
from infra.verifier.watch import Standing, standing

PARTS: Final = ("start", "load", "determine", "pay")
PAYMENTS: Final = ("ordered_yen", "held_yen", "cash_desk_yen", "set_off_yen", "internal_yen", "ledger_yen")
PUBLISH_SECONDS: Final = 60.0


def figures_of(office: Office, service: str, month: str | None = None) -> Answer:
    """A service's own figures of a month."""
    query = {"month": month} if month else {}
    response = office.client(service).get("/figures", **query)
    if not response.ok:
        raise MachineError(f"{service} does not tell its figures (status {response.status_code})")
    return dict(response.json())


def summarise(office: Office, run: Answer, seconds: Mapping[str, float]) -> dict[str, Any]:
    """The summary of a paid month as `run --once --json` prints it; yen and counts of that month."""
    month = str(run["month"])
    deciding = [figures_of(office, service, month) for service in DECIDING]
    paid = figures_of(office, "payments", month)
    summed = {
        name: sum(int(one[name]) for one in deciding)
        for name in ("households", "persons", "entitled_yen", "in_kind_yen")
    }
    files = [{name: one[name] for name in ("path", "records", "yen", "sha256")} for one in run["files"]]
    audit = verified_log(office)
    summary = {
        "month": month,
        "households": summed["households"],
        "persons": summed["persons"],
        "entitled_yen": summed["entitled_yen"],
        **{name: int(paid[name]) for name in PAYMENTS},
        "in_kind_yen": summed["in_kind_yen"],
        "files": files,
        "audit": audit,
        "trace_id": run["trace_id"],
        "seconds": {name: round(seconds.get(name, 0.0), 2) for name in (*PARTS, "total")},
    }
    return {"ok": _agrees(summary), **summary}


def _agrees(summary: Mapping[str, Any]) -> bool:
    """Whether the totals of the services fit each other and the log is verified."""
    sent = sum(one["yen"] for one in summary["files"])
    sent += summary["cash_desk_yen"] + summary["set_off_yen"] + summary["internal_yen"]
    entitled = summary["ordered_yen"] + summary["held_yen"]
    return bool(
        summary["audit"]["verified"]
        and summary["entitled_yen"] == entitled
        and summary["ordered_yen"] == summary["ledger_yen"] == sent
    )


def verified_log(office: Office) -> dict[str, Any]:
    """Verify the log with the independent verifier, against all that the witness kept of it.

    It is verified as it is published in the data folder, or else exported to it; there no witness of ours looks at it.

    Raises:
        MachineError: the log does not publish what it had signed, or the witness does not look at it, within a minute.
    """
    folder, log = office.folders.audit, office.client("audit_logging")
    kept: dict[str, Any] = {}
    if is_witnessed(office):
        wait_for_witness(office, _published(log))
        state = office.folders.witness
        kept = {"since": state / "kept", "witness": parse_key((state / "witness.pub").read_text(), WITNESS)}
    else:
        export(office.urls["audit_logging"], office.token_for("audit_logging"), folder)
    key = parse_key(log.get("/log/key.pub").text)
    try:
        head = verify_log(folder, key, **kept).checkpoint
    except Fault as fault:
        return {"entries": 0, "root": "", "verified": False, "problem": str(fault)}
    return {"entries": head.size, "root": b64encode(head.root).decode(), "verified": True}


def is_witnessed(office: Office) -> bool:
    """Whether the log is published on this machine, where the witness of the run looks at it."""
    return office.client("audit_logging").get("/log/positions").json()["published"] is not None


def _published(log: Client) -> int:
    """How many entries were signed when this was called; they are published when it returns."""
    signed, latest = int(log.get("/log/positions").json()["signed"]), time.monotonic() + PUBLISH_SECONDS
    while int(log.get("/log/positions").json()["published"]) < signed:
        if time.monotonic() > latest:
            raise MachineError("the audit log does not publish what it has signed; see the services' logs")
        time.sleep(0.2)
    return signed


def wait_for_witness(office: Office, entries: int) -> Standing:
    """How the witness stands, once it saw so many entries or refused them."""
    latest = time.monotonic() + PUBLISH_SECONDS
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
        *(f"file     {one['yen']:>15,} yen, {one['records']:,} records, {one['path']}" for one in summary["files"]),
        f"cash desk{summary['cash_desk_yen']:>15,} yen",
        f"ledger   {summary['ledger_yen']:>15,} yen",
        f"audit log {summary['audit']['entries']:,} entries, verified: {summary['audit']['verified']}",
        "seconds  " + ", ".join(f"{name} {one:.1f}" for name, one in summary["seconds"].items()),
    ]
    return "\n".join(lines)
