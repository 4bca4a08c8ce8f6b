"""`./kurashi bench api`: a household's page at a steady rate, its data at full speed, and search.

An office on this machine with all its services, as many households, five years of their history and as many people as
asked for. Three measurements: a household's page through the gateway at 20 requests a second, due whether or not
the one before is done (open loop); what the page asks case_management, as fast as it answers, beside a bare Flask
route that reads one row of the same database in the same server; and searches through the gateway, one after the other.
"""

import json
import sys
import tempfile
import time
from argparse import Namespace
from collections.abc import Sequence
from contextlib import closing
from datetime import date
from pathlib import Path
from random import Random
from typing import Any, Final

from infra.one_machine.commands.arguments import Parser, number_of_households
from infra.one_machine.commands.bench_api import full_speed, pages
from infra.one_machine.commands.bench_api.casework import add_casework
from infra.one_machine.commands.bench_api.history import add_history, add_people, case_numbers
from infra.one_machine.problems import CallError
from infra.one_machine.processes.stack import Stack
from infra.one_machine.progress import Steps
from infra.one_machine.staff.acts import Acts
from infra.one_machine.staff.month import determine, load, wait_for_log
from infra.one_machine.ward import DEFAULT_SEED, SUPPORT_HOUSEHOLDS
from infra.one_machine.ward.ward_input import synthetic_input
from shared.contracts.ward_files import MEMBERS_FILE

MONTH: Final = "2026-12"
TODAY: Final = date(2026, 11, 24)
PATIENCE_SECONDS: Final = 1_800.0
FULL_SPEED_SECONDS: Final = 4.0
SAMPLE: Final = 2_000
"""Households that are opened, drawn from all."""


def main(argv: Sequence[str]) -> int:
    """Run the bench and print its figures.

    Raises:
        CallError: a number that cannot be measured.
        MachineError: the office does not start, or answers with a fault.
    """
    args = _arguments(argv)
    steps = Steps(PATIENCE_SECONDS)
    with tempfile.TemporaryDirectory(prefix="kurashi-bench-") as folder:
        measured = _measured(Path(folder), args, steps)
    page, search = measured["details"]["page"], measured["details"]["search"]
    print(
        f"a household's page: p95 {page['p95_ms']} ms; its data: {measured['ratio']} of a bare route; "
        f"search: p95 {search['p95_ms']} ms",
        file=sys.stderr,
    )
    if args.json:
        print(json.dumps({"ok": True, **measured}, ensure_ascii=False))
    return 0


def _arguments(argv: Sequence[str]) -> Namespace:
    parser = Parser("bench api", __doc__ or "")
    parser.add_argument("--households", "--size", type=number_of_households, default=10_000, metavar="N")
    parser.add_argument("--persons", type=int, default=100_000, metavar="N", help="in the register, at least")
    parser.add_argument("--rate", type=float, default=20.0, metavar="N", help="pages a second")
    parser.add_argument("--seconds", type=float, default=30.0, metavar="S", help="of pages at that rate")
    parser.add_argument("--repeats", type=int, default=3, metavar="N", help="at full speed, side by side")
    parser.add_json()
    args = parser.parse_args(argv)
    if args.persons < 0 or args.repeats < 1 or not 0 < args.rate <= 1_000 or not 1 <= args.seconds <= 600:
        raise CallError("--repeats is 1 or more, --persons 0 or more, --rate up to 1000, --seconds from 1 to 600")
    return args


def _measured(folder: Path, args: Namespace, steps: Steps) -> dict[str, Any]:
    with Stack(folder, env="test", today=TODAY, say=steps.say, tell=steps.tell) as stack:
        persons = _prepare(stack, args, steps)
        random = Random(DEFAULT_SEED)  # noqa: S311 (which households are opened, no secret)
        every = case_numbers(stack.folders)
        sample = random.choices(every, k=SAMPLE)
        with steps.part("page", "opening households at the pages"):
            page = pages.opened(stack, sample, args.rate, args.seconds)
        with steps.part("search", "searching people"):
            search = pages.searched(stack, random)
        with steps.part("full speed", "asking as fast as answers come"):
            speed = full_speed.compared(stack, sample, args.repeats, min(args.seconds, FULL_SPEED_SECONDS))
    return {
        "name": "api",
        "size": args.households,
        "households": args.households,
        "persons": persons,
        "seconds": speed["seconds"],
        "reference": "a bare Flask route that reads one row of the same database, in the same server",
        "reference_seconds": speed["reference_seconds"],
        "ratio": speed["ratio"],
        "peak_mib": speed["peak_mib"],
        "details": {"page": page, "search": {**search, **speed["search"]}, "full_speed": speed["details"]},
    }


def _prepare(stack: Stack, args: Namespace, steps: Steps) -> int:
    """Fill the office; returns how many people its register has."""
    ward = synthetic_input(stack.folders, args.households, SUPPORT_HOUSEHOLDS, DEFAULT_SEED)
    with closing(Acts(stack.office, MONTH)) as acts:
        with steps.part("load", "loading the ward"):
            households = load(acts, stack.office, ward, steps)
        with steps.part("determine", "determining the month"):
            determine(acts, households, steps)
    with steps.part("history", "writing five years of history"):
        add_casework(stack.folders, MONTH)
        add_history(stack, MONTH)
    own = ward.files[MEMBERS_FILE].count(b"\n") - 1
    with steps.part("people", "entering people of ended cases"):
        add_people(stack.folders, max(0, args.persons - own), DEFAULT_SEED)
    with steps.part("log", "waiting for the audit log"):
        wait_for_log(stack.office, steps)
    time.sleep(2)
    return int(max(args.persons, own))
