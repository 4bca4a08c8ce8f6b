"""`python -m infra.docker.month`: pay a ward's month in the office that runs in containers, and check it.

It does what `./kurashi run` does on one machine, through the same public API and by the same synthetic staff. The
containers have to run with KURASHI_ENV=demo, on an engine of this machine (Linux: its networks can be entered).
"""

import argparse
import json
import os
import re
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from infra.docker.containers import Containers
from infra.one_machine.commands.check import check
from infra.one_machine.commands.summary import in_words, summarise
from infra.one_machine.folders import PROJECT
from infra.one_machine.problems import MachineError
from infra.one_machine.processes.office import Office
from infra.one_machine.progress import Steps
from infra.one_machine.staff.month import pay_month, wait_for_log
from infra.one_machine.ward import DEFAULT_SEED, HOUSEHOLDS, SUPPORT_HOUSEHOLDS
from infra.one_machine.ward.ward_input import synthetic_input

READY_SECONDS = 300.0


def default_project() -> str:
    """The name that compose gives a project which is told none: its folder's, in the letters that it allows."""
    return os.environ.get("COMPOSE_PROJECT_NAME") or re.sub(r"[^-_a-z0-9]", "", PROJECT.name.lower())


def find_office(project: str, data_dir: Path) -> Office:
    """The office of a compose project, once all of its containers are healthy.

    Raises:
        MachineError: it does not run, or does not become healthy.
    """
    catalog = tomllib.loads((PROJECT / "catalog.toml").read_text(encoding="utf-8"))
    containers = Containers(project)
    containers.wait_healthy(READY_SECONDS)
    ports = {name: int(service["port"]) for name, service in catalog["services"].items()}
    return containers.office(data_dir, ports, int(catalog["issuer"]["port"]))


def pay(office: Office, month: str, households: int, seed: int) -> dict[str, Any]:
    """Pay the month of a synthetic ward, and give the summary with the invariants that were checked.

    Args:
        households: of public assistance; the support households are always there.

    Raises:
        MachineError: a service refuses.
    """
    steps = Steps()
    ward = synthetic_input(office.folders, households, SUPPORT_HOUSEHOLDS, seed)
    run = pay_month(office, ward, month, steps)
    with steps.part("log", "reading the audit log"):
        wait_for_log(office, steps)
        summary = summarise(office, run, {**steps.seconds, "total": steps.total()})
        invariants = check(office)
    ok = summary["ok"] and all(invariant["ok"] for invariant in invariants)
    return {**summary, "ok": ok, "run_id": run["run_id"], "invariants": invariants}


def main(arguments: Sequence[str]) -> int:
    """Pay; 0 where the totals agree."""
    parser = argparse.ArgumentParser(prog="python -m infra.docker.month", description=pay.__doc__)
    parser.add_argument("--project", default=default_project(), help="the compose project")
    parser.add_argument("--households", type=int, default=HOUSEHOLDS, metavar="N")
    parser.add_argument("--month", default="2026-12", metavar="YYYY-MM")
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED, metavar="S")
    parser.add_argument("--data-dir", type=Path, default=PROJECT / "var" / "containers")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args(arguments)
    try:
        paid = pay(find_office(args.project, args.data_dir), args.month, args.households, args.seed)
    except MachineError as failed:
        sys.stderr.write(f"{failed}\n")
        return 1
    print(json.dumps(paid, ensure_ascii=False) if args.json else in_words(paid), flush=True)
    return 0 if paid["ok"] else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
